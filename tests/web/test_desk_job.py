"""The desk's year as two clerks and an approver live it at the same time, each in a browser of their own: what to do
next, planning, the calendar, clashes, approving and publishing."""

import re
import time
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from scheduler.actions.occurrences import approve_occurrences, submit_occurrences
from scheduler.clock import at_local
from scheduler.models import KeptClash, Letter, Notice, Occurrence
from tests.build import NOW, actor_for, make_occurrence, make_published
from tests.web.desk_people import Desks, choose_all, told

pytestmark = [pytest.mark.browser, pytest.mark.slow]
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = date(2026, 12, 10)
NOTICE = """THÔNG BÁO
Phó Chủ tịch UBND tiếp công dân tại Phòng tiếp công dân, từ 7h30 đến 11h30
Tháng 1: Ngày 05; 12; 19; 26 (Thứ 3)
Tháng 2: Ngày 02 (Thứ 4)
Xin thông báo để công dân biết."""
KEEP = "Lý do giữ dù trùng lịch"


@one_database
def test_each_first_screen_leads_to_the_thing_and_follows_what_others_do(desks: Desks) -> None:
    office = desks.office
    with desks.served.database.transaction() as db:
        for number, state in enumerate(("draft", "draft", "submitted", "submitted", "approved", "approved")):
            day = date(2026, 12, 14 + number // 2 * 2 + number % 2)
            make_occurrence(db, office.unit, office.chairman, day=day, state=state)
    for page in (desks.clerk, desks.second, desks.head):
        desks.go(page, "/desk")
        lines = page.locator("ul.worklist li").evaluate_all(
            "rows => rows.map(row => [row.querySelector('.count').innerText, row.querySelector('a').href])"
        )
        assert len(lines) >= 2
        for count, address in lines:
            desks.go(page, address.removeprefix(desks.served.address))
            if "list=" in address:
                expect(page.locator("main caption")).to_have_text(f"{count} buổi")
    desks.go(desks.head, "/desk")
    desks.head.get_by_role("link", name="Xem và phê duyệt").click()
    choose_all(desks.head)
    desks.head.get_by_role("button", name="Xem và phê duyệt các buổi đã chọn").click()
    desks.head.get_by_role("button", name="Phê duyệt các buổi đã chọn").click()
    told(desks.head, "Đã phê duyệt 2 buổi.")
    for page in (desks.clerk, desks.second):
        desks.go(page, "/desk")
        line = page.locator("ul.worklist li").filter(has_text="Buổi đã phê duyệt")
        expect(line.locator(".count")).to_have_text("4")
    desks.go(desks.head, "/desk")
    expect(desks.head.locator("ul.worklist li").filter(has_text="Buổi chờ phê duyệt")).to_have_count(0)


@one_database
def test_a_year_is_planned_by_rule_and_by_last_years_notice_at_the_same_time(desks: Desks) -> None:
    clerk, second, head = desks.clerk, desks.second, desks.head
    desks.go(clerk, "/desk/schedules/new")
    desks.go(second, "/desk/schedules/paste")
    _type_a_rule(clerk)
    _paste(second)
    with desks.served.database.open() as db:
        assert db.query(Occurrence).count() == 0, "nothing is made by looking"
    clerk.locator('button[value="save"]').click()
    told(clerk, "12 buổi")
    second.get_by_role("button", name="Lập lịch, thêm 5 buổi dự thảo").click()
    told(second, "Đã thêm 5 buổi dự thảo trong 1 lịch.")
    desks.go(second, "/desk/occurrences?list=drafts")
    expect(second.locator("main caption")).to_have_text("17 buổi")
    second.get_by_role("link", name="Chọn cả 17 buổi trên trang này").click()
    second.get_by_role("button", name="Trình phê duyệt các buổi đã chọn").click()
    told(second, "Đã trình 17 buổi.")
    desks.go(head, "/desk/occurrences/approve")
    expect(head.locator("section.series")).to_have_count(2)
    expect(head.locator("main")).to_contain_text("thứ Ba lần thứ 3")
    head.get_by_role("button", name="Phê duyệt các buổi đã chọn").click()
    told(head, "Đã phê duyệt 17 buổi.")


def _type_a_rule(page: Page) -> None:
    """The third Tuesday: the year is drawn while one types, and a reading must be chosen before it can be saved."""
    page.locator("#hosts").fill("Chủ tịch UBND")
    page.locator("#hours").fill("7h30-11h30")
    page.locator("#place").fill("126 Hàng Trống")
    page.locator("#shape").select_option("month-weeks")
    page.get_by_label("thứ Ba").check()
    page.locator("#nth").fill("3")
    expect(page.locator(".year .mark-reading-nth").first).to_be_visible()
    expect(page.locator('button[value="save"]')).to_have_count(0)
    page.get_by_role("button", name="Tính theo lần trong tháng").click()
    expect(page.locator("#preview .lead")).to_contain_text("thứ Ba lần thứ 3 hằng tháng")
    expect(page.locator("#the-dates")).to_have_text("Lịch này cho 12 buổi")


def _paste(page: Page) -> None:
    """Misprinted: 2 February 2027 is a Tuesday. What is no day is shown; the days are taken as they are printed."""
    page.locator("#text").fill(NOTICE)
    page.get_by_role("button", name="Đọc thông báo").click()
    expect(page.locator("#understood")).to_have_text("Đã đọc được 5 ngày")
    page.locator("#printed_year").fill("2027")
    page.get_by_role("button", name="Cập nhật theo bảng").click()
    expect(page.locator("tr.to-check")).to_have_count(1)
    expect(page.locator("tr.to-check")).to_contain_text("In là thứ Tư, nhưng 02/02/2027 là thứ Ba.")
    page.locator('input[type="radio"][value="dates"]').check()
    page.get_by_role("button", name="Xem các ngày").click()


@one_database
def test_the_calendar_shows_it_and_nothing_slips(desks: Desks) -> None:
    office = desks.office
    with desks.served.database.transaction() as db:
        make_published(db, office.unit, office.chairman, day=DAY, slug="congbo")
    for page in (desks.clerk, desks.second):
        desks.go(page, "/desk/calendar?day=2026-12-10")
    event = desks.clerk.locator(".fc-event[href='/desk/occurrences/congbo']")
    event.drag_to(desks.clerk.locator(".fc-daygrid-day[data-date='2026-12-16']"))
    with desks.served.database.open() as db:
        assert db.query(Occurrence).one().day == DAY
    desks.go(desks.clerk, "/desk/calendar?day=2026-12-10")
    desks.clerk.locator(".fc-daygrid-day[data-date='2026-12-10'] .fc-event").click()
    expect(desks.clerk.locator("main")).to_contain_text("10/12/2026")
    desks.clerk.get_by_role("link", name="Đổi lịch").first.click()
    desks.clerk.get_by_role("link", name="11/12/2026").click()
    desks.clerk.get_by_label("Họp đột xuất").check()
    desks.clerk.get_by_role("button", name=re.compile("^Đổi lịch và báo cho")).click()
    told(desks.clerk, "Đã đổi lịch")
    desks.go(desks.second, "/desk/calendar?day=2026-12-10")
    expect(desks.second.locator(".fc-daygrid-day[data-date='2026-12-11'] .fc-event")).to_have_count(1)


def test_of_two_who_publish_into_each_other_one_wins_and_the_other_is_told(desks: Desks) -> None:
    office, clerk, second = desks.office, desks.clerk, desks.second
    with desks.served.database.transaction() as db:
        twins = [make_occurrence(db, office.unit, office.chairman, day=DAY) for _ in range(2)]
    _approved(desks, [one.id for one in twins])
    for page, one in zip((clerk, second), twins, strict=True):
        desks.go(page, f"/desk/occurrences/publish?id={one.id}")
    _press_at_once("button[value=publish]", clerk, second)
    for page in (clerk, second):
        expect(page.locator(".told, .summary-wrong").first).to_be_visible()
    [loser] = [page for page in (clerk, second) if not page.locator(".told").count()]
    expect(loser.locator(".summary-wrong")).to_contain_text("Chủ tịch UBND")
    with desks.served.database.open() as db:
        assert sorted(one.state for one in db.query(Occurrence)) == ["approved", "published"]
    loser.get_by_label(KEEP).fill("Hai đoàn cùng một vụ việc, tiếp chung")
    loser.locator("button[value=publish]").click()
    told(loser, "Đã công bố 1 buổi.")
    with desks.served.database.open() as db:
        assert {one.state for one in db.query(Occurrence)} == {"published"}
        assert db.query(KeptClash).one().reason == "Hai đoàn cùng một vụ việc, tiếp chung"


def _approved(desks: Desks, ids: list[int]) -> None:
    """Submitted and approved a while ago."""
    office = desks.office
    with desks.served.database.transaction() as db:
        submit_occurrences(db, ids, by=actor_for(office.accounts["clerk"], office.unit), now=NOW)
        approve_occurrences(db, ids, by=actor_for(office.accounts["head"], office.unit, "approver"), now=NOW)


def _press_at_once(button: str, *pages: Page) -> None:
    """Each browser presses at the same moment of the clock."""
    at = time.time() * 1000 + 700
    for page in pages:
        page.evaluate(
            "([button, at]) => setTimeout(() => document.querySelector(button).click(), at - Date.now())", [button, at]
        )


@one_database
def test_approved_by_the_difference_lent_to_a_deputy_and_published_by_the_list(desks: Desks) -> None:
    office, clerk, second, head = desks.office, desks.clerk, desks.second, desks.head
    with desks.served.database.transaction() as db:
        lan = office.accounts["clerk"]
        one = make_occurrence(db, office.unit, office.chairman, day=DAY, drafted_by_id=lan.id)
    own = f"/desk/occurrences/{one.slug}"
    _submit(desks, clerk, own)
    _approve(desks, head, own)
    desks.go(second, f"{own}/edit")
    second.locator('[name="place"]').fill("Nhà văn hóa phường")
    second.locator("main form .buttons button").first.click()
    expect(second.locator("main")).to_contain_text("Phê duyệt đã hết hiệu lực vì đổi: địa điểm.")
    _submit(desks, clerk, own)
    _lend(desks, head)
    deputy = head
    desks.sign_in(deputy, "deputy-head")
    desks.go(deputy, f"{own}")
    deputy.get_by_role("link", name="Phê duyệt", exact=True).click()
    expect(deputy.locator("del").first).to_contain_text("126 Hàng Trống")
    expect(deputy.locator("ins").first).to_contain_text("Nhà văn hóa phường")
    deputy.get_by_role("button", name="Phê duyệt các buổi đã chọn").click()
    told(deputy, "Đã phê duyệt 1 buổi.")
    _publish_by_the_list(desks, second, one.id)


def _submit(desks: Desks, page: Page, own: str) -> None:
    desks.go(page, own)
    page.get_by_role("button", name="Trình phê duyệt").click()
    told(page, "Đã trình 1 buổi.")


def _approve(desks: Desks, page: Page, own: str) -> None:
    desks.go(page, own)
    page.get_by_role("link", name="Phê duyệt", exact=True).click()
    page.get_by_role("button", name="Phê duyệt các buổi đã chọn").click()
    told(page, "Đã phê duyệt 1 buổi.")


def _lend(desks: Desks, page: Page) -> None:
    """The approver goes on leave for a week."""
    desks.go(page, "/desk/delegations")
    page.locator('[name="receiver"]').select_option(str(desks.office.accounts["deputy-head"].id))
    page.locator('[name="acts"]').first.check()
    page.locator('[name="first_day"]').fill("2026-11-22")
    page.locator('[name="last_day"]').fill("2026-11-29")
    page.locator('[name="reason"]').fill("Nghỉ phép")
    page.locator("main form .buttons button").last.click()
    expect(page.locator("main")).to_contain_text("Phó Chánh Văn phòng")


def _publish_by_the_list(desks: Desks, page: Page, number: int) -> None:
    """The pages and letters that are named before are those that there are after."""
    desks.go(page, f"/desk/occurrences/publish?id={number}")
    named = set(page.locator("ul.touches code").all_inner_texts())
    assert {"/units/00070-ubnd", "/feeds/unit/00070-ubnd.ics", "/posts/00070-ubnd-chu-tich"} <= named
    page.get_by_role("button", name="Công bố và gửi 2 thông báo").click()
    told(page, "Đã công bố 1 buổi.")
    for path in named:
        assert page.request.get(desks.served.address + path).status == 200
    desks.served.clock.now = at_local(date(2026, 11, 25), "08:00")
    desks.served.run_job("reminders")
    with desks.served.database.open() as db:
        assert db.query(Letter).filter_by(kind="reminder").count() == 2
        assert db.query(Notice).count() == 1
