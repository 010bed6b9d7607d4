"""From the letter to the answer that stands: a resident with a small phone and no scripts, and the office's clerk."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from scheduler.actions.matters import DirectionGiven
from scheduler.actions.results import answer_matter
from scheduler.database import Database
from tests.actions.matter_office import ANSWER, AT, Office
from tests.browser import PHONE, OpenPage
from tests.build import make_account
from tests.mailbox import Sink
from tests.served import Served

LINK = re.compile(r"http://127\.0\.0\.1:\d+(/registrations/\S+)")
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def fits(page: Page) -> bool:
    """Whether nothing stands out at the right of a small phone."""
    page.wait_for_load_state()
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.browser
@one_database
def test_from_the_letter_to_the_answer_that_stands(
    served: Served, database: Database, open_page: OpenPage, smtp_sink: Sink
) -> None:
    served.clock.now = AT + timedelta(days=1)
    with database.transaction() as db:
        office = Office(db, name="Trần Thị Lan", contact="lan@example.vn", code="482615")
        matter = office.noted(DirectionGiven("accepted", in_charge_unit_id=office.department.id))
        answer_matter(db, matter.id, ANSWER, office.step(matter))
        clerk, matter_id = make_account(db, office.unit, "secretariat", demo=True), matter.id

    served.run_job("delivery")
    letter = next(one for one in smtp_sink.letters if "có trả lời" in one.subject)
    said = letter.part("text/plain")
    assert letter.subject == "UBND phường Hoàn Kiếm: có trả lời, buổi thứ Năm, 19/11/2026"
    assert said.startswith("Kính gửi Ông/Bà.")
    assert "482 615" in said
    assert ANSWER not in said
    path = LINK.search(said).group(1)  # type: ignore[union-attr]

    resident = open_page(PHONE, javascript=False)
    resident.goto(served.address + path)
    expect(resident.locator("#results")).to_contain_text("Phòng Kinh tế nhận giải quyết.")
    expect(resident.locator("#results blockquote")).to_have_text(ANSWER)
    assert fits(resident)
    for question in ("Ông/Bà thấy câu trả lời thế nào?", "Ông/Bà thấy cách tiếp công dân thế nào?"):
        resident.get_by_role("group", name=question).get_by_role("button", name="Hài lòng", exact=True).click()
        expect(resident.get_by_role("status")).to_have_text("Đã ghi nhận. Cảm ơn Ông/Bà.")
        expect(resident.get_by_role("group", name=question)).to_have_count(0)
    resident.get_by_role("link", name="Báo việc đã hứa chưa được thực hiện").click()
    assert fits(resident)
    resident.get_by_role("button", name="Gửi").click()
    expect(resident.get_by_role("alert")).to_contain_text("Chưa ghi việc gì chưa được thực hiện.")
    resident.get_by_label("Việc gì chưa được thực hiện").fill("Cống vẫn tắc, nước ngập vào nhà.")
    resident.get_by_role("button", name="Gửi").click()
    expect(resident.locator("#results")).to_contain_text("đang kiểm tra và sẽ trả lời Ông/Bà")

    desk = open_page()
    served.sign_in(desk, clerk)
    line = desk.locator(".worklist li", has_text="Người dân báo việc đã hứa chưa được thực hiện")
    line.get_by_role("link", name="Trả lời").click()
    expect(desk.locator("main")).to_contain_text("Cống vẫn tắc, nước ngập vào nhà.")
    desk.get_by_label("Người dân nói đúng").check()
    desk.get_by_label("Nội dung trả lời").fill("Phường nạo vét nốt trong ngày mai.")
    desk.get_by_role("button", name="Trả lời ý kiến").click()
    expect(desk.get_by_role("status")).to_have_text("Đã trả lời và báo cho người dân.")
    desk.get_by_label("Ngày thực hiện xong").fill("2026-11-21")
    desk.get_by_role("button", name="Ghi đã thực hiện xong").click()
    expect(desk.locator(".badge").first).to_have_text("Đã thực hiện xong")
    assert desk.url.endswith(f"/desk/matters/{matter_id}")

    resident.goto(f"{served.address}/en{path}")
    results = resident.locator("#results")
    expect(results).to_contain_text("Phường nạo vét nốt trong ngày mai.")
    expect(results).to_contain_text("Carried out Saturday, 21 November 2026.")
    assert fits(resident)


@pytest.mark.browser
@one_database
def test_a_clerk_notes_a_matter_of_a_visit(served: Served, database: Database, open_page: OpenPage) -> None:
    served.clock.now = AT
    with database.transaction() as db:
        office = Office(db, name="Trần Thị Lan")
        clerk, sitting = make_account(db, office.unit, "secretariat", demo=True), office.sitting.slug
    desk = open_page(PHONE)
    served.sign_in(desk, clerk)
    desk.goto(f"{served.address}/desk/occurrences/{sitting}")
    desk.get_by_role("link", name="Vụ việc của buổi này").click()
    desk.get_by_role("link", name="Ghi vụ việc").click()
    expect(desk.get_by_label("Tóm tắt nội dung")).to_have_value("Hẻm 12 ngập mỗi khi mưa")
    desk.get_by_label("Phân loại").select_option("feedback")
    desk.get_by_label("Chuyển đơn đến cơ quan có thẩm quyền").check()
    desk.get_by_label("Cơ quan có thẩm quyền", exact=True).fill("Sở Xây dựng")
    assert fits(desk)
    desk.get_by_role("button", name="Ghi", exact=True).click()
    expect(desk.get_by_role("alert")).to_contain_text("Chưa ghi số văn bản chuyển.")
    expect(desk.get_by_label("Cơ quan có thẩm quyền", exact=True)).to_have_value("Sở Xây dựng")
    desk.get_by_label("Số văn bản").fill("12/PC-UBND")
    desk.get_by_label("Ngày văn bản").fill(date(2026, 11, 20).isoformat())
    desk.get_by_role("button", name="Ghi", exact=True).click()
    expect(desk.locator("h1")).to_have_text("Vụ việc số 1/2026")
    expect(desk.locator("main")).to_contain_text("Văn bản số 12/PC-UBND")
    expect(desk.locator(".badge").first).to_have_text("Đã chuyển")
    assert fits(desk)
