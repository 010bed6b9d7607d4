"""Leaders' other calendars on the pages: added, looked at before they count, ended."""

from datetime import timedelta
from io import BytesIO

import pytest

from scheduler.database import Database
from scheduler.models import BusyCalendar, BusyTime, Unit
from tests.build import NOW, make_account, make_office
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Họp <b>Thành ủy</b>\r\n"
    "DTSTART:20261210T080000\r\nDTEND:20261210T100000\r\nATTACH:file:///etc/passwd\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
PAGE = "/desk/busy"


@pytest.fixture
def office(database: Database) -> Unit:
    with database.transaction() as db:
        unit, _ = make_office(db)
        return unit


@pytest.fixture
def administrator(database: Database, office: Unit, sign_in: SignIn) -> Visitor:
    with database.transaction() as db:
        account = make_account(db, office, "administrator")
    return sign_in(account)


def whose(visitor: Visitor, what: str = "post") -> str:
    """The first choice of the form: of a post, or of a person."""
    page = visitor.get(PAGE).text
    return next(part.split('"')[0] for part in page.split('<option value="') if part.startswith(f"{what}-"))


def sent(visitor: Visitor, content: bytes = b"", **fields: str) -> tuple[int, str, str]:
    """Status, page and where it leads after sending the form."""
    form = {"unit": "00070-ubnd", "whose": whose(visitor), **fields}
    data = form | ({"file": (BytesIO(content), "lich.ics")} if content else {})
    answer = visitor.submit(PAGE, data, content_type="multipart/form-data")
    return answer.status_code, answer.text, answer.headers.get("Location", "")


def test_a_file_counts_once_it_was_looked_at(administrator: Visitor, database: Database) -> None:
    status, _, page = sent(administrator, ICS.encode(), name="Lịch họp", whose=whose(administrator, "person"))
    assert status == 303
    shown = administrator.get(page).text
    check_page(shown)
    assert "Họp &lt;b&gt;Thành ủy&lt;/b&gt;" in shown
    assert "1 mục không ghi múi giờ: đọc theo giờ Việt Nam." in shown
    assert "1 tệp đính kèm: không lấy." in shown
    with database.open() as db:
        assert db.query(BusyTime).count() == 0
    for told in ("Đã lưu: 1 khoảng bận thay đổi.", "Đã lưu: 0 khoảng bận thay đổi."):
        assert administrator.submit(page, to=f"{page}/save").status_code == 303
        assert told in administrator.get(page).text
    # The same file again: the same calendar, and nothing changes.
    assert sent(administrator, ICS.encode(), name="Lịch họp", whose=whose(administrator, "person"))[2] == page
    administrator.submit(page, to=f"{page}/save")
    assert "Đã lưu: 0 khoảng bận thay đổi." in administrator.get(page).text
    with database.open() as db:
        assert db.query(BusyTime).one().person_id is not None
    assert administrator.submit(page, to=f"{page}/end").status_code == 303
    with database.open() as db:
        assert (db.query(BusyTime).count(), db.query(BusyCalendar).one().ended_at) == (0, NOW)


def test_an_address_is_read_by_the_job(administrator: Visitor, database: Database) -> None:
    status, _, page = sent(administrator, address="webcal://calendar.google.com/private-x/basic.ics")
    assert status == 303
    shown = administrator.get(page).text
    check_page(shown)
    assert "https://calendar.google.com/private-x/basic.ics" in shown
    with database.transaction() as db:
        calendar = db.query(BusyCalendar).one()
        assert calendar.due_at == NOW
        calendar.due_at, calendar.failures = NOW + timedelta(hours=1), 2
        calendar.failure = ["busy.fetch-status", {"status": 404}]
    check_page(administrator.get(PAGE).text)
    assert "Máy chủ trả lời 404." in administrator.get(PAGE).text
    assert "Máy chủ trả lời 404." in administrator.get(page).text
    assert administrator.submit(page, to=f"{page}/read").status_code == 303
    with database.open() as db:
        assert db.query(BusyCalendar).one().due_at == NOW


@pytest.mark.parametrize(
    ("fields", "content", "told"),
    [
        ({}, b"", "Ghi địa chỉ, hoặc chọn một tệp."),
        ({"address": "https://evil.example/x"}, b"", "evil.example không nằm trong danh sách"),
        ({"address": "file:///etc/passwd"}, b"", "Địa chỉ lịch không đọc được"),
        ({"address": "https://127.0.0.1/"}, b"", "127.0.0.1 không nằm trong danh sách"),
        ({"name": "Lịch họp"}, b"<html>", "Dòng 1: không phải tệp iCalendar"),
        ({}, ICS.replace("Họp", "H\xf3p").encode("latin-1", "replace"), "UTF-8"),
        ({}, ICS.replace("T100000", "T070000").encode(), "giờ kết thúc trước giờ bắt đầu"),
        ({"whose": "post-999"}, ICS.encode(), ""),
        ({"whose": ""}, ICS.encode(), ""),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    administrator: Visitor, database: Database, fields: dict[str, str], content: bytes, told: str
) -> None:
    status, page, _ = sent(administrator, content, **fields)
    assert (status, told in page) == (422, True)
    check_page(page)
    assert fields.get("name", "") in page
    with database.open() as db:
        assert db.query(BusyCalendar).count() == 0


def test_only_who_administers_the_unit(database: Database, office: Unit, sign_in: SignIn) -> None:
    with database.transaction() as db:
        clerk = make_account(db, office, "secretariat")
    visitor = sign_in(clerk)
    assert visitor.get(PAGE).status_code == 403
