"""What a schedule's sittings ought to be: its series expanded over the calendar into the values of their rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.models import Place, Post, Schedule, Unit, UnitAbove
from scheduler.models.base import plain
from scheduler.rules.deadlines import register_day
from scheduler.rules.expansion import PlannedDate, expand
from scheduler.rules.schedules import days_from_plain, register_by_from_plain, series_from_plain
from scheduler.rules.working_days import Calendar, Day

NO_SITTING = ("skipped", "merged")
Values = dict[str, Any]
"""The columns of one occurrence that the plan decides, and under "hosts" the posts that sit, in order."""


@dataclass(frozen=True)
class Pattern:
    """A schedule with everything around it that its rows need; `post_ids` follows the names of its hosts."""

    unit_id: int
    kind: str
    series: Mapping[str, Any]
    post_ids: Mapping[str, int]
    days_off: tuple[Day, ...] = ()
    places: Mapping[str, int] | None = None
    attend_unit_ids: tuple[int, ...] = ()


def host_names(series: Mapping[str, Any]) -> list[str]:
    """The hosts a series names, each once, in their order; a rotation's as well as those who sit together."""
    named = series.get("rotation") or series.get("host") or []
    return list(dict.fromkeys([named] if isinstance(named, str) else named))


def patterns_of(db: Db, schedules: Sequence[Schedule]) -> dict[int, Pattern]:
    """The pattern of each schedule by its id; `hosts` of the schedules must be loaded."""
    places = _places_of(db, {schedule.unit_id for schedule in schedules})
    return {
        schedule.id: Pattern(
            schedule.unit_id,
            schedule.kind,
            schedule.series,
            {name: host.post_id for name, host in zip(host_names(schedule.series), schedule.hosts, strict=True)},
            tuple(days_from_plain(schedule.days_off)),
            places.get(schedule.unit_id),
            _attending_units(db, schedule.unit_id, schedule.series.get("attend", ())),
        )
        for schedule in schedules
    }


def unsaved_pattern(
    db: Db, unit_id: int, series: Mapping[str, Any], *, post_ids: Mapping[str, int], days_off: Sequence[Any] = ()
) -> Pattern:
    """The pattern of a series as it would be saved in the unit; `days_off` are the schedule's own, as it keeps them."""
    return Pattern(
        unit_id,
        series["kind"],
        series,
        post_ids,
        tuple(days_from_plain(days_off)),
        _places_of(db, [unit_id]).get(unit_id),
        _attending_units(db, unit_id, series.get("attend", ())),
    )


def planned_values(
    pattern: Pattern, calendar: Calendar, *, last: date, first: date | None = None
) -> dict[date, Values]:
    """The values of each row by its planned day, up to `last`. `calendar` is the installation's."""
    series = series_from_plain(pattern.series)
    own = _with_days(calendar, pattern.days_off)
    return {row.planned: _values(pattern, row, own) for row in expand(series, own, first, last)}


def span_of(day: date | None, hours: Sequence[str]) -> tuple[datetime | None, datetime | None]:
    """First start and last end of a day's spans: several spans are one sitting."""
    if day is None or not hours:
        return None, None
    return at_local(day, hours[0].partition("-")[0]), at_local(day, hours[-1].partition("-")[2])


def post_titles(db: Db, *, unit_id: int) -> dict[int, str]:
    """The titles of the posts that may host a unit's sittings: its own, and those of the bodies right below it."""
    near = select(UnitAbove.unit_id).where(UnitAbove.above_id == unit_id, UnitAbove.steps <= 1)
    rows = db.execute(select(Post.id, Post.title).where(Post.unit_id.in_(near)))
    return {row.id: row.title for row in rows}


def titles_of(db: Db, post_ids: Iterable[int]) -> dict[int, str]:
    """The titles of these posts."""
    rows = db.execute(select(Post.id, Post.title).where(Post.id.in_(set(post_ids))))
    return {row.id: row.title for row in rows}


def place_named(db: Db, unit_id: int, text: str) -> int | None:
    """The unit's open place of this name, with or without its address; None where the words name no such place."""
    return _places_of(db, {unit_id}).get(unit_id, {}).get(plain(text))


def _values(pattern: Pattern, row: PlannedDate, calendar: Calendar) -> Values:
    given = pattern.series
    starts_at, ends_at = span_of(row.date, row.hours)
    place = given.get("place", "")
    by = given.get("register_by")
    return {
        "kind": pattern.kind,
        "day": row.date,
        "outcome": row.outcome,
        "why": [[key, dict(facts)] for key, facts in row.reasons],
        "hours": list(row.hours),
        "starts_at": starts_at,
        "ends_at": ends_at,
        "place_id": (pattern.places or {}).get(plain(place)),
        "place": place,
        "content": given.get("content", ""),
        "attend": list(given.get("attend", ())),
        "attend_unit_ids": list(pattern.attend_unit_ids),
        "stand_in": given.get("stand_in", ""),
        "area": list(given.get("area", ())),
        "notify": list(given.get("notify", ())),
        "register_by": register_day(row.date, register_by_from_plain(by), calendar) if by and row.date else None,
        "hosts": [pattern.post_ids[name] for name in dict.fromkeys(row.hosts)],
    }


@lru_cache(maxsize=64)
def _with_days(calendar: Calendar, days_off: tuple[Day, ...]) -> Calendar:
    return calendar.with_days(days_off)


def _places_of(db: Db, unit_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Open reception places of each unit, by name and by name with address."""
    found: dict[int, dict[str, int]] = {}
    ids = sorted(unit_ids)
    for start in range(0, len(ids), 500):
        query = select(Place.unit_id, Place.id, Place.name, Place.address).where(
            Place.unit_id.in_(ids[start : start + 500]), Place.closed_on.is_(None)
        )
        for row in db.execute(query.order_by(Place.position.desc(), Place.id.desc())):
            named = found.setdefault(row.unit_id, {})
            named[plain(row.name)] = row.id
            if row.address:
                named[plain(f"{row.name}, {row.address}")] = row.id
    return found


def _attending_units(db: Db, unit_id: int, names: Sequence[str]) -> tuple[int, ...]:
    """The nearest unit of each name: in one's own place before the province; none where two are equally near."""
    if not names:
        return ()
    mine, theirs = aliased(UnitAbove), aliased(UnitAbove)
    steps = func.min(mine.steps)
    near = (
        select(Unit.name, Unit.id, steps.label("steps"))
        .join(theirs, theirs.unit_id == Unit.id)
        .join(mine, mine.above_id == theirs.above_id)
        .where(mine.unit_id == unit_id, Unit.name.in_(tuple(names)), Unit.valid_to.is_(None))
        .group_by(Unit.name, Unit.id)
    )
    by_name: dict[str, list[tuple[int, int]]] = {}
    for row in db.execute(near):
        by_name.setdefault(row.name, []).append((row.steps, row.id))
    found = (sorted(by_name[name]) for name in dict.fromkeys(names) if name in by_name)
    return tuple(units[0][1] for units in found if len(units) == 1 or units[0][0] < units[1][0])
