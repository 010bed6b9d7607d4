"""Brings about what resolutions set for today: open tasks and old papers go to the units that follow."""

from datetime import datetime

from scheduler.actions.succession_day import carry_succession
from scheduler.database import Db
from scheduler.queries.succession import find_to_carry


def find(db: Db, now: datetime) -> list[int]:
    """Successions whose day has come, or to whose old units tasks came since."""
    return find_to_carry(db, now)


def handle(db: Db, succession_id: int, now: datetime) -> None:
    """Carry one over."""
    carry_succession(db, succession_id, now=now)
