"""Sittings as pages, feeds, letters and the API read them; each call is a constant number of queries."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Holding, Notice, Occurrence, OccurrenceHost, Person, Post, SignedPaper, Unit
from scheduler.queries.occupied import LONGEST, days_taken
from scheduler.rules.names import post_in_words
from scheduler.rules.workflow import PUBLIC, public_status
from scheduler.rules.working_days import Calendar

SLUG_LENGTH = 64
LOOKED_AHEAD = timedelta(days=366)
"""How far the next free days are looked for."""
LOOKED_AT_ONCE = 20
shown_day = func.coalesce(Occurrence.day, Occurrence.planned_day)
"""Where a sitting stands in a calendar. Two indexes hold this very expression: asked otherwise, all rows are read."""

WHOLE = (
    joinedload(Occurrence.unit).joinedload(Unit.parent),
    joinedload(Occurrence.place_row),
    joinedload(Occurrence.schedule),
    joinedload(Occurrence.chair_post),
    joinedload(Occurrence.notice).joinedload(Notice.paper).joinedload(SignedPaper.attachment),
    joinedload(Occurrence.notice).selectinload(Notice.postings),
    selectinload(Occurrence.hosts).joinedload(OccurrenceHost.post).joinedload(Post.unit),
    selectinload(Occurrence.changes),
)
"""Everything a page or an event tells about a sitting, in five statements however many sittings there are."""


def find_occurrence(db: Db, slug: str) -> Occurrence:
    """The sitting with this address, in any state. Raises NotFound."""
    found = None
    if len(slug) <= SLUG_LENGTH and slug.isascii() and slug.isalnum():
        found = db.scalars(select(Occurrence).where(Occurrence.slug == slug).options(*WHOLE)).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def public_occurrence(db: Db, slug: str) -> Occurrence:
    """The sitting with this address if everybody may see it. Raises NotFound as if it did not exist."""
    found = find_occurrence(db, slug)
    if found.state not in PUBLIC:
        raise NotFound("errors.not-found")
    return found


def occurrences_by_id(db: Db, ids: Iterable[int]) -> list[Occurrence]:
    """These sittings with all that pages tell, in the order of their days. Raises NotFound if one is missing."""
    wanted = set(ids)
    found: list[Occurrence] = []
    for start in range(0, len(wanted), 500):
        some = sorted(wanted)[start : start + 500]
        found += db.scalars(select(Occurrence).where(Occurrence.id.in_(some)).options(*WHOLE)).unique()
    if len(found) != len(wanted):
        raise NotFound("errors.not-found")
    return sorted(found, key=lambda occurrence: (occurrence.day or occurrence.planned_day, occurrence.id))


def public_between(
    db: Db,
    first: date,
    last: date,
    *,
    units: Select[int] | None = None,
    post_id: int | None = None,
    whose: Iterable[Any] = (),
    kinds: Iterable[str] = (),
    limit: int | None = None,
    after: tuple[date, int] | None = None,
) -> list[Occurrence]:
    """Public sittings from `first` to `last`, both included, in order of (day, id).

    One without a day counts by its planned day. `units` is a subquery of unit ids; `post_id` finds what the post
    hosts or chairs, `whose` are further conditions; `after` is the (day, id) of the last one of the page before.
    """
    query = (
        select(Occurrence)
        .where(Occurrence.state.in_(PUBLIC), shown_day.between(first, last))
        .order_by(shown_day, Occurrence.id)
        .options(*WHOLE)
    )
    if units is not None:
        query = query.where(Occurrence.unit_id.in_(units))
    if post_id is not None:
        query = query.where(of_post(post_id))
    query = query.where(*whose)
    if kinds:
        query = query.where(Occurrence.kind.in_(tuple(kinds)))
    if after is not None:
        query = query.where(or_(shown_day > after[0], and_(shown_day == after[0], Occurrence.id > after[1])))
    if limit is not None:
        query = query.limit(limit)
    return list(db.scalars(query).unique())


def of_post(post_id: int, *more: Select[int]) -> Any:
    """A condition: the post hosts the sitting or presides over it, or `more` (subqueries of ids) names it.

    One list of ids, since an OR of several conditions would have every sitting read.
    """
    hosted = select(OccurrenceHost.occurrence_id).where(OccurrenceHost.post_id == post_id)
    chaired = select(Occurrence.id).where(Occurrence.chair_post_id == post_id)
    return Occurrence.id.in_(union(hosted, chaired, *more))


def of_body(units: Select[int], body_id: int, place_id: int) -> Any:
    """A condition: a sitting of these units, or one of the body's place that a post of the body hosts."""
    hosted = select(OccurrenceHost.occurrence_id).join(Post, Post.id == OccurrenceHost.post_id)
    return and_(
        or_(Occurrence.unit_id.in_(units), Occurrence.unit_id == place_id),
        or_(Occurrence.unit_id != place_id, Occurrence.id.in_(hosted.where(Post.unit_id == body_id))),
    )


def next_public(db: Db, post_ids: Iterable[int], moment: datetime) -> dict[int, Occurrence]:
    """For each of these posts the next sitting that has not ended yet, in two steps for all of them together."""
    ids = tuple(post_ids)
    ranked = (
        select(
            OccurrenceHost.post_id,
            OccurrenceHost.occurrence_id,
            func.row_number()
            .over(
                partition_by=OccurrenceHost.post_id, order_by=(OccurrenceHost.starts_at, OccurrenceHost.occurrence_id)
            )
            .label("place"),
        )
        .join(Occurrence, Occurrence.id == OccurrenceHost.occurrence_id)
        .where(
            OccurrenceHost.post_id.in_(ids),
            OccurrenceHost.starts_at > moment - LONGEST,
            Occurrence.state == "published",
            Occurrence.ends_at > moment,
        )
        .subquery()
    )
    first = {row.post_id: row.occurrence_id for row in db.execute(select(ranked).where(ranked.c.place == 1))}
    rows = db.scalars(select(Occurrence).where(Occurrence.id.in_(set(first.values()))).options(*WHOLE)).unique()
    by_id = {occurrence.id: occurrence for occurrence in rows}
    return {post: by_id[occurrence] for post, occurrence in first.items()}


def status_of(occurrence: Occurrence) -> str:
    """The contract's status: scheduled, moved, postponed, cancelled or held."""
    return public_status(occurrence.state, moved=is_moved(occurrence), dated=occurrence.day is not None)


def is_moved(occurrence: Occurrence) -> bool:
    """Whether it takes place on another day, or at other hours, than was published."""
    return any(change.step in ("move", "change_hours") for change in occurrence.changes)


def holders_on(db: Db, post_ids: Iterable[int], day: date) -> dict[int, Person]:
    """Who holds each of these posts on that day; posts without a holder are left out."""
    holdings = db.execute(
        select(Holding.post_id, Person)
        .join(Person, Person.id == Holding.person_id)
        .where(
            Holding.post_id.in_(tuple(post_ids)),
            Holding.valid_from <= day,
            or_(Holding.valid_to.is_(None), Holding.valid_to >= day),
        )
        .order_by(Holding.valid_from)
    )
    return {row.post_id: row.Person for row in holdings}


def host_titles(occurrence: Occurrence) -> list[str]:
    """The posts that host the sitting, as a notice names them."""
    return [titled(host.post) for host in occurrence.hosts]


def titled(post: Post) -> str:
    """A post with its unit: "Chủ tịch UBND phường Hoàn Kiếm" — the body's name is not said twice."""
    return post_in_words(post.title, post.unit.name)


def free_days(db: Db, occurrence: Occurrence, calendar: Calendar, *, today: date, n: int = 6) -> list[date]:
    """The next working days on which no head of the sitting sits or is busy, and its place and guests are free.

    Looked for within LOOKED_AHEAD; fewer than `n` where those are all.
    """
    found: list[date] = []
    day = today
    while len(found) < n and day - today < LOOKED_AHEAD:
        some = []
        for _ in range(LOOKED_AT_ONCE):
            day = calendar.next_working(day)
            some.append(day)
        taken = days_taken(db, occurrence, some)
        found += [one for one in some if one not in taken and one != occurrence.day]
    return found[:n]
