"""Busy times of heads as the office sees them: the calendars they come from, and whose they may be."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import BusyCalendar, BusyTime, Unit
from scheduler.queries.access import require, units_readable
from scheduler.queries.people import current_holdings
from scheduler.queries.units import local_units, posts_of
from scheduler.rules.permissions import Actor

MOST_LISTED = 200
MOST_SHOWN = 30
MOST_DUE = 20


@dataclass(frozen=True)
class Whose:
    """Whom busy times may be noted for: a post whoever holds it, or a person whatever he holds."""

    unit_id: int
    post_title: str
    unit_name: str
    name: str
    post_id: int | None = None
    person_id: int | None = None

    @property
    def title(self) -> str:
        """The post with its unit."""
        return f"{self.post_title} · {self.unit_name}"

    @property
    def code(self) -> str:
        """As a form names it: "post-3", "person-7"."""
        return f"post-{self.post_id}" if self.post_id is not None else f"person-{self.person_id}"


def whose_of(db: Db, unit: Unit, day: date) -> list[Whose]:
    """The posts of a unit and of the bodies beside it, its own first, and who holds them."""
    posts = sorted(posts_of(db, local_units(db, unit), day), key=lambda post: post.unit_id != unit.id)
    held = current_holdings(db, [post.id for post in posts], day)
    found = []
    for post in posts:
        holding = held.get(post.id)
        name = holding.person.name if holding else ""
        found.append(Whose(post.unit_id, post.title, post.unit.name, name, post_id=post.id))
        if holding is not None and all(one.person_id != holding.person_id for one in found):
            found.append(Whose(post.unit_id, post.title, post.unit.name, name, person_id=holding.person_id))
    return found


def whose_by_code(db: Db, unit: Unit, code: str, day: date) -> Whose:
    """One of them by the name its form gave. Raises NotFound."""
    found = next((one for one in whose_of(db, unit, day) if one.code == code), None)
    if found is None:
        raise NotFound("errors.not-found")
    return found


def calendars_of(db: Db, actor: Actor) -> list[tuple[BusyCalendar, int]]:
    """The calendars of the units the actor administers that are still read, each with how many times it holds."""
    times = (
        select(func.count(BusyTime.id)).where(BusyTime.calendar_id == BusyCalendar.id).correlate(BusyCalendar)
    ).scalar_subquery()
    query = (
        select(BusyCalendar, times)
        .where(BusyCalendar.ended_at.is_(None))
        .options(joinedload(BusyCalendar.unit), joinedload(BusyCalendar.post), joinedload(BusyCalendar.person))
        .order_by(BusyCalendar.unit_id, BusyCalendar.id)
        .limit(MOST_LISTED)
    )
    if not actor.trusted:
        query = query.where(BusyCalendar.unit_id.in_(units_readable(actor, "administer")))
    return [(row[0], row[1]) for row in db.execute(query)]


def find_calendar(db: Db, calendar_id: int, actor: Actor) -> BusyCalendar:
    """One calendar. Raises NotFound where there is none or the actor may not know of it, NotAllowed."""
    query = select(BusyCalendar).where(BusyCalendar.id == calendar_id)
    query = query.options(joinedload(BusyCalendar.unit), joinedload(BusyCalendar.post), joinedload(BusyCalendar.person))
    found = db.scalars(query).one_or_none() if calendar_id < 2**31 else None
    if found is None:
        raise NotFound("errors.not-found")
    require(db, actor, "administer", found.unit_id)
    return found


def times_of_calendar(db: Db, calendar_id: int, since: datetime) -> list[BusyTime]:
    """Its next busy times."""
    query = select(BusyTime).where(BusyTime.calendar_id == calendar_id, BusyTime.ends_at > since)
    return list(db.scalars(query.order_by(BusyTime.starts_at).limit(MOST_SHOWN)))


def busy_between(
    db: Db, posts: Iterable[int], people: Iterable[int], *, first: date, last: date
) -> list[tuple[BusyTime, BusyCalendar]]:
    """Busy times of these posts and people from one day to another, both included, in their order."""
    start, end = at_local(first, "00:00"), at_local(last + timedelta(days=1), "00:00")
    query = (
        select(BusyTime, BusyCalendar)
        .join(BusyCalendar, BusyCalendar.id == BusyTime.calendar_id)
        .where(
            or_(BusyTime.post_id.in_(tuple(posts)), BusyTime.person_id.in_(tuple(people))),
            BusyTime.starts_at >= start,
            BusyTime.starts_at < end,
        )
        .order_by(BusyTime.starts_at, BusyTime.id)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def due_calendars(db: Db, now: datetime) -> list[int]:
    """Calendars whose address is to be read now and that nobody is reading."""
    query = select(BusyCalendar.id).where(
        BusyCalendar.due_at <= now,
        BusyCalendar.ended_at.is_(None),
        or_(BusyCalendar.leased_until.is_(None), BusyCalendar.leased_until < now),
    )
    return list(db.scalars(query.order_by(BusyCalendar.due_at).limit(MOST_DUE)))
