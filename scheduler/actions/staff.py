"""Accounts of staff and their roles in units: given, ended, closed and opened again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from scheduler.actions.addresses import checked_address
from scheduler.actions.ledger import record
from scheduler.actions.places import checked_name
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound, RuleBroken
from scheduler.language import LANGUAGES
from scheduler.models import Account, FeedToken, OneTimeLink, Post, Role, SignIn, Unit
from scheduler.queries.access import require
from scheduler.queries.accounts import account_by_email, require_over
from scheduler.queries.units import is_below
from scheduler.rules.permissions import ROLES, Actor


@dataclass(frozen=True)
class Added:
    """What adding a member of staff did: a new account, a new role, or neither because both were there."""

    account: Account
    new_account: bool
    new_role: bool


def add_staff(
    db: Db,
    email: str,
    *,
    role: str,
    unit: Unit,
    post: Post | None = None,
    name: str = "",
    language: str = "vi",
    demo: bool = False,
    by: Actor,
    now: datetime,
) -> Added:
    """Give a person a role in a unit and all below it, with an account where there is none yet.

    `post` is the post a leader holds; it must belong to the unit or one below. Raises BadInput, NotAllowed,
    NotFound, RuleBroken.
    """
    require(db, by, "administer", unit.id)
    email = checked_address(email)
    _check_role(db, role, unit, post)
    account = account_by_email(db, email)
    new_account = account is None
    if account is None:
        account = _new_account(db, email, name, language, demo=demo, by=by, now=now)
    if account.id == by.account_id:
        raise RuleBroken("accounts.not-to-oneself")
    if not account.active:
        raise RuleBroken("accounts.closed", email=email)
    new_role = _give_role(db, account, role, unit, post=post, now=now)
    if new_role:
        record(
            db,
            "account.role-given",
            by=by,
            now=now,
            unit_id=unit.id,
            subject=f"account:{account.id}",
            email=email,
            role=role,
            unit=unit.name,
        )
    return Added(account, new_account, new_role)


def end_role(db: Db, role_id: int, *, by: Actor, now: datetime) -> Role:
    """Take a role back; it ends with yesterday, so the next request is refused. Raises NotFound, RuleBroken."""
    role = db.get(Role, role_id)
    if role is None:
        raise NotFound("errors.not-found")
    require(db, by, "administer", role.unit_id)
    if role.account_id == by.account_id:
        raise RuleBroken("accounts.not-to-oneself")
    role.valid_to = local_date(now) - timedelta(days=1)
    record(
        db,
        "account.role-ended",
        by=by,
        now=now,
        unit_id=role.unit_id,
        subject=f"account:{role.account_id}",
        email=role.account.email,
        role=role.role,
        unit=role.unit.name,
    )
    return role


def close_account(db: Db, account: Account, *, by: Actor, now: datetime) -> None:
    """Close an account: sign-ins, links and private calendar addresses end at once. Raises NotAllowed, RuleBroken."""
    require_over(db, by, account, now)
    if account.id == by.account_id:
        raise RuleBroken("accounts.not-to-oneself")
    account.active = False
    for model, values in (
        (SignIn, {"ended_at": now}),
        (OneTimeLink, {"used_at": now}),
        (FeedToken, {"revoked_at": now}),
    ):
        column = next(iter(values))
        db.execute(
            update(model)
            .where(model.account_id == account.id, getattr(model, column).is_(None))
            .values(values)
            .execution_options(synchronize_session=False)
        )
    record(db, "account.closed", by=by, now=now, subject=f"account:{account.id}", email=account.email)


def reopen_account(db: Db, account: Account, *, by: Actor, now: datetime) -> None:
    """Open a closed account again; it needs a new link or its old password."""
    require_over(db, by, account, now)
    account.active = True
    record(db, "account.reopened", by=by, now=now, subject=f"account:{account.id}", email=account.email)


def edit_account(db: Db, account: Account, *, name: str, language: str, by: Actor, now: datetime) -> None:
    """Name and language of an account, by its owner or who administers it. Raises BadInput, NotAllowed."""
    if account.id != by.account_id:
        require_over(db, by, account, now)
    if language not in LANGUAGES:
        raise BadInput("accounts.unknown-language", place="language")
    account.name, account.language = checked_name(name), language
    record(db, "account.edited", by=by, now=now, subject=f"account:{account.id}", name=account.name)


def _check_role(db: Db, role: str, unit: Unit, post: Post | None) -> None:
    if role not in ROLES:
        raise BadInput("accounts.unknown-role", place="role", role=role, roles=", ".join(ROLES))
    if post is not None and not is_below(db, post.unit_id, unit.id):
        raise BadInput("accounts.post-of-another-unit", place="post", post=post.code, unit=unit.name)


def _new_account(db: Db, email: str, name: str, language: str, *, demo: bool, by: Actor, now: datetime) -> Account:
    account = Account(
        email=email,
        name=checked_name(name or email.partition("@")[0]),
        password=None,
        language=language,
        active=True,
        demo=demo,
        created_at=now,
        roles=[],
    )
    db.add(account)
    db.flush()
    record(db, "account.added", by=by, now=now, subject=f"account:{account.id}", email=email)
    return account


def _give_role(db: Db, account: Account, role: str, unit: Unit, *, post: Post | None, now: datetime) -> bool:
    """Whether anything is new. A role that has ended begins again today; an open one only learns its post."""
    query = select(Role).where(Role.account_id == account.id, Role.unit_id == unit.id, Role.role == role)
    held = db.scalars(query).one_or_none()
    today = local_date(now)
    if held is None:
        account.roles.append(
            Role(unit=unit, role=role, post_id=post.id if post else None, valid_from=today, valid_to=None)
        )
        db.flush()
        return True
    if held.valid_to is not None:
        held.valid_from, held.valid_to = today, None
        held.post_id = post.id if post else None
        return True
    if post is not None and held.post_id != post.id:
        held.post_id = post.id
        return True
    return False
