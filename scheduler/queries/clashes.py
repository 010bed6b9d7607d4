"""Two sittings that want the same head or the same place at one time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceHost
from scheduler.queries.agenda import LONGEST
from scheduler.rules.workflow import BEFORE_PUBLIC

COUNTED = (*BEFORE_PUBLIC, "published", "held", "concluded", "closed")


@dataclass(frozen=True)
class Clash:
    """`other_id` wants the same `what` ("head" or "place") while `occurrence_id` sits."""

    occurrence_id: int
    other_id: int
    what: str


def clashes_of(db: Db, occurrence_ids: Iterable[int]) -> list[Clash]:
    """All clashes of these sittings with any other one that stands: three queries, however many there are."""
    mine = [span for span in _spans(db, Occurrence.id.in_(tuple(occurrence_ids))) if span.starts_at]
    if not mine:
        return []
    first = min(span.starts_at for span in mine) - LONGEST
    last = max(span.ends_at for span in mine)
    posts = {span.post_id for span in mine}
    places = {span.place_id for span in mine if span.place_id}
    near = OccurrenceHost.starts_at.between(first, last) & Occurrence.state.in_(COUNTED)
    heads = _spans(db, near & OccurrenceHost.post_id.in_(posts))
    rooms = _spans(db, near & Occurrence.place_id.in_(places)) if places else []
    found = [
        Clash(one.id, other.id, what)
        for what, others, shared in (("head", heads, "post_id"), ("place", rooms, "place_id"))
        for one in mine
        for other in others
        if one.id != other.id
        and getattr(one, shared) == getattr(other, shared)
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
    ]
    return list(dict.fromkeys(found))


def _spans(db: Db, condition: Any) -> list[Any]:
    """Rows of (id, post_id, place_id, starts_at, ends_at), one for each host of a sitting."""
    columns = (Occurrence.id, OccurrenceHost.post_id, Occurrence.place_id, Occurrence.starts_at, Occurrence.ends_at)
    query = select(*columns).join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id).where(condition)
    return list(db.execute(query))


def clashes_at(db: Db, post_ids: Iterable[int], starts_at: datetime, ends_at: datetime, *, but: int) -> list[int]:
    """Sittings of these posts that overlap the span, other than the one that is being moved."""
    overlapping = (
        select(Occurrence.id)
        .join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id)
        .where(
            OccurrenceHost.post_id.in_(tuple(post_ids)),
            OccurrenceHost.starts_at < ends_at,
            OccurrenceHost.starts_at > starts_at - LONGEST,
            Occurrence.ends_at > starts_at,
            Occurrence.state.in_(COUNTED),
            Occurrence.id != but,
        )
        .distinct()
    )
    return list(db.scalars(overlapping))
