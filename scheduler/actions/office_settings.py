"""Settings of offices: a value from a day on, with its source. What held before stays in the history."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import OfficeSetting, Unit
from scheduler.queries.access import require
from scheduler.queries.office_settings import office_value
from scheduler.rules.office_settings import OFFICE_KEY, checked_value, may_be_given
from scheduler.rules.permissions import Actor


def set_office_value(
    db: Db, unit: Unit, key: str, value: Any, *, since: date, source: str, by: Actor, now: datetime
) -> OfficeSetting:
    """Give a unit, and those below it that have none of their own, a value from a day on.

    A second value for the same day replaces the first; the same one again changes nothing. Raises BadInput for a value
    of another shape or without a source, RuleBroken for one that another level decides, NotAllowed, NotFound.
    """
    require(db, by, "administer", unit.id)
    if key in OFFICE_KEY and not may_be_given(key, unit.level):
        raise RuleBroken("office_settings.other-level")
    value, source = checked_value(key, value), " ".join(source.split())
    if not source:
        raise BadInput("office_settings.source-missing", "source")
    db.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())
    query = select(OfficeSetting).where(OfficeSetting.unit_id == unit.id, OfficeSetting.key == key)
    row = db.scalars(query.where(OfficeSetting.valid_from == since)).one_or_none()
    if row is not None and (row.value["value"], row.source) == (value, source):
        return row
    before = office_value(db, key, unit.id, since)
    if row is None:
        row = OfficeSetting(unit_id=unit.id, key=key, valid_from=since, value={}, source=source)
        db.add(row)
    row.value, row.source = {"value": value}, source
    record(
        db, "office.set", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}",
        key=key, before=before, value=value, day=since.isoformat(), source=source,
    )  # fmt: skip
    return row
