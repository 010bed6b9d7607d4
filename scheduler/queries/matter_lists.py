"""Matters in lists: the visits of a sitting, what waits for an answer, disputes, and ratings that point to nobody."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db, vault_of
from scheduler.models import Dispute, Matter, Rating, Registration
from scheduler.queries.access import units_readable
from scheduler.queries.days import working_calendar
from scheduler.queries.matters import CAME, facts_of, whole_matter
from scheduler.rules.matters import FEW, SCORES, state_of
from scheduler.rules.permissions import Actor

PAGE = 50
MOST_VISITS = 500
SOON = 3
"""Working days ahead in which an answer stands on the list of what is due."""
VIEWS = ("due", "waiting", "answered", "all")


@dataclass(frozen=True)
class Noted:
    """A matter in a list: itself, its state, and whether an answer is owed."""

    matter: Matter
    state: str


@dataclass(frozen=True)
class Visit:
    """One visit of a sitting with its matters; `name` and `words` are open for who answers."""

    registration: Registration
    name: str
    words: str
    matters: list[Noted]


def visits_of(db: Db, occurrence_id: int) -> list[Visit]:
    """Who came to the sitting, by number, with what was noted of their matters: four queries however many came."""
    vault = vault_of(db)
    visits = list(
        db.scalars(
            select(Registration)
            .where(Registration.occurrence_id == occurrence_id, Registration.state.in_(CAME))
            .order_by(Registration.ticket)
            .limit(MOST_VISITS)
        )
    )
    noted: dict[int | None, list[Noted]] = defaultdict(list)
    query = select(Matter).where(Matter.occurrence_id == occurrence_id).order_by(Matter.id)
    for matter in db.scalars(query.options(*whole_matter())).unique():
        noted[matter.registration_id].append(Noted(matter, state_of(facts_of(matter))))
    return [Visit(one, vault.open(one.name), vault.open(one.words), noted[one.id]) for one in visits]


def waiting_matters(db: Db, actor: Actor, view: str, *, today: date, page: int = 1) -> list[Noted]:
    """A page of the matters of the actor's units, the first due first; one more than PAGE when there is a next page."""
    query = _mine(actor).where(*_of_view(view, _soon(db, today)))
    order = (Matter.due_day, Matter.id) if view != "all" else (Matter.id.desc(),)
    query = query.order_by(*order).offset((max(page, 1) - 1) * PAGE).limit(PAGE + 1)
    options = (*whole_matter(), joinedload(Matter.occurrence), joinedload(Matter.unit))
    return [Noted(one, state_of(facts_of(one))) for one in db.scalars(query.options(*options)).unique()]


@dataclass(frozen=True)
class ToAnswer:
    """What residents of the actor's units wait for: answers due soon or late, with the first day, and disputes.

    `matter_id` and `dispute_id` are one of each.
    """

    due: int
    first_day: date | None
    matter_id: int | None
    disputes: int
    dispute_id: int | None


def count_to_answer(db: Db, actor: Actor, *, today: date) -> ToAnswer:
    """What the list "due" and the list of disputes hold, in one statement."""
    due = _mine(actor).where(*_of_view("due", _soon(db, today)))
    disputed = select(Dispute).where(*_open(actor))
    columns = (
        due.with_only_columns(func.count()),
        due.with_only_columns(func.min(Matter.due_day)),
        due.with_only_columns(func.min(Matter.id)),
        disputed.with_only_columns(func.count()),
        disputed.with_only_columns(func.min(Dispute.id)),
    )
    return ToAnswer(*db.execute(select(*(one.scalar_subquery() for one in columns))).one())


def open_disputes(db: Db, actor: Actor) -> list[Dispute]:
    """What residents say was not done and nobody has answered, the oldest first."""
    query = select(Dispute).where(*_open(actor)).order_by(Dispute.made_at, Dispute.id).limit(PAGE)
    matter = joinedload(Dispute.matter)
    return list(db.scalars(query.options(matter.joinedload(Matter.occurrence), matter.joinedload(Matter.unit))))


def ratings_told(
    db: Db, units: Select[int], *, since: date, occurrence_id: int | None = None
) -> dict[str, dict[int, int | None]]:
    """Per thing rated how often each score was given; None stands for fewer than FEW, a thing never rated is left out.

    No sum is told: with it, what is left out could be counted back.
    """
    query = (
        select(Rating.about, Rating.score, func.count())
        .where(Rating.unit_id.in_(units), Rating.day >= since)
        .group_by(Rating.about, Rating.score)
    )
    if occurrence_id is not None:
        query = query.where(Rating.occurrence_id == occurrence_id)
    counts: dict[str, dict[int, int]] = defaultdict(dict)
    for about, score, n in db.execute(query):
        counts[about][score] = n
    return {
        about: {score: n if (n := found.get(score, 0)) >= FEW else None for score in SCORES}
        for about, found in sorted(counts.items(), reverse=True)
        if max(found.values()) >= FEW
    }


def _mine(actor: Actor) -> Select[Matter]:
    return select(Matter).where(Matter.unit_id.in_(units_readable(actor, "answer")))


def _open(actor: Actor) -> tuple[Any, ...]:
    return (Dispute.answered_at.is_(None), Dispute.unit_id.in_(units_readable(actor, "answer")))


def _soon(db: Db, today: date) -> date:
    return working_calendar(db).add_working_days(today, SOON)


def _of_view(view: str, soon: date) -> tuple[Any, ...]:
    waiting = (Matter.answered_on.is_(None), Matter.closed_on.is_(None))
    views: dict[str, tuple[Any, ...]] = {
        "due": (*waiting, Matter.due_day <= soon),
        "waiting": waiting,
        "answered": (Matter.answered_on.is_not(None), Matter.settled_on.is_(None)),
    }
    return views.get(view, ())
