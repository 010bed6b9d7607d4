"""What a sitting's page asks besides the sitting: the address a short code stands for, and what comes after it."""

from datetime import datetime

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceHost
from scheduler.rules.workflow import PUBLIC

LOOKED_AT = 12
"""How many later sittings of the same heads are looked at for one that can still be registered for."""


def public_slug(db: Db, occurrence_id: int) -> str:
    """The address of the sitting with this number; blank where there is none that everybody may see."""
    query = select(Occurrence.slug).where(Occurrence.id == occurrence_id, Occurrence.state.in_(PUBLIC))
    return db.scalars(query).one_or_none() or ""


def sittings_after(db: Db, occurrence: Occurrence, moment: datetime) -> list[Occurrence]:
    """The next sittings of its heads that begin after it and after `moment`, at most LOOKED_AT, by their beginning.

    They come bare: their own fields, without unit, hosts or changes.
    """
    heads = [host.post_id for host in occurrence.hosts]
    later = max(moment, occurrence.starts_at or moment)
    query = (
        select(Occurrence)
        .join(OccurrenceHost, OccurrenceHost.occurrence_id == Occurrence.id)
        .where(OccurrenceHost.post_id.in_(heads), OccurrenceHost.starts_at > later, Occurrence.state == "published")
        .order_by(OccurrenceHost.starts_at, OccurrenceHost.occurrence_id)
        .limit(LOOKED_AT)
    )
    return [row for row in dict.fromkeys(db.scalars(query)) if row.id != occurrence.id]
