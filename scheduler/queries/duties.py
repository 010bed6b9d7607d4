"""The days of the posts that have a duty by law: everything a time needs, in a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.models import Notice, Occurrence, OccurrenceHost, Post, Record, Turn, Unit
from scheduler.queries.access import units_below
from scheduler.queries.agenda import shown_day
from scheduler.queries.days import working_calendar
from scheduler.queries.office_settings import office_settings
from scheduler.rules.counting import Sat
from scheduler.rules.duties import DUTY_KEYS, Span, spans_between
from scheduler.rules.kinds import KIND, KINDS
from scheduler.rules.publication import publish_by
from scheduler.rules.tallies import Sitting, Tally, result_of, tally
from scheduler.rules.workflow import PUBLIC
from scheduler.rules.working_days import Calendar

COUNTING_KINDS = tuple(kind.key for kind in KINDS if kind.counts_for_duty)

READ = (
    OccurrenceHost.post_id,
    Occurrence.id,
    Occurrence.unit_id,
    Occurrence.kind,
    Occurrence.state,
    Occurrence.day,
    Occurrence.planned_day,
    Occurrence.published_day,
    Occurrence.published_at,
    Notice.posted_at,
)
"""What is read of a sitting, once for each of its heads."""


@dataclass(frozen=True)
class Wanted:
    """Which posts, over which time (both days included): of a branch, of what may be read, one post, one duty."""

    first: date
    last: date
    unit_id: int | None = None
    readable: tuple[int, ...] | None = None
    post_code: str = ""
    duty: str = ""


@dataclass(frozen=True)
class PostDays:
    """One post with the law's weeks and months, and its tally."""

    post: Post
    spans: tuple[Span, ...]
    tally: Tally


def days_of_posts(db: Db, wanted: Wanted, *, today: date) -> list[PostDays]:
    """Every post with a duty that was valid in the time, by unit and place, with its tally."""
    posts = db.scalars(
        posts_wanted(wanted)
        .options(joinedload(Post.unit).joinedload(Unit.successor))
        .order_by(Unit.level, Unit.code, Post.position, Post.id)
    ).all()
    sittings = _sittings(db, wanted, today)
    found = []
    for post in posts:
        spans = spans_between(post.duty, *_valid_time(post, wanted))
        found.append(PostDays(post, spans, tally(spans, sittings.get(post.id, ()), today=today)))
    return found


def posts_wanted(wanted: Wanted) -> Select[Post]:
    """The posts with a duty that were valid in the time, of the branch, post or duty that is asked for."""
    query = (
        select(Post)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            Post.duty.in_(DUTY_KEYS),
            *(
                condition
                for row in (Post, Unit)
                for condition in (
                    or_(row.valid_from.is_(None), row.valid_from <= wanted.last),
                    or_(row.valid_to.is_(None), row.valid_to >= wanted.first),
                )
            ),
        )
    )
    if wanted.unit_id is not None:
        query = query.where(Post.unit_id.in_(units_below([wanted.unit_id])))
    if wanted.readable is not None:
        query = query.where(Post.unit_id.in_(units_below(wanted.readable)))
    if wanted.post_code:
        query = query.where(Post.code == wanted.post_code)
    return query.where(Post.duty == wanted.duty) if wanted.duty else query


def _sittings(db: Db, wanted: Wanted, today: date) -> dict[int, list[Sitting]]:
    ids = posts_wanted(wanted).with_only_columns(Post.id)
    calendar, settings = working_calendar(db), office_settings(db)
    turns = _turns(db, wanted, ids)
    rows = db.execute(
        select(*READ)
        .join(Occurrence, Occurrence.id == OccurrenceHost.occurrence_id)
        .outerjoin(Notice, Notice.id == Occurrence.notice_id)
        .where(
            OccurrenceHost.post_id.in_(ids),
            Occurrence.kind.in_(COUNTING_KINDS),
            Occurrence.state != "void",
            # The index of a head's sittings is by their start; those without a day have none.
            or_(OccurrenceHost.starts_at.is_(None), OccurrenceHost.starts_at.between(*_moments(wanted))),
            shown_day.between(wanted.first, wanted.last),
        )
        .order_by(Occurrence.day, Occurrence.id)
    )
    found: dict[int, list[Sitting]] = defaultdict(list)
    for row in rows:
        day = row.day or row.planned_day
        result = result_of(
            row.state,
            day=row.day,
            post_id=row.post_id,
            turns=turns.get(row.id, ()),
            part_counts=settings.value("part_of_day_counts", row.unit_id, day),
            today=today,
        )
        in_time = _in_time(row, calendar)
        published = row.state in PUBLIC and row.published_at is not None  # one from an old register never was here
        found[row.post_id].append(Sitting(row.id, day, result, published, in_time))
    return found


def _moments(wanted: Wanted) -> tuple[datetime, datetime]:
    return at_local(wanted.first, "00:00"), at_local(wanted.last + timedelta(days=1), "00:00")


def _turns(db: Db, wanted: Wanted, ids: Select[int]) -> dict[int, list[Sat]]:
    rows = db.execute(
        select(Record.occurrence_id, Turn.for_post_id, Turn.stands_in, Turn.starts_at, Turn.ends_at)
        .join(Record, Record.id == Turn.record_id)
        .join(Occurrence, Occurrence.id == Record.occurrence_id)
        .where(Turn.for_post_id.in_(ids), shown_day.between(wanted.first, wanted.last))
    )
    found: dict[int, list[Sat]] = defaultdict(list)
    for row in rows:
        found[row.occurrence_id].append(Sat(row.for_post_id, row.stands_in, row.starts_at, row.ends_at))
    return found


def _in_time(row: Any, calendar: Calendar) -> bool:
    """Whether the law's line was met: the notice hung at all three places (art. 24) by the last day for it.

    Measured on the day as it was first published; a sitting that needs no notice is in time once it is public.
    """
    day = row.published_day or row.day or row.planned_day
    moment = row.posted_at if KIND[row.kind].notice_days else row.published_at
    return moment is not None and local_date(moment) <= publish_by(day, row.kind, calendar)


def _valid_time(post: Post, wanted: Wanted) -> tuple[date, date]:
    begins = [day for day in (post.valid_from, post.unit.valid_from) if day is not None]
    ends = [day for day in (post.valid_to, post.unit.valid_to) if day is not None]
    return max([wanted.first, *begins]), min([wanted.last, *ends])
