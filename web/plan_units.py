"""The units a form of the plan can offer: those the reader may plan for, with the bodies of each."""

from scheduler.database import Db
from scheduler.models import Unit
from scheduler.queries.units import bodies_of, units_open_to
from scheduler.rules.permissions import Actor

FEW = 20
"""Places whose bodies a form still offers by name."""


def plan_units(db: Db, actor: Actor) -> list[Unit]:
    """The units the reader may plan for, the bodies of a place before the place."""
    return [one for unit in units_open_to(db, actor, "plan", FEW) for one in (*bodies_of(db, unit), unit)]


def likely_unit(db: Db, actor: Actor) -> str:
    """The code of the unit most plans are for: a committee, otherwise the first one; blank without any."""
    offered = plan_units(db, actor)
    return next((one.code for one in offered if one.kind == "peoples_committee"), offered[0].code if offered else "")
