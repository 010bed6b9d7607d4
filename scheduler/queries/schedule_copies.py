"""Last year's schedules as they would be next year: what each becomes, on which days, and what stands in the way."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select, tuple_

from scheduler.database import Db
from scheduler.models import Schedule
from scheduler.queries.clashes import clashes_between
from scheduler.queries.days import working_calendar
from scheduler.queries.occupied import Wanted, spans_of
from scheduler.queries.planned import NO_SITTING, Values, patterns_of, planned_values
from scheduler.queries.schedules import WHOLE
from scheduler.rules.copied_series import Copied, copied_series
from scheduler.rules.horizon import plan_until


@dataclass(frozen=True)
class PlannedCopy:
    """One schedule of last year and its copy: "new", "there" (made before), "needs-dates" or "goes-on" (has no end).

    `values` are the rows the copy would have by their planned day, `clashing` the planned days that meet something.
    """

    schedule: Schedule
    verdict: str
    copied: Copied | None = None
    values: dict[date, Values] = field(default_factory=dict)
    clashing: frozenset[date] = frozenset()


def schedules_of_year(db: Db, unit_id: int, year: int) -> list[Schedule]:
    """The unit's schedules that plan something in the year, or have no end, by key."""
    query = (
        select(Schedule)
        .where(
            Schedule.unit_id == unit_id,
            Schedule.ended_on.is_(None),
            Schedule.starts <= date(year, 12, 31),
            Schedule.until.is_(None) | (Schedule.until >= date(year, 1, 1)),
        )
        .options(*WHOLE)
        .order_by(Schedule.key)
    )
    return [one for one in db.scalars(query) if one.until is None or year in (one.starts.year, one.until.year)]


def planned_copies(db: Db, schedules: Sequence[Schedule], year: int, *, today: date) -> list[PlannedCopy]:
    """What copying these into `year` would make; nothing is written. A few statements, however many there are."""
    calendar, patterns = working_calendar(db), patterns_of(db, schedules)
    copies = {one.id: copied_series(one.series, year, calendar) for one in schedules if one.until is not None}
    there = _there(db, [(one.unit_id, copies[one.id].key) for one in schedules if one.id in copies])
    found = []
    for one in schedules:
        copied = copies.get(one.id)
        values: dict[date, Values] = {}
        if copied is not None and copied.series is not None and (one.unit_id, copied.key) not in there:
            starts, until = (date.fromisoformat(copied.series[end]) for end in ("starts", "until"))
            pattern = replace(patterns[one.id], series=copied.series, days_off=())
            values = planned_values(pattern, calendar, last=plan_until(today, starts, until))
        found.append(PlannedCopy(one, _verdict(one, copied, there), copied, values))
    return _with_clashes(db, found)


def _verdict(schedule: Schedule, copied: Copied | None, there: set[tuple[int, str]]) -> str:
    if copied is None:
        return "goes-on"
    if (schedule.unit_id, copied.key) in there:
        return "there"
    return "new" if copied.series is not None else "needs-dates"


def _there(db: Db, keys: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    if not keys:
        return set()
    query = select(Schedule.unit_id, Schedule.key).where(tuple_(Schedule.unit_id, Schedule.key).in_(keys))
    return {(row.unit_id, row.key) for row in db.execute(query)}


def _with_clashes(db: Db, copies: list[PlannedCopy]) -> list[PlannedCopy]:
    """The copies with the planned days that meet what stands, or one another."""
    places: dict[int, tuple[int, date]] = {}
    wanted = []
    for number, one in enumerate(copies):
        for day, row in one.values.items():
            if row["starts_at"] is None or row["outcome"] in NO_SITTING:
                continue
            places[-len(places) - 1] = (number, day)
            spans = spans_of(row["day"], row["hours"])
            wanted.append(
                Wanted(-len(places), spans, tuple(row["hosts"]), row["place_id"], tuple(row["attend_unit_ids"]))
            )
    met = {places[clash.occurrence_id] for clash in clashes_between(db, wanted)} if wanted else set()
    return [
        replace(one, clashing=frozenset(day for at, day in met if at == number)) for number, one in enumerate(copies)
    ]
