"""The ledger: every deed in one line, written in the transaction of the deed itself."""

from datetime import datetime
from typing import Any

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
    if deed not in DEEDS:
        raise ValueError(f"deed {deed!r} is not in DEEDS")
    db.add(
        Entry(
            at=now,
            deed=deed,
            actor=by.name,
            account_id=by.account_id,
            via=by.via,
            unit_id=unit_id,
            subject=subject,
            facts=facts,
        )
    )
