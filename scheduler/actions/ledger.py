"""The ledger: every deed in one line, written in the transaction of the deed itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from scheduler.database import Db
from scheduler.models import Entry
from scheduler.rules.deeds import DEEDS
from scheduler.rules.permissions import Actor


def record(
    db: Db,
    deed: str,
    *,
    by: Actor,
    now: datetime,
    unit_id: int | None = None,
    subject: str = "",
    **facts: Any,
) -> None:
    """Note the deed. `subject` is "table:id"; facts are JSON values without personal data of residents.

    Raises ValueError for a deed that DEEDS does not know: nobody could read its line.
    """
    record_each(db, deed, [(unit_id, subject)], by=by, now=now, **facts)


def record_each(
    db: Db, deed: str, of: Iterable[tuple[int | None, str]], *, by: Actor, now: datetime, **facts: Any
) -> None:
    """Note one deed done to many things, given as (unit, subject), in one statement. Raises ValueError as `record`."""
    if deed not in DEEDS:
        raise ValueError(f"deed {deed!r} is not in DEEDS")
    deed_of_all = {"at": now, "deed": deed, "actor": by.name, "account_id": by.account_id, "via": by.via}
    lines = [deed_of_all | {"unit_id": unit_id, "subject": subject, "facts": facts} for unit_id, subject in of]
    if lines:
        db.flush()
        db.execute(insert(Entry), lines)
