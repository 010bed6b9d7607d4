"""A suspension proposed to many units below (a storm, a flood): asked once, answered by each, the silent ones urged."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.actions.suspensions import Choice, require_span, suspend
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import NotAllowed, RuleBroken
from scheduler.models import SuspensionAnswer, SuspensionProposal, Unit
from scheduler.queries.access import require
from scheduler.queries.audience import secretariat_of
from scheduler.queries.suspension_proposals import askable_units, find_answer, find_asked, same_asked
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import require_given

ANSWERING = ("secretariat", "approver")


@dataclass(frozen=True)
class Asked:
    """What is proposed: the span, both days included, why, and on what paper."""

    first: date
    last: date
    reason: str
    ground: str = ""


def propose_suspension(
    db: Db, unit_id: int, asked: Asked, *, units: Collection[int] | None = None, by: Actor, now: datetime
) -> SuspensionProposal:
    """Ask the units below `unit_id` (None: every commune there) to suspend receptions; a letter to each office.

    The same twice is one; units asked later are added. Raises NotAllowed for a unit that is none of those below.
    """
    require(db, by, "change", unit_id)
    require_span(asked.first, asked.last, local_date(now))
    require_given("cancel", reason=asked.reason)
    # Held, so that of two presses at once the second finds the first.
    db.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())
    below = {unit.id: unit for unit in askable_units(db, unit_id)}
    wanted = list(below) if units is None else sorted(set(units))
    if not wanted:
        raise RuleBroken("suspension_proposals.nobody")
    if set(wanted) - below.keys():
        raise NotAllowed("errors.not-allowed")
    proposal = same_asked(db, unit_id, asked.first, asked.last, reason=asked.reason.strip())
    if proposal is None:
        proposal = SuspensionProposal(
            unit_id=unit_id, first_day=asked.first, last_day=asked.last, reason=asked.reason.strip(),
            ground=asked.ground.strip(), made_by_id=by.account_id, made_at=now,
        )  # fmt: skip
        db.add(proposal)
    known = {answer.unit_id for answer in proposal.answers}
    fresh = [SuspensionAnswer(unit_id=number) for number in wanted if number not in known]
    proposal.answers.extend(fresh)
    db.flush()
    if fresh:
        subject, span = f"suspension-proposal:{proposal.id}", f"{asked.first.isoformat()}/{asked.last.isoformat()}"
        record(db, "suspension.proposed", by=by, now=now, unit_id=unit_id, subject=subject, span=span, n=len(fresh))
    for answer in fresh:
        _write_to(db, proposal, answer, key="asked", now=now)
    return proposal


def agree(
    db: Db,
    answer_id: int,
    *,
    choices: Mapping[str, Choice] | None = None,
    keep_reason: str = "",
    by: Actor,
    now: datetime,
) -> SuspensionAnswer:
    """Suspend as proposed, the unit and what is below it. Twice is once, whoever pressed first.

    Raises as `suspensions.suspend`.
    """
    answer = _held(db, answer_id, by)
    if answer.state == "agreed":
        return answer
    proposal = answer.proposal
    suspension = suspend(
        db, answer.unit_id, proposal.first_day, proposal.last_day, reason=proposal.reason, choices=choices,
        with_below=True, ground=proposal.ground, keep_reason=keep_reason, by=by, now=now,
    )  # fmt: skip
    answer.suspension_id, answer.reason = suspension.id, ""
    _answer(answer, "agreed", by=by, now=now)
    subject = f"suspension-answer:{answer.id}"
    record(db, "suspension.agreed", by=by, now=now, unit_id=answer.unit_id, subject=subject)
    return answer


def decline(db: Db, answer_id: int, *, reason: str, by: Actor, now: datetime) -> SuspensionAnswer:
    """The unit goes on receiving, and says why; it may still agree later. Raises RuleBroken where it agreed already."""
    answer = _held(db, answer_id, by)
    if answer.state == "agreed":
        raise RuleBroken("suspension_proposals.agreed-already")
    require_given("cancel", reason=reason)
    if (answer.state, answer.reason) == ("declined", reason.strip()):
        return answer
    answer.reason = reason.strip()
    _answer(answer, "declined", by=by, now=now)
    subject = f"suspension-answer:{answer.id}"
    record(db, "suspension.declined", by=by, now=now, unit_id=answer.unit_id, subject=subject, reason=answer.reason)
    return answer


def urge(db: Db, proposal_id: int, *, by: Actor, now: datetime) -> int:
    """A letter to each office that has not answered, at most one a day; how many units were urged."""
    proposal = find_asked(db, proposal_id)
    require(db, by, "change", proposal.unit_id)
    today = local_date(now)
    silent = [one for one in proposal.answers if one.state == "open"]
    due = [one for one in silent if one.reminded_at is None or local_date(one.reminded_at) < today]
    for answer in due:
        answer.reminded_at = now
        _write_to(db, proposal, answer, key=today.isoformat(), now=now)
    if due:
        subject = f"suspension-proposal:{proposal.id}"
        record(db, "suspension.urged", by=by, now=now, unit_id=proposal.unit_id, subject=subject, n=len(due))
    return len(due)


def _held(db: Db, answer_id: int, by: Actor) -> SuspensionAnswer:
    # Until the end of the transaction: of two who answer at once the second sees the first answer.
    db.get(SuspensionAnswer, answer_id, with_for_update=True, populate_existing=True)
    answer = find_answer(db, answer_id)
    require(db, by, "change", answer.unit_id)
    return answer


def _answer(answer: SuspensionAnswer, state: str, *, by: Actor, now: datetime) -> None:
    answer.state, answer.answered_at, answer.answered_by_id = state, now, by.account_id


def _write_to(db: Db, proposal: SuspensionProposal, answer: SuspensionAnswer, *, key: str, now: datetime) -> None:
    facts = {
        "unit": answer.unit.name,
        "asker": proposal.unit.name,
        "first_day": proposal.first_day.isoformat(),
        "last_day": proposal.last_day.isoformat(),
        "reason": proposal.reason,
        "ground": proposal.ground,
        "url": f"/desk/suspensions/answers/{answer.id}",
        "why_you": "staff",
    }
    for listener in secretariat_of(db, answer.unit_id, ANSWERING, today=local_date(now)):
        to = Recipient(listener.email, listener.name, listener.language)
        name = f"suspension-proposal:{answer.id}:{key}"
        queue_letter(db, "suspension-proposal", to, facts, key=name, due_at=now, now=now, unit_id=answer.unit_id)
