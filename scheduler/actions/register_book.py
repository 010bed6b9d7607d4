"""Taking the reception register out leaves a line: who, when, which days and why; never its content."""

from datetime import date, datetime

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Unit
from scheduler.queries.access import require
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
