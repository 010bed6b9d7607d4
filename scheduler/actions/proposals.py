"""Changes that the calendar or a new plan file proposes for what is public; a person accepts or refuses each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.actions.ledger import record
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.actions.task_letters import tell_unit
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.language import say
from scheduler.language.why import render_why
from scheduler.models import Occurrence, Proposal, Task, TaskEvent, Unit
from scheduler.queries.access import acting, require
from scheduler.queries.audience import secretariat_of
from scheduler.queries.days import working_calendar
from scheduler.queries.proposals import find_proposal, is_current
from scheduler.rules.permissions import DELEGATED_ROLE, Actor, Grant

DATES = ("date", "state")
TOLD_WITHIN = 5
"""Working days within which the new date of a sitting put off is told, unless the approver says otherwise."""


def propose(
    db: Db,
    subject: Occurrence | Task,
    proposed: Mapping[str, Any],
    *,
    cause: str,
    why: list[Any],
    by: Actor,
    now: datetime,
) -> Proposal | None:
    """Propose a change of a public sitting or an open task; what stood open for it before is outdated.

    None where the very same is open already, or was refused for the subject as it still is.
    """
    earlier = _of_subject(db, subject)
    standing = [one for one in earlier if one.state == "open"]
    wanted = dict(proposed)
    if cause == "calendar" and isinstance(subject, Occurrence):
        for one in standing:
            wanted = {name: value for name, value in one.proposed.items() if name not in DATES} | wanted
    version = _version_of(subject)
    if any(
        one.state in ("open", "refused") and one.proposed == wanted and one.subject_version == version
        for one in earlier
    ):
        return None
    for one in standing:
        one.state = "outdated"
    proposal = Proposal(
        unit_id=subject.unit_id if isinstance(subject, Occurrence) else subject.owner_unit_id,
        occurrence_id=subject.id if isinstance(subject, Occurrence) else None,
        task_id=subject.id if isinstance(subject, Task) else None,
        cause=cause,
        proposed=wanted,
        why=why,
        subject_version=version,
        state="open",
        proposed_by=by.name,
        proposed_by_id=by.account_id,
        made_at=now,
    )
    db.add(proposal)
    return proposal


def outdate(db: Db, subject: Occurrence | Task, *, cause: str) -> int:
    """The subject is as it should be again: what this cause proposed for it is outdated. Gives how many."""
    standing = [one for one in _of_subject(db, subject) if one.state == "open" and one.cause == cause]
    for one in standing:
        one.state = "outdated"
    return len(standing)


def tell_proposals(db: Db, made: Iterable[Proposal], *, deed: str, now: datetime) -> int:
    """One letter to those who decide and draft in each unit that has new proposals; gives how many letters."""
    counts = Counter((one.unit_id, one.cause, one.decision.id if one.decision else 0) for one in made)
    queued = 0
    for (unit_id, cause, decision), n in sorted(counts.items()):
        unit = db.get_one(Unit, unit_id)
        url = f"/desk/decisions/{decision}" if decision else "/desk/proposals"
        facts = {"unit": unit.name, "n": n, "cause": cause, "url": url, "why_you": "staff"}
        for listener in secretariat_of(db, unit_id, ("approver", "secretariat"), today=local_date(now)):
            to = Recipient(listener.email, listener.name, listener.language)
            key = f"proposal:{deed}:{unit_id}"
            fresh = queue_letter(db, "proposal", to, facts, key=key, due_at=now, now=now, unit_id=unit_id)
            queued += fresh
    return queued


def accept_proposal(
    db: Db,
    proposal_id: int,
    *,
    reason: str = "",
    keep_reason: str = "",
    told_by: date | None = None,
    day: date | None = None,
    by: Actor,
    now: datetime,
) -> Proposal:
    """Do what was proposed, by the same actions as on the pages; on another `day` where one is given.

    The approver is not who proposed it. Raises RuleBroken: one's own proposal, decided already, outdated because its
    subject changed since, or leading into a clash that no `keep_reason` keeps.
    """
    proposal = _open_proposal(db, proposal_id, by)
    by = _deciding(db, by, proposal.unit_id)
    if proposal.proposed_by_id is not None and proposal.proposed_by_id in by.accounts():
        raise RuleBroken("proposals.own")
    if not is_current(proposal):
        raise RuleBroken("proposals.outdated")
    if proposal.task is not None:
        _move_due_day(db, proposal.task, proposal, other=day, by=by, now=now)
    elif proposal.occurrence is not None:
        other = day if day is not None and day.isoformat() != proposal.proposed.get("date") else None
        told_by = told_by or working_calendar(db).add_working_days(local_date(now), TOLD_WITHIN)
        why = reason.strip() or public_reason(proposal, as_proposed=other is None)
        _change_sitting(db, proposal, why, told_by, other=other, keep_reason=keep_reason, by=by, now=now)
    _decide(db, proposal, "accepted", by=by, now=now, reason=reason)
    return proposal


def refuse_proposal(db: Db, proposal_id: int, *, reason: str = "", by: Actor, now: datetime) -> Proposal:
    """Leave things as they are; the same is not proposed again while the subject stays as it is."""
    proposal = _open_proposal(db, proposal_id, by)
    by = _deciding(db, by, proposal.unit_id)
    _decide(db, proposal, "refused", by=by, now=now, reason=reason)
    return proposal


def public_reason(proposal: Proposal, *, as_proposed: bool = True) -> str:
    """The reason that residents read: the day off that the date falls on, or the new plan of the office.

    Names the decision that it follows. With another day than proposed it does not say where the rule would lead.
    """
    reason = say("vi", "proposals.reason-plan")
    if proposal.cause == "calendar" or proposal.proposed.keys() & {"date"}:
        why = proposal.why if as_proposed else [one for one in proposal.why if one[0] == "why.day-off"]
        reason = render_why("vi", why) or reason
    decision = proposal.decision
    if decision is None or decision.number in reason:
        return reason
    return f"{reason} {say('vi', 'decisions.follows', number=decision.number, day=decision.signed_on)}"


def _change_sitting(
    db: Db,
    proposal: Proposal,
    reason: str,
    told_by: date,
    *,
    other: date | None = None,
    keep_reason: str = "",
    by: Actor,
    now: datetime,
) -> None:
    occurrence, wanted = proposal.occurrence, _wanted(proposal, other)
    assert occurrence is not None
    slug = occurrence.slug

    def order() -> Order:
        # Whatever is set already raises the version when it is written; the next change opens on that one.
        db.flush()
        return Order(occurrence.version, reason, by, now, keep_reason=keep_reason, decision_id=proposal.decision_id)

    state = wanted.pop("state", "")
    day = wanted.pop("date", None)
    hours, place = tuple(wanted.pop("hours", ())), wanted.pop("place", "")
    if state == "cancelled":
        changes.cancel_occurrence(db, slug, order())
        return
    if state == "postponed":
        changes.postpone_occurrence(db, slug, order(), told_by=told_by)
    if day is not None:
        changes.move_occurrence(db, slug, order(), day=date.fromisoformat(day), hours=hours, place=place)
        # Where another day was chosen, the move itself has said so.
        occurrence.why = occurrence.why if other else proposal.why
    if day is None and place:
        changes.change_place(db, slug, order(), place=place)
    if day is None and hours:
        changes.change_hours(db, slug, order(), hours=hours)
    occurrence.notify = wanted.pop("notify", occurrence.notify)
    if wanted:
        changes.change_details(db, slug, order(), details=_details(wanted))
    db.flush()


def _details(wanted: dict[str, Any]) -> dict[str, Any]:
    by_day = date.fromisoformat(wanted["register_by"]) if wanted.get("register_by") else None
    return wanted | ({"register_by": by_day} if "register_by" in wanted else {})


def _wanted(proposal: Proposal, other: date | None) -> dict[str, Any]:
    """What is to change: as proposed, or on another day instead of the proposed day or state."""
    if other is None:
        return dict(proposal.proposed)
    return {name: value for name, value in proposal.proposed.items() if name != "state"} | {"date": other.isoformat()}


def _move_due_day(
    db: Db, task: Task, proposal: Proposal, *, other: date | None = None, by: Actor, now: datetime
) -> None:
    until = other.isoformat() if other is not None else proposal.proposed["due_day"]
    if other is not None and (other < local_date(now) or not working_calendar(db).is_working(other)):
        raise RuleBroken("proposals.due-day-off", day=other)
    days = {"before": task.due_day.isoformat(), "until": until}
    extended = [["followups.why-extended", {"to": until, "reason": ""}]]
    why = proposal.why if until == proposal.proposed["due_day"] else [*task.due_why, *extended]
    task.due_day, task.due_why = date.fromisoformat(until), why
    text = render_why("vi", why)
    task.events.append(TaskEvent(at=now, kind="due-moved", by=by.name, by_id=by.account_id, text=text, facts=days))
    record(db, "task.due-moved", by=by, now=now, unit_id=task.owner_unit_id, subject=f"task:{task.id}", **days)
    db.flush()
    tell_unit(db, task, "due-moved", text, by=by.name, now=now)


def _open_proposal(db: Db, proposal_id: int, by: Actor) -> Proposal:
    # Held until the end of the transaction: of two who decide at once the second sees what the first decided.
    db.get(Proposal, proposal_id, with_for_update=True, populate_existing=True)
    proposal = find_proposal(db, proposal_id)
    require(db, by, "decide", proposal.unit_id)
    if proposal.state != "open":
        raise RuleBroken("proposals.decided")
    return proposal


def _deciding(db: Db, by: Actor, unit_id: int) -> Actor:
    """Who decides in another's place also carries out what he decided, there and nowhere else."""
    by = acting(db, by, "decide", unit_id)
    if by.behalf is None:
        return by
    return replace(by, grants=(*by.grants, Grant(DELEGATED_ROLE, unit_id, ("change",), by.behalf)))


def _decide(db: Db, proposal: Proposal, state: str, *, by: Actor, now: datetime, reason: str) -> None:
    proposal.state = state
    proposal.decided_by_id, proposal.decided_at = by.account_id, now
    subject = f"proposal:{proposal.id}"
    facts = {"proposed": proposal.proposed, "cause": proposal.cause, "reason": reason.strip()}
    record(db, f"proposal.{state}", by=by, now=now, unit_id=proposal.unit_id, subject=subject, **facts)
    db.flush()


def _of_subject(db: Db, subject: Occurrence | Task) -> list[Proposal]:
    column = Proposal.occurrence_id if isinstance(subject, Occurrence) else Proposal.task_id
    return list(db.scalars(select(Proposal).where(column == subject.id).order_by(Proposal.id)))


def _version_of(subject: Occurrence | Task) -> int:
    # A sitting's version also counts what nobody sees; its sequence counts what is public.
    return subject.sequence if isinstance(subject, Occurrence) else subject.version
