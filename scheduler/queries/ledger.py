"""The ledger as pages read it: the newest deeds of units, people and kinds of things, and what each is about."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import (
    Account,
    Delegation,
    Entry,
    Matter,
    Notice,
    Occurrence,
    Person,
    Place,
    Post,
    Schedule,
    Task,
    Unit,
)
from scheduler.queries.access import units_below, units_readable
from scheduler.queries.agenda import WHOLE, host_titles, titled
from scheduler.rules.permissions import Actor

PAGE = 100


@dataclass(frozen=True)
class Subject:
    """What a line of the ledger is about, as people call it; `address` is its page, where it has one."""

    title: str
    address: str = ""
    day: date | None = None


def newest_entries(
    db: Db,
    actor: Actor,
    *,
    before: int | None = None,
    units: Iterable[int] | None = None,
    account_id: int | None = None,
    about: str = "",
) -> list[Entry]:
    """The newest deeds in the units the actor reads, below the entry `before`.

    Only of these units and those below them, of one account, or about one kind of thing (a key of READERS).
    """
    query = select(Entry).where(Entry.unit_id.in_(units_readable(actor))).order_by(Entry.id.desc()).limit(PAGE)
    if before is not None:
        query = query.where(Entry.id < before)
    if units is not None:
        query = query.where(Entry.unit_id.in_(units_below(units)))
    if account_id is not None:
        query = query.where(Entry.account_id == account_id)
    if about:
        query = query.where(Entry.subject.startswith(f"{about}:", autoescape=True))
    return list(db.scalars(query))


def subjects_of(db: Db, entries: Iterable[Entry]) -> dict[str, Subject]:
    """By their mark ("occurrence:17") what the lines are about, one query a table; what is gone is left out."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        table, _, number = entry.subject.partition(":")
        if table in READERS and number.isdecimal():
            wanted[table].add(int(number))
    return {
        f"{table}:{number}": subject
        for table, numbers in wanted.items()
        for number, subject in READERS[table](db, numbers).items()
    }


def _occurrences(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    rows = db.scalars(select(Occurrence).where(Occurrence.id.in_(numbers)).options(*WHOLE)).unique()
    return {
        row.id: Subject(", ".join(host_titles(row)), f"/desk/occurrences/{row.slug}", row.day or row.planned_day)
        for row in rows
    }


def _tasks(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    rows = db.scalars(select(Task).where(Task.id.in_(numbers)).options(joinedload(Task.item)))
    return {row.id: Subject(row.item.text, f"/desk/tasks/{row.slug}") for row in rows}


def _notices(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    rows = db.scalars(select(Notice).where(Notice.id.in_(numbers)).options(joinedload(Notice.unit)))
    return {row.id: Subject(row.number or row.unit.name, f"/desk/notices/{row.id}") for row in rows}


def _schedules(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    rows = db.scalars(select(Schedule).where(Schedule.id.in_(numbers)).options(joinedload(Schedule.unit)))
    return {row.id: Subject(f"{row.unit.name}, {row.key}", f"/desk/schedules/{row.id}") for row in rows}


def _matters(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    rows = db.execute(select(Matter.id, Matter.number, Matter.year).where(Matter.id.in_(numbers)))
    return {row.id: Subject(f"{row.number}/{row.year}") for row in rows}  # its page is not for all who read this one


def _units(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    rows = db.scalars(select(Unit).where(Unit.id.in_(numbers)))
    return {row.id: Subject(row.name, f"/desk/units/{row.code}") for row in rows}


def _posts(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    rows = db.scalars(select(Post).where(Post.id.in_(numbers)).options(joinedload(Post.unit)))
    return {row.id: Subject(titled(row), f"/desk/units/{row.unit.code}") for row in rows}


def _delegations(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
    both = (joinedload(Delegation.from_account), joinedload(Delegation.to_account))
    rows = db.scalars(select(Delegation).where(Delegation.id.in_(numbers)).options(*both))
    return {row.id: Subject(f"{row.from_account.name} → {row.to_account.name}", "/desk/delegations") for row in rows}


def _named(model: type[Account | Person | Place]) -> "Reader":
    def read(db: Db, numbers: set[int]) -> Mapping[int, Subject]:
        rows = db.execute(select(model.id, model.name).where(model.id.in_(numbers)))
        return {number: Subject(name) for number, name in rows}

    return read


Reader = Callable[[Db, set[int]], Mapping[int, Subject]]
READERS: dict[str, Reader] = {
    "occurrence": _occurrences,
    "task": _tasks,
    "matter": _matters,
    "notice": _notices,
    "schedule": _schedules,
    "unit": _units,
    "post": _posts,
    "delegation": _delegations,
    "account": _named(Account),
    "person": _named(Person),
    "place": _named(Place),
}
