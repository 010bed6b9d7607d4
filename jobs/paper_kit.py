"""Sends the office a reception's list, numbered register rows and receipts on the working day before, for paper."""

from datetime import datetime

from scheduler.actions.paper_kit import send_paper_kit
from scheduler.database import Db
from scheduler.queries.paper import find_kits_due


def find(db: Db, now: datetime) -> list[int]:
    """Receptions whose kit is due and not made yet; after a standstill those of today too."""
    return find_kits_due(db, now)


def handle(db: Db, occurrence_id: int, now: datetime) -> None:
    """Keep the numbers and queue the letters; the key of sitting and sequence makes each kit only once."""
    send_paper_kit(db, occurrence_id, now=now)
