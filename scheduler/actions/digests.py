"""The weekly letter to whoever looks after a unit's schedule: found once a week, queued once an account."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from scheduler.actions.letters import Recipient, queue_letter
from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.models import Account, Letter, Role
from scheduler.queries.accounts import actor_of
from scheduler.rules.permissions import Actor

HOUR = "07:00"
"""Of Monday, in Vietnam; who was not told then, because the program stood still, is told later that week."""
ROLE = "secretariat"


def week_of(now: datetime) -> date:
    """The Monday of the newest week whose letters are due."""
    today = local_date(now)
    monday = today - timedelta(days=today.weekday())
    return monday if at_local(monday, HOUR) <= now else monday - timedelta(days=7)


def find_undigested(db: Db, now: datetime) -> list[int]:
    """Accounts of secretariats that have no letter of this week."""
    told = select(Letter.key).where(Letter.kind == "digest", Letter.due_at >= at_local(week_of(now), HOUR))
    keys = set(db.scalars(told))
    roles = select(Role.account_id).where(Role.role == ROLE, Role.valid_to.is_(None))
    accounts = select(Account.id, Account.email).where(
        Account.active, Account.demo.is_(False), Account.id.in_(roles), Account.created_at < now
    )
    rows = db.execute(accounts.order_by(Account.id))
    return [row.id for row in rows if f"{_key(row.id, now)}:{row.email}" not in keys]


def digest_reader(db: Db, account_id: int, *, now: datetime) -> Actor:
    """The account as the one whose desk the letter tells of."""
    return actor_of(db, db.get_one(Account, account_id), via="job digests", now=now)


def queue_digest(db: Db, account_id: int, lines: Sequence[str], *, now: datetime) -> bool:
    """Queue the letter of this week; False where there is nothing to say, or it is queued already."""
    account = db.get_one(Account, account_id)
    role = next((role for role in account.roles if role.role == ROLE), None)
    if role is None or not lines:
        return False
    return queue_letter(
        db,
        "digest",
        Recipient(account.email, account.name, account.language),
        {
            "unit": role.unit.name,
            "first_day": week_of(now).isoformat(),
            "lines": list(lines),
            "url": "/desk",
            "why_you": "staff",
        },
        key=_key(account_id, now),
        due_at=now,
        now=now,
        unit_id=role.unit_id,
    )


def _key(account_id: int, now: datetime) -> str:
    return f"digest:{account_id}:{week_of(now)}"
