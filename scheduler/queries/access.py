"""Rights of an actor in a unit: a grant holds in its unit and in all units below."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import Select, select

from scheduler.database import Db
from scheduler.errors import NotAllowed, NotFound
from scheduler.models import Role, Unit, UnitAbove
from scheduler.rules.permissions import Actor, Grant


def grants_of(db: Db, account_id: int, today: date) -> tuple[Grant, ...]:
    """The account's grants that are valid today."""
    rows = db.execute(select(Role).where(Role.account_id == account_id).order_by(Role.id)).scalars()
    return tuple(Grant(role.role, role.unit_id) for role in rows if holds(role, today))


def holds(role: Role, today: date) -> bool:
    """Whether the role is valid on that day."""
    return (role.valid_from is None or role.valid_from <= today) and (role.valid_to is None or role.valid_to >= today)


def may(db: Db, actor: Actor, act: str, unit_id: int) -> bool:
    """Whether the actor may do the act in this unit."""
    if actor.trusted:
        return True
    units = actor.units_for(act)
    if not units:
        return False
    found = select(UnitAbove.unit_id).where(UnitAbove.unit_id == unit_id, UnitAbove.above_id.in_(units))
    return db.execute(found.limit(1)).first() is not None


def acting(db: Db, actor: Actor, act: str, unit_id: int) -> Actor:
    """The actor as it does the act in this unit: in its own right where it has it, else on behalf of who delegated."""
    if actor.trusted or all(grant.behalf is None for grant in actor.grants):
        return actor
    own = tuple(grant for grant in actor.grants if grant.behalf is None)
    if may(db, replace(actor, grants=own), act, unit_id):
        return actor
    lent = [grant for grant in actor.grants if grant.behalf is not None and grant.allows(act)]
    found = next((grant for grant in lent if may(db, replace(actor, grants=(grant,)), act, unit_id)), None)
    return replace(actor, behalf=found.behalf) if found is not None else actor


def require(db: Db, actor: Actor, act: str, unit_id: int) -> None:
    """Raise unless the actor may. Who may not even read there is told that it does not exist (NotFound)."""
    if may(db, actor, act, unit_id):
        return
    if may(db, actor, "read", unit_id) or may(db, actor, "read_tasks", unit_id):
        raise NotAllowed("errors.not-allowed")
    raise NotFound("errors.not-found")


def require_administrator(db: Db, actor: Actor) -> None:
    """Raise NotAllowed unless the actor administers a unit that stands below no other, or is the operator.

    For what holds for the whole installation: the working-day calendar.
    """
    if actor.trusted:
        return
    units = actor.units_for("administer")
    highest = select(Unit.id).where(Unit.id.in_(units), Unit.parent_id.is_(None)).limit(1)
    if not units or db.execute(highest).first() is None:
        raise NotAllowed("errors.not-allowed")


def units_below(units: Iterable[int]) -> Select[int]:
    """A subquery of these units and all below them, for `column.in_(…)`."""
    return select(UnitAbove.unit_id).where(UnitAbove.above_id.in_(tuple(units)))


def units_readable(actor: Actor, act: str = "read") -> Select[int]:
    """A subquery of the units in which the actor may do the act."""
    return units_below(actor.units_for(act))
