"""Plans the reminders of sittings that come near, and repairs what a change or a standstill left without."""

from datetime import datetime

from scheduler.actions.reminders import find_unreminded, plan_reminders_of
from scheduler.database import Db


def find(db: Db, now: datetime) -> list[int]:
    """Published sittings whose reminders are not planned for their present state."""
    return find_unreminded(db, now)


def handle(db: Db, occurrence_id: int, now: datetime) -> None:
    """Queue the letters; the key of each makes it only once."""
    plan_reminders_of(db, occurrence_id, now=now)
