"""What approvers have delegated: the rights it gives today, and who may be given some."""

from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import aliased, joinedload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Account, Delegation, Role, Unit, UnitAbove
from scheduler.queries.access import units_readable
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.permissions import DELEGATED_ROLE, Actor, Behalf, Grant

MOST_SHOWN = 200


def delegated_grants(db: Db, account_id: int, today: date) -> tuple[Grant, ...]:
    """The grants this account has today by delegation: none from who is no approver there any more."""
    giver = aliased(Account)
    query = (
        select(Delegation, giver.name, giver.email)
        .join(giver, giver.id == Delegation.from_account_id)
        .where(Delegation.to_account_id == account_id, giver.active, *_on(today))
        .where(Delegation.id.in_(_still_backed(today)))
        .order_by(Delegation.id)
    )
    return tuple(
        Grant(
            DELEGATED_ROLE,
            row.unit_id,
            acts=(*row.acts, "read"),
            behalf=Behalf(row.from_account_id, name or email, row.last_day),
        )
        for row, name, email in db.execute(query)
    )


def delegated_units(db: Db, account_id: int, today: date) -> set[int]:
    """The units in which the account acts for somebody today or will."""
    mine = (Delegation.to_account_id == account_id, Delegation.revoked_at.is_(None), Delegation.last_day >= today)
    return set(db.scalars(select(Delegation.unit_id).where(*mine)))


def find_delegation(db: Db, delegation_id: int) -> Delegation:
    """The delegation. Raises NotFound."""
    found = db.get(Delegation, delegation_id)
    if found is None:
        raise NotFound("errors.not-found")
    return found


def delegations_for(db: Db, actor: Actor) -> list[Delegation]:
    """Those the actor gave or was given, and those of the units it administers; the newest first."""
    mine = (Delegation.from_account_id == actor.account_id, Delegation.to_account_id == actor.account_id)
    query = (
        select(Delegation)
        .where(or_(*mine, Delegation.unit_id.in_(units_readable(actor, "administer"))))
        .options(joinedload(Delegation.from_account), joinedload(Delegation.to_account), joinedload(Delegation.unit))
        .order_by(Delegation.id.desc())
        .limit(MOST_SHOWN)
    )
    return list(db.scalars(query))


def is_approver_in(db: Db, account_id: int, unit_id: int, today: date) -> bool:
    """Whether the account approves in this unit today in its own right."""
    return any(role.account_id == account_id for role in _approvers(db, _roles_over(unit_id), today))


def approver_roles(db: Db, actor: Actor, today: date) -> list[Role]:
    """The approvers' roles of today that the actor may delegate: one's own, and those in the units it administers."""
    theirs = or_(Role.account_id == actor.account_id, Role.unit_id.in_(units_readable(actor, "administer")))
    return _approvers(db, select(Role).where(theirs), today)[:MOST_SHOWN]


def may_stand_in(db: Db, units: set[int], today: date) -> list[Account]:
    """Open accounts with a role today in these units, the units below them or the place they belong to; by name."""
    own = select(UnitAbove.unit_id).where(UnitAbove.above_id.in_(units))
    place = select(Unit.parent_id).where(Unit.id.in_(units), Unit.kind.in_(tuple(BODY_SUFFIXES)))
    query = (
        select(Account)
        .join(Role, Role.account_id == Account.id)
        .where(Account.active, or_(Role.unit_id.in_(own), Role.unit_id.in_(place)), *_valid(today))
        .distinct()
        .order_by(Account.name, Account.id)
        .limit(MOST_SHOWN)
    )
    return list(db.scalars(query))


def _approvers(db: Db, roles: Select[Role], today: date) -> list[Role]:
    query = (
        roles.join(Account, Account.id == Role.account_id)
        .where(Role.role == DELEGATED_ROLE, Account.active, *_valid(today))
        .options(joinedload(Role.account), joinedload(Role.unit))
        .order_by(Account.name, Role.id)
    )
    return list(db.scalars(query))


def _roles_over(unit_id: int) -> Select[Role]:
    return select(Role).where(Role.unit_id.in_(select(UnitAbove.above_id).where(UnitAbove.unit_id == unit_id)))


def _on(today: date) -> tuple[ColumnElement[bool], ...]:
    return (Delegation.revoked_at.is_(None), Delegation.first_day <= today, Delegation.last_day >= today)


def _valid(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(Role.valid_from.is_(None), Role.valid_from <= today),
        or_(Role.valid_to.is_(None), Role.valid_to >= today),
    )


def _still_backed(today: date) -> Select[int]:
    """Delegations whose giver is an approver of the unit, or of one above it, today."""
    return (
        select(Delegation.id)
        .join(UnitAbove, UnitAbove.unit_id == Delegation.unit_id)
        .join(Role, (Role.unit_id == UnitAbove.above_id) & (Role.account_id == Delegation.from_account_id))
        .where(Role.role == DELEGATED_ROLE, *_valid(today))
    )
