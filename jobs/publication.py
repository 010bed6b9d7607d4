"""Urges the secretariats whose sittings come near the last day for publishing."""

from datetime import datetime

from scheduler.actions.reminders import find_to_publish, urge_publishing
from scheduler.database import Db


def find(db: Db, now: datetime) -> list[int]:
    """Units with sittings that wait to be published."""
    return find_to_publish(db, now)


def handle(db: Db, unit_id: int, now: datetime) -> None:
    """Queue the letters to the unit's secretariat; the key of each warning makes it only once."""
    urge_publishing(db, unit_id, now=now)
