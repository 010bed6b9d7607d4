"""A plan file taken in: new series become drafts, a changed file changes drafts and proposes the rest.

What counts is what the file says otherwise than when it was last taken in; changes by hand stand, in a schedule as in
its sittings.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import func, select

from scheduler.actions.ledger import record
from scheduler.actions.plan_units import UnitNamed, plan_unit
from scheduler.actions.proposals import tell_proposals
from scheduler.actions.replanning import Applied, replan, take_back
from scheduler.actions.schedules import create_schedule, extend_schedule, to_json
from scheduler.database import Db
from scheduler.models import Occurrence, Schedule, Unit
from scheduler.queries.access import require
from scheduler.queries.days import working_calendar
from scheduler.queries.differences import Difference
from scheduler.queries.plan_export import reaches
from scheduler.queries.planned import patterns_of, planned_values, post_titles
from scheduler.queries.schedules import WHOLE
from scheduler.rules.permissions import Actor
from scheduler.rules.schedules import days_from_plain, days_to_plain
from scheduler.rules.working_days import Day


class SeriesGiven(Protocol):
    """One series of a plan file, validated."""

    @property
    def key(self) -> str:
        """Its identity in the unit."""

    def to_plain(self) -> dict[str, Any]:
        """Its keys as the file writes them, days as ISO text."""


class PlanGiven(Protocol):
    """A plan file, validated."""

    @property
    def unit(self) -> UnitNamed:
        """Whose plan it is."""

    @property
    def series(self) -> Sequence[SeriesGiven]:
        """Its series, in the file's order."""

    @property
    def days_off(self) -> Sequence[Day]:
        """Days that count for this file alone."""

    @property
    def year(self) -> int | None:
        """The one year the file speaks of, None for all."""


@dataclass(frozen=True)
class SeriesResult:
    """What became of one series: "new", "same", "changed", "taken-back" or "left" (no word of it in the file).

    `kept` names keys of the series that were changed by hand and stand against the file.
    """

    key: str
    schedule_id: int
    verdict: str
    made: int = 0
    differences: tuple[Difference, ...] = ()
    kept: tuple[str, ...] = ()


@dataclass
class ImportResult:
    """What an import did, series by series, with its sums. `rows` counts sittings that stayed as they were."""

    unit: Unit
    series: list[SeriesResult] = field(default_factory=list)
    applied: Applied = field(default_factory=Applied)
    unchanged: int = 0

    @property
    def nothing(self) -> bool:
        """Whether the file said nothing new."""
        return all(one.verdict in ("same", "left") for one in self.series)


def import_plan(db: Db, plan: PlanGiven, *, domain: str = "", by: Actor, now: datetime) -> ImportResult:
    """Take a plan file in; doing it twice changes nothing. Raises BadInput for a unit or a post that cannot be.

    Series of an earlier file are taken back only by a later version of that file: one that shares a series with it,
    and speaks of a year they reach into.
    """
    unit = plan_unit(db, plan.unit, by=by, now=now)
    require(db, by, "plan", unit.id)
    result = ImportResult(unit)
    known = {
        schedule.key: schedule
        for schedule in db.scalars(select(Schedule).where(Schedule.unit_id == unit.id).options(*WHOLE))
    }
    days_off = tuple(plan.days_off)
    for given in plan.series:
        schedule = known.get(given.key)
        if schedule is None:
            result.series.append(_new(db, unit, given, days_off, domain=domain, by=by, now=now))
        else:
            result.series.append(
                _again(db, schedule, given, days_off=days_off, result=result, domain=domain, by=by, now=now)
            )
    keys = {given.key for given in plan.series}
    same_file = any(one.verdict != "new" for one in result.series)
    for schedule in known.values():
        if schedule.key not in keys and schedule.imported is not None and schedule.ended_on is None:
            spoken_of = same_file and (plan.year is None or reaches(schedule, plan.year))
            result.series.append(_left_out(db, schedule, result, same_file=spoken_of, by=by, now=now))
    _note(db, result, by=by, now=now)
    return result


def preview_import(db: Db, plan: PlanGiven, *, by: Actor, now: datetime) -> tuple[ImportResult, dict[int, str]]:
    """What taking the file in would do, with the titles of the posts it speaks of; nothing stays of it."""
    trial = db.begin_nested()
    try:
        result = import_plan(db, plan, by=by, now=now)
        return result, post_titles(db, unit_id=result.unit.id)
    finally:
        trial.rollback()
        db.expire_all()


def _new(
    db: Db, unit: Unit, given: SeriesGiven, days_off: Sequence[Day], *, domain: str, by: Actor, now: datetime
) -> SeriesResult:
    schedule = create_schedule(db, unit.id, given.to_plain(), days_off=days_off, imported=True, by=by, now=now)
    made = extend_schedule(db, schedule.id, domain=domain, by=by, now=now)
    return SeriesResult(given.key, schedule.id, "new", made)


def _again(
    db: Db,
    schedule: Schedule,
    given: SeriesGiven,
    *,
    days_off: Sequence[Day],
    result: ImportResult,
    domain: str,
    by: Actor,
    now: datetime,
) -> SeriesResult:
    file = {"series": to_json(given.to_plain()), "days_off": days_to_plain(days_off)}
    if schedule.ended_on is None and (schedule.imported == file or _stands_so(db, schedule, file)):
        result.unchanged += _count(db, schedule)
        return SeriesResult(schedule.key, schedule.id, "same")
    base = schedule.imported["series"] if schedule.imported is not None else schedule.series
    merged, kept = merge_series(base, schedule.series, file["series"])
    found, applied = replan(db, schedule, merged, days_off=days_off, cause="plan", domain=domain, by=by, now=now)
    schedule.imported = file
    db.flush()
    result.applied.add(applied)
    return SeriesResult(schedule.key, schedule.id, "changed", applied.made, tuple(found), kept)


def _stands_so(db: Db, schedule: Schedule, file: Mapping[str, Any]) -> bool:
    """Whether the file says the series as it stands now, however it came to be: a plan taken out and in again."""
    if schedule.series != file["series"] or schedule.planned_until is None:
        return False
    if schedule.days_off == file["days_off"]:
        return True
    # Days off of another series of the file are harmless where no date of this one meets them.
    pattern = patterns_of(db, [schedule])[schedule.id]
    other = replace(pattern, days_off=tuple(days_from_plain(file["days_off"])))
    calendar, last = working_calendar(db), schedule.planned_until
    return planned_values(pattern, calendar, last=last) == planned_values(other, calendar, last=last)


def _left_out(
    db: Db, schedule: Schedule, result: ImportResult, *, same_file: bool, by: Actor, now: datetime
) -> SeriesResult:
    if not same_file:
        return SeriesResult(schedule.key, schedule.id, "left")
    found, applied = take_back(db, schedule, by=by, now=now)
    result.applied.add(applied)
    return SeriesResult(schedule.key, schedule.id, "taken-back", 0, tuple(found))


def merge_series(
    base: Mapping[str, Any], ours: Mapping[str, Any], file: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The series after a new file: what the file says otherwise than before, save where it was changed by hand.

    Gives the series and the names of the keys that stand against the file.
    """
    merged, kept = dict(ours), []
    for name in dict.fromkeys((*file, *base)):
        new = file.get(name)
        if base.get(name) == new or ours.get(name) == new:
            continue
        if ours.get(name) != base.get(name):
            kept.append(name)
        elif new is None:
            merged.pop(name, None)
        else:
            merged[name] = new
    return merged, tuple(kept)


def _count(db: Db, schedule: Schedule) -> int:
    query = select(func.count()).select_from(Occurrence).where(Occurrence.schedule_id == schedule.id)
    return db.scalar(query) or 0


def _note(db: Db, result: ImportResult, *, by: Actor, now: datetime) -> None:
    if result.nothing:
        return
    applied = result.applied
    entry = record(
        db,
        "plan.imported",
        by=by,
        now=now,
        unit_id=result.unit.id,
        subject=f"unit:{result.unit.id}",
        series={one.key: one.verdict for one in result.series},
        made=sum(one.made for one in result.series),
        changed=applied.changed,
        removed=applied.removed,
        kept=applied.kept,
        proposed=len(applied.proposals),
    )
    tell_proposals(db, applied.proposals, deed=f"plan-{entry}", now=now)
