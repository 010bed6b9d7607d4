"""The unit a plan file is for: known by its code, or by its name if it is on no state list; made where missing."""

from datetime import datetime
from typing import Protocol

from sqlalchemy import select

from scheduler.actions.units import create_unit
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Unit
from scheduler.rules.names import shortened
from scheduler.rules.permissions import Actor

KINDS_BY_NAME = (
    ("UBND", "peoples_committee"),
    ("HĐND", "peoples_council"),
    ("Đảng ủy", "party_committee"),
    ("Tỉnh ủy", "party_committee"),
    ("Thành ủy", "party_committee"),
)
"""How the name of a body begins, and what kind of unit it then is."""


class UnitNamed(Protocol):
    """What a plan says of its unit: a code, or a name and a level; what is left out is blank."""

    @property
    def code(self) -> str:
        """A code of the state list, or of any other unit."""

    @property
    def name(self) -> str:
        """The unit's name."""

    @property
    def level(self) -> str:
        """A key of rules.kinds.LEVELS."""


def plan_unit(db: Db, named: UnitNamed, *, by: Actor, now: datetime) -> Unit:
    """The unit of a plan. Raises BadInput: an unknown code, a name of the state list, a name that several units have.

    Only the operator's import makes a unit; a member of staff must name one that is there.
    """
    if named.code:
        found = db.scalars(select(Unit).where(Unit.code == named.code)).one_or_none()
        if found is not None:
            return found
        if not named.name or not named.level or named.code[:1].isdigit():
            raise BadInput("schedules.unknown-unit-code", "unit", code=named.code)
    else:
        found = _by_name(db, named)
        if found is not None:
            return found
    if not by.trusted:
        raise BadInput("schedules.unknown-unit", "unit", name=named.name)
    kind = next((kind for word, kind in KINDS_BY_NAME if shortened(named.name).startswith(word)), "office")
    kind = "department" if named.level == "department" else kind
    return create_unit(db, named.name, level=named.level, kind=kind, code=named.code, by=by, now=now)


def _by_name(db: Db, named: UnitNamed) -> Unit | None:
    names = {named.name, shortened(named.name)}
    query = select(Unit).where(Unit.name.in_(names), Unit.valid_to.is_(None)).order_by(Unit.code)
    found = list(db.scalars(query))
    places = [unit for unit in found if unit.kind == "place"]
    if places:
        codes = ", ".join(unit.code for unit in places[:5])
        raise BadInput("schedules.place-needs-code", "unit", name=named.name, codes=codes)
    if len(found) > 1:
        codes = ", ".join(unit.code for unit in found[:5])
        raise BadInput("schedules.several-units", "unit", name=named.name, codes=codes)
    return found[0] if found else None
