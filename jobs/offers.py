"""Gives who waits since a sitting was cancelled a place in the next one, once that is public."""

from datetime import datetime

from scheduler.actions.registration_moves import find_waiting, offer_next_of
from scheduler.database import Db


def find(db: Db, now: datetime) -> list[int]:
    """Cancelled sittings for which somebody is still registered."""
    return find_waiting(db)


def handle(db: Db, occurrence_id: int, now: datetime) -> None:
    """Place and tell them; where there is still no later sitting nothing happens."""
    offer_next_of(db, occurrence_id, now=now)
