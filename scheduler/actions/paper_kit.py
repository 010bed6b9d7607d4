"""The paper kit: numbers kept for paper in one step with the line's own, and the letter that brings it to the office.

No name stands in the outbox: the list is made when the letter leaves.
"""

from datetime import datetime

from sqlalchemy import select, update

from scheduler.actions.change_letters import sitting_facts
from scheduler.actions.ledger import record
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.actions.registrations import queue_of
from scheduler.clock import local_date
from scheduler.database import Db, insert_into
from scheduler.errors import NotFound, RuleBroken
from scheduler.models import Occurrence, PaperKit, Queue
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence, occurrences_by_id
from scheduler.queries.audience import secretariat_of
from scheduler.queries.office_settings import office_value
from scheduler.queries.paper import KIND, find_kits_due
from scheduler.rules.paper import NO_BLOCK, RECEPTIONS, Block
from scheduler.rules.permissions import Actor

NUMBERS = "paper_numbers"
"""The office's setting: how many numbers are kept for paper; 0 for an office that wants no kit."""


def send_paper_kit(db: Db, occurrence_id: int, *, now: datetime) -> int:
    """Keep numbers for paper and queue the kit's letters to the secretariat, once for each state of the sitting.

    Returns how many letters were queued; 0 where the kit was made already or is not wanted any more.
    """
    if not find_kits_due(db, now, occurrence_id):
        return 0
    (occurrence,) = occurrences_by_id(db, [occurrence_id])
    kit = {"occurrence_id": occurrence.id, "sequence": occurrence.sequence, "made_at": now}
    fresh = insert_into(db, PaperKit).values(kit).on_conflict_do_nothing().returning(PaperKit.occurrence_id)
    if db.scalar(fresh) is None:
        return 0
    block = keep_numbers(db, occurrence)
    return 0 if block == NO_BLOCK else _queue(db, occurrence, block, now=now)


def keep_numbers(db: Db, occurrence: Occurrence) -> Block:
    """The numbers kept for paper, taken from the line at first need: one update moves both, so they never meet."""
    day = occurrence.day or occurrence.planned_day
    n = office_value(db, NUMBERS, occurrence.unit_id, day)
    queue_of(db, occurrence.id)
    mine = Queue.occurrence_id == occurrence.id
    if n:
        kept = {
            "paper_first": Queue.last_ticket + 1,
            "paper_last": Queue.last_ticket + n,
            "last_ticket": Queue.last_ticket + n,
        }
        take = update(Queue).where(mine, Queue.paper_first.is_(None)).values(kept)
        db.execute(take, execution_options={"synchronize_session": False})
    found = db.execute(select(Queue.paper_first, Queue.paper_last).where(mine)).one()
    return NO_BLOCK if found.paper_first is None else Block(found.paper_first, found.paper_last)


def take_paper_kit(db: Db, slug: str, *, by: Actor, now: datetime) -> tuple[Occurrence, Block]:
    """The kit as the office takes it itself, with numbers kept for it; the ledger says who took it.

    Raises NotFound for what is no reception, RuleBroken for one that is not held or whose office keeps no numbers.
    """
    occurrence = reception(db, slug, by=by)
    if occurrence.state != "published" or occurrence.day is None or occurrence.day < local_date(now):
        raise RuleBroken("paper.not-held")
    block = keep_numbers(db, occurrence)
    if block == NO_BLOCK:
        raise RuleBroken("paper.none-kept")
    record(
        db, "paper.kit-taken", by=by, now=now, unit_id=occurrence.unit_id, subject=f"occurrence:{occurrence.id}",
        first=block.first, last=block.last,
    )  # fmt: skip
    return occurrence, block


def reception(db: Db, slug: str, *, by: Actor) -> Occurrence:
    """The reception with this address, for who receives there. Raises NotFound, NotAllowed."""
    occurrence = find_occurrence(db, slug)
    require(db, by, "receive", occurrence.unit_id)
    if occurrence.kind not in RECEPTIONS:
        raise NotFound("errors.not-found")
    return occurrence


def _queue(db: Db, occurrence: Occurrence, block: Block, *, now: datetime) -> int:
    queued = 0
    for listener in secretariat_of(db, occurrence.unit_id, today=local_date(now)):
        facts = sitting_facts(occurrence, listener) | {
            "url": f"/desk/counter/{occurrence.slug}/paper",
            "first": block.first,
            "last": block.last,
        }
        queued += queue_letter(
            db,
            KIND,
            Recipient(listener.email, listener.name, listener.language),
            facts,
            key=f"{KIND}:{occurrence.id}:{occurrence.sequence}",
            due_at=now,
            now=now,
            unit_id=occurrence.unit_id,
            occurrence_id=occurrence.id,
            sequence=occurrence.sequence,
            expires_at=occurrence.ends_at,
        )
    return queued
