"""What a change is offered: later hours of the day, free days, and who could stand in."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.clock import local_date, to_local
from scheduler.database import Db
from scheduler.models import Occurrence, Person, Post
from scheduler.queries.agenda import free_days, holders_on
from scheduler.queries.clashes import clashes_between
from scheduler.queries.days import working_calendar
from scheduler.queries.occupied import spans_of, wanted_of
from scheduler.queries.suspensions import free_of_suspensions
from scheduler.queries.units import posts_of
from scheduler.rules.free_spans import later_spans

WHOLE_DAY = ("00:00-23:59",)
OFFERED = 6


@dataclass(frozen=True)
class StandIn:
    """A post of the unit that could preside, and who holds it on the day."""

    post: Post
    person: Person | None


def later_the_same_day(db: Db, occurrence: Occurrence, *, now: datetime) -> list[str]:
    """Spans ("13:30-16:30") later on the sitting's day at which its heads, place and guests are free."""
    day = occurrence.day
    if day is None or not occurrence.hours or day < local_date(now):
        return []
    begins = occurrence.hours[0].partition("-")[0]
    after = max(begins, f"{to_local(now):%H:%M}") if day == local_date(now) else begins
    whole = replace(wanted_of(occurrence), spans=spans_of(day, WHOLE_DAY))
    taken = [(_clock(clash.starts_at, day), _clock(clash.ends_at, day)) for clash in clashes_between(db, [whole])]
    return later_spans(occurrence.hours, after=after, taken=taken)


def offered_days(db: Db, occurrence: Occurrence, *, today: date, n: int = OFFERED) -> list[date]:
    """The next free working days after the sitting's own, on which the unit's receptions are not suspended."""
    found: list[date] = []
    after = first = max(today, occurrence.day or today)
    while len(found) < n:
        days = free_days(db, occurrence, working_calendar(db), today=after, n=n)
        if not days:
            break
        found += free_of_suspensions(db, occurrence.unit_id, days)
        after = days[-1]
        if after - first > timedelta(days=366):
            break
    return found[:n]


def stand_ins(db: Db, occurrence: Occurrence, *, today: date) -> list[StandIn]:
    """The unit's other posts, those with somebody to stand in first."""
    hosts = {host.post_id for host in occurrence.hosts}
    others = [post for post in posts_of(db, [occurrence.unit_id]) if post.id not in hosts]
    held = holders_on(db, [post.id for post in others], occurrence.day or today)
    found = [StandIn(post, held.get(post.id)) for post in others]
    return sorted(found, key=lambda one: one.person is None)


def _clock(moment: datetime, day: date) -> str:
    """The wall clock of that day; what began the day before or ends after it is cut."""
    local = to_local(moment)
    if local.date() != day:
        return "00:00" if local.date() < day else "23:59"
    return f"{local:%H:%M}"
