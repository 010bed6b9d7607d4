"""The weekly letter: once a week an account, only when something waits, by day, with last month's figures."""

from datetime import date, datetime, timedelta

import pytest

from jobs.job import Workshop
from jobs.runner import run_job
from jobs.timetable import JOB
from scheduler.actions.digests import find_undigested, week_of
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Letter
from tests.build import make_account, make_occurrence, make_office
from tests.jobs.outbox import workshop_on

MONDAY = at_local(date(2026, 12, 7), "07:00")


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return workshop_on(database, "file:unused")


def letters(database: Database) -> list[Letter]:
    with database.open() as db:
        return list(db.query(Letter).order_by(Letter.id))


def test_week_begins_on_monday_at_seven() -> None:
    assert week_of(MONDAY) == date(2026, 12, 7)
    assert week_of(MONDAY - timedelta(minutes=1)) == date(2026, 11, 30)
    assert week_of(MONDAY + timedelta(days=6)) == date(2026, 12, 7)


def test_a_secretariat_is_told_once_a_week_what_waits(workshop: Workshop, database: Database) -> None:
    with database.transaction() as db:
        office, chairman = make_office(db)
        make_account(db, office, "secretariat", email="vanphong@example.vn", name="Lan")
        make_account(db, office, "approver")
        make_account(db, office, "secretariat", demo=True)
        make_occurrence(db, office, chairman, day=date(2026, 12, 10), state="approved")
        make_occurrence(db, office, chairman, day=date(2026, 12, 3), state="published")
    for at in (MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(days=3)):
        assert run_job(workshop, JOB["digests"], at).errors == []
    (letter,) = letters(database)
    assert (letter.recipient, letter.due_at) == ("vanphong@example.vn", MONDAY)
    lines = letter.facts["lines"]
    assert "Buổi phải công bố trong tuần để đủ thời hạn báo trước: 1." in lines
    assert "Buổi đã qua, chưa ghi kết quả: 1." in lines
    assert any(line.startswith("Từ ngày 01/11/2026 đến hết ngày 30/11/2026") for line in lines)
    run_job(workshop, JOB["digests"], MONDAY + timedelta(days=7))
    assert len(letters(database)) == 2
    assert not any(line.startswith("Từ ngày") for line in letters(database)[1].facts["lines"])


def test_an_empty_desk_writes_no_letter(workshop: Workshop, database: Database) -> None:
    with database.transaction() as db:
        office, _ = make_office(db)
        make_account(db, office, "secretariat")
    later = MONDAY + timedelta(days=14)
    with database.open() as db:
        assert len(find_undigested(db, later)) == 1
    assert run_job(workshop, JOB["digests"], later).errors == []
    assert letters(database) == []


def test_an_account_of_tomorrow_is_not_told_today(database: Database) -> None:
    with database.transaction() as db:
        office, _ = make_office(db)
        make_account(db, office, "secretariat")
    with database.open() as db:
        assert find_undigested(db, datetime.fromisoformat("2026-11-16T07:00+07:00")) == []
