"""Somebody registers for a sitting: a number, a code, a sealed record; nobody is refused a reception."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.actions.ledger import record
from scheduler.database import Db, vault_of
from scheduler.errors import RuleBroken
from scheduler.links import new_slug
from scheduler.models import Occurrence, Queue, Registration
from scheduler.models.base import plain
from scheduler.queries.registrations import may_be_registered_for, open_for_registration
from scheduler.rules.permissions import Actor

CODE_DIGITS = 6


@dataclass(frozen=True)
class Given:
    """What somebody tells when registering; the contact in the form that letters and messages need."""

    name: str
    contact_kind: str = ""
    contact: str = ""
    home: str = ""
    topic: str = ""
    words: str = ""
    people: int = 1
    representatives: tuple[str, ...] = ()
    way: str = "web"
    language: str = "vi"


def register(db: Db, slug: str, given: Given, *, by: Actor, now: datetime) -> Registration:
    """A place in the queue of a public sitting, with a code. Raises NotFound, RuleBroken."""
    occurrence = open_for_registration(db, slug)
    if not may_be_registered_for(occurrence, now=now):
        raise RuleBroken("registrations.over")
    vault = vault_of(db)
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    registration = Registration(
        slug=new_slug(),
        occurrence_id=occurrence.id,
        asked_occurrence_id=occurrence.id,
        unit_id=occurrence.unit_id,
        ticket=next_ticket(db, occurrence.id),
        state="booked",
        way=given.way,
        language=given.language,
        name=vault.seal(given.name),
        contact=vault.seal(given.contact),
        home=vault.seal(given.home),
        words=vault.seal(given.words),
        representatives=vault.seal("\n".join(given.representatives)),
        code=vault.seal(code),
        contact_kind=given.contact_kind,
        guard_mark=vault.mark(given.contact or plain(given.name)),
        code_mark=vault.mark(code),
        topic=given.topic,
        people=given.people,
        entered_by_id=by.account_id,
        registered_at=now,
    )
    db.add(registration)
    db.flush()
    subject = f"registration:{registration.id}"
    record(db, "registration.made", by=by, now=now, unit_id=occurrence.unit_id, subject=subject, way=given.way)
    return registration


def queue_of(db: Db, occurrence_id: int) -> Queue:
    """The sitting's queue, made when it is first needed; two that ask at once get the same."""
    into = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = {"occurrence_id": occurrence_id, "last_ticket": 0, "taken": 0, "screen": new_slug(), "version": 1}
    db.execute(into(Queue).values(fresh).on_conflict_do_nothing())
    return db.scalars(select(Queue).where(Queue.occurrence_id == occurrence_id)).one()


def next_ticket(db: Db, occurrence_id: int) -> int:
    """The next number of the sitting's queue; of two that ask at once each gets one of its own."""
    queue_of(db, occurrence_id)
    raised = update(Queue).where(Queue.occurrence_id == occurrence_id).values(last_ticket=Queue.last_ticket + 1)
    return db.execute(raised.returning(Queue.last_ticket)).scalar_one()


def place_in(db: Db, registration: Registration, occurrence: Occurrence, *, now: datetime) -> None:
    """Give the registration the next number of another sitting; where it was asked for first stays known."""
    registration.ticket = next_ticket(db, occurrence.id)
    registration.occurrence_id, registration.unit_id = occurrence.id, occurrence.unit_id
    registration.occurrence = occurrence
    registration.arrive_from = registration.arrive_until = None
    db.flush()
