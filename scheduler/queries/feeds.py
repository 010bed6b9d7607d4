"""What feeds ask: whose calendar it is, its version, and the sittings that stand in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import FeedVersion, Occurrence, OccurrenceChange, OccurrenceHost, Post, Unit, UnitAbove
from scheduler.queries.agenda import of_body, of_post, shown_day, titled
from scheduler.queries.succession import followers_of, post_after
from scheduler.queries.units import successor_of
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.workflow import PUBLIC

CANCELLED_KEPT = timedelta(days=14)
"""How long after its day a cancelled sitting is still told."""

TOLD = (
    joinedload(Occurrence.unit),
    joinedload(Occurrence.chair_post).joinedload(Post.unit),
    joinedload(Occurrence.notice),
    selectinload(Occurrence.hosts).joinedload(OccurrenceHost.post).joinedload(Post.unit),
    selectinload(Occurrence.changes),
)
"""All that an event tells, in three statements however many sittings there are."""

UNIT = select(Unit).where(Unit.code == bindparam("code"))
VERSION = select(FeedVersion.version, FeedVersion.changed_at).where(FeedVersion.feed == bindparam("feed"))
PULSE = select(func.coalesce(func.sum(FeedVersion.version), 0), func.max(FeedVersion.changed_at))
"""Asked for nearly every poll, therefore put together once."""


@dataclass(frozen=True)
class Subject:
    """Whose calendar it is. `leads_to` is the code it goes by since a merger, blank where there was none.

    `also` are the units (or posts) that follow it: one after a merger, several after a division, when the old calendar
    shows them all. A body's calendar takes in what its posts host at its place, `beside`.
    """

    kind: str  # "unit" or "post"
    id: int
    code: str
    name: str
    level: str
    place: bool = False  # a place of the state list: its bodies' sittings are its own
    leads_to: str = ""
    also: tuple[int, ...] = ()
    beside: int = 0

    @property
    def feed(self) -> str:
        """Its row in the table of versions."""
        return f"{self.kind}:{self.id}"


def subject_of_unit(db: Db, code: str, today: date) -> Subject:
    """The unit with this code. Raises NotFound."""
    unit = db.scalars(UNIT, {"code": code}).one_or_none()
    if unit is None:
        raise NotFound("errors.not-found")
    leads_to, also = "", tuple[int, ...]()
    heir = successor_of(unit, today)
    if heir is not unit:
        followers = followers_of(db, unit, today)
        leads_to = "" if followers else heir.code
        also = tuple(one.unit.id for one in followers) or (heir.id,)
    beside = unit.parent_id or 0 if unit.kind in BODY_SUFFIXES else 0
    return Subject("unit", unit.id, unit.code, unit.name, unit.level, unit.kind == "place", leads_to, also, beside)


def subject_of_post(db: Db, code: str, today: date) -> Subject:
    """The post with this code; after a merger it leads to the same post of the new unit. Raises NotFound."""
    post = db.scalars(select(Post).where(Post.code == code).options(joinedload(Post.unit))).one_or_none()
    if post is None:
        raise NotFound("errors.not-found")
    leads_to, also = "", tuple[int, ...]()
    if successor_of(post.unit, today) is not post.unit:
        heir = post_after(db, post, today)
        leads_to, also = (heir.code, (heir.id,)) if heir is not None else ("", ())
        followers = followers_of(db, post.unit, today)
        if followers:
            units = [one.unit.id for one in followers]
            like = select(Post.id).where(Post.unit_id.in_(units), Post.title == post.title)
            leads_to, also = "", tuple(db.scalars(like.order_by(Post.id)))
    return Subject("post", post.id, post.code, titled(post), post.unit.level, leads_to=leads_to, also=also)


def version_of(db: Db, subject: Subject) -> tuple[int, datetime | None]:
    """The version of this calendar, which rises with every change, and the moment of the newest one."""
    if subject.also:
        feeds = [subject.feed, *(f"{subject.kind}:{one}" for one in subject.also)]
        versions, changed_at = db.execute(PULSE.where(FeedVersion.feed.in_(feeds))).one()
        return int(versions), changed_at
    found = db.execute(VERSION, {"feed": subject.feed}).one_or_none()
    return (found.version, found.changed_at) if found is not None else (0, None)


def pulse_of(db: Db) -> tuple[int, datetime | None]:
    """A number that rises with every change of any feed of the installation, and the moment of the newest."""
    versions, changed_at = db.execute(PULSE).one()
    return int(versions), changed_at


def sittings_of(
    db: Db,
    subject: Subject,
    first: date,
    last: date,
    *,
    today: date,
    limit: int,
    kinds: Iterable[str] = (),
    below: bool = False,
) -> list[Occurrence]:
    """The public sittings of this calendar from `first` to `last`, by day, at most `limit`."""
    whose = [told_to_post(post) for post in (subject.id, *subject.also)]
    if subject.kind == "unit":
        whose = [shown_in(subject, below=below)]
    return told_sittings(db, whose, first, last, today=today, limit=limit, kinds=kinds)


def told_sittings(
    db: Db,
    whose: list[Any],
    first: date,
    last: date,
    *,
    today: date,
    limit: int,
    kinds: Iterable[str] = (),
) -> list[Occurrence]:
    """The public sittings that meet any condition of `whose`, by day; a row that cannot be read is left out."""
    query = (
        select(Occurrence)
        .where(Occurrence.state.in_(PUBLIC), shown_day.between(first, last), or_(*whose))
        .where(or_(Occurrence.state != "cancelled", shown_day >= today - CANCELLED_KEPT))
        .order_by(shown_day, Occurrence.id)
        .limit(limit)
    )
    if kinds:
        query = query.where(Occurrence.kind.in_(tuple(kinds)))
    try:
        return list(db.scalars(query.options(*TOLD)).unique())
    except ValueError:
        # One row holds what is no JSON; the others are read one by one, so that they still stand in the calendar.
        ids = list(db.scalars(query.with_only_columns(Occurrence.id)))
        return [row for row in (_read(db, occurrence_id) for occurrence_id in ids) if row is not None]


def _read(db: Db, occurrence_id: int) -> Occurrence | None:
    try:
        return db.scalars(select(Occurrence).where(Occurrence.id == occurrence_id).options(*TOLD)).unique().one()
    except ValueError:
        return None


def units_of(subject: Subject, *, below: bool = False) -> Select[int]:
    """A subquery of the units that belong to this one: a place takes in its bodies; `below` all under it."""
    ids = (subject.id, *subject.also)
    if below:
        return select(UnitAbove.unit_id).where(UnitAbove.above_id.in_(ids))
    own = Unit.id.in_(ids)
    if not subject.place:
        return select(Unit.id).where(own)
    return select(Unit.id).where(or_(own, and_(Unit.parent_id.in_(ids), Unit.kind.in_(tuple(BODY_SUFFIXES)))))


def shown_in(subject: Subject, *, below: bool = False) -> Any:
    """A condition: the sittings of this unit's calendar, those of its place that it hosts among them."""
    units = units_of(subject, below=below)
    return of_body(units, subject.id, subject.beside) if subject.beside else Occurrence.unit_id.in_(units)


def hosted_by(subject: Subject) -> Any:
    """A condition: what the post, or one that follows it, hosts or chairs."""
    more: list[Any] = []
    for post in subject.also:
        more.append(select(OccurrenceHost.occurrence_id).where(OccurrenceHost.post_id == post))
        more.append(select(Occurrence.id).where(Occurrence.chair_post_id == post))
    return of_post(subject.id, *more)


def told_to_post(post_id: int) -> Any:
    """What the post hosts, chairs, or chaired until somebody else did: nothing leaves a calendar in silence."""
    once = OccurrenceChange.before["chair"][0].as_integer() == post_id
    chaired = select(OccurrenceChange.occurrence_id).where(OccurrenceChange.step == "change_chair", once)
    return of_post(post_id, chaired)


def posts_with_calendars(db: Db, subject: Subject, today: date) -> list[Subject]:
    """The posts of a unit, and of a place's bodies, that exist today: heads first."""
    current = and_(
        or_(Post.valid_from.is_(None), Post.valid_from <= today), or_(Post.valid_to.is_(None), Post.valid_to >= today)
    )
    query = (
        select(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.unit_id.in_(units_of(subject, below=False)), current)
    )
    rows = db.scalars(
        query.order_by(Post.is_head.desc(), Unit.code, Post.position, Post.id).options(joinedload(Post.unit))
    )
    return [Subject("post", post.id, post.code, titled(post), post.unit.level) for post in rows]
