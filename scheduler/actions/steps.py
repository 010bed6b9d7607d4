"""The same step of many sittings: written in one go, and told to the ledger line by line."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from scheduler.actions.ledger import record_each
from scheduler.database import Db
from scheduler.models import Occurrence
from scheduler.queries.access import acting
from scheduler.rules.permissions import Actor


def step_all(
    db: Db,
    occurrences: list[Occurrence],
    values: dict[str, Any],
    *,
    each: Callable[[Occurrence], dict[str, Any]] | None = None,
) -> None:
    """Write the same step of many sittings in one go; `each` adds what differs from one to the next.

    Raises StaleDataError, as a single row would, where one of them changed since it was read: then none is written.
    """
    table: Any = Occurrence.__table__
    if not occurrences:
        return
    rows = [
        values | (each(one) if each else {}) | {"_id": one.id, "_seen": one.version, "version": one.version + 1}
        for one in occurrences
    ]
    db.flush()
    seen = (table.c.id == bindparam("_id"), table.c.version == bindparam("_seen"))
    columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if not name.startswith("_")}
    written = db.connection().execute(update(table).where(*seen).values(columns), rows)
    if written.rowcount != len(rows):
        raise StaleDataError("a sitting changed since it was read")
    for one, row in zip(occurrences, rows, strict=True):
        for name in columns:
            set_committed_value(one, name, row[name])


def record_steps(
    db: Db, moved: list[Occurrence], deed: str, *, act: str, by: Actor, now: datetime, **facts: Any
) -> None:
    """One line a sitting. In some units the actor may do the act himself, in others on behalf of who delegated it."""
    doing = {unit_id: acting(db, by, act, unit_id) for unit_id in {one.unit_id for one in moved}}
    told: dict[Actor, list[tuple[int | None, str]]] = {}
    for one in moved:
        told.setdefault(doing[one.unit_id], []).append((one.unit_id, f"occurrence:{one.id}"))
    for actor, subjects in told.items():
        record_each(db, deed, subjects, by=actor, now=now, **facts)
