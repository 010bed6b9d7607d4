"""The office's side of a sitting from the first call to the register: an officer with a phone who helps people to
register here and at the city, keeps the door, prints, and enters afterwards what was written by hand."""

import io
from dataclasses import dataclass
from datetime import date

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.models import Account, Unit
from tests.browser import PHONE, OpenPage
from tests.build import make_post, make_published, make_unit
from tests.gateway import Phone
from tests.mailbox import Letter, Sink
from tests.served import Served
from tests.visitors import SignIn
from tests.web.counter_house import DAY, House, make_house, one_database

pytestmark = [pytest.mark.browser, pytest.mark.slow, one_database]
EVE, AFTER = date(2026, 11, 25), date(2026, 11, 27)
BINH, HOA, MINH = "Cụ Bình", "Bà Hoa", "Ông Minh"
NAMES = (BINH, HOA, MINH, "Trần Văn Đại Diện")


@dataclass
class Job:
    """The office, its officer's phone, and where letters and messages arrive."""

    served: Served
    house: House
    sink: Sink
    gateway: Phone
    cookies: SignIn
    page: Page

    def at(self, day: date, hour: str) -> None:
        """The officer signs in at that moment."""
        self.served.clock.now = at_local(day, hour)
        self.sign_in(self.house.officer)

    def sign_in(self, account: Account) -> None:
        """Give the phone the cookie of this account."""
        cookie = self.cookies(account).get_cookie("lichdan")
        assert cookie is not None
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.served.address}])

    def go(self, path: str) -> None:
        """Open an address of the desk, which must answer and fit the phone."""
        answer = self.page.goto(self.served.address + path)
        assert answer is not None
        assert answer.status == 200, f"{path} answered {answer.status}"
        self.fits()

    def call_of(self, name: str) -> Locator:
        """The line of somebody on the list of calls, as the secretariat sees it."""
        self.sign_in(self.house.clerk)
        self.go("/desk/calls")
        return self.page.locator(".calls li", has_text=name)

    def fits(self) -> None:
        """Nothing stands out at the right of the phone."""
        self.page.wait_for_load_state()
        assert self.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]

    def run(self, *names: str) -> None:
        """These jobs, each once."""
        for name in names:
            self.served.run_job(name)

    def letters(self, subject: str) -> list[Letter]:
        """Those that came with such a subject."""
        return [one for one in self.sink.letters if subject in one.subject]


@pytest.fixture
def job(served: Served, sign_in: SignIn, open_page: OpenPage, smtp_sink: Sink, phone: Phone) -> Job:
    house = make_house(served.database, served.clock)
    with served.database.transaction() as db:
        _widen(db, db.get_one(Unit, house.sitting.unit_id))
    return Job(served, house, smtp_sink, phone, sign_in, open_page(PHONE))


def _widen(db: Db, office: Unit) -> None:
    """The city with its chairman, the ward's police, and the office's sitting of the day after."""
    ward = db.get_one(Unit, office.parent_id)
    city = make_unit(
        db, "01-ubnd", name="UBND thành phố Hà Nội", parent=db.get_one(Unit, ward.parent_id), level="province"
    )
    head = make_post(db, city, "Chủ tịch UBND thành phố", code="01-ubnd-chu-tich", duty="province_chairman")
    make_published(db, city, head, day=date(2026, 12, 3))
    make_unit(db, "00070-ca", name="Công an phường", parent=ward, phone="024 3825 0113", email="")
    deputy = make_post(db, office, "Phó Chủ tịch UBND", code="00070-ubnd-pho", duty="", is_head=False)
    make_published(db, office, deputy, day=AFTER)


def test_from_the_first_call_to_the_register(job: Job) -> None:
    _register_by_telephone(job)
    _register_at_the_city(job)
    _take_the_kit(job)
    _keep_the_door(job)
    _enter_what_was_written(job)
    _read_the_register(job)
    _send_a_message(job)


def _enter(job: Job, name: str, contact: str) -> str:
    """Fill in the open form of the desk; gives the code on the slip."""
    page = job.page
    page.get_by_label("Không", exact=True).check()
    if page.get_by_label("Gọi điện thoại").count():
        page.get_by_label("Gọi điện thoại").check()
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_label("Điện thoại hoặc thư điện tử").fill(contact)
    page.get_by_label("Về việc gì").select_option("land")
    job.fits()
    page.get_by_role("button", name="Ghi nhận và lấy số").click()
    expect(page.locator(".number-big")).to_have_text("1")
    expect(page.locator("main")).not_to_contain_text(name)
    job.fits()
    return page.locator(".ticket .code").inner_text()


def _find(job: Job, text: str, day: str) -> None:
    job.go("/desk/registrations")
    job.page.locator("#q").fill(text)
    job.page.get_by_role("button", name="Tìm buổi tiếp").click()
    job.page.locator("main li", has_text=day).get_by_role("link", name="Đăng ký gặp").click()


def _register_by_telephone(job: Job) -> None:
    job.at(date(2026, 11, 23), "09:00")
    for name, contact, day in ((BINH, "0912 345 678", "26/11/2026"), (HOA, "0987 654 321", "27/11/2026")):
        _find(job, "ubnd hoan kiem", day)
        assert len(_enter(job, name, contact)) == len("482 615")


def _register_at_the_city(job: Job) -> None:
    _find(job, "ubnd thanh pho ha noi", "03/12/2026")
    expect(job.page.get_by_label("Gọi điện thoại")).to_have_count(0)
    job.page.get_by_label("Có", exact=True).check()
    job.page.get_by_label("Họ và tên").fill(MINH)
    job.page.get_by_role("button", name="Ghi nhận và lấy số").click()
    expect(job.page.locator("main")).to_contain_text("Trụ sở Tiếp công dân Trung ương")
    expect(job.page.locator("main")).not_to_contain_text(MINH)
    _find(job, "ubnd thanh pho ha noi", "03/12/2026")
    expect(job.page.get_by_label("Nơi ở")).to_have_value("")
    _enter(job, MINH, "minh@example.vn")
    expect(job.page.locator("main")).to_contain_text("thứ Năm, ngày 03/12/2026")


def _take_the_kit(job: Job) -> None:
    job.at(EVE, "15:59")
    job.run("paper_kit", "delivery")
    [letter] = job.sink.letters
    assert letter.recipient == "minh@example.vn"
    assert "03/12/2026" in letter.subject
    job.at(EVE, "16:31")
    job.run("paper_kit", "reminders", "delivery")
    letters = {one.recipient: one for one in job.letters("Bộ hồ sơ giấy")}
    assert "vanthu@example.vn" in letters
    letter = letters["vanthu@example.vn"]
    assert "trang sổ có sẵn số từ 2 đến 21" in letter.part("text/plain").replace("\n", " ")
    [kit] = list(letter.message.iter_attachments())
    content = kit.get_payload(decode=True)
    assert isinstance(content, bytes)
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert BINH in said
    assert BINH not in letter.part("text/plain") + letter.part("text/html") + letter.subject
    line = job.call_of(BINH)
    expect(line.locator("a[href^='tel:']")).to_have_attribute("href", "tel:0912345678")
    expect(line).to_contain_text("26/11/2026")
    line.get_by_role("button", name="Đã gọi").click()


def _keep_the_door(job: Job) -> None:
    page = job.page
    job.sink.letters.clear()
    job.at(DAY, "07:40")
    job.go(job.house.page)
    page.get_by_label("Họ tên").fill("Đỗ Văn Cửa")
    page.get_by_role("button", name="Lấy số").click()
    expect(page.locator(".given-number")).to_have_text("22")
    page.get_by_role("link", name="Đoàn đông người").click()
    page.get_by_label("Số người").fill("40")
    page.get_by_label("Về việc").select_option("land")
    page.get_by_label("Tóm tắt").fill("Bồi thường dự án")
    page.get_by_label("Người đại diện").fill(NAMES[-1])
    for one in ("Công an phường", "024 3825 0113", "Văn thư", "Chánh Văn phòng"):
        expect(page.locator(".told-list")).to_contain_text(one)
    job.fits()
    page.get_by_role("button", name="Lấy số và báo văn phòng, công an").click()
    expect(page.locator(".given-number")).to_have_text("23")
    expect(page.locator(".told-list")).to_contain_text("Công an phường")
    job.run("delivery")
    told = job.letters("Đoàn 40 người")
    assert {one.recipient for one in told} == {"vanthu@example.vn", "chanh@example.vn"}
    assert not any(name in one.message.as_string() + one.part("text/plain") for one in told for name in NAMES)
    expect(job.call_of("Công an phường")).to_contain_text("40 người")
    job.sign_in(job.house.officer)
    job.go(job.house.page)
    expect(page.locator(".now")).to_contain_text("22")
    page.locator("#n1").get_by_role("button", name="Đã đến").click()
    page.locator(".now").get_by_role("button", name="Gọi số 1").click()
    page.locator(".now").get_by_role("button", name="Bắt đầu tiếp").click()
    job.served.clock.wait(minutes=15)
    page.locator(".now").get_by_role("button", name="Kết thúc").click()
    expect(page.locator(".done > summary")).to_have_text("Đã xong: 1")


def _enter_what_was_written(job: Job) -> None:
    """The power went at eight; two people were received on paper, the second one first."""
    page = job.page
    job.at(DAY, "14:00")
    job.go(job.house.page)
    page.get_by_role("link", name="Bộ hồ sơ giấy, nhập lại từ giấy").click()
    rows = ((0, "3", "8:10", "8:30", "Lê Thị Giấy"), (1, "2", "8:30", "8:45", "Ngô Văn Bút"))
    for place, number, starts, ends, name in rows:
        for field, text in (("number", number), ("starts", starts), ("ends", ends), ("name", name)):
            page.locator(f"#rows-{place}-{field}").fill(text)
        page.locator(f"#rows-{place}-topic").select_option("land")
    job.fits()
    page.get_by_role("button", name="Ghi vào sổ").click()
    expect(page.locator(".told")).to_contain_text("Đã ghi 2 lượt từ giấy")


def _read_the_register(job: Job) -> None:
    page = job.page
    job.go("/desk/register-book?from=2026-11-26&to=2026-11-26")
    lines = page.locator("table.register tbody tr")
    expect(lines).to_have_count(3)
    for line, name in enumerate((BINH, "Lê Thị Giấy", "Ngô Văn Bút")):
        expect(lines.nth(line)).to_contain_text(name)
    page.get_by_label("Lý do xuất sổ").fill("Thanh tra")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Tải bảng tính").click()
    sheet = load_workbook(io.BytesIO(taken.value.path().read_bytes())).worksheets[0]
    assert [cell.value for cell in sheet[5]] == [str(number) for number in range(1, 13)]
    assert [str(row[2].value).splitlines()[0] for row in sheet.iter_rows(min_row=6, max_row=8)] == [
        BINH, "Lê Thị Giấy", "Ngô Văn Bút",
    ]  # fmt: skip


def _send_a_message(job: Job) -> None:
    """From now on there is a gateway: who is known by a telephone alone gets the same in one SMS, and no call."""
    job.served.environment |= {"LICHDAN_SMS_URL": job.gateway.url, "LICHDAN_SMS_TOKEN": "a-word-of-a-gateway"}
    job.at(DAY, "16:31")
    job.run("reminders", "messages")
    [message] = job.gateway.messages
    text = message.body["text"]
    assert message.body["to"] == "0987654321"
    assert text.isascii()
    assert len(text) <= 160
    for words in ("27/11", "7h30", "1", "024 3825 0001"):
        assert words in text
    assert "http" not in text
    assert "Ba Hoa" not in text
    expect(job.call_of(HOA)).to_have_count(0)
