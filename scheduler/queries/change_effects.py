"""What a change of a sitting would do to the days that the law asks of its heads, before it is made."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

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
    if not KIND[occurrence.kind].counts_for_duty:
        return []
    months = sorted({one.replace(day=1) for one in (occurrence.day, day) if one is not None})
    found = []
    for host in occurrence.hosts:
        for first in months:
            last = first.replace(day=monthrange(first.year, first.month)[1])
            required = sum(span.required for span in spans_between(host.post.duty, first, last))
            if required:
                entered = day is not None and first <= day <= last
                left = _other_days(db, occurrence, host.post_id, (first, last)) + entered
                found.append(MonthLeft(host.post, first, left, required))
    return found


def _other_days(db: Db, occurrence: Occurrence, post_id: int, month: tuple[date, date]) -> int:
    query = (
        select(func.count(Occurrence.day.distinct()))
        .join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id)
        .where(
            OccurrenceHost.post_id == post_id,
            Occurrence.id != occurrence.id,
            Occurrence.kind.in_(COUNTING),
            Occurrence.state.in_(STILL_HELD),
            Occurrence.chair_stands_in.is_(False),
            Occurrence.day.between(*month),
        )
    )
    return db.scalar(query) or 0
