"""What a change of the working-day calendar touches: the sittings of every schedule, the deadlines of open tasks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from scheduler.database import Db
from scheduler.models import Occurrence, Schedule, Task
from scheduler.queries.differences import OPEN, Difference, differences
from scheduler.queries.planned import NO_SITTING, Pattern, Values, patterns_of, planned_values
from scheduler.queries.schedules import live_schedules, occurrences_of
from scheduler.rules.day_off import NEXT_WORKING_DAY, settle
from scheduler.rules.deadlines import due_day
from scheduler.rules.expansion import expand
from scheduler.rules.schedules import series_from_plain
from scheduler.rules.working_days import Calendar, day_off_reason


@dataclass(frozen=True)
class DueMove:
    """An open task whose due day comes out otherwise."""

    task: Task
    day: date
    why: list[Any]


@dataclass(frozen=True)
class HandMove:
    """A sitting whose day was set by hand and is a day off now; `proposed` as in `Difference`."""

    occurrence: Occurrence
    proposed: dict[str, Any]
    why: list[Any]


@dataclass(frozen=True)
class Touched:
    """All that a change of the calendar touches."""

    schedules: list[tuple[Schedule, list[Difference]]] = field(default_factory=list)
    by_hand: list[HandMove] = field(default_factory=list)
    tasks: list[DueMove] = field(default_factory=list)

    @property
    def sittings(self) -> list[Difference]:
        """Every sitting that comes out otherwise, schedule by schedule."""
        return [difference for _, found in self.schedules for difference in found if difference.verdict != "settled"]


def touched_by(db: Db, before: Calendar, after: Calendar, *, today: date) -> Touched:
    """What comes out otherwise under `after` than under `before`; nothing is changed here."""
    days = {day for day in before.days.keys() | after.days.keys() if before.is_working(day) != after.is_working(day)}
    if not days:
        return Touched()
    schedules = _touched_schedules(db, before, after, today=today)
    known = {one.occurrence.id for _, found in schedules for one in found if one.occurrence is not None}
    off = [day for day in days if not after.is_working(day) and day >= today]
    by_hand = [move for move in _by_hand(db, off, after) if move.occurrence.id not in known]
    return Touched(schedules, by_hand, _tasks(db, after, off))


def _touched_schedules(
    db: Db, before: Calendar, after: Calendar, *, today: date
) -> list[tuple[Schedule, list[Difference]]]:
    schedules = [schedule for schedule in live_schedules(db) if schedule.planned_until is not None]
    patterns = patterns_of(db, schedules)
    plans: list[tuple[Schedule, dict[date, Values], dict[date, Values]]] = []
    for schedule in schedules:
        last = schedule.planned_until or schedule.starts
        pattern = patterns[schedule.id]
        if _alike(pattern, before, after, last):
            continue
        plans.append((schedule, planned_values(pattern, before, last=last), planned_values(pattern, after, last=last)))
    rows = occurrences_of(db, [schedule.id for schedule, _, _ in plans])
    found = [(schedule, differences(rows[schedule.id], old, new, today=today)) for schedule, old, new in plans]
    return [(schedule, some) for schedule, some in found if some]


def _alike(pattern: Pattern, before: Calendar, after: Calendar, last: date) -> bool:
    """Whether the dates stay; a last day to register is counted in working days and may move by itself."""
    if pattern.series.get("register_by"):
        return False
    series = series_from_plain(pattern.series)
    days = pattern.days_off
    one, other = expand(series, before.with_days(days), last=last), expand(series, after.with_days(days), last=last)
    return [(row.date, row.outcome) for row in one] == [(row.date, row.outcome) for row in other]


def _by_hand(db: Db, off: Iterable[date], calendar: Calendar) -> list[HandMove]:
    """Public sittings on a day that is off now, where the day itself was a decision."""
    query = (
        select(Occurrence)
        .where(Occurrence.day.in_(tuple(off)), Occurrence.state.in_(OPEN))
        .options(selectinload(Occurrence.schedule), selectinload(Occurrence.unit))
        .order_by(Occurrence.id)
    )
    moves = []
    for occurrence in db.scalars(query):
        decided = occurrence.schedule is None or occurrence.changed_by_hand or occurrence.outcome == "moved"
        move = _settled_by_hand(occurrence, calendar) if decided else None
        if move is not None:
            moves.append(move)
    return moves


def _settled_by_hand(occurrence: Occurrence, calendar: Calendar) -> HandMove | None:
    schedule, day = occurrence.schedule, occurrence.day
    rule = series_from_plain(schedule.series).day_off if schedule else NEXT_WORKING_DAY
    off = calendar.why_off(day) if day else None
    if day is None or off is None:
        return None
    settled = settle(day, rule, calendar, off.cause)
    if settled.date == day:
        return None
    why = [[key, dict(facts)] for key, facts in (day_off_reason(off), settled.reason)]
    if settled.outcome in NO_SITTING:
        return HandMove(occurrence, {"state": "cancelled"}, why)
    proposed = {"date": settled.date.isoformat()} if settled.date else {"state": "postponed"}
    return HandMove(occurrence, proposed, why)


def _tasks(db: Db, calendar: Calendar, off: Iterable[date]) -> list[DueMove]:
    """Open tasks: counted days are counted anew, a day set by hand moves on only where it is off now."""
    gone = set(off)
    query = (
        select(Task)
        .where(Task.closed_at.is_(None))
        .options(selectinload(Task.unit), selectinload(Task.owner_unit))
        .order_by(Task.id)
    )
    moves = []
    for task in db.scalars(query):
        move = _counted_anew(task, calendar) if _was_counted(task) else None
        if move is None and not _was_counted(task) and task.due_day in gone:
            move = _off_due_day(task, calendar)
        if move is not None and move.day != task.due_day:
            moves.append(move)
    return moves


COUNTED = ("why.due", "why.due-left-out", "why.due-counted")
"""Reasons of a due day that was counted in working days; another last reason means that it was set by hand."""


def _was_counted(task: Task) -> bool:
    return bool(task.due_why) and task.due_why[-1][0] in COUNTED


def _counted_anew(task: Task, calendar: Calendar) -> DueMove:
    facts: dict[str, Any] = next(facts for key, facts in reversed(task.due_why) if key == COUNTED[0])
    due = due_day(date.fromisoformat(facts["start"]), facts["n"], calendar)
    return DueMove(task, due.day, [[key, dict(more)] for key, more in due.reasons])


def _off_due_day(task: Task, calendar: Calendar) -> DueMove | None:
    off = calendar.why_off(task.due_day)
    if off is None:
        return None
    day = calendar.next_working(task.due_day)
    key, facts = day_off_reason(off)
    return DueMove(task, day, [[key, dict(facts)], ["why.next-working-day", {"to": day.isoformat()}]])
