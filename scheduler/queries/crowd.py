"""Who is told of a group at the door: the office whose sitting it is, and the police of its place."""

from dataclasses import replace
from datetime import date

from sqlalchemy import or_, select

from scheduler.database import Db
from scheduler.models import CrowdNotice, Occurrence, Unit
from scheduler.queries.audience import Listener, secretariat_of
from scheduler.queries.units import place_of
from scheduler.rules.permissions import Actor

POLICE = "Công an"
OFFICE_ROLES = ("secretariat", "approver")
"""The secretariat, and who heads the office."""
MOST_POLICE = 5


def listeners_of_crowd(db: Db, occurrence: Occurrence, *, by: Actor, today: date) -> list[Listener]:
    """The office's secretariat and head, each address once and not whoever tells them, then the police of the place."""
    office = {
        one.email.lower(): one
        for role in OFFICE_ROLES
        for one in secretariat_of(db, occurrence.unit_id, (role,), today=today)
        if one.name != by.name
    }
    return [*office.values(), *police_of(db, occurrence.unit, today)]


def police_of(db: Db, unit: Unit, today: date) -> list[Listener]:
    """The police of the unit's place: what is named so directly below it, or below one of its bodies."""
    place = place_of(unit)
    bodies = select(Unit.id).where(Unit.parent_id == place.id, Unit.kind != "place")
    query = select(Unit).where(
        or_(Unit.parent_id == place.id, Unit.parent_id.in_(bodies)),
        Unit.name.startswith(POLICE, autoescape=True),
        or_(Unit.valid_from.is_(None), Unit.valid_from <= today),
        or_(Unit.valid_to.is_(None), Unit.valid_to >= today),
    )
    found = db.scalars(query.order_by(Unit.id).limit(MOST_POLICE))
    return [Listener("police", one.name, one.email, one.phone) for one in found]


def police_phone(db: Db, unit_id: int) -> str:
    """The telephone of the police that was typed last at this unit, blank where none was."""
    query = (
        select(CrowdNotice.phone)
        .join(Occurrence, Occurrence.id == CrowdNotice.occurrence_id)
        .where(Occurrence.unit_id == unit_id, CrowdNotice.role == "police", CrowdNotice.phone != "")
        .order_by(CrowdNotice.id.desc())
    )
    return db.scalar(query.limit(1)) or ""


def with_phone(told: list[Listener], name: str, phone: str) -> list[Listener]:
    """The same with the police by a typed number: where none is known, or none that can be reached."""
    if not phone:
        return told
    if not any(one.role == "police" for one in told):
        return [*told, Listener("police", name, "", phone)]
    return [replace(one, phone=phone) if one.role == "police" else one for one in told]
