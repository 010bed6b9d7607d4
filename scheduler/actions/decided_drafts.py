"""Drafts that a decision on days off moved: noted when they follow, and those that it left no time to publish."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select

from scheduler.database import Db
from scheduler.language import say
from scheduler.models import DecidedDraft, Decision, Occurrence
from scheduler.queries.differences import Difference
from scheduler.rules.publication import came_too_late
from scheduler.rules.working_days import Calendar


def note_drafts(db: Db, decision: Decision, found: Iterable[Difference]) -> None:
    """Note the day each draft had and the one it is about to get; the differences have not been carried out yet."""
    known = {row.occurrence_id: row for row in _noted(db, decision)}
    for one in found:
        if one.verdict != "changed" or one.occurrence is None or one.values is None or one.old is None:
            continue
        before, day = one.old["day"], one.values["day"]
        if one.occurrence.id in known:
            known[one.occurrence.id].day = day
        elif before != day:
            db.add(DecidedDraft(decision_id=decision.id, occurrence_id=one.occurrence.id, before=before, day=day))


def excused(db: Db, late: Sequence[Occurrence], calendar: Calendar) -> dict[int, Decision]:
    """Of sittings that would be published late those whose day a decision set too late for better, by their ids."""
    query = (
        select(DecidedDraft, Decision)
        .join(Decision, Decision.id == DecidedDraft.decision_id)
        .where(DecidedDraft.occurrence_id.in_([one.id for one in late]))
        .order_by(Decision.signed_on, Decision.id)
    )
    by_id = {one.id: one for one in late}
    return {
        row.DecidedDraft.occurrence_id: row.Decision
        for row in db.execute(query)
        if _is_cause(by_id[row.DecidedDraft.occurrence_id], row.DecidedDraft.day, row.Decision, calendar)
    }


def note_late(db: Db, causes: dict[int, Decision]) -> dict[int, str]:
    """Note that these drafts are published late because of their decision; the sentence residents read for each."""
    rows = db.scalars(select(DecidedDraft).where(DecidedDraft.occurrence_id.in_(list(causes))))
    for row in rows:
        row.late = row.decision_id == causes[row.occurrence_id].id
    return {number: late_words(decision) for number, decision in causes.items()}


def late_words(decision: Decision) -> str:
    """Why less notice could be given than the law asks, as residents read it."""
    return say("vi", "decisions.late-reason", number=decision.number, day=decision.signed_on)


def _is_cause(one: Occurrence, decided: date | None, decision: Decision, calendar: Calendar) -> bool:
    # A day set by hand since is the office's own choice.
    if one.day is None or one.day != decided:
        return False
    return came_too_late(decision.signed_on, one.day, one.kind, calendar)


def _noted(db: Db, decision: Decision) -> Iterable[DecidedDraft]:
    return db.scalars(select(DecidedDraft).where(DecidedDraft.decision_id == decision.id))
