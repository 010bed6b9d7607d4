"""A point of a unit's checklist that a person confirms, with the day and the document it rests on."""

from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import CheckedPoint, Unit
from scheduler.queries.access import require
from scheduler.rules.checklist import POINT
from scheduler.rules.permissions import Actor


def check_point(
    db: Db, unit: Unit, key: str, *, done_on: date, number: str, note: str = "", by: Actor, now: datetime
) -> CheckedPoint:
    """Tick a point; ticked anew it takes the new document, ticked alike it stays as it is.

    Raises BadInput for a point that is seen from the data, a day to come, or no document.
    """
    require(db, by, "administer", unit.id)
    if key not in POINT or not POINT[key].by_hand:
        raise BadInput("checklist.not-by-hand", "key")
    if done_on > local_date(now):
        raise BadInput("checklist.day-to-come", "done_on")
    number, note = " ".join(number.split()), " ".join(note.split())
    if not number:
        raise BadInput("checklist.number-missing", "number")
    db.execute(select(Unit.id).where(Unit.id == unit.id).with_for_update())
    query = select(CheckedPoint).where(CheckedPoint.unit_id == unit.id, CheckedPoint.key == key)
    row = db.scalars(query).one_or_none()
    if row is not None and (row.done_on, row.number, row.note) == (done_on, number, note):
        return row
    if row is None:
        row = CheckedPoint(unit_id=unit.id, key=key)
        db.add(row)
    row.done_on, row.number, row.note, row.by, row.at = done_on, number, note, by.name, now
    record(
        db, "unit.point-checked", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}",
        key=key, day=done_on.isoformat(), number=number, note=note,
    )  # fmt: skip
    return row
