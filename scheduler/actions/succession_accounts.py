"""What accounts may do in units that end, and what approvers there lent, they have at the units that follow."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.actions.ledger import record
from scheduler.actions.succession_units import Moves, lasts_on
from scheduler.actions.succession_ways import posts_for, unit_for
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Account, Delegation, Role, Unit


def lead_roles(db: Db, moves: Moves) -> None:
    """What accounts may do in the old units they may do in the new ones: from the day, or today in one just founded."""
    query = select(Role).where(Role.unit_id.in_(moves.olds), lasts_on(Role, moves.decision.day)).order_by(Role.id)
    shares: dict[int, int] = {}
    for role in list(db.scalars(query.options(joinedload(Role.account)))):
        account = role.account
        if account.id not in shares:
            text = f"{account.name} ({account.email})"
            shares[account.id] = moves.ask_share("account", f"account-{account.id}", text)
        _lead_role(db, moves, role, shares[account.id])


def _lead_role(db: Db, moves: Moves, role: Role, share: int) -> None:
    heir, day = unit_for(db, moves, role.unit_id, share), moves.decision.day
    since = min(day, local_date(moves.now)) if heir.id in moves.founded else day
    until, role.valid_to = role.valid_to, moves.decision.last_day
    moves.moved("roles", f"{role.account.name} ({role.account.email})", heir.name)
    same = select(Role).where(Role.account_id == role.account_id, Role.unit_id == heir.id, Role.role == role.role)
    held = db.scalars(same).one_or_none()
    if held is None:
        held = Role(account=role.account, unit=heir, role=role.role, valid_from=since, valid_to=until)
        if role.post_id is not None:
            held.post_id = posts_for(db, moves, [role.post_id], share)[role.post_id]
        db.add(held)
    elif held.valid_to is not None:
        held.valid_from, held.valid_to = since, until
    record(
        db, "account.role-given", by=moves.doer, now=moves.now, unit_id=heir.id,
        subject=f"account:{role.account_id}", email=role.account.email, role=role.role, unit=heir.name,
    )  # fmt: skip


def lead_delegations(db: Db, moves: Moves) -> None:
    """What was lent beyond the day is lent at the heir for the rest; where the two part ways it ends with the unit."""
    day, last = moves.decision.day, moves.decision.last_day
    query = select(Delegation).where(
        Delegation.unit_id.in_(moves.olds), Delegation.revoked_at.is_(None), Delegation.last_day >= day
    )
    for old in list(db.scalars(query.order_by(Delegation.id))):
        shares = [moves.decision.share_of(f"account-{number}") for number in (old.from_account_id, old.to_account_id)]
        if shares[0] == shares[1]:
            _lend_on(db, moves, old, unit_for(db, moves, old.unit_id, shares[0]))
        if old.first_day <= last:
            old.last_day = last
        else:
            old.revoked_at, old.revoked_by_id = moves.now, moves.doer.account_id
    db.flush()


def _lend_on(db: Db, moves: Moves, old: Delegation, heir: Unit) -> None:
    names = {
        name: db.get_one(Account, number).name
        for name, number in (("giver", old.from_account_id), ("receiver", old.to_account_id))
    }
    moves.moved("delegations", f"{names['giver']} – {names['receiver']}", heir.name)
    lent = Delegation(
        from_account_id=old.from_account_id,
        to_account_id=old.to_account_id,
        unit_id=heir.id,
        acts=list(old.acts),
        first_day=max(old.first_day, moves.decision.day),
        last_day=old.last_day,
        reason=old.reason,
        made_by_id=old.made_by_id,
        made_at=moves.now,
    )
    db.add(lent)
    db.flush()
    record(
        db, "delegation.made", by=moves.doer, now=moves.now, unit_id=heir.id, subject=f"delegation:{lent.id}",
        acts=lent.acts, reason=lent.reason, last_day=lent.last_day.isoformat(), **names,
    )  # fmt: skip
