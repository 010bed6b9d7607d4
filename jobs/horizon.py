"""Keeps sittings planned ahead: schedules whose rows no longer reach the horizon get the missing ones, as drafts."""

from datetime import datetime

from scheduler.actions.days import seed_days
from scheduler.actions.schedules import extend_schedule
from scheduler.database import Db
from scheduler.queries.schedules import find_short_schedules
from scheduler.rules.permissions import job_actor

BY = job_actor("horizon")


def find(db: Db, now: datetime) -> list[int]:
    """Schedules that are planned too short."""
    return find_short_schedules(db, now)


def handle(db: Db, schedule_id: int, now: datetime) -> None:
    """Make the missing rows; the key of schedule and planned day makes each only once.

    A year that begins first takes in the days off of the year after it.
    """
    seed_days(db, now, by=BY)
    extend_schedule(db, schedule_id, now=now, by=BY)
