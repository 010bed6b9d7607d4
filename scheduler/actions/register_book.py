"""Reading the reception register or taking it out leaves a line: who, when, which days and why; never its content."""

from datetime import date, datetime

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Unit
from scheduler.queries.access import require
from scheduler.queries.register_book import book_opened
from scheduler.rules.permissions import Actor


def note_taken(
    db: Db, unit: Unit, *, shape: str, reason: str, first: date, last: date, n: int, by: Actor, now: datetime
) -> None:
    """Note that the register of these days was taken out. Raises NotFound, NotAllowed, BadInput without a reason."""
    require(db, by, "receive", unit.id)
    if not reason.strip():
        raise BadInput("register_book.reason-missing", "reason")
    record(
        db, "register-book.taken", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}",
        shape=shape, reason=reason.strip(), first=first.isoformat(), last=last.isoformat(), n=n,
    )  # fmt: skip


def note_opened(db: Db, unit_id: int, *, by: Actor, now: datetime) -> None:
    """Note that somebody opened the names of a unit's register, once for each account, unit and day."""
    if not book_opened(db, unit_id, by.account_id, now=now):
        record(db, "register-book.opened", by=by, now=now, unit_id=unit_id, subject=f"unit:{unit_id}")
