"""Who is told about a sitting: its hosts, who stands in, the units that attend, and the addresses named in the plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import Account, Occurrence, Role, Unit, UnitAbove
from scheduler.queries.access import holds
from scheduler.queries.agenda import holders_on


@dataclass(frozen=True)
class Listener:
    """One to be told. Without an e-mail it stays in the list, for a telephone call."""

    role: str  # "host", "chair", "attending" or "notify"
    name: str
    email: str
    phone: str = ""
    language: str = "vi"


def audience_of(db: Db, occurrence: Occurrence) -> list[Listener]:
    """Everybody who is told, each address once, hosts first."""
    day = occurrence.day or occurrence.planned_day
    posts = [host.post for host in occurrence.hosts]
    if occurrence.chair_post is not None and occurrence.chair_post not in posts:
        posts.append(occurrence.chair_post)
    holders = holders_on(db, [post.id for post in posts], day)
    told: list[Listener] = []
    for post in posts:
        role = "chair" if post is occurrence.chair_post and post.id not in _host_ids(occurrence) else "host"
        person = holders.get(post.id)
        if person is None:
            told.append(Listener(role, post.title, "", post.unit.phone))
        else:
            told.append(Listener(role, person.name, person.email, person.phone or post.unit.phone, person.language))
    attending = db.scalars(select(Unit).where(Unit.id.in_(tuple(occurrence.attend_unit_ids))).order_by(Unit.id))
    told.extend(Listener("attending", unit.name, unit.email, unit.phone) for unit in attending)
    told.extend(Listener("notify", "", address) for address in occurrence.notify)
    return _each_once(told)


def secretariat_of(db: Db, unit_id: int, roles: Iterable[str] = ("secretariat",), *, today: date) -> list[Listener]:
    """The accounts that serve this unit today in one of the roles: those of the nearest unit above that has any."""
    found = db.execute(
        select(Account, Role, UnitAbove.steps)
        .join(Role, Role.account_id == Account.id)
        .join(UnitAbove, UnitAbove.above_id == Role.unit_id)
        .where(UnitAbove.unit_id == unit_id, Role.role.in_(tuple(roles)), Account.active)
        .order_by(UnitAbove.steps, Account.id)
    )
    rows = [row for row in found if holds(row.Role, today)]
    nearest = rows[0].steps if rows else 0
    told = [
        Listener("staff", row.Account.name, row.Account.email, "", row.Account.language)
        for row in rows
        if row.steps == nearest
    ]
    return _each_once(told)


def _host_ids(occurrence: Occurrence) -> set[int]:
    return {host.post_id for host in occurrence.hosts}


def _each_once(told: list[Listener]) -> list[Listener]:
    seen: set[str] = set()
    kept: list[Listener] = []
    for listener in told:
        if listener.email and listener.email.lower() in seen:
            continue
        seen.add(listener.email.lower())
        kept.append(listener)
    return kept
