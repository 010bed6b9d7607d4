"""The ledger: every deed in one line, written in the transaction of the deed itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from scheduler.database import Db
from scheduler.errors import Stale
from scheduler.language.dates import moment_words
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
) -> int:
    """Note the deed; gives the number of its line. `subject` is "table:id".

    Facts are JSON values without personal data of residents. Raises ValueError for a deed that DEEDS does not know:
    nobody could read its line.
    """
    deed_of_all = _deed(deed, by, now)
    db.flush()
    line = deed_of_all | {"unit_id": unit_id, "subject": subject, "facts": facts | by.on_whose_behalf()}
    return db.execute(insert(Entry).values(line).returning(Entry.id)).scalar_one()


def record_each(
    db: Db, deed: str, of: Iterable[tuple[int | None, str]], *, by: Actor, now: datetime, **facts: Any
) -> None:
    """Note one deed done to many things, given as (unit, subject), in one statement. Raises ValueError as `record`."""
    deed_of_all = _deed(deed, by, now)
    facts |= by.on_whose_behalf()
    lines = [deed_of_all | {"unit_id": unit_id, "subject": subject, "facts": facts} for unit_id, subject in of]
    if lines:
        db.flush()
        db.execute(insert(Entry), lines)


def stale(db: Db, subject: str, *, language: str, otherwise: datetime) -> Stale:
    """The refusal of a form that was opened on an older version of the thing: who wrote it last, and when.

    `otherwise` is the moment told where the ledger has no line of it.
    """
    newest = select(Entry).where(Entry.subject == subject).order_by(Entry.id.desc()).limit(1)
    entry = db.scalars(newest).one_or_none()
    at = moment_words(language, entry.at if entry is not None else otherwise)
    return Stale("errors.stale", who=entry.actor if entry is not None else "", at=at)


def _deed(deed: str, by: Actor, now: datetime) -> dict[str, Any]:
    if deed not in DEEDS:
        raise ValueError(f"deed {deed!r} is not in DEEDS")
    return {"at": now, "deed": deed, "actor": by.name, "account_id": by.account_id, "via": by.via}
