"""Proposals as the desk lists them."""

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import ConclusionItem, Occurrence, OccurrenceHost, Proposal, Task
from scheduler.queries.access import units_below
from scheduler.queries.differences import OPEN

WHOLE = (
    joinedload(Proposal.occurrence).joinedload(Occurrence.unit),
    joinedload(Proposal.occurrence).selectinload(Occurrence.hosts).joinedload(OccurrenceHost.post),
    joinedload(Proposal.task).joinedload(Task.unit),
    joinedload(Proposal.task).joinedload(Task.item).joinedload(ConclusionItem.conclusion),
)


def find_proposal(db: Db, proposal_id: int) -> Proposal:
    """The proposal with its subject. Raises NotFound."""
    found = db.scalars(select(Proposal).where(Proposal.id == proposal_id).options(*WHOLE)).unique().one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def open_proposals(db: Db, unit_ids: Iterable[int], *, limit: int = 500) -> list[Proposal]:
    """What waits for a decision in these units and the units below, by unit and by age."""
    query = (
        select(Proposal)
        .where(Proposal.state == "open", Proposal.unit_id.in_(units_below(unit_ids)))
        .options(*WHOLE, selectinload(Proposal.occurrence, Occurrence.schedule))
        .order_by(Proposal.unit_id, Proposal.id)
        .limit(limit)
    )
    return list(db.scalars(query).unique())


def count_open(db: Db, unit_ids: Iterable[int]) -> int:
    """How many wait for a decision in these units and the units below."""
    query = select(func.count()).select_from(Proposal)
    return db.scalar(query.where(Proposal.state == "open", Proposal.unit_id.in_(units_below(unit_ids)))) or 0


def count_open_and_decision(db: Db, unit_ids: Iterable[int]) -> tuple[int, int | None]:
    """The same count, and the one decision that all of them follow; None where there are several, or none."""
    which = func.coalesce(Proposal.decision_id, 0)
    query = select(func.count(), func.min(which), func.max(which))
    found = db.execute(query.where(Proposal.state == "open", Proposal.unit_id.in_(units_below(unit_ids)))).one()
    return found[0], found[1] or None if found[1] == found[2] else None


def is_current(proposal: Proposal) -> bool:
    """Whether what it would change is still as it was when it was proposed."""
    if proposal.task is not None:
        return proposal.task.closed_at is None and proposal.task.due_day.isoformat() == proposal.proposed["from"]
    occurrence = proposal.occurrence
    return occurrence is not None and occurrence.state in OPEN and occurrence.sequence == proposal.subject_version
