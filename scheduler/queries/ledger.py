"""The ledger as pages read it: a unit's newest deeds, or the whole story of one thing."""

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import Entry
from scheduler.queries.access import units_readable
from scheduler.rules.permissions import Actor

PAGE = 100


def newest_entries(db: Db, actor: Actor, *, before: int | None = None) -> list[Entry]:
    """The newest deeds in the units the actor reads, below the entry `before`."""
    query = select(Entry).where(Entry.unit_id.in_(units_readable(actor))).order_by(Entry.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Entry.id < before)
    return list(db.scalars(query))


def story_of(db: Db, subject: str) -> list[Entry]:
    """Everything that was done to one thing ("occurrence:17"), oldest first."""
    return list(db.scalars(select(Entry).where(Entry.subject == subject).order_by(Entry.id).limit(500)))
