"""The letters about a task: to the unit in charge, to units that help, to those who answer for it, and upwards."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from scheduler.actions.letters import Recipient, queue_letter
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Task
from scheduler.queries.audience import Listener
from scheduler.queries.followups import owner_listeners, unit_listeners

WITHOUT_ACCOUNT = ("lead-unit",)
"""Who acts through the signed address of a letter; the others sign in."""


def tell_assigned(db: Db, task: Task, *, now: datetime) -> int:
    """The first letter: to the unit in charge, with a copy to each unit that helps. Returns how many."""
    listeners = unit_listeners(db, task.unit, local_date(now))
    for helper in task.item.co_units:
        copies = unit_listeners(db, helper.unit, local_date(now))
        listeners += [Listener("co-unit", one.name, one.email, one.phone, one.language) for one in copies]
    return _queue(db, task, "task", to=listeners, key="assigned", now=now)


def tell_unit(db: Db, task: Task, step: str, words: str, *, by: str, now: datetime) -> int:
    """News for the unit in charge: what the secretariat decided. Returns how many letters."""
    listeners = unit_listeners(db, task.unit, local_date(now))
    key = f"{step}:{task.version}"
    return _queue(db, task, "task-news", to=listeners, key=key, now=now, step=step, by=by, words=words)


def tell_owner(db: Db, task: Task, step: str, words: str, *, by: str, now: datetime) -> int:
    """News for the secretariat of the sitting's unit: what the unit reported. Returns how many letters."""
    listeners = owner_listeners(db, task.owner_unit, "owner-unit", today=local_date(now))
    key = f"{step}:{task.version}"
    return _queue(db, task, "task-news", to=listeners, key=key, now=now, step=step, by=by, words=words)


def urge(db: Db, task: Task, kind: str, cause: str, *, to: Iterable[Listener], now: datetime, **more: Any) -> int:
    """A step of urging for the present due day. Returns how many letters."""
    return _queue(db, task, kind, to=to, key=f"{cause}:{task.due_day}", now=now, **more)


def _queue(db: Db, task: Task, kind: str, *, to: Iterable[Listener], key: str, now: datetime, **more: Any) -> int:
    queued = 0
    for listener in to:
        fresh = queue_letter(
            db,
            kind,
            Recipient(listener.email, listener.name, listener.language),
            _facts(task, listener) | more,
            key=f"task:{task.id}:{key}",
            due_at=now,
            now=now,
            unit_id=task.owner_unit_id,
            task_id=task.id,
        )
        queued += fresh
    return queued


def _facts(task: Task, listener: Listener) -> dict[str, Any]:
    """What every letter about a task tells. `url` is a path; one under /tasks is signed and made whole at sending."""
    return {
        "unit": task.unit.name,
        "owner": task.owner_unit.name,
        "text": task.item.text,
        "number": task.item.conclusion.number,
        "due_day": task.due_day.isoformat(),
        "due_why": task.due_why,
        "url": f"/tasks/{task.slug}" if listener.role in WITHOUT_ACCOUNT else f"/desk/tasks/{task.slug}",
        "why_you": listener.role,
    }
