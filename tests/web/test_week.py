"""The week of an office: pasted from Word and saved once, and printed with its receptions."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import BusyCalendar, BusyTime, Unit
from tests.build import NOW, make_account, make_day, make_occurrence, make_office, make_post, make_published, make_unit
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MONDAY = date(2026, 11, 23)
PAGE, PASTE = "/desk/week?unit=00070-ubnd&day=2026-11-25", "/desk/week/paste?unit=00070-ubnd"
TEXT = (
    "LỊCH CÔNG TÁC TUẦN\nThứ Hai, 23/11: Sáng: 8h00 Chủ tịch UBND họp giao ban, tại Phòng họp số 1\n"
    "Thứ Ba, 24/11\nSáng: 9h00-10h30 Chủ tịch UBND <b>tiếp</b> đoàn\n14h00 Họp cơ quan\n"
    "Thứ Tư, 24/11\n8h00 Chủ tịch họp"
)


class Office:
    """UBND phường Hoàn Kiếm with a clerk."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.transaction() as db:
            self.unit, self.chairman = make_office(db)
            self.deputy = make_post(db, self.unit, "Phó Chủ tịch UBND", duty="", is_head=False)
            self.clerk = make_account(db, self.unit)

    def busy(self) -> list[str]:
        with self.database.open() as db:
            return [one.title for one in db.query(BusyTime).order_by(BusyTime.starts_at, BusyTime.id)]


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def clerk(office: Office, sign_in: SignIn) -> Visitor:
    return sign_in(office.clerk)


def test_a_schedule_is_looked_at_then_saved_once(clerk: Visitor, office: Office) -> None:
    form = {"unit": "00070-ubnd", "whose": "nobody", "text": TEXT}
    preview = clerk.submit(PASTE, form | {"do": "preview"})
    assert preview.status_code == 200
    check_page(preview.text)
    assert "Đã đọc được 3 việc" in preview.text
    assert "Không rõ của ai: không tính" in preview.text
    assert "Thứ và ngày không khớp" in preview.text
    assert "&lt;b&gt;tiếp&lt;/b&gt;" in preview.text
    assert office.busy() == []
    for told in ("Đã lưu: 2 khoảng bận thay đổi.", "Đã lưu: 0 khoảng bận thay đổi."):
        saved = clerk.submit(PASTE, form | {"do": "save"})
        assert saved.status_code == 303
        shown = clerk.get(saved.headers["Location"]).text
        assert told in shown
    check_page(shown)
    assert office.busy() == ["Chủ tịch UBND họp giao ban", "Chủ tịch UBND <b>tiếp</b> đoàn"]
    assert "Phòng họp số 1" in shown
    # Another week's schedule leaves this one; a corrected one of Tuesday replaces only Tuesday.
    clerk.submit(PASTE, form | {"do": "save", "text": "Thứ Hai, 30/11: 8h00 Chủ tịch UBND đi học"})
    clerk.submit(PASTE, form | {"do": "save", "text": "Thứ Ba, 24/11: 14h00 Phó Chủ tịch UBND họp thay"})
    assert office.busy() == ["Chủ tịch UBND họp giao ban", "Phó Chủ tịch UBND họp thay", "Chủ tịch UBND đi học"]


def test_a_clerk_of_one_body_saves_nothing_for_the_bodies_beside_it(clerk: Visitor, office: Office) -> None:
    with office.database.transaction() as db:
        council = make_unit(db, "00070-hdnd", name="HĐND phường", parent=db.get_one(Unit, office.unit.parent_id))
        beside = make_post(db, council, "Chủ tịch HĐND phường", is_head=True)
    text = "Thứ Ba, 24/11: 8h00 Chủ tịch UBND họp\n14h00 Chủ tịch HĐND phường tiếp xúc cử tri"
    form = {"unit": "00070-ubnd", "whose": f"post-{office.chairman.id}", "text": text, "do": "save"}
    assert "Chủ tịch HĐND" not in clerk.get(PASTE).text
    assert clerk.submit(PASTE, form).status_code == 303
    assert office.busy() == ["Chủ tịch UBND họp"]
    assert clerk.submit(PASTE, form | {"whose": f"post-{beside.id}"}).status_code == 422


def test_a_line_without_a_name_counts_for_whom_one_chooses(clerk: Visitor, office: Office) -> None:
    form = {"unit": "00070-ubnd", "whose": f"post-{office.deputy.id}", "text": TEXT, "do": "save"}
    assert clerk.submit(PASTE, form).status_code == 303
    with office.database.open() as db:
        assert db.query(BusyTime).filter_by(post_id=office.deputy.id).one().title == "Họp cơ quan"


@pytest.mark.parametrize("text", ["", "   ", "Kính gửi các đồng chí", "x" * 60_001, "\x00"])
def test_what_is_no_schedule_comes_back(clerk: Visitor, office: Office, text: str) -> None:
    answer = clerk.submit(PASTE, {"unit": "00070-ubnd", "whose": "nobody", "text": text, "do": "save"})
    assert answer.status_code == 422
    assert text.strip()[:20] in answer.text or text == "\x00"
    assert office.busy() == []


def test_the_sheet_of_a_week(clerk: Visitor, office: Office, database: Database) -> None:
    with database.transaction() as db:
        make_published(
            db, office.unit, office.chairman, day=date(2026, 11, 26), hours=["07:30-11:30", "13:30-16:30"],
            content="Đất đai", attend=["Phòng Kinh tế"],
        )  # fmt: skip
        make_occurrence(db, office.unit, office.deputy, day=date(2026, 11, 27), content="Buổi còn dự thảo")
        make_published(db, office.unit, office.chairman, day=date(2026, 11, 27), state="cancelled", content="Đã hủy")
        make_day(db, date(2026, 11, 24), "Ngày Văn hóa")
        calendar = BusyCalendar(unit_id=office.unit.id, post_id=office.chairman.id, source="file", created_at=NOW)
        foreign = BusyCalendar(
            unit_id=make_unit(db, "01-tu").id, post_id=office.chairman.id, source="file", created_at=NOW
        )
        for number, (one, title) in enumerate(((calendar, "Họp Thành ủy"), (foreign, "Việc riêng của Thành ủy"))):
            day = MONDAY + timedelta(days=5)
            db.add(
                BusyTime(
                    calendar=one, post_id=office.chairman.id, title=title,
                    starts_at=at_local(day, f"1{8 + number}:00"), ends_at=at_local(day, f"1{9}:30"),
                )
            )  # fmt: skip
    page = clerk.get(PAGE)
    check_page(page.text)
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in page.text.split("<tr>")]
    assert "Từ ngày 23/11/2026 đến ngày 29/11/2026" in page.text
    assert sum("Đất đai" in row for row in rows) == 2
    assert any("7 giờ 30 đến 11 giờ 30" in row and "Phòng Kinh tế" in row and "126 Hàng Trống" in row for row in rows)
    assert any("Buổi còn dự thảo" in row and "dự kiến" in row for row in rows)
    assert any("Tối" in row and "Họp Thành ủy" in row and "Chủ tịch UBND" in row for row in rows)
    assert "Việc riêng" not in page.text
    assert "Đã hủy" not in page.text
    assert "Ngày Văn hóa" in page.text
    assert "âm lịch" in page.text
    assert "day=2026-11-16" in page.text
    assert "day=2026-11-30" in page.text
    english = clerk.get("/en" + PAGE)
    check_page(english.text, "en")
    assert "Morning" in english.text


def test_a_full_week_costs_as_many_statements_as_an_empty_one(
    clerk: Visitor, office: Office, statements: Statements
) -> None:
    clerk.get(PAGE)
    with statements() as empty:
        clerk.get(PAGE)
    with office.database.transaction() as db:
        for n in range(20):
            make_published(db, office.unit, office.chairman, day=MONDAY + timedelta(days=n % 5))
    with statements() as full:
        assert clerk.get(PAGE).text.count("Tiếp công dân định kỳ") >= 20
    assert len(full) - len(empty) <= 4


def test_who_may_read_and_who_may_paste(database: Database, office: Office, sign_in: SignIn) -> None:
    with database.transaction() as db:
        other = make_unit(db, "00071-ubnd")
        stranger, leader = make_account(db, other), make_account(db, office.unit, "leader")
    assert office.unit.name not in sign_in(stranger).get(PAGE).text
    assert sign_in(stranger).get(PASTE).status_code == 404
    assert sign_in(leader).get(PAGE).status_code == 200
    assert sign_in(leader).get(PASTE).status_code == 403
    assert sign_in(leader).get("/desk/week?day=2026-13-01").status_code == 404


def test_at_the_weekend_the_week_to_come_is_shown(office: Office, sign_in: SignIn, clock: Clock) -> None:
    clock.now = datetime(2026, 11, 22, 3, tzinfo=UTC)  # a Sunday
    assert "23/11/2026" in sign_in(office.clerk).get("/desk/week").text
    clock.now = datetime(2026, 11, 27, 3, tzinfo=UTC)
    assert "23/11/2026" in sign_in(office.clerk).get("/desk/week").text
