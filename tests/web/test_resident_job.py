"""The whole job as one resident lives it, on a small phone without script: from three typed words to the answer that
stands, through a moved and a cancelled sitting, with the office's clerk and its counter on the other side."""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from scheduler.clock import at_local
from scheduler.models import Occurrence
from tests.browser import PHONE, OpenPage
from tests.build import make_account, make_published
from tests.mailbox import Letter, Sink
from tests.served import Served
from tests.visitors import SignIn
from tests.web.counter_house import one_database
from tests.web.desk_people import Desks, Office, make_desk_office, told

pytestmark = [pytest.mark.browser, pytest.mark.slow, one_database]
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/registrations/\S+)")
CODE = re.compile(r"\b(\d{3}) (\d{3})\b")
FIRST, MOVED, NEXT = date(2026, 12, 10), date(2026, 12, 11), date(2026, 12, 24)
MINE = "lan@example.vn"
SECRETS = ("Nguyễn Thị Lan", "Tường nhà")
NOT_DONE = "Tường chưa được xây lại."


@dataclass
class Job:
    """The office, what was read from the letters, and the resident's phone."""

    served: Served
    sink: Sink
    office: Office
    phone: Page
    code: str = ""
    own: str = ""

    def letters(self, *jobs: str) -> list[Letter]:
        """What came to the resident since the last look, after these jobs and the one that delivers."""
        for name in (*jobs, "delivery"):
            self.served.run_job(name)
        found = self.sink.to(MINE)
        self.sink.letters.clear()
        for one in found:
            assert one.subject.startswith("UBND phường Hoàn Kiếm: ")
            assert not any(secret in one.raw.decode() + one.subject for secret in SECRETS)
        return found

    def one_letter(self, *jobs: str) -> tuple[str, str]:
        """The subject and text of the only letter that came; it carries the code and the way to the own page."""
        [letter] = self.letters(*jobs)
        text = letter.part("text/plain")
        assert self.code in text
        assert self.own in text
        return letter.subject, text

    def open_own(self) -> None:
        """By the letter's link."""
        self.phone.goto(self.served.address + self.own)
        fits(self.phone)

    def number(self) -> None:
        """The number on the own page is the first, and the code the letter's."""
        expect(self.phone.locator(".number-big")).to_have_text("1")
        expect(self.phone.locator(".ticket .code")).to_have_text(self.code)


def fits(page: Page) -> None:
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]


@pytest.fixture
def job(served: Served, smtp_sink: Sink, open_page: OpenPage) -> Job:
    with served.database.transaction() as db:
        office = make_desk_office(db)
        for day in (FIRST, NEXT):
            make_published(db, office.unit, office.chairman, day=day)
        office.accounts["officer"] = make_account(db, office.unit, "officer", name="Cán bộ tiếp dân", demo=True)
    return Job(served, smtp_sink, office, open_page(PHONE, javascript=False))


def test_a_resident_with_a_small_phone_goes_all_the_way(job: Job, sign_in: SignIn, open_page: OpenPage) -> None:
    _register(job)
    _change_words(job)
    clerk, phone = open_page(), open_page(PHONE)
    desks = Desks(job.served, sign_in, job.office, clerk, phone, clerk)
    desks.sign_in(clerk, "clerk")
    _move(job, desks)
    _cancel(job, desks)
    _be_received(job, desks, open_page)
    _record_and_note(job, desks)
    _read_the_answer(job)
    _have_it_answered(job, desks)


def _register(job: Job) -> None:
    page = job.phone
    page.goto(job.served.address)
    page.locator("#q").fill("hoan kiem")
    page.locator(".find button").click()
    page.locator("main").get_by_role("link", name=re.compile("^Phường Hoàn Kiếm")).first.click()
    expect(page.locator("main .lead").first).to_contain_text("thứ Năm, ngày 10/12/2026, từ 7 giờ 30")
    fits(page)
    page.get_by_role("link", name="Xem buổi này").click()
    expect(page.locator("h1")).to_have_text("Chủ tịch UBND phường Hoàn Kiếm")
    fits(page)
    page.get_by_role("link", name="Đăng ký gặp").click()
    page.get_by_label("Không", exact=False).first.check()
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Lan")
    page.get_by_label("Điện thoại hoặc thư điện tử").fill(MINE)
    page.get_by_label("Nơi ở").fill("Phường Hoàn Kiếm")
    page.get_by_label("Về việc gì").select_option("land")
    page.get_by_label("Nội dung, vài dòng").fill("Tường nhà số 5 nghiêng.")
    fits(page)
    job.served.clock.wait(minutes=1)
    page.get_by_role("button", name="Gửi đăng ký").click()
    expect(page.get_by_role("status")).to_contain_text("Đã đăng ký.")
    job.code = page.locator(".ticket .code").inner_text()
    assert CODE.fullmatch(job.code)
    job.number()
    window = page.locator(".ticket dd strong").inner_text()
    assert window.startswith("từ 7 giờ 30 đến ")
    fits(page)
    [letter] = job.letters()
    text = letter.part("text/plain")
    job.own = LINK.search(text).group(1)  # type: ignore[union-attr]
    assert letter.subject == "UBND phường Hoàn Kiếm: lịch thứ Năm, 10/12/2026"
    assert all(words in text for words in (window, job.code, "Số thứ tự của Ông/Bà: 1."))


def _change_words(job: Job) -> None:
    page = job.phone
    job.open_own()
    page.get_by_role("link", name="Sửa").click()
    page.get_by_label("Nội dung, vài dòng").fill("Tường nhà số 5 sắp đổ.")
    page.get_by_role("button", name="Lưu").click()
    expect(page.get_by_role("status")).to_have_text("Đã sửa.")
    expect(page.locator("main")).to_contain_text("Tường nhà số 5 sắp đổ.")


def _move(job: Job, desks: Desks) -> None:
    clerk = desks.clerk
    job.served.clock.wait(minutes=5)
    desks.go(clerk, f"/desk/occurrences/{_sitting(job)}/change/move?day={MOVED}")
    expect(clerk.locator("main")).to_contain_text("Người đã đăng ký: 1")
    clerk.get_by_label("Họp đột xuất").check()
    clerk.get_by_role("button", name=re.compile("^Đổi lịch và báo cho")).click()
    told(clerk, "Đã đổi lịch")
    subject, text = job.one_letter()
    assert "11/12/2026" in subject
    for words in ("chuyển sang thứ Sáu, ngày 11/12/2026", "Số thứ tự của Ông/Bà vẫn là 1; không phải đăng ký lại."):
        assert words in text
    job.open_own()
    job.number()
    expect(job.phone.locator(".change")).to_contain_text("11/12/2026")


def _cancel(job: Job, desks: Desks) -> None:
    clerk = desks.clerk
    job.served.clock.wait(minutes=5)
    desks.go(clerk, f"/desk/occurrences/{_sitting(job)}/change/cancel")
    clerk.get_by_label("Họp đột xuất").check()
    clerk.locator('button[value="change"]').click()
    expect(clerk.locator(".told")).to_be_visible()
    _, text = job.one_letter()
    assert "thứ Năm, ngày 24/12/2026" in text
    job.open_own()
    expect(job.phone.locator(".change")).to_contain_text("24/12/2026")
    job.phone.get_by_role("button", name="Nhận buổi này").click()
    expect(job.phone.get_by_role("status")).to_have_text("Đã nhận buổi này.")
    job.number()
    expect(job.phone.locator(".change")).to_have_count(0)


def _sitting(job: Job) -> str:
    with job.served.database.open() as db:
        return db.query(Occurrence).order_by(Occurrence.planned_day).first().slug  # type: ignore[union-attr]


def _be_received(job: Job, desks: Desks, open_page: OpenPage) -> None:
    clock, counter = job.served.clock, desks.second
    clock.now = at_local(date(2026, 12, 23), "16:05")
    subject, text = job.one_letter("reminders")
    assert subject == "UBND phường Hoàn Kiếm: nhắc lịch thứ Năm, 24/12/2026"
    assert "Số thứ tự của Ông/Bà: 1." in text
    clock.now = at_local(NEXT, "07:20")
    desks.sign_in(counter, "officer")
    desks.go(counter, "/desk")
    counter.get_by_role("link", name="Mở quầy").click()
    row = counter.locator("#n1")
    expect(row).to_contain_text("Nguyễn Thị Lan")
    row.get_by_role("button", name="Đã đến").click()
    clock.now = at_local(NEXT, "07:35")
    counter.locator(".now").get_by_role("button", name="Gọi số 1").click()
    wall = open_page((1280, 720), javascript=False)
    wall.goto(job.served.address + "/screens/" + counter.locator(".screen-address a").inner_text().rpartition("/")[2])
    expect(wall.locator(".first")).to_have_text("1")
    assert not any(secret in wall.content() for secret in (*SECRETS, "Lan", MINE))
    job.open_own()
    expect(job.phone.locator(".badge")).to_have_text("Đang gọi")
    wall.context.close()
    counter.locator(".now").get_by_role("button", name="Bắt đầu tiếp").click()
    clock.wait(minutes=20)
    counter.locator(".now").get_by_role("button", name="Kết thúc").click()
    expect(counter.locator(".done > summary")).to_have_text("Đã xong: 1")
    fits(counter)


def _record_and_note(job: Job, desks: Desks) -> None:
    clerk = desks.clerk
    job.served.clock.now = at_local(NEXT, "11:40")
    desks.sign_in(clerk, "clerk")
    with job.served.database.open() as db:
        sitting = db.query(Occurrence).filter_by(day=NEXT).one().slug
    desks.go(clerk, f"/desk/occurrences/{sitting}")
    clerk.get_by_role("link", name="Ghi kết quả").click()
    for label in ("Số lượt tiếp", "Số người được tiếp"):
        expect(clerk.get_by_label(label, exact=True)).to_have_value("1")
    clerk.get_by_role("button", name="Ghi kết quả").click()
    expect(clerk.locator(".told")).to_be_visible()
    clerk.get_by_role("link", name="Vụ việc của buổi này").click()
    clerk.get_by_role("link", name="Ghi vụ việc").click()
    expect(clerk.get_by_label("Tóm tắt nội dung")).to_have_value("Tường nhà số 5 sắp đổ.")
    clerk.get_by_label("Phân loại").select_option("feedback")
    clerk.get_by_label("Nhận giải quyết (thụ lý)").check()
    clerk.get_by_label("Đơn vị giải quyết").fill("Công an phường")
    clerk.get_by_role("button", name="Ghi", exact=True).click()
    expect(clerk.locator("main")).to_contain_text("08/01/2027")
    assert "08/01/2027" in job.one_letter()[1]
    path = clerk.url.removeprefix(job.served.address)
    job.served.clock.now = at_local(date(2026, 12, 28), "09:00")
    desks.sign_in(clerk, "clerk")
    desks.go(clerk, path)
    clerk.get_by_label("Nội dung trả lời").fill("Xây lại tường trước 05/01/2027.")
    clerk.get_by_role("button", name="Trả lời người dân").click()
    subject, _ = job.one_letter()
    assert subject == "UBND phường Hoàn Kiếm: có trả lời, buổi thứ Năm, 24/12/2026"


def _read_the_answer(job: Job) -> None:
    page = job.phone
    page.goto(f"{job.served.address}/registrations")
    page.get_by_label("Mã", exact=True).fill(job.code)
    page.get_by_label("Điện thoại hoặc thư điện tử đã cho").fill(MINE)
    page.get_by_role("button", name="Xem lượt đăng ký").click()
    expect(page.locator("#results blockquote")).to_have_text("Xây lại tường trước 05/01/2027.")
    expect(page.locator("#results")).to_contain_text("Công an phường nhận giải quyết.")
    fits(page)
    page.get_by_role("group", name="câu trả lời").get_by_role("button", name="Hài lòng", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Đã ghi nhận.")
    page.get_by_role("link", name="Báo việc đã hứa chưa được thực hiện").click()
    page.get_by_label("Việc gì chưa được thực hiện").fill(NOT_DONE)
    page.get_by_role("button", name="Gửi").click()
    expect(page.locator("#results")).to_contain_text("đang kiểm tra và sẽ trả lời Ông/Bà")


def _have_it_answered(job: Job, desks: Desks) -> None:
    clerk = desks.clerk
    desks.go(clerk, "/desk")
    line = clerk.locator(".worklist li", has_text="Người dân báo việc đã hứa chưa được thực hiện")
    line.get_by_role("link", name="Trả lời").click()
    expect(clerk.locator("main")).to_contain_text(NOT_DONE)
    clerk.get_by_label("Người dân nói đúng").check()
    clerk.get_by_label("Nội dung trả lời").fill("Thợ đến ngày 29/12/2026.")
    clerk.get_by_role("button", name="Trả lời ý kiến").click()
    told(clerk, "Đã trả lời và báo cho người dân.")
    job.one_letter()
    job.open_own()
    expect(job.phone.locator("#results")).to_contain_text("Thợ đến ngày 29/12/2026.")


def test_in_english_on_a_desktop(job: Job, open_page: OpenPage) -> None:
    page = open_page(locale="en-GB")
    page.goto(f"{job.served.address}/en/")
    page.locator("#q").press_sequentially("hoan ki")
    page.get_by_role("option", name="Phường Hoàn Kiếm").first.click()
    expect(page.locator("main .lead").first).to_contain_text("Thursday, 10 December 2026")
    page.get_by_role("link", name="Register (optional)").first.click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main .panel h2")).to_have_text("Thành phố Hà Nội")
    page.go_back()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Full name").fill("Nguyen Thi Lan")
    page.get_by_label("Telephone or e-mail").fill(MINE)
    page.get_by_label("About what").select_option("land")
    job.served.clock.wait(minutes=1)
    page.get_by_role("button", name="Send the registration").click()
    expect(page.get_by_role("status")).to_contain_text("Registered.")
    job.code = page.locator(".ticket .code").inner_text()
    job.phone = page
    job.number()
    expect(page.locator(".ticket")).to_contain_text("from 7:30 to 8:00")
    expect(page.locator("main .lead").first).to_contain_text("Thursday, 10 December 2026")
