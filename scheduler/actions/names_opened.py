"""Opening sealed names leaves a line in the ledger: whose, who and when; never what was read."""

from datetime import datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.models import Unit
from scheduler.queries.names_opened import opened_today
from scheduler.rules.permissions import Actor


def note_names_opened(db: Db, deed: str, subject: str, *, unit_id: int, by: Actor, now: datetime) -> None:
    """Note it once for each account, subject and day; the unit's row is held, so that two pages at once leave one."""
    db.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())
    if not opened_today(db, deed, subject, account_id=by.account_id, now=now):
        record(db, deed, by=by, now=now, unit_id=unit_id, subject=subject)
