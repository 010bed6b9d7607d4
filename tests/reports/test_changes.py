"""Public changes by unit: steps and notice add up, and a decision that came late is not the office's own lateness."""

from datetime import UTC, date, datetime

import pytest

from scheduler.actions import changes as deeds
from scheduler.actions.change_history import Order
from scheduler.database import Db
from scheduler.models import DecidedDraft, Decision, Occurrence, Post, Unit
from scheduler.reports import REPORT
from scheduler.reports.changes import NOTICE, NUMBERS, STEPS, behind
from scheduler.reports.frame import Period, Scope, Table
from scheduler.rules.permissions import Actor
from tests.build import make_actor, make_office, make_published, make_unit

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
FAR, NEAR = date(2026, 12, 10), date(2026, 11, 26)


@pytest.fixture
def office(db: Db) -> tuple[Unit, Post]:
    return make_office(db)


@pytest.fixture
def clerk(db: Db, office: tuple[Unit, Post]) -> Actor:
    return make_actor(db, office[0])


def decided(db: Db, signed_on: date) -> Decision:
    decision = Decision(number=f"{signed_on.day}/TB", signed_on=signed_on, days=[], made_at=NOW)
    db.add(decision)
    db.flush()
    return decision


def move(db: Db, one: Occurrence, day: date, clerk: Actor, decision: Decision | None = None) -> None:
    order = Order(one.version, "Họp", clerk, NOW, decision_id=decision.id if decision else None)
    deeds.move_occurrence(db, one.slug, order, day=day)


def run(db: Db, scope: Scope | None = None) -> Table:
    return REPORT["changes"].run(db, YEAR, scope or Scope(None), NOW.date())


def numbers(table: Table) -> dict[str, int]:
    [row] = table.rows
    return {name: row.cells[name] for name in NUMBERS if row.cells[name]}


def test_lateness_has_its_cause_and_all_adds_up(db: Db, office: tuple[Unit, Post], clerk: Actor) -> None:
    unit, head = office
    sittings = [make_published(db, unit, head, day=day) for day in (date(2026, 12, 1), date(2026, 12, 2),
                                                                     date(2026, 12, 3), date(2026, 12, 4))]  # fmt: skip
    late, known = decided(db, date(2026, 11, 22)), decided(db, date(2026, 11, 2))
    move(db, sittings[0], FAR, clerk)
    move(db, sittings[1], NEAR, clerk)
    move(db, sittings[2], date(2026, 11, 27), clerk, late)
    move(db, sittings[3], date(2026, 11, 25), clerk, known)  # the decision left time: the office did not use it
    table = run(db)
    assert numbers(table) == {"changes": 4, "move": 4, "full": 1, "short_own": 2, "short_decision": 1}
    [row] = table.rows
    assert sum(row.cells[step] for step in STEPS) == sum(row.cells[name] for name in NOTICE) == row.cells["changes"]
    assert table.totals[0].cells["short_decision"] == 1
    for column in NUMBERS:
        found = behind(db, YEAR, Scope(None), column=column, unit_code=unit.code)
        assert len(found) == row.cells[column], column


def test_first_publications_are_counted_apart(db: Db, office: tuple[Unit, Post]) -> None:
    unit, head = office
    decision = decided(db, date(2026, 11, 22))
    own = make_published(db, unit, head, day=FAR, published_at=NOW, late_reason="quên")
    caused = make_published(db, unit, head, day=NEAR, published_at=NOW, late_reason="văn bản")
    db.add(DecidedDraft(decision_id=decision.id, occurrence_id=caused.id, before=FAR, day=NEAR, late=True))
    db.add(DecidedDraft(decision_id=decision.id, occurrence_id=own.id, before=FAR, day=FAR, late=False))
    db.flush()
    assert numbers(run(db)) == {"first_own": 1, "first_decision": 1}


def test_a_branch_shows_its_own(db: Db, office: tuple[Unit, Post], clerk: Actor) -> None:
    unit, head = office
    move(db, make_published(db, unit, head, day=date(2026, 12, 1)), FAR, clerk)
    other = make_unit(db)
    assert run(db, Scope(other)).rows == ()
    assert run(db, Scope(None, (other.id,))).rows == ()
    assert numbers(run(db, Scope(unit)))["changes"] == 1
