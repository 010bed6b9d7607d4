"""Plans the reminders of sittings that come near, repairs what was left without, and reminds who registered."""

from datetime import datetime

from scheduler.actions.registration_reminders import find_to_remind, remind_registered
from scheduler.actions.reminders import find_unreminded, plan_reminders_of
from scheduler.database import Db


def find(db: Db, now: datetime) -> list[int]:
    """Published sittings whose reminders are not planned for their present state, or who registered is to be told."""
    return list(dict.fromkeys([*find_unreminded(db, now), *find_to_remind(db, now)]))


def handle(db: Db, occurrence_id: int, now: datetime) -> None:
    """Queue the letters; the key of each makes it only once."""
    plan_reminders_of(db, occurrence_id, now=now)
    remind_registered(db, occurrence_id, now=now)
