"""Who is signed in, what an account may do, and whose account it is."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import NotAllowed, NotFound, RuleBroken
from scheduler.links import hash_secret
from scheduler.models import Account, OneTimeLink, Role, SignIn
from scheduler.models.base import plain
from scheduler.queries.access import grants_of, may, units_below
from scheduler.queries.delegations import delegated_grants, delegated_units
from scheduler.rules.permissions import Actor

IDLE = timedelta(minutes=30)
"""A sign-in nobody uses for this long has ended; twelve hours after it began it has ended in any case."""


def actor_of(db: Db, account: Account, *, via: str, now: datetime) -> Actor:
    """The account as the one who acts, with the rights it has today, those delegated to it for today included."""
    today = local_date(now)
    grants = grants_of(db, account.id, today) + delegated_grants(db, account.id, today)
    return Actor(account.name or account.email, via, account_id=account.id, grants=grants, language=account.language)


def account_of_secret(db: Db, secret: str, now: datetime, *, production: bool = False) -> Account | None:
    """The account signed in by this secret; None when the sign-in has ended, was idle, or the account is closed.

    In production an account of the demonstration is never signed in.
    """
    query = (
        select(SignIn)
        .where(SignIn.secret_hash == hash_secret(secret), SignIn.ended_at.is_(None))
        .where(SignIn.ends_at > now, SignIn.seen_at > now - IDLE)
        .options(joinedload(SignIn.account))
    )
    found = db.scalars(query).one_or_none()
    if found is None or not found.account.active or (production and found.account.demo):
        return None
    return found.account


def account_by_email(db: Db, email: str) -> Account | None:
    """The account with this address, in any spelling of its letters."""
    return db.scalars(select(Account).where(Account.email == email.strip().lower())).one_or_none()


def account_by_id(db: Db, account_id: int) -> Account:
    """The account with its roles and their units. Raises NotFound."""
    query = select(Account).where(Account.id == account_id).options(*WITH_ROLES)
    found = db.scalars(query).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def link_of_secret(db: Db, secret: str, now: datetime) -> OneTimeLink:
    """The unused one-time link. Raises NotFound for an unknown one, RuleBroken for one that is used or over."""
    found = db.scalars(select(OneTimeLink).where(OneTimeLink.secret_hash == hash_secret(secret))).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    if found.used_at is not None or found.ends_at <= now:
        raise RuleBroken("accounts.link-over")
    return found


def sign_ins_of(db: Db, account_id: int, now: datetime) -> list[SignIn]:
    """The account's sign-ins that still hold, the newest first."""
    query = (
        select(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .where(SignIn.ends_at > now, SignIn.seen_at > now - IDLE)
        .order_by(SignIn.id.desc())
    )
    return list(db.scalars(query))


def staff_of(db: Db, actor: Actor, *, asked: str = "", limit: int = 500) -> list[Account]:
    """The accounts with a role, now or before, in the units the actor administers; by name.

    With `asked` those whose name, e-mail or unit holds each of its words, written with or without marks.
    """
    query = select(Account).options(*WITH_ROLES).order_by(Account.active.desc(), Account.name, Account.id)
    if not actor.trusted:
        administered = units_below(actor.units_for("administer"))
        query = query.where(Account.id.in_(select(Role.account_id).where(Role.unit_id.in_(administered))))
    words = plain(asked).split()
    if not words:
        return list(db.scalars(query.limit(limit)))
    return [account for account in db.scalars(query) if all(word in _found_by(account) for word in words)][:limit]


def _found_by(account: Account) -> str:
    return plain(" ".join([account.name, account.email, *(role.unit.name for role in account.roles)]))


def require_over(db: Db, actor: Actor, account: Account, now: datetime) -> None:
    """Raise unless the actor administers every unit in which the account has a role today.

    Who could make a link for an account that may do more elsewhere would gain what it may do there.
    Raises NotFound where the actor administers none of them.
    """
    if actor.trusted:
        return
    today = local_date(now)
    roles = db.scalars(select(Role).where(Role.account_id == account.id)).all()
    if not any(may(db, actor, "administer", role.unit_id) for role in roles):
        raise NotFound("errors.not-found")
    held = {role.unit_id for role in roles if role.valid_to is None or role.valid_to >= today}
    held |= delegated_units(db, account.id, today)
    if not all(may(db, actor, "administer", unit_id) for unit_id in sorted(held)):
        raise NotAllowed("accounts.has-roles-elsewhere")


WITH_ROLES = (selectinload(Account.roles).joinedload(Role.unit),)
