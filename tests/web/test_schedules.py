"""Schedules on the staff's pages: the dates are seen before they are saved, and a plan file before it is taken in."""

import io
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.actions.plans import import_plan
from scheduler.database import Database
from scheduler.models import Account, Occurrence, Proposal, Schedule
from scheduler.rules.permissions import COMMAND_LINE
from tests.actions.plan_texts import TEXT, plan
from tests.build import make_account, make_office
from tests.conftest import NOW
from tests.visitors import SignIn
from tests.web.checks import check_page

NEW = {
    "unit": "00070-ubnd",
    "key": "chu-tich",
    "kind": "periodic_reception",
    "hosts": "Chủ tịch UBND",
    "together": "together",
    "shape": "month-days",
    "interval": "1",
    "days": "15",
    "starts": "2027-01-01",
    "until": "2027-12-31",
    "hours": "07:30-11:30\n13:30-16:30",
    "place": "126 Hàng Trống",
    "weekend": "next_working_day",
    "holiday": "next_working_day",
}


@dataclass
class Office:
    """Accounts of an office whose calendar is there."""

    clerk: Account
    head: Account
    leader: Account
    unit_id: int


@pytest.fixture
def office(database: Database) -> Office:
    with database.transaction() as db:
        unit, _ = make_office(db)
        seed_days(db, NOW)
        accounts = [make_account(db, unit, role) for role in ("secretariat", "approver", "leader")]
        return Office(*accounts, unit.id)


def taken_in(database: Database) -> int:
    with database.transaction() as db:
        result = import_plan(db, plan(), domain="lich.example.vn", by=COMMAND_LINE, now=NOW)
        return result.series[0].schedule_id


def test_the_dates_are_shown_before_anything_is_saved(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(office.clerk)
    check_page(clerk.get("/desk/schedules/new").text)
    page = clerk.submit("/desk/schedules/new", NEW)
    assert page.status_code == 200
    check_page(page.text)
    assert "Lịch này cho 12 buổi" in page.text
    assert "thứ Hai, 15/02/2027" in page.text or "ngày 15 hằng tháng" in page.text
    assert "Ít hơn số ngày tiếp theo quy định" in page.text  # the chairman owes two days a month
    assert "Chủ tịch UBND: 12/24 ngày tiếp theo quy định." in page.text
    with database.open() as db:
        assert db.scalar(select(func.count()).select_from(Schedule)) == 0


def test_saving_makes_the_schedule_and_its_drafts(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(office.clerk)
    answer = clerk.submit("/desk/schedules/new", NEW | {"do": "save"}, follow_redirects=True)
    assert "Đã lập lịch và thêm 12 buổi dự thảo." in answer.text
    check_page(answer.text)
    with database.open() as db:
        rows = db.scalars(select(Occurrence)).all()
        assert {(row.drafted_by_id, row.state) for row in rows} == {(office.clerk.id, "draft")}
    listed = clerk.get("/desk/schedules?unit=00070-ubnd").text
    check_page(listed)
    assert "Dự thảo: 12" in listed
    check_page(clerk.get("/en/desk/schedules").text, "en")


@pytest.mark.parametrize(
    ("blanks", "words"),
    [
        ({"days": "32"}, "32"),
        ({"hours": "11:30-07:30"}, "11:30-07:30"),
        ({"starts": "2027-12-31", "until": "2027-01-01"}, "2027-01-01"),
        ({"hosts": ""}, "Người tiếp"),
        ({"shape": "month-nth", "nth": "0", "weekdays": ["TU"]}, "nth"),
        ({"starts": "2027-02-31"}, "Từ ngày"),
        ({"unit": "khong-co"}, "Không có đơn vị mang mã này"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    office: Office, sign_in: SignIn, database: Database, blanks: dict[str, str], words: str
) -> None:
    page = sign_in(office.clerk).submit("/desk/schedules/new", NEW | blanks | {"do": "save"})
    assert page.status_code in (404, 422)
    check_page(page.text)
    assert words in page.text
    assert "126 Hàng Trống" in page.text
    with database.open() as db:
        assert db.scalar(select(func.count()).select_from(Schedule)) == 0


def test_two_readings_are_shown_where_they_differ(office: Office, sign_in: SignIn) -> None:
    blanks = NEW | {"shape": "month-weeks", "nth": "3", "weekdays": ["TU"], "days": ""}
    page = sign_in(office.clerk).submit("/desk/schedules/new", blanks)
    assert "Hai cách đọc cho ngày khác nhau" in page.text
    check_page(page.text)


@pytest.mark.parametrize(
    "blanks",
    [
        {"shape": "week", "weekdays": ["MO", "TH"], "interval": "2"},
        {"shape": "quarter-nth", "nth": "-1", "weekdays": ["FR"], "month": "3"},
        {"shape": "year-days", "days": "5, 6", "month": "3, 9", "short_month": "skip"},
        {"shape": "dates", "dates": "2027-01-06\n2027-02-03", "starts": "", "until": ""},
        {"together": "rotation", "hosts": "Phó Chủ tịch A\nPhó Chủ tịch B", "same_month": "y", "weekend": "skip"},
        {"register_days": "3", "attend": "Thanh tra\nCông an", "area": "TDP 1", "notify": "a@example.vn"},
    ],
)
def test_every_shape_can_be_saved_and_opened_again(
    office: Office, sign_in: SignIn, database: Database, blanks: dict[str, str]
) -> None:
    clerk = sign_in(office.clerk)
    answer = clerk.submit("/desk/schedules/new", NEW | blanks | {"do": "save"})
    assert answer.status_code == 303, answer.text
    with database.open() as db:
        schedule = db.scalars(select(Schedule)).one()
        before, version = schedule.series, schedule.version
    page = clerk.get(answer.location).text
    check_page(page)
    same = clerk.submit(answer.location, NEW | blanks | {"do": "save", "version": version})
    assert same.status_code == 303
    with database.open() as db:
        assert db.scalars(select(Schedule)).one().series == before


def test_a_changed_schedule_moves_its_drafts_and_a_second_editor_is_told(
    office: Office, sign_in: SignIn, database: Database
) -> None:
    clerk = sign_in(office.clerk)
    address = clerk.submit("/desk/schedules/new", NEW | {"do": "save"}).location
    with database.open() as db:
        version = db.scalars(select(Schedule.version)).one()
    change = NEW | {"days": "20", "version": version}
    shown = clerk.submit(address, change)
    assert "Lịch này cho 12 buổi" in shown.text
    assert "+ 20/01/2027" in shown.text
    assert "- 15/01/2027" in shown.text
    assert "Lưu thay đổi" in shown.text
    saved = clerk.submit(address, change | {"do": "save"}, follow_redirects=True)
    assert "Thêm 12, sửa 0, bỏ 12 buổi dự thảo" in saved.text
    again = clerk.submit(address, NEW | {"days": "25", "version": version, "do": "save"})
    assert again.status_code == 409
    assert "vừa được" in again.text
    with database.open() as db:
        assert {row.planned_day.day for row in db.scalars(select(Occurrence))} == {20}


def test_a_schedule_is_ended_and_its_drafts_go(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(office.clerk)
    schedule_id = taken_in(database)
    with database.open() as db:
        version = db.get_one(Schedule, schedule_id).version
    address = f"/desk/schedules/{schedule_id}"
    answer = clerk.submit(address, {"version": version}, to=f"{address}/end", follow_redirects=True)
    assert "Dừng từ 22/11/2026" in answer.text
    with database.open() as db:
        assert db.scalars(select(Occurrence).where(Occurrence.schedule_id == schedule_id)).all() == []
    refused = clerk.submit(address, {"version": version + 9}, to=f"{address}/end")
    assert refused.status_code == 409


def test_who_only_reads_sees_no_form_and_cannot_save(office: Office, sign_in: SignIn, database: Database) -> None:
    schedule_id = taken_in(database)
    leader = sign_in(office.leader)
    page = leader.get(f"/desk/schedules/{schedule_id}").text
    check_page(page)
    assert "Lưu thay đổi" not in page
    assert leader.get("/desk/schedules/new").status_code == 403
    assert leader.get("/desk/schedules/import").status_code == 403
    assert leader.get("/desk/schedules/999999").status_code == 404
    assert "Không có đơn vị nào" in leader.get("/desk/schedules?unit=khong-co").text


def test_a_plan_file_is_shown_then_taken_in(office: Office, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(office.clerk)
    check_page(clerk.get("/desk/schedules/import").text)
    file = {"file": (io.BytesIO(TEXT.encode()), "ke-hoach.yaml")}
    shown = clerk.submit("/desk/schedules/import", file, content_type="multipart/form-data")
    check_page(shown.text)
    assert "chu-tich: lịch mới, thêm 12 buổi." in shown.text
    assert "chuyển vì trùng ngày nghỉ" in shown.text
    with database.open() as db:
        assert db.scalar(select(func.count()).select_from(Schedule)) == 0
    done = clerk.submit("/desk/schedules/import", {"text": TEXT, "do": "import"}, follow_redirects=True)
    assert "Buổi mới: 24." in done.text
    again = clerk.submit("/desk/schedules/import", {"text": TEXT})
    assert "chu-tich: không thay đổi." in again.text
    changed = clerk.submit("/desk/schedules/import", {"text": TEXT.replace("days: [15]", "days: [20]")})
    assert "Bỏ: 12." in changed.text
    with database.open() as db:
        days = db.scalars(select(Occurrence.planned_day).join(Schedule).where(Schedule.key == "chu-tich"))
        assert {day.day for day in days} == {15}


@pytest.mark.parametrize(
    ("text", "words"),
    [("series: [", "Dòng"), (TEXT.replace("days: [15]", "day: [15]"), "day"), (TEXT.replace("00070-ubnd", "x"), "mã")],
)
def test_a_plan_file_that_cannot_be_is_refused(office: Office, sign_in: SignIn, text: str, words: str) -> None:
    page = sign_in(office.clerk).submit("/desk/schedules/import", {"text": text})
    assert page.status_code == 422
    check_page(page.text)
    assert words in page.text


def test_a_change_of_a_public_schedule_is_proposed(office: Office, sign_in: SignIn, database: Database) -> None:
    schedule_id = taken_in(database)
    with database.transaction() as db:
        for row in db.scalars(select(Occurrence).where(Occurrence.schedule_id == schedule_id)):
            row.state, row.published_at, row.published_day = "published", NOW, row.day
        version = db.get_one(Schedule, schedule_id).version
    blanks = NEW | {
        "starts": "2026-07-01",
        "until": "2027-06-30",
        "hours": "08:00-11:00",
        "place": "Phòng tiếp công dân",
    }
    blanks |= {"hosts": "Chủ tịch UBND phường", "version": version, "do": "save"}
    answer = sign_in(office.clerk).submit(f"/desk/schedules/{schedule_id}", blanks, follow_redirects=True)
    assert "7 đề nghị chờ duyệt" in answer.text
    with database.open() as db:
        proposals = db.scalars(select(Proposal)).all()
        assert {one.proposed["hours"][0] for one in proposals} == {"08:00-11:00"}
        assert min(one.occurrence.planned_day for one in proposals if one.occurrence) == date(2026, 12, 15)
