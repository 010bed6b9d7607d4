"""What a change of a sitting would do to the days that the law asks of its heads, before it is made."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceHost, Post
from scheduler.rules.duties import spans_between
from scheduler.rules.kinds import KIND, KINDS
from scheduler.rules.workflow import TAKEN_PLACE

COUNTING = tuple(kind.key for kind in KINDS if kind.counts_for_duty)
STILL_HELD = ("published", *TAKEN_PLACE)


@dataclass(frozen=True)
class MonthLeft:
    """A head's month after the change: `left` days in person, `required` by law."""

    post: Post
    first: date
    left: int
    required: int


def months_after(db: Db, occurrence: Occurrence, day: date | None) -> list[MonthLeft]:
    """The months which the sitting leaves or enters, for each of its heads with a duty.

    `day` is the day on which the head would receive in person after the change, None where he no longer does.
    """
    return months_after_all(db, [(occurrence, day)])


def months_after_all(db: Db, changes: Sequence[tuple[Occurrence, date | None]]) -> list[MonthLeft]:
    """The same for sittings that change together: (sitting, the day on which its head would receive in person)."""
    counted = [(one, day) for one, day in changes if KIND[one.kind].counts_for_duty]
    ids = [one.id for one, _ in counted]
    days_of: dict[Post, list[tuple[date | None, date | None]]] = {}
    for one, day in counted:
        for host in one.hosts:
            days_of.setdefault(host.post, []).append((one.day, day))
    found = []
    for post, days in days_of.items():
        months = sorted({day.replace(day=1) for pair in days for day in pair if day is not None})
        for first in months:
            last = first.replace(day=monthrange(first.year, first.month)[1])
            required = sum(span.required for span in spans_between(post.duty, first, last))
            if required:
                entered = {day for _, day in days if day is not None and first <= day <= last}
                left = len(_other_days(db, ids, post.id, (first, last)) | entered)
                found.append(MonthLeft(post, first, left, required))
    return found


def _other_days(db: Db, ids: Sequence[int], post_id: int, month: tuple[date, date]) -> set[date]:
    """The days of the month on which the head receives in person at sittings other than these."""
    query = (
        select(Occurrence.day)
        .join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id)
        .where(
            OccurrenceHost.post_id == post_id,
            Occurrence.id.not_in(ids),
            Occurrence.kind.in_(COUNTING),
            Occurrence.state.in_(STILL_HELD),
            Occurrence.chair_stands_in.is_(False),
            Occurrence.day.between(*month),
        )
    )
    return {day for day in db.scalars(query) if day is not None}
