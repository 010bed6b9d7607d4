"""A decision on days off: taken in as a paper with its days, and decided on, row by row, all or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.actions.days import DaysChanged, import_days
from scheduler.actions.ledger import record
from scheduler.actions.proposals import accept_proposal, refuse_proposal
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Decision
from scheduler.queries.access import require_administrator
from scheduler.queries.decisions import MOST, decision_of
from scheduler.queries.proposals import find_proposal
from scheduler.rules.calendar_days import check_days
from scheduler.rules.permissions import Actor
from scheduler.rules.working_days import Day

CHOICES = ("accept", "other", "leave")


@dataclass(frozen=True)
class Paper:
    """The decision as it names itself, and its text as it was pasted."""

    number: str
    signed_on: date
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class Verdict:
    """What becomes of one proposal: "accept", "other" with its `day`, or "leave"."""

    choice: str
    day: date | None = None


def take_decision(
    db: Db, paper: Paper, days: Sequence[Day], *, by: Actor, now: datetime
) -> tuple[Decision, DaysChanged]:
    """Take in the decision and its days; drafts follow, what is public is proposed. The same twice is one.

    More days under the same number and date are added to it. Raises BadInput for a paper signed in time to come,
    Faults with each day that cannot be.
    """
    require_administrator(db, by)
    if not paper.number.strip():
        raise BadInput("decisions.no-number", "number")
    if paper.signed_on > local_date(now):
        raise BadInput("decisions.signed-ahead", "signed_on")
    if not days:
        raise RuleBroken("decisions.no-days")
    check_days(days)
    decision = decision_of(db, paper.number.strip(), paper.signed_on)
    if decision is None:
        decision = Decision(
            number=paper.number.strip(), signed_on=paper.signed_on, title=paper.title.strip(), text=paper.text,
            days=[], made_at=now, made_by_id=by.account_id,
        )  # fmt: skip
        db.add(decision)
        db.flush()
    named = {one["day"]: one for one in decision.days}
    given = {day.day.isoformat(): {"day": day.day.isoformat(), "off": day.off, "name": day.name} for day in days}
    changed = import_days(db, days, decision=decision, by=by, now=now)
    if named | given != named:
        decision.days = [row for _, row in sorted((named | given).items())]
        facts: dict[str, Any] = {
            "number": decision.number,
            "n": len(given),
            "proposals": changed.proposals,
            "drafts": changed.drafts,
        }
        record(db, "decision.taken", by=by, now=now, subject=f"decision:{decision.id}", **facts)
    return decision, changed


def decide_rows(
    db: Db,
    verdicts: Mapping[int, Verdict],
    *,
    reason: str = "",
    keep_reason: str = "",
    by: Actor,
    now: datetime,
) -> dict[str, int]:
    """Carry out the verdicts on these proposals, all or none; how many were changed ("accept") and left ("leave").

    The same verdicts of the same person twice are one. Raises RuleBroken where none is chosen or there are more than
    MOST, RowRefused with the first proposal that cannot be.
    """
    if not verdicts:
        raise RuleBroken("proposals.none-chosen")
    if len(verdicts) > MOST:
        raise RuleBroken("changes.too-many", most=MOST)
    done = {"accept": 0, "leave": 0}
    # In one order for everybody, so that two who decide the same ones wait for each other instead of for ever.
    for proposal_id, verdict in sorted(verdicts.items()):
        try:
            _decide(db, proposal_id, verdict, reason=reason, keep_reason=keep_reason, by=by, now=now)
        except (BadInput, RuleBroken) as refusal:
            raise RowRefused(refusal.key, proposal_id, **refusal.facts) from refusal
        done["leave" if verdict.choice == "leave" else "accept"] += 1
    return done


class RowRefused(RuleBroken):
    """One row that cannot be decided so; `row` is the proposal's id."""

    def __init__(self, key: str, row: int, **facts: object) -> None:
        super().__init__(key, **facts)
        self.row = row


def _decide(
    db: Db, proposal_id: int, verdict: Verdict, *, reason: str, keep_reason: str, by: Actor, now: datetime
) -> None:
    if _decided_so(db, proposal_id, verdict, by):
        return
    if verdict.choice == "leave":
        refuse_proposal(db, proposal_id, reason=reason, by=by, now=now)
        return
    if verdict.choice not in CHOICES:
        raise BadInput("forms.not-a-choice", str(proposal_id))
    if verdict.choice == "other" and verdict.day is None:
        raise BadInput("decisions.no-other-day", str(proposal_id))
    day = verdict.day if verdict.choice == "other" else None
    accept_proposal(db, proposal_id, reason=reason, keep_reason=keep_reason, day=day, by=by, now=now)


def _decided_so(db: Db, proposal_id: int, verdict: Verdict, by: Actor) -> bool:
    """Whether this very person has decided it this very way already: the form was sent twice."""
    proposal = find_proposal(db, proposal_id)
    if proposal.decided_by_id is None or proposal.decided_by_id != by.account_id:
        return False
    if verdict.choice == "leave":
        return proposal.state == "refused"
    subject_day = proposal.occurrence.day if proposal.occurrence is not None else None
    same_day = verdict.choice == "accept" or proposal.task is not None or subject_day == verdict.day
    return proposal.state == "accepted" and same_day
