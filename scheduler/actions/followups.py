"""What happens to a task: made from a conclusion's item, reported on, put off, done, accepted or reopened."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from scheduler.actions.ledger import record
from scheduler.actions.occurrences import keep_file
from scheduler.actions.results import tell_task_accepted
from scheduler.actions.task_letters import tell_assigned, tell_owner, tell_unit
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, RuleBroken, Stale
from scheduler.language.dates import moment_words
from scheduler.links import new_slug
from scheduler.models import ConclusionItem, Task, TaskEvent
from scheduler.queries.access import may
from scheduler.queries.days import working_calendar
from scheduler.queries.followups import readable_task
from scheduler.rules.deadlines import LONGEST, due_day
from scheduler.rules.followups import TASK_STEP, check_new_day, next_task_state
from scheduler.rules.permissions import Actor


@dataclass(frozen=True)
class Report:
    """Who says what about which version of a task, and when."""

    version: int
    text: str
    by: Actor
    now: datetime


def compile_task(db: Db, item_id: int, *, by: Actor, now: datetime) -> Task | None:
    """The item's task, with a letter to the unit in charge and copies to those that help; None when it is made already.

    Claimed by an update of the item, so that two jobs at once make one task.
    """
    claim = update(ConclusionItem).where(ConclusionItem.id == item_id, ConclusionItem.compiled_at.is_(None))
    claimed = db.execute(claim.values(compiled_at=now).execution_options(synchronize_session=False))
    if claimed.rowcount != 1:  # type: ignore[attr-defined]
        return None
    item = db.get_one(ConclusionItem, item_id, populate_existing=True)
    task = Task(
        slug=new_slug(),
        item=item,
        unit_id=item.lead_unit_id,
        owner_unit_id=item.conclusion.occurrence.unit_id,
        state="assigned",
        due_day=item.due_day,
        due_why=item.due_why,
        first_due_day=item.due_day,
        made_at=now,
    )
    db.add(task)
    db.flush()
    letters = tell_assigned(db, task, now=now)
    _tell_story(db, task, "assigned", item.text, by=by, now=now, letters=letters)
    return task


def report_progress(db: Db, slug: str, report: Report) -> Task:
    """The unit says how far it is."""
    task = _step(db, slug, "progress", report, need="followups.words-missing")
    _tell_story(db, task, "progress", report.text, by=report.by, now=report.now)
    return task


def ask_extension(db: Db, slug: str, report: Report, *, until: date | None) -> Task:
    """The unit asks for a later day, with the reason as text; the day in force stays until it is decided.

    Raises RuleBroken for a second request, a day that is not later, or a day off.
    """
    task = _step(db, slug, "ask_extension", report, need="followups.reason-missing")
    if until is None:
        raise BadInput("followups.day-missing", "until")
    if task.asked_day is not None:
        raise RuleBroken("followups.asked-already", day=task.asked_day)
    today = local_date(report.now)
    check_new_day(until, due_day=task.due_day, today=today, calendar=working_calendar(db))
    task.asked_day = until
    _tell_story(db, task, "ask-extension", report.text, by=report.by, now=report.now, until=until.isoformat())
    tell_owner(db, task, "ask-extension", report.text, by=report.by.name, now=report.now)
    return task


def grant_extension(db: Db, slug: str, report: Report) -> Task:
    """The secretariat grants the day that was asked for; a reason is welcome."""
    task = _step(db, slug, "grant_extension", report)
    asked = _asked(task)
    task.due_why = [*task.due_why, ["followups.why-extended", {"to": asked.isoformat(), "reason": report.text.strip()}]]
    before, task.due_day, task.asked_day = task.due_day, asked, None
    days = (before.isoformat(), asked.isoformat())
    _tell_story(db, task, "grant-extension", report.text, by=report.by, now=report.now, before=days[0], until=days[1])
    tell_unit(db, task, "grant-extension", report.text, by=report.by.name, now=report.now)
    return task


def refuse_extension(db: Db, slug: str, report: Report) -> Task:
    """The secretariat refuses the later day, with its reason; the day in force stays."""
    task = _step(db, slug, "refuse_extension", report, need="followups.reason-missing")
    asked, task.asked_day = _asked(task), None
    _tell_story(db, task, "refuse-extension", report.text, by=report.by, now=report.now, until=asked.isoformat())
    tell_unit(db, task, "refuse-extension", report.text, by=report.by.name, now=report.now)
    return task


def report_done(db: Db, slug: str, report: Report, *, pdf: bytes = b"", file_name: str = "") -> Task:
    """The unit says that it is done, and by what this can be seen: number of a document, or what was carried out.

    The proof in words is asked for, a PDF may be added. Raises BadInput for a file that is no PDF or too large.
    """
    task = _step(db, slug, "report_done", report, need="followups.proof-missing")
    task.done_at, task.asked_day = report.now, None
    kept = keep_file(db, task.unit_id, file_name, pdf, public=False, now=report.now) if pdf else None
    _tell_story(
        db, task, "report-done", report.text, by=report.by, now=report.now, attachment_id=kept.id if kept else None
    )
    tell_owner(db, task, "report-done", report.text, by=report.by.name, now=report.now)
    return task


def accept_task(db: Db, slug: str, report: Report) -> Task:
    """The secretariat has seen that it was really done; a remark is welcome."""
    task = _step(db, slug, "accept", report)
    task.closed_at = report.now
    _tell_story(db, task, "accept", report.text, by=report.by, now=report.now)
    tell_unit(db, task, "accept", report.text, by=report.by.name, now=report.now)
    tell_task_accepted(db, task, now=report.now)
    return task


def reopen_task(db: Db, slug: str, report: Report, *, working_days: int | None) -> Task:
    """It was not done, or not lastingly: with a reason and a new deadline, counted from today."""
    task = _step(db, slug, "reopen", report, need="followups.reason-missing")
    if working_days is None or not 1 <= working_days <= LONGEST:
        raise BadInput("followups.deadline-missing", "working_days", most=LONGEST)
    due = due_day(local_date(report.now), working_days, working_calendar(db))
    task.due_day, task.due_why = due.day, [list(reason) for reason in due.reasons]
    task.done_at = task.closed_at = task.asked_day = None
    task.reopened += 1
    _tell_story(db, task, "reopen", report.text, by=report.by, now=report.now, until=due.day.isoformat())
    tell_unit(db, task, "reopen", report.text, by=report.by.name, now=report.now)
    return task


def _step(db: Db, slug: str, step: str, report: Report, *, need: str = "") -> Task:
    """The task moved on by one step: right, version, state and words are checked in this order."""
    task = readable_task(db, report.by, slug)
    row = TASK_STEP[step]
    if not may(db, report.by, row.act, task.unit_id if row.side == "unit" else task.owner_unit_id):
        raise NotAllowed("errors.not-allowed")
    if task.version != report.version:
        last = task.events[-1]
        raise Stale("errors.stale", who=last.by, at=moment_words(report.by.language, last.at))
    state = next_task_state(task.state, step)
    if need and not report.text.strip():
        raise BadInput(need, "text")
    task.state = state
    return task


def _asked(task: Task) -> date:
    if task.asked_day is None:
        raise RuleBroken("followups.nothing-asked")
    return task.asked_day


def _tell_story(
    db: Db,
    task: Task,
    kind: str,
    text: str,
    *,
    by: Actor,
    now: datetime,
    attachment_id: int | None = None,
    **facts: Any,
) -> None:
    """One line of the task's story, and one of the ledger; flushed, so that letters know the new version."""
    task.events.append(
        TaskEvent(
            at=now,
            kind=kind,
            by=by.name,
            by_id=by.account_id,
            text=text.strip(),
            facts=facts,
            attachment_id=attachment_id,
        )
    )
    subject = f"task:{task.id}"
    record(db, f"task.{kind}", by=by, now=now, unit_id=task.owner_unit_id, subject=subject, **facts)
    db.flush()
