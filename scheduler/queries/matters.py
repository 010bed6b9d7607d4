"""Matters: the facts of one, who may read it, and what its resident reads of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.clock import local_date
from scheduler.database import Db, vault_of
from scheduler.errors import NotFound
from scheduler.models import (
    Conclusion,
    ConclusionItem,
    Dispute,
    Entry,
    Matter,
    RatedReception,
    Registration,
    Task,
    Unit,
)
from scheduler.queries.access import require
from scheduler.queries.days import working_calendar
from scheduler.queries.registrations import find_registration
from scheduler.rules.matters import MatterFacts, answer_due, is_late, may_dispute, may_rate_answer, state_of
from scheduler.rules.permissions import Actor

LARGEST_ID = 2**63 - 1
CAME = ("booked", "arrived", "called", "inside", "received")
"""Visits that may have a matter; where a counter worked on paper, they still stand as booked."""


def facts_of(matter: Matter) -> MatterFacts:
    """What the matter's state follows from; its task counts where it was accepted after the last time it was not."""
    task_done_on = None
    if matter.task is not None and matter.task.closed_at is not None:
        accepted_at = matter.task.closed_at
        if matter.reopened_at is None or accepted_at > matter.reopened_at:
            task_done_on = local_date(accepted_at)
    return MatterFacts(
        matter.direction,
        matter.answered_on,
        matter.done_on,
        matter.settled_on,
        task_done_on,
        any(dispute.answered_at is None for dispute in matter.disputes),
    )


def readable_matter(db: Db, actor: Actor, matter_id: int) -> Matter:
    """The matter with all that belongs to it. Raises NotFound where the actor may not know of it, NotAllowed."""
    found = None
    if 0 < matter_id <= LARGEST_ID:
        query = select(Matter).where(Matter.id == matter_id).options(*whole_matter(), joinedload(Matter.unit))
        found = db.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    require(db, actor, "answer", found.unit_id)
    return found


def visit_to_note(db: Db, actor: Actor, slug: str) -> Registration:
    """The visit a matter is noted for. Raises NotFound where the actor may not know of it, NotAllowed."""
    registration = find_registration(db, slug)
    require(db, actor, "answer", registration.unit_id)
    return registration


def matters_of(db: Db, registration_id: int) -> list[Matter]:
    """The matters of one visit, in the order in which they were noted."""
    query = select(Matter).where(Matter.registration_id == registration_id).order_by(Matter.id)
    return list(db.scalars(query.options(*whole_matter())).unique())


def matters_of_task(db: Db, task_id: int) -> list[Matter]:
    """The matters that a task carries."""
    query = select(Matter).where(Matter.task_id == task_id).order_by(Matter.id)
    return list(db.scalars(query.options(*whole_matter())).unique())


def tasks_to_link(db: Db, occurrence_id: int | None) -> list[Task]:
    """The tasks that came of the sitting's conclusion."""
    query = (
        select(Task)
        .join(ConclusionItem, ConclusionItem.id == Task.item_id)
        .join(Conclusion, Conclusion.id == ConclusionItem.conclusion_id)
        .where(Conclusion.occurrence_id == occurrence_id)
        .options(joinedload(Task.item), joinedload(Task.unit))
        .order_by(ConclusionItem.position)
    )
    return list(db.scalars(query))


def story_of(db: Db, matter: Matter) -> list[Entry]:
    """Every deed on the matter, from the first on."""
    query = select(Entry).where(Entry.subject == f"matter:{matter.id}").order_by(Entry.id)
    return list(db.scalars(query))


def readable_dispute(db: Db, actor: Actor, dispute_id: int) -> Dispute:
    """One dispute with its matter. Raises NotFound where the actor may not know of it, NotAllowed."""
    found = db.get(Dispute, dispute_id) if 0 < dispute_id <= LARGEST_ID else None
    if found is None:
        raise NotFound("errors.not-found")
    require(db, actor, "answer", found.unit_id)
    return found


@dataclass(frozen=True)
class Told:
    """One dispute as both sides read it."""

    words: str
    made_at: datetime
    answer: str
    answered_at: datetime | None
    upheld: bool | None


def disputes_told(db: Db, matter: Matter) -> list[Told]:
    """The matter's disputes in words, from the first on."""
    vault = vault_of(db)
    return [
        Told(vault.open(one.words), one.made_at, vault.open(one.answer), one.answered_at, one.upheld)
        for one in matter.disputes
    ]


@dataclass(frozen=True)
class Result:
    """One matter. `n` numbers the matters of the visit from 1 on; `due_why` is the sum of the due day."""

    n: int
    matter: Matter
    facts: MatterFacts
    answer: str
    disputes: list[Told]

    @property
    def state(self) -> str:
        """One of rules.matters.STATES."""
        return state_of(self.facts)

    @property
    def in_charge(self) -> str:
        """Which unit looks into it, as the register names it."""
        return self.matter.in_charge_unit.name if self.matter.in_charge_unit else self.matter.in_charge

    @property
    def owed(self) -> bool:
        """Whether an answer is owed still."""
        return self.matter.answered_on is None and self.matter.closed_on is None

    @property
    def caller(self) -> Unit:
        """Which unit to call: the one in charge where it has a telephone, else the one that received."""
        in_charge = self.matter.in_charge_unit
        return in_charge if in_charge is not None and in_charge.phone else self.matter.unit

    @property
    def may_rate(self) -> bool:
        """Whether there is an answer that was not rated yet."""
        return may_rate_answer(self.facts, rated=self.matter.answer_rated)

    def is_late(self, today: date) -> bool:
        """Whether an answer is owed and its day is past."""
        return is_late(self.facts, self.matter.due_day, today)

    def may_dispute(self, today: date) -> bool:
        """Whether the resident may say that it was not done."""
        return may_dispute(self.facts, self.matter.due_day, today)


@dataclass(frozen=True)
class Results:
    """What is told of one visit. Before a matter was noted: when it was received, and until when it is answered."""

    unit: Unit
    received_on: date | None = None
    due_day: date | None = None
    due_why: list[Any] = field(default_factory=list)
    may_rate_reception: bool = False
    matters: list[Result] = field(default_factory=list)

    @property
    def any(self) -> bool:
        """Whether there is anything to tell yet."""
        return self.received_on is not None


def received_on(registration: Registration) -> date:
    """The day on which the content was received: when the visit was, as far as that was noted, else the sitting's."""
    moment = registration.began_at or registration.arrived_at
    if moment is not None:
        return local_date(moment)
    return registration.occurrence.day or registration.occurrence.planned_day


def results_of(db: Db, registration: Registration) -> Results:
    """What became of the visit; nothing yet while nobody was received."""
    unit = db.get_one(Unit, registration.unit_id)
    found = matters_of(db, registration.id)
    if registration.state != "received" and not found:
        return Results(unit)
    vault, day = vault_of(db), received_on(registration)
    due = answer_due(day, working_calendar(db))
    rated = select(RatedReception.registration_id).where(RatedReception.registration_id == registration.id)
    return Results(
        unit,
        day,
        due.day,
        [list(reason) for reason in due.reasons],
        registration.state == "received" and registration.erased_at is None and db.scalar(rated) is None,
        [
            Result(n, matter, facts_of(matter), vault.open(matter.answer), disputes_told(db, matter))
            for n, matter in enumerate(found, 1)
        ],
    )


def still_waits() -> ColumnElement[bool]:
    """For a query over registrations: whether the resident waits for an answer, or for one to a dispute."""
    mine = Matter.registration_id == Registration.id
    owed = exists().where(mine, Matter.answered_on.is_(None), Matter.closed_on.is_(None))
    disputed = exists().where(mine, Dispute.matter_id == Matter.id, Dispute.answered_at.is_(None))
    return or_(owed, disputed)


def whole_matter() -> tuple[Any, ...]:
    """What to load with matters, so that their facts need no query more."""
    return (joinedload(Matter.task), joinedload(Matter.in_charge_unit), selectinload(Matter.disputes))
