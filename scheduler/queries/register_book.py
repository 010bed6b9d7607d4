"""The reception register as it is read: one row a visit, numbered within the year, with the matters it brought."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db, vault_of
from scheduler.models import Matter, Occurrence, Registration, Unit
from scheduler.queries.access import units_readable
from scheduler.queries.matters import facts_of, whole_matter
from scheduler.rules.matters import state_of
from scheduler.rules.paper import RECEPTIONS
from scheduler.rules.permissions import Actor

MOST_ROWS = 3000


@dataclass(frozen=True)
class Noted:
    """What became of one matter, as the register tells it."""

    year: int
    number: int
    kind: str
    summary: str
    same_content: int | None
    settled_by: str
    direction: str
    other_office: str
    document_number: str
    document_day: date | None
    in_charge: str
    state: str
    due_day: date
    answered_on: date | None
    done_on: date | None
    refusal_ground: str


@dataclass(frozen=True)
class BookRow:
    """A visit; its texts are open, and blank once they were erased."""

    number: int  # within the unit's year
    day: date
    name: str
    representatives: tuple[str, ...]
    home: str
    words: str
    topic: str
    people: int
    on_paper: bool
    erased: bool
    matters: tuple[Noted, ...]


def register_rows(db: Db, unit_id: int, first: date, last: date) -> list[BookRow]:
    """The visits of a unit's receptions in these days, in the order in which they took place; at most MOST_ROWS.

    Whoever asks has the right to the names.
    """
    visits = _visits(db, unit_id, first, last)
    matters = _matters(db, [visit.id for visit, _, _ in visits])
    vault, rows = vault_of(db), []
    last_number = {first.year: _before(db, unit_id, first)}
    for visit, day, _ in visits:
        last_number[day.year] = number = last_number.get(day.year, 0) + 1
        rows.append(
            BookRow(
                number=number,
                day=day,
                name=vault.open(visit.name),
                representatives=tuple(vault.open(visit.representatives).splitlines()),
                home=vault.open(visit.home),
                words=vault.open(visit.words),
                topic=visit.topic,
                people=visit.people,
                on_paper=visit.way == "paper",
                erased=visit.erased_at is not None,
                matters=tuple(matters[visit.id]),
            )
        )
    return rows


def units_with_visits(db: Db, actor: Actor, most: int) -> list[Unit]:
    """Units in which the actor receives and somebody ever registered or came, by code."""
    came = exists().where(Registration.unit_id == Unit.id)
    query = select(Unit).where(Unit.id.in_(units_readable(actor, "receive")), came)
    return list(db.scalars(query.order_by(Unit.code).limit(most)))


def _visits(db: Db, unit_id: int, first: date, last: date) -> list[Any]:
    query = (
        select(Registration, Occurrence.day, Occurrence.starts_at)
        .join(Occurrence, Occurrence.id == Registration.occurrence_id)
        .where(_took_place(unit_id), Occurrence.day.between(first, last))
        .order_by(Occurrence.day, Registration.id)
        .limit(MOST_ROWS)
    )
    rows = [(visit, day, _moment(visit, starts_at)) for visit, day, starts_at in db.execute(query)]
    return sorted(rows, key=lambda row: (row[1], row[2], row[0].ticket, row[0].id))


def _moment(visit: Registration, starts_at: datetime | None) -> datetime:
    """When somebody went in, as far as it was written down."""
    return visit.began_at or visit.arrived_at or starts_at or visit.registered_at


def _before(db: Db, unit_id: int, first: date) -> int:
    """How many visits of its year the unit had before that day."""
    query = (
        select(func.count(Registration.id))
        .join(Occurrence, Occurrence.id == Registration.occurrence_id)
        .where(_took_place(unit_id), Occurrence.day >= date(first.year, 1, 1), Occurrence.day < first)
    )
    return db.scalar(query) or 0


def _took_place(unit_id: int) -> ColumnElement[bool]:
    """A visit of the unit's receptions: received, or with a matter noted, which only who was received has."""
    noted = select(Matter.registration_id).where(Matter.unit_id == unit_id, Matter.registration_id.is_not(None))
    came = or_(Registration.state == "received", Registration.id.in_(noted))
    return (Registration.unit_id == unit_id) & Occurrence.kind.in_(RECEPTIONS) & came


def _matters(db: Db, ids: list[int]) -> defaultdict[int, list[Noted]]:
    vault, found = vault_of(db), defaultdict[int, list[Noted]](list)
    for start in range(0, len(ids), 500):
        query = select(Matter).where(Matter.registration_id.in_(ids[start : start + 500])).order_by(Matter.id)
        for one in db.scalars(query.options(*whole_matter(), joinedload(Matter.in_charge_unit))).unique():
            facts = facts_of(one)
            assert one.registration_id is not None
            found[one.registration_id].append(
                Noted(
                    year=one.year,
                    number=one.number,
                    kind=one.kind,
                    summary=vault.open(one.summary),
                    same_content=one.same_content_people,
                    settled_by=one.settled_by,
                    direction=one.direction,
                    other_office=one.other_office,
                    document_number=one.document_number,
                    document_day=one.document_day,
                    in_charge=one.in_charge_unit.name if one.in_charge_unit else one.in_charge,
                    state=state_of(facts),
                    due_day=one.due_day,
                    answered_on=one.answered_on,
                    done_on=facts.carried_out_on,
                    refusal_ground=one.refusal_ground,
                )
            )
    return found
