"""Public changes by unit: what was changed, with how much notice, and whose the lateness was: the office's or not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.models import DecidedDraft, Decision, Occurrence, OccurrenceChange, Unit
from scheduler.queries.access import units_below
from scheduler.queries.days import working_calendar
from scheduler.reports.frame import Column, Period, Remark, Row, Scope, Table, ended_units
from scheduler.rules.kinds import KIND
from scheduler.rules.publication import came_too_late
from scheduler.rules.working_days import Calendar

STEPS = ("move", "postpone", "cancel", "restore", "change_place", "change_hours", "change_chair", "change_details")
NOTICE = ("full", "short_own", "short_decision")
FIRST = ("first_own", "first_decision")
NUMBERS = ("changes", *STEPS, *NOTICE, *FIRST)
COLUMNS = (
    Column("unit", "text"),
    Column("code", "text"),
    *(Column(name, "number", opens=True) for name in ("changes", *STEPS, *NOTICE)),
    Column("full_rate", "rate", of=("full", "changes")),
    *(Column(name, "number", opens=True) for name in FIRST),
)


@dataclass(frozen=True)
class Counted:
    """One change, or (without one) one sitting first published with less notice than the law asks; and its columns."""

    unit: Unit
    occurrence: Occurrence
    change: OccurrenceChange | None
    decision: Decision | None
    columns: tuple[str, ...]


def run(db: Db, period: Period, scope: Scope, today: date) -> Table:
    """Changes told in the period. changes = full + short_own + short_decision, in every row and in the sum.

    A change is short by a decision where it follows one that left no time for full notice when it was signed.
    """
    by_unit: dict[tuple[str, str], dict[str, int]] = {}
    units: dict[int, Unit] = {}
    for one in counted(db, period, scope):
        units[one.unit.id] = one.unit
        numbers = by_unit.setdefault((one.unit.code, one.unit.name), dict.fromkeys(NUMBERS, 0))
        for column in one.columns:
            numbers[column] += 1
    rows = tuple(Row(code, {"unit": name, "code": code} | numbers) for (code, name), numbers in sorted(by_unit.items()))
    total = {name: sum(row.cells[name] for row in rows) for name in NUMBERS}
    return Table(
        "changes",
        period,
        scope.unit.name if scope.unit else "",
        COLUMNS,
        rows,
        totals=(Row("all", {"unit": "", "code": ""} | total),) if rows else (),
        sentences=(Remark("reports.changes-sentence", {"first": period.first, "last": period.last} | total),),
        notes=(*ended_units(units.values()), Remark("reports.changes-rule", {})),
    )


def behind(db: Db, period: Period, scope: Scope, *, column: str, unit_code: str) -> list[Counted]:
    """What is behind a number: of one unit, or of all where no code is given."""
    return [
        one
        for one in counted(db, period, scope)
        if (not unit_code or one.unit.code == unit_code) and column in one.columns
    ]


def counted(db: Db, period: Period, scope: Scope) -> Iterator[Counted]:
    """Everything that is counted, changes first; two statements, however many there are."""
    calendar = working_calendar(db)
    for row in db.execute(_of_scope(_changes(period), scope)).unique():
        change, occurrence, decision = row.OccurrenceChange, row.Occurrence, row.Decision
        notice = _notice(change, occurrence, decision, calendar)
        yield Counted(row.Unit, occurrence, change, decision, ("changes", change.step, notice))
    for row in db.execute(_of_scope(_first_published(period), scope)).unique():
        column = "first_decision" if row.Decision is not None else "first_own"
        yield Counted(row.Unit, row.Occurrence, None, row.Decision, (column,))


def _changes(period: Period) -> Any:
    return (
        select(OccurrenceChange, Occurrence, Unit, Decision)
        .join(Occurrence, Occurrence.id == OccurrenceChange.occurrence_id)
        .join(Unit, Unit.id == Occurrence.unit_id)
        .outerjoin(Decision, Decision.id == OccurrenceChange.decision_id)
        .options(joinedload(Unit.successor))
        .where(OccurrenceChange.at.between(*_moments(period)), OccurrenceChange.step.in_(STEPS))
        .order_by(Unit.code, OccurrenceChange.id)
    )


def _first_published(period: Period) -> Any:
    caused = (DecidedDraft.occurrence_id == Occurrence.id) & DecidedDraft.late
    return (
        select(Occurrence, Unit, Decision)
        .join(Unit, Unit.id == Occurrence.unit_id)
        .outerjoin(DecidedDraft, caused)
        .outerjoin(Decision, Decision.id == DecidedDraft.decision_id)
        .options(joinedload(Unit.successor))
        .where(Occurrence.published_at.between(*_moments(period)), Occurrence.late_reason != "")
        .order_by(Unit.code, Occurrence.id)
    )


def _moments(period: Period) -> tuple[Any, Any]:
    return at_local(period.first, "00:00"), at_local(period.last + timedelta(days=1), "00:00") - timedelta(seconds=1)


def _of_scope(query: Any, scope: Scope) -> Any:
    for units in _branches(scope):
        query = query.where(Occurrence.unit_id.in_(units_below(units)))
    return query


def _branches(scope: Scope) -> Iterable[tuple[int, ...]]:
    if scope.unit is not None:
        yield (scope.unit.id,)
    if scope.readable is not None:
        yield scope.readable


def _notice(change: OccurrenceChange, occurrence: Occurrence, decision: Decision | None, calendar: Calendar) -> str:
    kind = change.after.get("kind") or occurrence.kind
    if change.notice_days is None or change.notice_days >= KIND[kind].notice_days:
        return "full"
    told_for = change.after.get("day") or change.before.get("day")
    if decision is None or told_for is None:
        return "short_own"
    late = came_too_late(decision.signed_on, date.fromisoformat(told_for), kind, calendar)
    return "short_decision" if late else "short_own"
