"""Closing a sitting: one that nobody came to needs no conclusion, any other does."""

from datetime import date, datetime

import pytest

from scheduler.actions.conclusions import close_occurrence
from scheduler.actions.records import Sheet, TurnGiven, record_sitting
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.queries.days import working_calendar
from scheduler.queries.desk import Today, occurrences_in
from scheduler.rules.counting import Counts
from tests.build import make_actor, make_office, make_published

DAY = date(2026, 11, 17)


def test_a_sitting_nobody_came_to_is_closed_as_it_was_held(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk, sitting = make_actor(db, office), make_published(db, office, chairman, day=DAY)
    turn = TurnGiven(chairman.id, "07:30", "11:30")
    record_sitting(db, sitting.slug, sitting.version, Sheet((turn,), nobody_came=True), by=clerk, now=now)
    missing, _ = occurrences_in(db, clerk, "to-conclude", Today(date(2026, 11, 22), working_calendar(db)))
    assert missing == []
    assert close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now).state == "closed"


def test_one_with_visitors_waits_for_its_conclusion(db: Db, now: datetime) -> None:
    office, chairman = make_office(db)
    clerk, sitting = make_actor(db, office), make_published(db, office, chairman, day=DAY)
    sheet = Sheet((TurnGiven(chairman.id, "07:30", "11:30"),), Counts(visits=2, persons=3))
    record_sitting(db, sitting.slug, sitting.version, sheet, by=clerk, now=now)
    missing, total = occurrences_in(db, clerk, "to-conclude", Today(date(2026, 11, 22), working_calendar(db)))
    assert ([one.id for one in missing], total) == ([sitting.id], 1)
    with pytest.raises(RuleBroken, match="not-yet"):
        close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now)
