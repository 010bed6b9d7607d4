"""Gives who waits since a sitting was cancelled the next place once there is one; closes calls about what is over."""

from datetime import datetime

from scheduler.actions.calls import find_past_calls, void_past_calls
from scheduler.actions.registration_moves import find_waiting, offer_next_of
from scheduler.database import Db


def find(db: Db, now: datetime) -> list[int]:
    """Cancelled sittings for which somebody is still registered, and past ones with calls that came to nothing."""
    return list(dict.fromkeys([*find_waiting(db), *find_past_calls(db, now)]))


def handle(db: Db, occurrence_id: int, now: datetime) -> None:
    """Place and tell them; where there is still no later sitting nothing happens."""
    void_past_calls(db, occurrence_id, now=now)
    offer_next_of(db, occurrence_id, now=now)
