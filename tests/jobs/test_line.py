"""The whole line of a letter: a sitting is published, reminded of at its hours, moved, told, and reminded of anew."""

from datetime import date, datetime, timedelta

import pytest

from jobs.job import Workshop
from jobs.runner import run_job
from jobs.timetable import JOB
from scheduler.actions.changes import Order, cancel_occurrence, move_occurrence
from scheduler.clock import at_local, to_local
from scheduler.database import Database
from scheduler.models import Letter, Occurrence
from tests.build import make_actor, make_day, make_office, make_published
from tests.jobs.outbox import workshop_on
from tests.mailbox import Sink

THURSDAY = date(2026, 12, 10)
START = at_local(date(2026, 12, 1), "09:00")


@pytest.fixture
def workshop(database: Database, smtp_sink: Sink) -> Workshop:
    return workshop_on(database, smtp_sink.url)


def beats(workshop: Workshop, first: datetime, last: datetime) -> None:
    """The jobs as the clock would beat them, every half hour."""
    moment = first
    while moment <= last:
        for name in ("reminders", "delivery"):
            assert run_job(workshop, JOB[name], moment).errors == []
        moment += timedelta(minutes=30)


def sent(database: Database) -> list[tuple[str, str]]:
    """(kind, Vietnamese wall time) of the letters that left, in order."""
    with database.open() as db:
        left = db.query(Letter).filter_by(state="sent").order_by(Letter.sent_at, Letter.id)
        return [(letter.kind, f"{to_local(letter.sent_at):%d/%m %H:%M}") for letter in left if letter.sent_at]


def test_a_sitting_is_reminded_of_at_its_hours_and_never_of_its_old_day(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    with database.transaction() as db:
        office, chairman = make_office(db)
        make_day(db, date(2026, 12, 9))
        sitting = make_published(db, office, chairman, day=THURSDAY, notify=["vanphong@example.vn"])
        clerk = make_actor(db, office, "secretariat", "approver")
    beats(workshop, START, START + timedelta(days=3))
    assert sent(database) == [("reminder", "03/12 08:00")] * 2
    moved_at = START + timedelta(days=3, hours=1)
    with database.transaction() as db:
        found = db.get_one(Occurrence, sitting.id)
        order = Order(version=found.version, reason="Họp HĐND", by=clerk, now=moved_at)
        move_occurrence(db, sitting.slug, order, day=date(2026, 12, 11))
    beats(workshop, moved_at, moved_at + timedelta(minutes=30))
    assert sent(database)[2:] == [("change", "04/12 10:00")] * 2
    assert "thứ Sáu, ngày 11/12/2026" in smtp_sink.letters[-1].part("text/plain")
    beats(workshop, at_local(date(2026, 12, 8), "09:00"), at_local(date(2026, 12, 11), "12:00"))
    assert sent(database)[4:] == [("reminder", "10/12 16:30")] * 2
    assert {letter.recipient for letter in smtp_sink.letters} == {"chutich@example.vn", "vanphong@example.vn"}
    assert "BEGIN:VCALENDAR" in smtp_sink.letters[-1].part("text/calendar")


def test_a_cancelled_sitting_is_told_and_never_reminded_of(
    workshop: Workshop, database: Database, smtp_sink: Sink
) -> None:
    with database.transaction() as db:
        office, chairman = make_office(db)
        sitting = make_published(db, office, chairman, day=THURSDAY)
        clerk = make_actor(db, office, "secretariat", "approver")
    beats(workshop, START, START)
    with database.transaction() as db:
        order = Order(version=db.get_one(Occurrence, sitting.id).version, reason="Bão số 9", by=clerk, now=START)
        cancel_occurrence(db, sitting.slug, order)
    beats(workshop, START, START + timedelta(days=10))
    assert [kind for kind, _ in sent(database)] == ["change"]
    assert smtp_sink.letters[0].subject.startswith("Không tổ chức: ")
