"""Reception places of units: opened and closed."""

from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Place, Unit
from scheduler.models.base import clean
from scheduler.queries.access import require
from scheduler.rules.permissions import Actor

LONGEST_NAME = 200


def create_place(
    db: Db,
    unit: Unit,
    name: str,
    *,
    address: str = "",
    directions: str = "",
    phone: str = "",
    by: Actor,
    now: datetime,
) -> Place:
    """A reception place of a unit. Raises BadInput for a name that is there already."""
    require(db, by, "administer", unit.id)
    name = checked_name(name)
    rows = list(db.scalars(select(Place).where(Place.unit_id == unit.id)))
    if any(row.name == name and row.closed_on is None for row in rows):
        raise BadInput("units.place-there-already", place="name", name=name)
    place = Place(
        unit=unit, name=name, address=address, directions=directions, phone=phone, position=len(rows), closed_on=None
    )
    db.add(place)
    db.flush()
    record(db, "place.created", by=by, now=now, unit_id=unit.id, subject=f"place:{place.id}", name=name)
    return place


def close_place(db: Db, place: Place, day: date, *, by: Actor, now: datetime) -> None:
    """Nobody is received there from this day on; what was held there keeps it."""
    require(db, by, "administer", place.unit_id)
    place.closed_on = day
    record(
        db,
        "place.closed",
        by=by,
        now=now,
        unit_id=place.unit_id,
        subject=f"place:{place.id}",
        name=place.name,
        day=day.isoformat(),
    )


def checked_name(name: str) -> str:
    """A name with single blanks. Raises BadInput for an empty or endless one."""
    name = " ".join(clean(name).split())
    if not name:
        raise BadInput("units.name-missing", place="name")
    if len(name) > LONGEST_NAME:
        raise BadInput("units.name-too-long", place="name", most=LONGEST_NAME)
    return name
