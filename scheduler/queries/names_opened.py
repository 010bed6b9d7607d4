"""Whether somebody opened sealed names before, as the ledger knows it."""

from datetime import datetime

from sqlalchemy import select

from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.models import Entry


def opened_today(db: Db, deed: str, subject: str, *, account_id: int | None, now: datetime) -> bool:
    """Whether the ledger knows already that this account opened the names of this subject on this day."""
    query = select(Entry.id).where(
        Entry.subject == subject,
        Entry.deed == deed,
        Entry.account_id == account_id,
        Entry.at >= at_local(local_date(now), "00:00"),
    )
    return db.execute(query.limit(1)).first() is not None
