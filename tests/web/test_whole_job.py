"""The main job walked through in a real browser, with letters over real SMTP: from a rule to a counted task.

The pages are served by the application itself with a clock that the test sets; the jobs run as their own command,
as if it were that moment.
"""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from scheduler.clock import at_local
from scheduler.models import Account, Occurrence
from tests.browser import PHONE, OpenPage
from tests.build import make_account, make_office, make_unit
from tests.mailbox import Sink
from tests.served import Served

ROOT = Path(__file__).resolve().parents[2]
SITTING = date(2026, 12, 10)
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/tasks/\S+)")


@pytest.mark.browser
@pytest.mark.slow
def test_from_a_rule_to_a_counted_task(served: Served, open_page: OpenPage, smtp_sink: Sink) -> None:
    with served.database.transaction() as db:
        office, _ = make_office(db)
        department = make_unit(db, "00070-kt", name="Phòng Kinh tế", parent=office.parent, email="kt@example.vn")
        clerk = make_account(db, office.parent, "secretariat", demo=True, name="Văn thư")
        head = make_account(db, office.parent, "approver", demo=True, name="Chánh Văn phòng")
    desk, boss, phone = open_page(), open_page(), open_page(PHONE, javascript=False)
    served.sign_in(desk, clerk)
    _plan(served, desk)
    _submit_approve_publish(served, desk, boss, head)
    _residents_see(served, phone, "10")
    _move(served, desk, smtp_sink)
    _residents_see(served, phone, "11")
    assert "SEQUENCE:1" in served.feed("00070")
    _reminded(served, smtp_sink)
    _held_and_concluded(served, desk, clerk, department.name)
    _task_done_through_its_link(served, phone, smtp_sink)
    _accepted_and_counted(served, desk, clerk)


def _plan(served: Served, desk: Page) -> None:
    """Section 4: the rule shows its dates before it is saved."""
    desk.goto(f"{served.address}/desk/schedules/new")
    desk.locator('[name="unit"]').select_option("00070-ubnd")
    for name, value in (
        ("hosts", "Chủ tịch UBND"), ("hours", "07:30-11:30"),
        ("place", "126 Hàng Trống"), ("days", "10"), ("starts", "2026-12-01"), ("until", "2026-12-31"),
    ):  # fmt: skip
        desk.locator(f'[name="{name}"]').fill(value)
    desk.locator("form#rule .buttons button").click()
    expect(desk.locator("#the-dates")).to_be_visible()
    desk.locator('button[value="save"]').click()
    expect(desk.locator(".told")).to_be_visible()


def _submit_approve_publish(served: Served, desk: Page, boss: Page, head: Account) -> None:
    """Section 5: who drafted does not approve; publishing shows what it touches."""
    desk.goto(f"{served.address}/desk/occurrences?list=drafts")
    desk.locator('input[name="id"]').check()
    desk.get_by_role("button", name="Trình phê duyệt các buổi đã chọn").click()
    served.sign_in(boss, head)
    boss.get_by_role("link", name="Xem và phê duyệt").click()
    boss.get_by_role("link", name="Phê duyệt", exact=True).click()
    boss.get_by_role("button", name="Phê duyệt các buổi đã chọn").click()
    expect(boss.locator(".told")).to_have_text("Đã phê duyệt 1 buổi.")
    desk.goto(f"{served.address}/desk/occurrences?list=approved")
    desk.locator('input[name="id"]').check()
    desk.get_by_role("button", name="Công bố các buổi đã chọn").click()
    desk.get_by_role("button", name="Công bố và gửi 2 thông báo").click()
    expect(desk.locator(".told")).to_have_text("Đã công bố 1 buổi.")
    desk.locator('select[name="where"]').select_option("office")
    desk.get_by_role("button", name="Ghi việc niêm yết").click()
    expect(desk.locator(".told")).to_have_text("Đã ghi việc niêm yết.")


def _residents_see(served: Served, phone: Page, day: str) -> None:
    """Section 6: found by a few letters without accents, on a phone without script."""
    phone.goto(served.address)
    phone.locator('main input[name="q"]').fill("hoan kiem")
    phone.locator("main form button").first.click()
    if "/units/" not in phone.url:
        phone.get_by_role("link", name="Phường Hoàn Kiếm").first.click()
    expect(phone.locator("main .leaf-day").first).to_have_text(day)
    phone.wait_for_load_state()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def _move(served: Served, desk: Page, sink: Sink) -> None:
    """Section 5: every change shows who is told before it is made, and tells them."""
    desk.goto(f"{served.address}/desk/occurrences")
    desk.locator("main table a").first.click()
    desk.get_by_role("link", name="Đổi lịch").first.click()
    desk.get_by_role("link", name="Hoặc chọn ngày khác").click()
    expect(desk.locator("section.panel").first).to_contain_text("chutich@example.vn")
    desk.locator('[name="day"]').fill("2026-12-11")
    desk.locator('[name="reason"]').fill("Họp Hội đồng nhân dân thành phố")
    desk.get_by_role("button", name="Đọc thư trước khi gửi").click()
    expect(desk.locator("main")).to_contain_text("Thư gửi chutich@example.vn")
    desk.get_by_role("button", name=re.compile("^Đổi lịch và báo cho 1 người")).click()
    expect(desk.locator(".told")).to_contain_text("Đã đổi lịch")
    served.run_job("delivery")
    [letter] = sink.letters
    assert letter.recipient == "chutich@example.vn"
    assert "METHOD:REQUEST" in letter.part("text/calendar")
    assert "11/12/2026" in letter.part("text/plain")


def _reminded(served: Served, sink: Sink) -> None:
    """Section 8: seven days before and at 16:30 on the working day before, and never twice."""
    sink.letters.clear()
    for moment in (at_local(date(2026, 12, 4), "08:01"), at_local(date(2026, 12, 10), "16:31")):
        served.clock.now = moment
        for _ in range(2):
            served.run_job("reminders")
            served.run_job("delivery")
    assert [letter.recipient for letter in sink.letters] == ["chutich@example.vn"] * 2


def _held_and_concluded(served: Served, desk: Page, clerk: Account, department: str) -> None:
    """Section 9: who sat, how many came, and what follows with which unit by when."""
    served.clock.now = at_local(date(2026, 12, 11), "15:00")
    served.sign_in(desk, clerk)
    with served.database.open() as db:
        slug = db.query(Occurrence).one().slug
    desk.goto(f"{served.address}/desk/records/{slug}")
    desk.locator('[name="visits"]').fill("3")
    desk.locator('[name="persons"]').fill("4")
    desk.locator("main form .buttons button").last.click()
    expect(desk.locator(".told")).to_be_visible()
    desk.goto(f"{served.address}/desk/occurrences/{slug}")
    desk.get_by_role("link", name="Ghi thông báo kết luận").click()
    for name, value in (
        ("number", "88/TB-UBND"), ("signed_on", "2026-12-11"), ("signer", "Chánh Văn phòng"),
        ("items-0-text", "Kiểm tra việc thoát nước ngõ 12, trả lời công dân."),
        ("items-0-lead_unit", f"{department} (00070-kt)"), ("items-0-working_days", "5"),
    ):  # fmt: skip
        desk.locator(f'[name="{name}"]').fill(value)
    desk.locator('button[value="record"]').click()
    expect(desk.locator(".told")).to_be_visible()


def _task_done_through_its_link(served: Served, phone: Page, sink: Sink) -> None:
    """The unit in charge needs no account: the letter's link opens its task."""
    sink.letters.clear()
    served.run_job("followups")
    served.run_job("delivery")
    [letter] = [letter for letter in sink.letters if letter.recipient == "kt@example.vn"]
    found = LINK.search(letter.part("text/plain"))
    assert found, letter.part("text/plain")
    phone.goto(served.address + found.group(1))
    expect(phone.locator("main")).to_contain_text("thoát nước ngõ 12")
    served.clock.wait(days=3)
    done = phone.locator("form").filter(has=phone.get_by_role("button", name="Báo cáo hoàn thành", exact=True))
    phone.get_by_text("Báo cáo hoàn thành").first.click()
    done.locator("textarea").fill("Văn bản trả lời số 12/KT đã gửi công dân.")
    done.get_by_role("button", name="Báo cáo hoàn thành").click()
    expect(phone.locator(".told")).to_contain_text("Đã báo cáo hoàn thành")


def _accepted_and_counted(served: Served, desk: Page, clerk: Account) -> None:
    """The secretariat accepts, and the report counts the day for the head."""
    served.sign_in(desk, clerk)
    desk.goto(f"{served.address}/desk/tasks?view=to-accept")
    desk.get_by_role("link", name=re.compile("thoát nước ngõ 12")).first.click()
    desk.get_by_role("button", name="Công nhận kết quả").click()
    expect(desk.locator(".told")).to_have_text("Đã công nhận kết quả.")
    desk.goto(f"{served.address}/desk/reports/duties?from=2026-12-01&to=2026-12-31&unit=00070")
    row = desk.locator("main table tbody tr").filter(has_text="Chủ tịch UBND").first
    # The month asks two days of a commune's chairman and is not over: one is held so far, and opens to its rows.
    row.get_by_role("link", name="1", exact=True).first.click()
    expect(desk.locator("main")).to_contain_text("11/12/2026")
