"""A task that comes near its day or passes it is urged: first the unit, then those above, each step once."""

from datetime import datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.actions.task_letters import urge
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Escalation, Task, TaskEvent, Unit
from scheduler.queries.audience import Listener
from scheduler.queries.days import working_calendar
from scheduler.queries.followups import owner_listeners, steps_taken, unit_above, unit_listeners
from scheduler.rules.followups import WITH_UNIT, EscalationStep, days_late, due_steps
from scheduler.rules.permissions import Actor, job_actor
from scheduler.rules.working_days import Calendar

JOB = job_actor("escalation")
ROLES = {"owner": "owner-unit", "above": "unit-above"}
"""Why somebody gets the letter of a step."""


def escalate(db: Db, task_id: int, *, now: datetime, by: Actor = JOB) -> int:
    """Take the steps of urging that are due today. Returns how many; 0 where another process was first.

    The task's row is held until the end of the transaction; the key of Escalation is the last word.
    """
    task = db.scalars(select(Task).where(Task.id == task_id).with_for_update()).one()
    if task.state not in WITH_UNIT:
        return 0
    today, calendar = local_date(now), working_calendar(db)
    steps = due_steps(
        task.due_day,
        since=local_date(task.made_at),
        today=today,
        calendar=calendar,
        taken=steps_taken(db, task),
    )
    for step in steps:
        _take(db, task, step, calendar, by=by, now=now)
    return len(steps)


def _take(db: Db, task: Task, step: EscalationStep, calendar: Calendar, *, by: Actor, now: datetime) -> None:
    to_unit, listeners = _addressees(db, task, step, now)
    db.add(Escalation(task_id=task.id, due_day=task.due_day, step=step.key, to_unit_id=to_unit.id, at=now))
    db.flush()
    today = local_date(now)
    if step.letter == "task-reminder":
        left = calendar.working_days_between(today, task.due_day)
        letters = urge(db, task, step.letter, step.key, to=listeners, now=now, days_left=left)
    else:
        late = days_late(task.due_day, today, calendar)
        letters = urge(db, task, step.letter, step.key, to=listeners, now=now, days_late=late, step=step.key)
    facts = {"step": step.key, "to": to_unit.name, "letters": letters}
    task.events.append(TaskEvent(at=now, kind="urged", by=by.name, facts=facts))
    record(db, "task.urged", by=by, now=now, unit_id=task.owner_unit_id, subject=f"task:{task.id}", **facts)


def _addressees(db: Db, task: Task, step: EscalationStep, now: datetime) -> tuple[Unit, list[Listener]]:
    if step.to == "unit":
        return task.unit, unit_listeners(db, task.unit, local_date(now))
    unit = task.owner_unit if step.to == "owner" else unit_above(db, task.owner_unit)
    return unit, owner_listeners(db, unit, ROLES[step.to], today=local_date(now))
