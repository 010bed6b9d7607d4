"""What following asks: whom an address belongs to, whose news are due, and what is new in a calendar."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from scheduler.database import Db, vault_of
from scheduler.errors import NotFound
from scheduler.models import Attempt, FeedVersion, Follower, Letter, Occurrence, OccurrenceChange, Post, Unit
from scheduler.queries.agenda import shown_day
from scheduler.queries.feeds import TOLD, Subject, shown_in, subject_of_post, subject_of_unit, told_to_post
from scheduler.rules.followers import PAUSE, REFUSALS, SILENT, half_hour
from scheduler.rules.workflow import PUBLIC

AT_ONCE = 200
"""How many followers are told in one transaction: a busy web process never waits long for it."""
LOOKED_BACK = timedelta(days=100)
"""A sitting without a day yet counts by its planned day, the first one of a quarter."""
MOST_SITTINGS = 1000


def follower_by_slug(db: Db, slug: str) -> Follower | None:
    """Who follows by this address; None where it was erased since."""
    return db.scalars(select(Follower).where(Follower.slug == slug)).one_or_none()


def followed_by(db: Db, follower: Follower, today: date) -> Subject:
    """What this address follows. Raises NotFound."""
    return followed(db, follower.feed, today)


def followed(db: Db, feed: str, today: date) -> Subject:
    """The unit or post of a row in the table of versions ("unit:12", "post:7"). Raises NotFound."""
    kind, _, number = feed.partition(":")
    if kind == "unit":
        return subject_of_unit(db, db.get_one(Unit, int(number)).code, today)
    if kind == "post":
        return subject_of_post(db, db.get_one(Post, int(number)).code, today)
    raise NotFound("errors.not-found")


def reach_of_follower(db: Db, follower_id: int) -> tuple[str, str] | None:
    """The address, unsealed, and no name; None once it is erased."""
    follower = db.get(Follower, follower_id, populate_existing=True)
    email = vault_of(db).open_exactly(follower.email) if follower is not None else ""
    return (email, "") if email else None


def feeds_with_news(db: Db, now: datetime) -> list[str]:
    """The calendars that changed since one of their followers was told, where a letter is due.

    Asked from the calendars, each with one look into an index: the number of followers costs nothing.
    """
    behind = exists().where(
        Follower.feed == FeedVersion.feed, Follower.told_at < FeedVersion.changed_at, *may_be_told(now)
    )
    return list(db.scalars(select(FeedVersion.feed).where(behind).order_by(FeedVersion.feed)))


def followers_to_tell(db: Db, feed: str, now: datetime, *, after: int = 0, limit: int = AT_ONCE) -> list[Follower]:
    """Followers of this calendar who may be behind its newest change, in the order of their ids after `after`."""
    query = select(Follower).where(Follower.feed == feed, Follower.id > after, *may_be_told(now))
    return list(db.scalars(query.order_by(Follower.id).limit(limit)))


def unreachable(db: Db, follower_ids: Iterable[int]) -> set[int]:
    """Those of them whose newest letters were all refused for good."""
    settled = (Letter.follower_id.in_(tuple(follower_ids)), Letter.state.in_(("sent", "failed")))
    newest = func.row_number().over(partition_by=Letter.follower_id, order_by=Letter.id.desc()).label("place")
    ranked = select(Letter.follower_id, Letter.state, newest).where(*settled).subquery()
    refused = (
        select(ranked.c.follower_id)
        .where(ranked.c.place <= REFUSALS, ranked.c.state == "failed")
        .group_by(ranked.c.follower_id)
        .having(func.count() == REFUSALS)
    )
    return set(db.scalars(refused))


def followers_of_ended(db: Db, today: date) -> list[int]:
    """Ids of followers of a unit that ended and was followed by another, or of a post in such a unit."""
    ended = and_(Unit.valid_to < today, Unit.successor_id.is_not(None))
    active = Follower.state.in_(("asked", "confirmed"))
    units = select(Follower.id).join(Unit, Unit.id == Follower.unit_id).where(ended, active)
    posts = select(Follower.id).join(Post, Post.id == Follower.post_id).join(Unit, Unit.id == Post.unit_id)
    return sorted({*db.scalars(units), *db.scalars(posts.where(ended, active))})


def fresh_sittings(db: Db, subject: Subject, *, since: datetime, today: date) -> list[Occurrence]:
    """The public sittings of this calendar that were published or changed after `since`, with their history."""
    scope = scope_of(subject)
    published = select(Occurrence.id).where(
        scope, Occurrence.published_at > since, shown_day >= today - LOOKED_BACK, Occurrence.state.in_(PUBLIC)
    )
    changed = (
        select(OccurrenceChange.occurrence_id)
        .join(Occurrence, Occurrence.id == OccurrenceChange.occurrence_id)
        .where(OccurrenceChange.at > since, OccurrenceChange.step.not_in(SILENT), scope)
    )
    ids = sorted({*db.scalars(published.limit(MOST_SITTINGS)), *db.scalars(changed.limit(MOST_SITTINGS))})
    query = select(Occurrence).where(Occurrence.id.in_(ids)).order_by(shown_day, Occurrence.id)
    return list(db.scalars(query.options(*TOLD)).unique()) if ids else []


def next_of(db: Db, subject: Subject, kind: str, now: datetime) -> Occurrence | None:
    """The next sitting of this calendar (of one kind, or of any) that takes place."""
    query = select(Occurrence).where(
        scope_of(subject), Occurrence.state == "published", Occurrence.day.is_not(None), Occurrence.ends_at > now
    )
    if kind:
        query = query.where(Occurrence.kind == kind)
    query = query.order_by(Occurrence.starts_at, Occurrence.id).limit(1)
    return db.scalars(query.options(*TOLD)).unique().one_or_none()


def within(db: Db, subject: Subject, ids: Iterable[int]) -> set[int]:
    """Which of these sittings stand in this calendar too."""
    return set(db.scalars(select(Occurrence.id).where(Occurrence.id.in_(tuple(ids)), scope_of(subject))))


def scope_of(subject: Subject) -> Any:
    """A condition: the sittings of this calendar, as its feed shows them; a place takes in its bodies."""
    if subject.kind == "unit":
        return shown_in(subject)
    return or_(*(told_to_post(post) for post in (subject.id, *subject.also)))


def asks_since(db: Db, what: str, who: str, since: datetime) -> int:
    """How often this was asked for since then."""
    query = select(func.count(Attempt.id)).where(Attempt.what == what, Attempt.who == who, Attempt.at > since)
    return db.scalar(query) or 0


def may_be_told(now: datetime) -> tuple[Any, ...]:
    """Conditions: a follower who was not told in this half hour, and got no letter within the hour."""
    rested = or_(Follower.written_at.is_(None), Follower.written_at <= now - PAUSE)
    return Follower.state == "confirmed", Follower.told_at < half_hour(now), rested
