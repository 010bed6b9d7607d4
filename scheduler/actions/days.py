"""The working-day calendar changed by an administrator, by hand or from a file.

Drafts are planned anew at once. What is public, and the deadlines of open tasks, are only proposed to be changed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select

from scheduler.actions.decided_drafts import note_drafts
from scheduler.actions.ledger import record
from scheduler.actions.proposals import propose, tell_proposals
from scheduler.actions.replanning import Applied, apply_differences
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import CalendarDay, Decision
from scheduler.queries.access import require_administrator
from scheduler.queries.days import fresh_calendar, working_calendar, years_named
from scheduler.queries.touched import Touched, touched_by
from scheduler.rules.calendar_days import check_days
from scheduler.rules.days_seed import FIRST_YEAR, default_days
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.working_days import Day


@dataclass(frozen=True)
class DaysChanged:
    """How many days came out otherwise, how many drafts followed and how many proposals wait for a decision."""

    days: int
    drafts: int = 0
    proposals: int = 0


def seed_days(db: Db, now: datetime, *, by: Actor = COMMAND_LINE) -> int:
    """Take in the program's own calendar from 2014 to next year, for the years that have not been taken in yet.

    Gives how many days came in. Days that are there already stay as they are; what a new year touches is proposed.
    """
    named = set(years_named(db))
    missing = [year for year in range(FIRST_YEAR, local_date(now).year + 2) if year not in named]
    if not missing:
        return 0
    there = set(db.scalars(select(CalendarDay.day)))
    days = [day for day in default_days(missing[0], missing[-1]) if day.day.year in missing and day.day not in there]
    before = working_calendar(db)
    db.execute(insert(CalendarDay), [_row(day, now) for day in days])
    _follow(db, "days.seeded", days, touched_by(db, before, fresh_calendar(db), today=local_date(now)), by=by, now=now)
    return len(days)


def set_day(db: Db, day: Day, *, by: Actor, now: datetime) -> DaysChanged:
    """Name one day, off or worked. Raises Faults where the day cannot be so (a Sunday worked, no basis, no name)."""
    return _change(db, "days.set", [day], by=by, now=now)


def import_days(
    db: Db, days: Sequence[Day], *, decision: Decision | None = None, by: Actor, now: datetime
) -> DaysChanged:
    """Name many days at once, all or none; days that are not listed stay. Raises Faults with each day that cannot be.

    Doing it twice changes nothing. What follows is tied to the `decision` the days come from.
    """
    return _change(db, "days.imported", days, decision=decision, by=by, now=now)


def remove_day(db: Db, day: date, *, by: Actor, now: datetime) -> DaysChanged:
    """The day is again as its weekday says. Raises NotFound for a day without a name."""
    require_administrator(db, by)
    seed_days(db, now, by=by)
    row = db.get(CalendarDay, day)
    if row is None:
        raise NotFound("errors.not-found")
    before, old = working_calendar(db), Day(row.day, row.off, row.name, row.basis, row.source, row.state)
    db.execute(delete(CalendarDay).where(CalendarDay.day == day))
    db.expunge(row)
    touched = touched_by(db, before, fresh_calendar(db), today=local_date(now))
    return _follow(db, "days.removed", [old], touched, by=by, now=now)


def _change(
    db: Db, deed: str, days: Sequence[Day], *, decision: Decision | None = None, by: Actor, now: datetime
) -> DaysChanged:
    require_administrator(db, by)
    check_days(days)
    seed_days(db, now, by=by)
    before = working_calendar(db)
    rows = {row.day: row for row in db.scalars(select(CalendarDay).where(CalendarDay.day.in_([d.day for d in days])))}
    changed = [day for day in days if day.day not in rows or _given(rows[day.day]) != _values(day)]
    for day in changed:
        if day.day in rows:
            for name, value in _row(day, now).items():
                setattr(rows[day.day], name, value)
        else:
            db.add(CalendarDay(**_row(day, now)))
    if not changed:
        return DaysChanged(0)
    db.flush()
    touched = touched_by(db, before, fresh_calendar(db), today=local_date(now))
    return _follow(db, deed, changed, touched, decision=decision, by=by, now=now)


def _follow(
    db: Db,
    deed: str,
    days: Iterable[Day],
    touched: Touched,
    *,
    decision: Decision | None = None,
    by: Actor,
    now: datetime,
) -> DaysChanged:
    """Write the deed, let the drafts follow and propose the rest, with one letter to each unit's office."""
    if decision is not None:
        note_drafts(db, decision, touched.sittings)
    listed = [{"date": day.day.isoformat(), "off": day.off, "name": day.name} for day in days]
    applied = Applied()
    for schedule, found in touched.schedules:
        applied.add(apply_differences(db, schedule, found, cause="calendar", by=by, now=now))
    made = applied.proposals
    for move in touched.by_hand:
        proposal = propose(db, move.occurrence, move.proposed, cause="calendar", why=move.why, by=by, now=now)
        made += [proposal] if proposal else []
    for due in touched.tasks:
        proposed = {"from": due.task.due_day.isoformat(), "due_day": due.day.isoformat()}
        proposal = propose(db, due.task, proposed, cause="calendar", why=due.why, by=by, now=now)
        made += [proposal] if proposal else []
    for proposal in made:
        proposal.decision = decision
    n, drafts = len(listed), applied.changed
    facts: dict[str, Any] = {"n": n, "drafts": drafts, "proposals": len(made), "days": listed[:50]}
    entry = record(db, deed, by=by, now=now, **facts)
    tell_proposals(db, made, deed=f"days-{entry}", now=now)
    return DaysChanged(n, drafts, len(made))


def _row(day: Day, now: datetime) -> dict[str, Any]:
    names = ("day", "off", "name", "basis", "source", "state")
    return {name: getattr(day, name) for name in names} | {"changed_at": now}


def _values(day: Day) -> tuple[Any, ...]:
    return day.off, day.name, day.basis, day.source, day.state


def _given(row: CalendarDay) -> tuple[Any, ...]:
    return row.off, row.name, row.basis, row.source, row.state
