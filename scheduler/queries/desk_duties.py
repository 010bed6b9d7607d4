"""Heads who will miss what the law asks of them: this week or month, and the months of this year still to come.

A constant number of queries for all posts together, by the same tally as the reports.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, extract, func, select

from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceHost, Post
from scheduler.queries.access import units_readable
from scheduler.queries.agenda import shown_day
from scheduler.queries.desk import Today
from scheduler.queries.duties import COUNTING_KINDS, PostDays, Wanted, days_of_posts, posts_wanted
from scheduler.rules.duties import Span, spans_between
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import BEFORE_PUBLIC

AT_THE_EDGE = {"month": 10, "week": 2}
"""From so many days before its end on, a week or month that is not met yet is told even if sittings are still left."""
STILL = (*BEFORE_PUBLIC, "published")


@dataclass(frozen=True)
class Lacking:
    """A week or month that a head will miss, or may: how many days are held, asked, and still to come."""

    first: date
    last: date
    per: str
    required: int
    so_far: int
    left: tuple[date, ...]

    @property
    def lost(self) -> bool:
        """Whether it will be missed even if all that is left is held."""
        return self.so_far + len(self.left) < self.required


@dataclass(frozen=True)
class ShortPost:
    """A post with the present week or month where it lacks, and the later months with too few sittings planned."""

    post: Post
    now: Lacking | None
    later: tuple[Lacking, ...]

    @property
    def lost(self) -> bool:
        """Whether the present week or month will be missed."""
        return self.now is not None and self.now.lost


def short_posts(db: Db, actor: Actor, today: Today) -> list[ShortPost]:
    """The posts of the reader's units: who will miss the present time, then who may, then who will a later one.

    A unit that plans nothing here this year is not judged: it keeps its calendar elsewhere.
    """
    day, ends = today.day, _end_of_month(today.day)
    monday = day - timedelta(days=day.weekday())
    last = max(ends, monday + timedelta(days=6))
    wanted = Wanted(min(day.replace(day=1), monday), last, readable=actor.units_for("read"))
    found = days_of_posts(db, wanted, today=day)
    if not found:
        return []
    stood_in = _stood_in(db, actor, day, last)
    planned = _planned(db, wanted, ends)
    busy = {one.post.unit_id for one in found if one.tally.pieces["planned"] or planned[one.post.id]}
    short = [
        ShortPost(one.post, _now(one, day, stood_in), tuple(_later(one.post, planned[one.post.id], ends)))
        for one in found
        if one.post.unit_id in busy
    ]
    return sorted((one for one in short if one.now or one.later), key=lambda one: 0 if one.lost else 2 - bool(one.now))


def _end_of_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _now(found: PostDays, day: date, stood_in: frozenset[int]) -> Lacking | None:
    for span in found.spans:
        if span.whole and span.first <= day <= span.last:
            return _lacking(found, span, day, stood_in)
    return None


def _lacking(found: PostDays, span: Span, day: date, stood_in: frozenset[int]) -> Lacking | None:
    pieces = found.tally.pieces
    held = sum(piece.n for piece in pieces["so_far"] if (piece.first, piece.last) == (span.first, span.last))
    # What nobody recorded yet may have been held; it stands in another line of the desk.
    open_days = {piece.first for piece in pieces["unrecorded"] if span.first <= piece.first <= span.last}
    left = tuple(
        sorted(
            piece.first
            for column in ("to_come", "unpublished")
            for piece in pieces[column]
            if day <= piece.first <= span.last and not stood_in.issuperset(piece.sittings)
        )
    )
    so_far = min(held + len(open_days), span.required)
    near = (span.last - day).days <= AT_THE_EDGE[span.duty.per]
    if so_far >= span.required or (so_far + len(left) >= span.required and not near):
        return None
    return Lacking(span.first, span.last, span.duty.per, span.required, so_far, left)


def _later(post: Post, planned: dict[int, int], after: date) -> Iterable[Lacking]:
    """The whole months of this year after `after` for which fewer days are planned than the law asks."""
    for span in spans_between(post.duty, *_valid_after(post, after)):
        n = planned.get(span.first.month, 0)
        if span.whole and span.duty.per == "month" and n < span.required:
            yield Lacking(span.first, span.last, "month", span.required, n, ())


def _valid_after(post: Post, after: date) -> tuple[date, date]:
    begins = [day for day in (post.valid_from, post.unit.valid_from) if day is not None]
    ends = [day for day in (post.valid_to, post.unit.valid_to) if day is not None]
    return max([after + timedelta(days=1), *begins]), min([date(after.year, 12, 31), *ends])


def _stood_in(db: Db, actor: Actor, first: date, last: date) -> frozenset[int]:
    """The sittings to come at which another sits in the head's place."""
    query = select(Occurrence.id).where(
        Occurrence.unit_id.in_(units_readable(actor)),
        shown_day.between(first, last),
        Occurrence.state.in_(STILL),
        Occurrence.chair_stands_in,
    )
    return frozenset(db.scalars(query))


def _planned(db: Db, wanted: Wanted, after: date) -> dict[int, dict[int, int]]:
    """How many days each post has planned in each later month of this year."""
    month = extract("month", Occurrence.day)
    ids = posts_wanted(wanted).with_only_columns(Post.id)
    rows = db.execute(
        select(OccurrenceHost.post_id, month, func.count(func.distinct(Occurrence.day)))
        .join(Occurrence, Occurrence.id == OccurrenceHost.occurrence_id)
        .where(OccurrenceHost.post_id.in_(ids), *_will_be_held(after))
        .group_by(OccurrenceHost.post_id, month)
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for post_id, number, n in rows:
        found[post_id][int(number)] = n
    return found


def _will_be_held(after: date) -> tuple[ColumnElement[bool], ...]:
    """Dated sittings of the rest of the year; the hosts' own index finds them by their beginning."""
    first, end = after + timedelta(days=1), date(after.year + 1, 1, 1)
    return (
        OccurrenceHost.starts_at >= at_local(first, "00:00"),
        OccurrenceHost.starts_at < at_local(end, "00:00"),
        Occurrence.kind.in_(COUNTING_KINDS),
        Occurrence.state.in_(STILL),
        ~Occurrence.chair_stands_in,
        Occurrence.day >= first,
        Occurrence.day < end,
    )
