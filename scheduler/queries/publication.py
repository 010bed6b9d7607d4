"""What publishing touches, told before it is done by the same questions that doing it asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import literal, select, union

from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceHost, Post, Unit, UnitAbove
from scheduler.queries.agenda import titled
from scheduler.queries.audience import Listener, audience_of
from scheduler.queries.days import working_calendar
from scheduler.queries.office_settings import reminder_choice
from scheduler.rules.reminders import WINDOW_DAYS, reminder_times

CHUNK = 500


@dataclass(frozen=True)
class PlannedReminder:
    """One letter of reminder: which of the sitting's two, to whom, and when it leaves."""

    occurrence: Occurrence
    name: str
    listener: Listener
    due_at: datetime


@dataclass(frozen=True)
class Shown:
    """A public page with its calendar that will show the sittings: `kind` "unit" or "post", its code and its name."""

    kind: str
    id: int
    code: str
    name: str

    @property
    def feed(self) -> str:
        """Its row in the table of versions."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Announcement:
    """What becomes of publishing these sittings at this moment."""

    pages: tuple[Shown, ...]
    reminders: tuple[PlannedReminder, ...]
    later: tuple[tuple[Occurrence, date], ...]  # reminded too, planned from that day on
    by_phone: tuple[Listener, ...]  # of those near: nobody can write to them


def announcement_of(db: Db, occurrences: Iterable[Occurrence], *, now: datetime) -> Announcement:
    """What publishing these sittings now would raise and queue."""
    rows = list(occurrences)
    near = [one for one in rows if is_near(one, now)]
    reminders = [letter for one in near for letter in reminders_of(db, one, now=now)]
    ahead = local_date(now) + timedelta(days=WINDOW_DAYS)
    later = [(one, one.day - timedelta(days=WINDOW_DAYS)) for one in rows if one.day is not None and one.day > ahead]
    silent = {listener for one in near for listener in audience_of(db, one) if not listener.email}
    by_phone = sorted(silent, key=lambda listener: listener.name)
    return Announcement(_pages(db, [one.id for one in rows]), tuple(reminders), tuple(later), tuple(by_phone))


def feeds_showing(db: Db, occurrence_ids: Iterable[int]) -> set[str]:
    """The calendars that show these sittings: of units and all above, of hosts and their bodies, of who chairs."""
    ids, feeds = list(occurrence_ids), set()
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        units = select(literal("unit"), UnitAbove.above_id).join(Occurrence, Occurrence.unit_id == UnitAbove.unit_id)
        hosts = select(literal("post"), OccurrenceHost.post_id).where(OccurrenceHost.occurrence_id.in_(some))
        chairs = select(literal("post"), Occurrence.chair_post_id).where(Occurrence.id.in_(some))
        # A body's calendar takes in what its posts host at its place.
        bodies = select(literal("unit"), Post.unit_id).join(OccurrenceHost, OccurrenceHost.post_id == Post.id)
        bodies = bodies.where(OccurrenceHost.occurrence_id.in_(some))
        shown: Any = union(units.where(Occurrence.id.in_(some)), hosts, chairs, bodies)
        feeds |= {f"{kind}:{number}" for kind, number in db.execute(shown) if number is not None}
    return feeds


def is_near(occurrence: Occurrence, now: datetime) -> bool:
    """Whether the reminders of a public sitting on this day would be planned now."""
    if occurrence.day is None or occurrence.starts_at is None:
        return False
    today = local_date(now)
    return today <= occurrence.day <= today + timedelta(days=WINDOW_DAYS)


def reminders_of(db: Db, occurrence: Occurrence, *, now: datetime) -> list[PlannedReminder]:
    """The letters that remind of a sitting that is near, but those whose time has passed."""
    day, starts_at = occurrence.day, occurrence.starts_at
    if day is None or starts_at is None or not is_near(occurrence, now):
        return []
    times = reminder_times(day, working_calendar(db), reminder_choice(db, occurrence.unit_id, day))
    wanted = [(name, at_local(wall.date(), wall.time())) for name, wall in times]
    ahead = [(name, due_at) for name, due_at in wanted if now <= due_at < starts_at]
    listeners = [listener for listener in audience_of(db, occurrence) if listener.email] if ahead else []
    return [PlannedReminder(occurrence, name, listener, due_at) for name, due_at in ahead for listener in listeners]


def _pages(db: Db, ids: list[int]) -> tuple[Shown, ...]:
    feeds = {tuple(feed.split(":")) for feed in feeds_showing(db, ids)}
    units = [int(number) for kind, number in feeds if kind == "unit"]
    posts = [int(number) for kind, number in feeds if kind == "post"]
    of_units = db.scalars(select(Unit).where(Unit.id.in_(units)).order_by(Unit.level.desc(), Unit.code.desc()))
    of_posts = db.scalars(select(Post).where(Post.id.in_(posts)).order_by(Post.code))
    return (
        *(Shown("unit", unit.id, unit.code, unit.name) for unit in of_units),
        *(Shown("post", post.id, post.code, titled(post)) for post in of_posts),
    )
