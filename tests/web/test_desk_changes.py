"""What happens to a public year, as two clerks and an approver live it at the same time: the head is called away, days
are suspended, units are merged, and each change is told by every mouth, found again and counted."""

import re
from datetime import date
from pathlib import Path

import pytest
from docx import Document as open_docx
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from scheduler.actions.units import create_bodies, create_unit
from scheduler.clock import at_local
from scheduler.models import Call, Notice, Occurrence, OldSheet, Posting, Suspension, Unit
from scheduler.queries.units import post_by_code, unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from tests.browser import PHONE, OpenPage
from tests.build import NOW, make_account, make_holder, make_published
from tests.web.desk_people import Desks, rows, told

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
DAY, LATER = date(2026, 11, 26), date(2026, 12, 10)
DECISION = """THÔNG BÁO
Số: 12/TB-BNV
Hà Nội, ngày 20 tháng 11 năm 2026
Hoán đổi ngày làm việc từ thứ Sáu 15/01/2027 sang thứ Bảy 23/01/2027.
Nghỉ bù thứ Ba ngày 15/02/2027."""
OLD, NEW = "/units/00073", "/units/00070"


def _published(desks: Desks) -> None:
    """Two sittings of the chairman; the notice of the first hangs in the office, the police station attends."""
    office = desks.office
    with desks.served.database.transaction() as db:
        notice = Notice(unit_id=office.unit.id, published_at=NOW, number="12/TB-UBND")
        notice.postings = [Posting(where="office", posted_at=NOW, by="x", recorded_at=NOW)]
        db.add(notice)
        db.flush()
        near = {"notice_id": notice.id, "attend_unit_ids": [office.police.id], "slug": "homnay"}
        make_published(db, office.unit, office.chairman, day=DAY, **near)
        make_published(db, office.unit, office.chairman, day=LATER, slug="saunay")


def test_called_away_this_morning_on_a_telephone_and_back_again(desks: Desks, open_page: OpenPage) -> None:
    _published(desks)
    desks.served.clock.now = at_local(DAY, "07:10")
    phone = open_page(PHONE)
    for page, who in ((phone, "clerk"), (desks.second, "second"), (desks.head, "head")):
        desks.sign_in(page, who)
    desks.go(desks.second, "/desk/occurrences/homnay/change/postpone")
    desks.go(phone, "/desk")
    presses = (
        phone.locator("ol.week").get_by_role("link", name="Đổi").first,
        phone.get_by_role("link", name="13 giờ 30 đến 17 giờ"),
        phone.get_by_label("Họp đột xuất"),
        phone.get_by_role("button", name="Đổi giờ và báo cho 2 người (1 thư, 1 cuộc gọi)"),
    )
    for press in presses:
        press.click()
        phone.wait_for_load_state()
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    told(phone, "1 thư đã xếp gửi, 1 người cần gọi điện")
    desks.second.locator('[name="told_by"]').fill("2026-12-10")
    desks.second.get_by_label("Họp đột xuất").check()
    desks.second.get_by_role("button", name=re.compile("^Tạm hoãn và báo cho")).click()
    expect(desks.second.locator("#now-public")).to_be_visible()
    expect(desks.second.locator("section.change")).to_contain_text("13 giờ 30 đến 17 giờ")
    _call_and_take_down(desks, phone, desks.head)
    _undo(desks, desks.second)
    desks.go(desks.head, "/desk/occurrences/homnay")
    for words in ("Đổi giờ", "Văn thư Lan", "Văn thư Mai"):
        expect(desks.head.locator("main")).to_contain_text(words)


def _call_and_take_down(desks: Desks, phone: Page, head: Page) -> None:
    """The police station has no address: it is called; the old sheet in the office comes down."""
    desks.go(phone, "/desk/calls")
    expect(phone.locator('a[href="tel:02438250113"]')).to_be_visible()
    expect(phone.locator(".read-out")).to_contain_text("một giờ rưỡi chiều")
    phone.get_by_role("button", name="Đã gọi").click()
    expect(phone.locator("main")).to_contain_text("Không còn ai phải gọi")
    desks.go(head, "/desk")
    expect(head.locator("ul.worklist")).not_to_contain_text("Cuộc gọi báo thay đổi chưa xong")
    desks.go(phone, "/desk/old-sheets")
    phone.get_by_role("button", name="Đã gỡ").click()
    with desks.served.database.open() as db:
        assert db.query(Call).one().state == "called"
        assert db.query(OldSheet).filter_by(taken_down_at=None).count() == 0


def _undo(desks: Desks, page: Page) -> None:
    """Not by erasing: a second change, filled in with what held before."""
    desks.go(page, "/desk/occurrences/homnay/change")
    page.get_by_text("Việc khác").click()
    page.get_by_role("link", name="Hoàn lại thay đổi gần nhất").click()
    page.get_by_label("Họp đột xuất").check()
    page.get_by_role("button", name=re.compile("^Đổi giờ và báo cho")).click()
    told(page, "Đã đổi giờ")
    with desks.served.database.open() as db:
        one = db.query(Occurrence).filter_by(slug="homnay").one()
        assert (one.hours, one.sequence, len(one.changes)) == (["07:30-11:30"], 2, 2)


def test_a_span_of_days_is_suspended_and_everybody_sees_it(desks: Desks, open_page: OpenPage) -> None:
    _published(desks)
    clerk, second, resident = desks.clerk, desks.second, open_page(PHONE, javascript=False)
    desks.go(clerk, "/desk/suspensions")
    clerk.locator("main a.button").click()
    clerk.locator('[name="first"]').fill("2026-11-25")
    clerk.locator('[name="last"]').fill("2026-11-30")
    clerk.get_by_label("Thiên tai, mưa bão").check()
    clerk.locator('button[value="preview"]').click()
    expect(clerk.locator("main")).to_contain_text("Buổi đã công bố trong thời gian này: 1")
    expect(clerk.locator('input[type="date"][name="day-homnay"]')).to_have_value("2026-12-01")
    clerk.get_by_role("button", name="Tạm dừng và báo cho 2 người (1 thư, 1 cuộc gọi)").click()
    expect(clerk.locator("h1")).to_contain_text("25/11/2026")
    desks.go(second, "/desk/occurrences/homnay")
    expect(second.locator("main")).to_contain_text("01/12/2026")
    resident.goto(f"{desks.served.address}/units/00070-ubnd")
    expect(resident.locator("main")).to_contain_text("Tạm dừng tiếp công dân từ 25/11/2026 đến hết 30/11/2026")
    desks.go(desks.head, "/desk/calendar?day=2026-12-01")
    expect(desks.head.locator(".fc-daygrid-day[data-date='2026-12-01'] .fc-event")).to_have_count(1)


def test_a_storm_the_city_proposes_and_a_clerk_answers_with_one_press(desks: Desks) -> None:
    _published(desks)
    with desks.served.database.transaction() as db:
        desks.office.accounts["city"] = make_account(db, unit_by_code(db, "01"), name="Văn phòng thành phố")
    city_page, clerk = desks.head, desks.clerk
    desks.sign_in(city_page, "city")
    desks.go(city_page, "/desk/suspensions/propose")
    city_page.locator('[name="first"]').fill("2026-11-25")
    city_page.locator('[name="last"]').fill("2026-11-27")
    city_page.get_by_label("Thiên tai, mưa bão").check()
    city_page.locator('button[value="look"]').click()
    city_page.get_by_role("button", name="Gửi đề nghị đến 1 đơn vị").click()
    told(city_page, "Đã gửi đề nghị đến 1 đơn vị.")
    for page in (clerk, desks.second):
        desks.go(page, "/desk")
        page.locator('ul.worklist a[href*="/desk/suspensions/"]').click()
    clerk.get_by_role("button", name="Đồng ý tạm dừng").click()
    told(clerk, "1 buổi đã thay đổi")
    desks.second.get_by_role("button", name="Đồng ý tạm dừng").click()
    city_page.reload()
    expect(rows(city_page).first).to_contain_text("đồng ý")
    with desks.served.database.open() as db:
        assert db.query(Suspension).count() == 1, "two clerks who press are one suspension"
        assert db.query(Occurrence).filter_by(slug="homnay").one().sequence == 1


def test_a_decision_on_days_off_is_pasted_approved_and_published_at_once(desks: Desks, open_page: OpenPage) -> None:
    office = desks.office
    with desks.served.database.transaction() as db:
        city = unit_by_code(db, "01")
        office.accounts["city"] = make_account(db, city, "administrator", name="Quản trị thành phố")
        for slug, day in (("doi", date(2027, 1, 15)), ("giu", date(2027, 2, 15)), ("khac", date(2027, 1, 14))):
            make_published(db, office.unit, office.chairman, day=day, slug=slug)
    city_page, head, resident = desks.second, desks.head, open_page(PHONE, javascript=False)
    desks.sign_in(city_page, "city")
    desks.go(city_page, "/desk/days/decision")
    city_page.locator('[name="text"]').fill(DECISION)
    city_page.locator('button[value="read"]').click()
    expect(city_page.locator("tr.misprinted")).to_contain_text("Văn bản in thứ Ba")
    city_page.locator('button[value="look"]').click()
    city_page.get_by_role("button", name="Lưu 3 ngày và lập bảng duyệt").click()
    told(city_page, "12/TB-BNV")
    desks.go(head, "/desk")
    head.locator('ul.worklist a[href*="/desk/decisions/"]').first.click()
    expect(rows(head)).to_have_count(2)
    rows(head).nth(1).locator("select").select_option("leave")
    head.get_by_role("button", name="Duyệt 1 đổi, giữ 1, và công bố").click()
    told(head, "Đã đổi 1, giữ 1.")
    with desks.served.database.open() as db:
        days = {one.slug: one.day for one in db.query(Occurrence)}
    assert (days["khac"], days["giu"]) == (date(2027, 1, 14), date(2027, 2, 15))
    resident.goto(f"{desks.served.address}/occurrences/doi")
    for words in ("12/TB-BNV", f"{days['doi']:%d/%m/%Y}"):
        expect(resident.locator("main")).to_contain_text(words)
    desks.go(desks.clerk, "/desk/occurrences/doi")
    expect(desks.clerk.locator("main")).to_contain_text(f"{days['doi']:%d/%m/%Y}")


def test_two_wards_become_one_and_nothing_is_lost(desks: Desks, open_page: OpenPage) -> None:
    with desks.served.database.transaction() as db:
        city = unit_by_code(db, "01")
        ward = create_unit(
            db, "Phường Cửa Nam", level="commune", kind="place", code="00073", parent=city, by=COMMAND_LINE, now=NOW
        )
        create_bodies(db, ward, by=COMMAND_LINE, now=NOW)
        chairman = post_by_code(db, "00073-ubnd-chu-tich")
        make_holder(db, chairman, "Trần Văn Cửa", email="cua@example.vn")
        make_published(db, chairman.unit, chairman, day=LATER, slug="cuanam")
        desks.office.accounts["city"] = make_account(db, city, "administrator", name="Quản trị thành phố")
        desks.office.accounts["other"] = make_account(db, ward, "secretariat", name="Văn thư Cửa Nam")
    city_page, other, resident = desks.head, desks.second, open_page(PHONE, javascript=False)
    desks.sign_in(city_page, "city")
    desks.sign_in(other, "other")
    desks.go(other, "/desk/occurrences/cuanam")
    resident.goto(f"{desks.served.address}{OLD}")
    expect(resident.locator("main")).to_contain_text("Cửa Nam")
    desks.go(city_page, "/desk/units/00073/succession?kind=join")
    for name, value in (
        ("day", "2026-11-22"), ("signed_on", "2026-11-01"), ("number", "12/NQ-HĐND"), ("shares", "00070"),
    ):  # fmt: skip
        city_page.locator(f'[name="{name}"]').fill(value)
    city_page.locator('button[value="preview"]').click()
    expect(city_page.locator("main")).to_contain_text("Buổi đã công bố chuyển sang, giữ ngày giờ: 1")
    city_page.locator('button[value="confirm"]').click()
    expect(city_page.locator(".told")).to_be_visible()
    resident.goto(f"{desks.served.address}{OLD}")
    assert resident.url == f"{desks.served.address}{NEW}"
    expect(resident.locator("main .leaf-day").first).to_have_text("10")
    for path in ("/feeds/unit/00073.ics", "/units/00073-ubnd", "/posts/00073-ubnd-chu-tich", "/occurrences/cuanam"):
        assert resident.request.get(desks.served.address + path).status == 200
    for page in (other, desks.clerk):
        desks.go(page, "/desk/occurrences/cuanam")
        expect(page.locator("main")).to_contain_text("Hoàn Kiếm")
    with desks.served.database.open() as db:
        assert db.query(Occurrence).one().unit_id == db.query(Unit).filter_by(code="00070-ubnd").one().id


def test_one_change_is_told_by_every_mouth_and_on_paper(desks: Desks, tmp_path: Path) -> None:
    _published(desks)
    clerk, second = desks.clerk, desks.second
    desks.go(second, "/desk/occurrences/saunay/texts?version=0")
    expect(second.locator("#zalo")).to_have_value(re.compile("10/12"))
    desks.go(clerk, "/desk/occurrences/saunay/change/move?day=2026-12-11")
    clerk.get_by_label("Họp đột xuất").check()
    clerk.get_by_role("button", name=re.compile("^Đổi lịch và báo cho")).click()
    told(clerk, "Đã đổi lịch")
    desks.go(clerk, "/desk/occurrences/saunay/texts")
    expect(clerk.locator("#zalo")).to_have_value(re.compile("11/12"))
    expect(clerk.locator("#loud")).to_have_value(re.compile("mười một tháng mười hai"))
    expect(clerk.locator("#sms")).to_have_value(re.compile("doi sang .*11/12/2026"))
    expect(clerk.locator("[data-copies]").first).to_be_visible()
    desks.go(second, "/desk/occurrences/saunay/texts?version=0")
    expect(second.locator(".summary-wrong")).to_contain_text("Bản này không còn hiệu lực")
    expect(second.locator("[data-copies]")).to_have_count(0)
    desks.go(clerk, "/desk/occurrences/saunay/documents?kind=change")
    for name, value in (("number", "15"), ("signed_on", "2026-11-22"), ("signer", "Nguyễn Văn Thử")):
        clerk.locator(f'[name="{name}"]').fill(value)
    clerk.locator("main form .buttons button").first.click()
    word = _download(clerk, "Word (.docx)", tmp_path / "change.docx")
    text = "\n".join(paragraph.text for paragraph in open_docx(str(word)).paragraphs)
    assert "11/12/2026" in text or "ngày 11 tháng 12 năm 2026" in text, text
    pdf = _download(clerk, "PDF", tmp_path / "change.pdf")
    assert pdf.read_bytes().startswith(b"%PDF-")
    pages = PdfReader(str(pdf)).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert (len(pages), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in printed, "Số: 15" in printed) == (1, True, True)


def _download(page: Page, link: str, path: Path) -> Path:
    with page.expect_download() as coming:
        page.get_by_role("link", name=link).first.click(modifiers=["Alt"])
    coming.value.save_as(path)
    return path


def test_it_is_found_by_a_few_letters_and_counted_on_the_board(desks: Desks) -> None:
    _published(desks)
    clerk, head = desks.clerk, desks.head
    desks.served.clock.now = at_local(date(2026, 12, 1), "09:00")
    for page, who in ((clerk, "clerk"), (head, "head")):
        desks.sign_in(page, who)
    desks.go(clerk, "/desk")
    clerk.keyboard.press("/")
    clerk.keyboard.type("chu tich 10/12")
    clerk.keyboard.press("Enter")
    clerk.locator("main").get_by_role("link", name=re.compile("10.12.2026")).click()
    expect(clerk.locator("h1")).to_be_visible()
    assert clerk.url.endswith("/desk/occurrences/saunay")
    desks.go(head, "/desk/reports/compliance")
    cell = head.locator("table.compliance tbody tr").filter(has_text="Phường Hoàn Kiếm").locator("a.cell-missing")
    cell.first.click()
    expect(rows(head)).not_to_have_count(0)
    expect(head.locator("main")).to_contain_text("26/11/2026")
