"""Two sittings that want the same head or the same place at one time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceHost
from scheduler.rules.workflow import BEFORE_PUBLIC

LONGEST = timedelta(hours=24)
"""No sitting is longer, so an index range of starts is bounded on both sides."""

COUNTED = (*BEFORE_PUBLIC, "published", "held", "concluded", "closed")


@dataclass(frozen=True)
class Clash:
    """`other_id` wants the same `what` ("head" or "place") while `occurrence_id` sits."""

    occurrence_id: int
    other_id: int
    what: str


def clashes_of(db: Db, occurrence_ids: Iterable[int]) -> list[Clash]:
    """All clashes of these sittings with any other one that stands."""
    ids = tuple(occurrence_ids)
    mine, theirs = aliased(OccurrenceHost), aliased(OccurrenceHost)
    first, second = aliased(Occurrence), aliased(Occurrence)
    heads = (
        select(first.id, second.id)
        .join(mine, mine.occurrence_id == first.id)
        .join(
            theirs,
            (theirs.post_id == mine.post_id)
            & (theirs.starts_at < first.ends_at)
            & (theirs.starts_at > first.starts_at - LONGEST),
        )
        .join(second, second.id == theirs.occurrence_id)
        .where(first.id.in_(ids), second.id != first.id, second.ends_at > first.starts_at, second.state.in_(COUNTED))
    )
    places = (
        select(first.id, second.id)
        .join(
            second,
            (second.unit_id == first.unit_id) & (second.day == first.day) & (second.place_id == first.place_id),
        )
        .where(
            first.id.in_(ids),
            second.id != first.id,
            second.starts_at < first.ends_at,
            second.ends_at > first.starts_at,
            second.state.in_(COUNTED),
        )
    )
    found = [Clash(mine_id, other, "head") for mine_id, other in db.execute(heads).unique()]
    return found + [Clash(mine_id, other, "place") for mine_id, other in db.execute(places).unique()]


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
