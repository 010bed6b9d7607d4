"""Who is told about a sitting: its hosts, who stands in, the units that attend, and the addresses named in the plan."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db, sends_messages
from scheduler.models import Account, Occurrence, Post, Registration, Role, Unit, UnitAbove
from scheduler.queries.access import holds
from scheduler.queries.agenda import holders_on
from scheduler.queries.units import successor_of
from scheduler.rules.letters import COMING


@dataclass(frozen=True)
class Listener:
    """One to be told. Without an e-mail it stays in the list, for a telephone call."""

    role: str  # "host", "chair", "attending" or "notify"
    name: str
    email: str
    phone: str = ""
    language: str = "vi"


@dataclass(frozen=True)
class Residents:
    """How many of those who registered are told by letter, by message to a telephone, and by a call."""

    letters: int = 0
    messages: int = 0
    calls: int = 0

    @property
    def people(self) -> int:
        """All of them; each is told once."""
        return self.letters + self.messages + self.calls


@dataclass(frozen=True)
class Told:
    """Who is told of a change: by letter, each address once, those who must be called, and how many residents."""

    letters: list[Listener]
    calls: list[Listener]
    residents: Residents = Residents()

    @property
    def people(self) -> int:
        """How many are told, in whatever way."""
        return len(self.letters) + len(self.calls) + self.residents.people

    @property
    def letters_sent(self) -> int:
        """How many letters that makes."""
        return len(self.letters) + self.residents.letters

    @property
    def calls_made(self) -> int:
        """How many calls that makes."""
        return len(self.calls) + self.residents.calls


def told_of_change(before: Iterable[Listener], after: Iterable[Listener]) -> Told:
    """Everybody who was told before the change or is told after it."""
    everybody = [*before, *after]
    letters = {one.email: one for one in everybody if one.email}
    calls = {(one.role, one.name): one for one in everybody if not one.email}
    return Told(list(letters.values()), list(calls.values()))


def residents_of(db: Db, occurrence_ids: Iterable[int], *, restored: bool = False) -> Residents:
    """How many who registered for these sittings would be told of a change now, without anybody's name.

    `restored`: also those who were offered another sitting instead and have not answered.
    """
    ids = tuple(occurrence_ids)
    theirs: ColumnElement[bool] = Registration.occurrence_id.in_(ids)
    if restored:
        theirs = or_(theirs, Registration.offered_from_id.in_(ids) & Registration.offered_at.is_not(None))
    query = select(Registration.contact_kind, func.count().label("n")).where(
        theirs, Registration.state.in_(COMING), Registration.erased_at.is_(None)
    )
    counts = Counter({row.contact_kind: row.n for row in db.execute(query.group_by(Registration.contact_kind))})
    by_phone = counts["phone"]
    messages = by_phone if sends_messages(db) else 0
    return Residents(counts["email"], messages, counts[""] + by_phone - messages)


def audience_of(
    db: Db, occurrence: Occurrence, *, day: date | None = None, chair: Post | None = None
) -> list[Listener]:
    """Everybody who is told, each address once, hosts first; as it would be on another `day`, with another `chair`."""
    day = day or occurrence.day or occurrence.planned_day
    posts = [host.post for host in occurrence.hosts]
    chair = chair or occurrence.chair_post
    if chair is not None and chair not in posts:
        posts.append(chair)
    holders = holders_on(db, [post.id for post in posts], day)
    told: list[Listener] = []
    for post in posts:
        role = "chair" if post is chair and post.id not in _host_ids(occurrence) else "host"
        person = holders.get(post.id)
        if person is None:
            told.append(Listener(role, post.title, "", post.unit.phone))
        else:
            told.append(Listener(role, person.name, person.email, person.phone or post.unit.phone, person.language))
    named = select(Unit).where(Unit.id.in_(tuple(occurrence.attend_unit_ids))).order_by(Unit.id)
    attending = [successor_of(unit, day) for unit in db.scalars(named.options(joinedload(Unit.successor)))]
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
