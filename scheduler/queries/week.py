"""A week of an office and its bodies as a lịch công tác tuần: its receptions, and what its heads do besides."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from scheduler.clock import local_date, to_local
from scheduler.database import Db
from scheduler.models import BusyCalendar, BusyTime, Occurrence, OccurrenceHost, Unit, UnitAbove
from scheduler.queries.access import may, units_readable
from scheduler.queries.agenda import WHOLE
from scheduler.queries.busy import Whose, busy_between, whose_of
from scheduler.queries.occupied import COUNTED, STANDING
from scheduler.queries.units import local_units
from scheduler.rules.permissions import Actor

HALVES = (("morning", "12:00"), ("afternoon", "17:30"), ("evening", "24:00"))
"""The halves of a day as such schedules know them, with the hour before which a thing of it begins."""
DAYS = 7


@dataclass(frozen=True)
class WeekEntry:
    """Something at one time of one half-day: a sitting, or a busy time with whom it takes."""

    start: str
    end: str
    sitting: Occurrence | None = None
    busy: BusyTime | None = None
    whose: str = ""
    readable: bool = True

    @property
    def planned(self) -> bool:
        """Whether it is a sitting that is not public yet."""
        return self.sitting is not None and self.sitting.state not in STANDING


@dataclass
class WeekDay:
    """A day with its entries by half of the day, in the order of their hours."""

    day: date
    halves: dict[str, list[WeekEntry]] = field(default_factory=lambda: {half: [] for half, _ in HALVES})

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not any(self.halves.values())


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def week_of(db: Db, unit: Unit, monday: date, actor: Actor) -> list[WeekDay]:
    """The seven days from Monday: the sittings of the unit and the bodies beside it, and their heads' busy times.

    Only of units the actor may read; a busy time of another unit's calendar is shown without its subject.
    """
    days = [WeekDay(monday + timedelta(days=n)) for n in range(DAYS)]
    near = local_units(db, unit)
    readable = near if actor.trusted else [*db.scalars(units_readable(actor).where(UnitAbove.unit_id.in_(near)))]
    owners = [one for one in whose_of(db, unit, monday) if one.unit_id in readable]
    for sitting in _sittings(db, readable, owners, days):
        for span in sitting.hours:
            start, _, end = span.partition("-")
            _put(days, sitting.day, WeekEntry(start, end, sitting=sitting))
    for busy, calendar in _busy(db, owners, days):
        start, end = (f"{to_local(moment):%H:%M}" for moment in (busy.starts_at, busy.ends_at))
        end = "24:00" if end == "00:00" else end
        known = calendar.unit_id in readable or may(db, actor, "read", calendar.unit_id)
        entry = WeekEntry(start, end, busy=busy, whose=_owner_of(busy, owners), readable=known)
        _put(days, local_date(busy.starts_at), entry)
    for day in days:
        for entries in day.halves.values():
            entries.sort(key=lambda entry: (entry.start, entry.end))
    return days


def _put(days: list[WeekDay], day: date | None, entry: WeekEntry) -> None:
    place = (day - days[0].day).days if day else -1
    if 0 <= place < DAYS:
        half = next(name for name, end in HALVES if entry.start < end)
        days[place].halves[half].append(entry)


def _sittings(db: Db, units: Sequence[int], owners: Sequence[Whose], days: list[WeekDay]) -> list[Occurrence]:
    posts = {one.post_id for one in owners if one.post_id is not None}
    hosted = select(OccurrenceHost.occurrence_id).where(OccurrenceHost.post_id.in_(posts))
    query = (
        select(Occurrence)
        .where(
            Occurrence.day.between(days[0].day, days[-1].day),
            Occurrence.state.in_(COUNTED),
            or_(Occurrence.unit_id.in_(units), Occurrence.id.in_(hosted) & Occurrence.state.in_(STANDING)),
        )
        .options(*WHOLE)
        .order_by(Occurrence.starts_at, Occurrence.id)
    )
    return list(db.scalars(query).unique())


def _busy(db: Db, owners: Sequence[Whose], days: list[WeekDay]) -> list[tuple[BusyTime, BusyCalendar]]:
    """What takes the same time of the same person twice (two calendars, a post's and a person's) stands once."""
    posts = [one.post_id for one in owners if one.post_id is not None]
    people = [one.person_id for one in owners if one.person_id is not None]
    found: dict[Any, tuple[BusyTime, BusyCalendar]] = {}
    for busy, calendar in busy_between(db, posts, people, first=days[0].day, last=days[-1].day):
        found.setdefault((busy.starts_at, busy.ends_at, busy.title, _owner_of(busy, owners)), (busy, calendar))
    return list(found.values())


def _owner_of(busy: BusyTime, owners: Sequence[Whose]) -> str:
    """The post it takes, as the schedule names it."""
    by_code: dict[str, str] = defaultdict(str)
    by_code.update({one.code: one.post_title for one in owners})
    return by_code[f"post-{busy.post_id}" if busy.post_id is not None else f"person-{busy.person_id}"]
