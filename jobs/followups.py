"""Compiles conclusions into tasks, with letters to the units in charge."""

from datetime import datetime

from scheduler.actions.followups import compile_task
from scheduler.database import Db
from scheduler.queries.followups import find_uncompiled
from scheduler.rules.permissions import job_actor

BY = job_actor("followups")


def find(db: Db, now: datetime) -> list[int]:
    """Items of conclusions without a task."""
    return find_uncompiled(db, now)


def handle(db: Db, item_id: int, now: datetime) -> None:
    """Make the item's task; it is claimed by an update of the item."""
    compile_task(db, item_id, by=BY, now=now)
