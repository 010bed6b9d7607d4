"""Suspensions proposed to many units: who may ask whom, who has answered what, and what waits for an answer."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Occurrence, SuspensionAnswer, SuspensionProposal, Unit, UnitAbove
from scheduler.queries.access import units_below, units_readable
from scheduler.rules.permissions import Actor

LATEST = 50


def asking_units(db: Db, actor: Actor) -> list[Unit]:
    """The units in whose name the actor may ask others: those of its roles that have communes below."""
    below = aliased(Unit)
    has_communes = (
        exists()
        .where(UnitAbove.above_id == Unit.id, UnitAbove.steps > 0, UnitAbove.unit_id == below.id)
        .where(below.kind == "place", below.level == "commune", below.valid_to.is_(None))
    )
    query = select(Unit).where(Unit.id.in_(actor.units_for("change")), has_communes).order_by(Unit.code)
    return list(db.scalars(query))


def askable_units(db: Db, unit_id: int) -> list[Unit]:
    """The communes below a unit that stand today, by code."""
    query = (
        select(Unit)
        .join(UnitAbove, UnitAbove.unit_id == Unit.id)
        .where(UnitAbove.above_id == unit_id, UnitAbove.steps > 0)
        .where(Unit.kind == "place", Unit.level == "commune", Unit.valid_to.is_(None))
        .order_by(Unit.code)
    )
    return list(db.scalars(query))


def find_asked(db: Db, proposal_id: int) -> SuspensionProposal:
    """The proposal with its answers and their units. Raises NotFound."""
    answers = selectinload(SuspensionProposal.answers).joinedload(SuspensionAnswer.unit)
    found = db.get(SuspensionProposal, proposal_id, options=[joinedload(SuspensionProposal.unit), answers])
    if found is None:
        raise NotFound("errors.not-found")
    return found


def find_answer(db: Db, answer_id: int) -> SuspensionAnswer:
    """The answer with its unit and what was proposed. Raises NotFound."""
    query = select(SuspensionAnswer).where(SuspensionAnswer.id == answer_id).options(*_WHOLE)
    found = db.scalars(query).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def same_asked(db: Db, unit_id: int, first: date, last: date, *, reason: str) -> SuspensionProposal | None:
    """What the unit proposed already for these days and this reason."""
    query = select(SuspensionProposal).where(
        SuspensionProposal.unit_id == unit_id,
        SuspensionProposal.first_day == first,
        SuspensionProposal.last_day == last,
        SuspensionProposal.reason == reason,
    )
    return db.scalars(query.limit(1)).first()


def count_asked(db: Db, actor: Actor, today: date) -> tuple[int, int]:
    """How many units of the actor have not answered what was proposed to them, and the first such answer's id."""
    found = _waiting(actor, today).subquery()
    n, first = db.execute(select(func.count(), func.min(found.c.id)).select_from(found)).one()
    return n, first or 0


def waiting_answers(db: Db, actor: Actor, today: date) -> list[SuspensionAnswer]:
    """What waits for an answer of the actor's units, the oldest first."""
    return list(db.scalars(_waiting(actor, today).order_by(SuspensionAnswer.id).options(*_WHOLE)))


def proposals_of(db: Db, actor: Actor) -> list[SuspensionProposal]:
    """The newest proposals made in the units the actor reads, with their answers."""
    query = (
        select(SuspensionProposal)
        .options(joinedload(SuspensionProposal.unit), selectinload(SuspensionProposal.answers))
        .order_by(SuspensionProposal.id.desc())
        .limit(LATEST)
    )
    if not actor.trusted:
        query = query.where(SuspensionProposal.unit_id.in_(units_readable(actor)))
    return list(db.scalars(query))


def count_met(db: Db, unit_ids: Collection[int], first: date, last: date) -> int:
    """How many published sittings lie in the span, in these units and those below them."""
    query = select(func.count()).select_from(Occurrence).where(Occurrence.day.between(first, last))
    return db.scalar(query.where(Occurrence.state == "published", Occurrence.unit_id.in_(units_below(unit_ids)))) or 0


_WHOLE = (
    joinedload(SuspensionAnswer.unit),
    joinedload(SuspensionAnswer.proposal).joinedload(SuspensionProposal.unit),
)


def _waiting(actor: Actor, today: date) -> Select[SuspensionAnswer]:
    """Open answers where the actor changes sittings, but not what was asked from where it does so itself."""
    mine = units_readable(actor, "change")
    return (
        select(SuspensionAnswer)
        .join(SuspensionProposal, SuspensionProposal.id == SuspensionAnswer.proposal_id)
        .where(SuspensionAnswer.state == "open", SuspensionProposal.last_day >= today)
        .where(SuspensionAnswer.unit_id.in_(mine), SuspensionProposal.unit_id.not_in(mine))
    )
