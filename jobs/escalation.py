"""Reminds of tasks before, on and after their due day, and then goes up the units."""

from datetime import datetime

from scheduler.actions.escalation import escalate
from scheduler.database import Db
from scheduler.queries.followups import find_to_escalate


def find(db: Db, now: datetime) -> list[int]:
    """Tasks with a step of urging that is due."""
    return find_to_escalate(db, now)


def handle(db: Db, task_id: int, now: datetime) -> None:
    """Take the steps; the key of task, due day and step makes each only once."""
    escalate(db, task_id, now=now)
