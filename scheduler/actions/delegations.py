"""Ủy quyền: an approver, or an administrator for one who is away, lends approving to another for some days.

Nobody lends on what was lent, and nobody approves by it what he or the approver drafted (actions.occurrences).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, RuleBroken
from scheduler.models import Account, Delegation
from scheduler.queries.access import may, require
from scheduler.queries.delegations import find_delegation, is_approver_in, may_stand_in
from scheduler.rules.permissions import DELEGABLE, Actor

LONGEST = timedelta(days=366)
"""A delegation is dated; who is away for longer is replaced by giving the role itself."""


@dataclass(frozen=True)
class Lent:
    """What is lent: from whom to whom, in which unit, which acts, from which day to which, and why."""

    from_account_id: int
    to_account_id: int
    unit_id: int
    acts: tuple[str, ...]
    first_day: date
    last_day: date
    reason: str


def delegate(db: Db, lent: Lent, *, by: Actor, now: datetime) -> Delegation:
    """Lend it; the same asked twice is one delegation.

    Raises BadInput at the field that cannot be, RuleBroken where the giver is no approver there in his own right,
    NotAllowed for anybody but the giver and an administrator of the unit.
    """
    today = local_date(now)
    require(db, by, "delegate", lent.unit_id)
    if by.account_id != lent.from_account_id and not may(db, by, "administer", lent.unit_id):
        raise NotAllowed("errors.not-allowed")
    if not is_approver_in(db, lent.from_account_id, lent.unit_id, today):
        raise RuleBroken("delegations.not-approver")
    _check_receiver(db, lent, by, today)
    _check_span(lent, today)
    if not lent.acts or set(lent.acts) - set(DELEGABLE):
        raise BadInput("delegations.no-acts", "acts")
    if not lent.reason.strip():
        raise BadInput("forms.required", "reason")
    there = _same(db, lent)
    if there is not None:
        return there
    delegation = Delegation(
        from_account_id=lent.from_account_id,
        to_account_id=lent.to_account_id,
        unit_id=lent.unit_id,
        acts=_in_order(lent.acts),
        first_day=lent.first_day,
        last_day=lent.last_day,
        reason=lent.reason.strip(),
        made_by_id=by.account_id,
        made_at=now,
    )
    db.add(delegation)
    db.flush()
    _note(db, delegation, "delegation.made", by=by, now=now)
    return delegation


def revoke_delegation(db: Db, delegation_id: int, *, by: Actor, now: datetime) -> Delegation:
    """End it at once; what was done on it stays done. Twice is once. For the giver or an administrator."""
    delegation = find_delegation(db, delegation_id)
    require(db, by, "delegate", delegation.unit_id)
    if by.account_id != delegation.from_account_id and not may(db, by, "administer", delegation.unit_id):
        raise RuleBroken("delegations.not-yours")
    if delegation.revoked_at is None:
        delegation.revoked_at, delegation.revoked_by_id = now, by.account_id
        _note(db, delegation, "delegation.revoked", by=by, now=now)
    return delegation


def _check_receiver(db: Db, lent: Lent, by: Actor, today: date) -> None:
    if lent.to_account_id in (lent.from_account_id, by.account_id):
        raise BadInput("delegations.not-to-oneself", "receiver")
    if lent.to_account_id not in {account.id for account in may_stand_in(db, {lent.unit_id}, today)}:
        raise BadInput("delegations.not-of-the-office", "receiver")


def _check_span(lent: Lent, today: date) -> None:
    if lent.first_day < today:
        raise BadInput("delegations.day-past", "first_day")
    if lent.last_day < lent.first_day:
        raise BadInput("delegations.ends-before", "last_day")
    if lent.last_day - lent.first_day >= LONGEST:
        raise BadInput("delegations.too-long", "last_day")


def _same(db: Db, lent: Lent) -> Delegation | None:
    query = select(Delegation).where(
        Delegation.from_account_id == lent.from_account_id,
        Delegation.to_account_id == lent.to_account_id,
        Delegation.unit_id == lent.unit_id,
        Delegation.first_day == lent.first_day,
        Delegation.last_day == lent.last_day,
        Delegation.revoked_at.is_(None),
    )
    return next((one for one in db.scalars(query) if one.acts == _in_order(lent.acts)), None)


def _in_order(acts: Iterable[str]) -> list[str]:
    return [act for act in DELEGABLE if act in set(acts)]


def _note(db: Db, delegation: Delegation, deed: str, *, by: Actor, now: datetime) -> None:
    names = {
        name: db.get_one(Account, number).name
        for name, number in (("giver", delegation.from_account_id), ("receiver", delegation.to_account_id))
    }
    facts = {"acts": delegation.acts, "reason": delegation.reason, "last_day": delegation.last_day.isoformat()} | names
    subject = f"delegation:{delegation.id}"
    record(db, deed, by=by, now=now, unit_id=delegation.unit_id, subject=subject, **facts)
