"""Writes each secretariat once a week what waits on its desk, and once a month how the duties stand."""

from datetime import datetime

from scheduler.actions.digests import digest_reader, find_undigested, queue_digest
from scheduler.database import Db
from scheduler.documents.digests import digest_lines


def find(db: Db, now: datetime) -> list[int]:
    """Accounts without a letter of this week."""
    return find_undigested(db, now)


def handle(db: Db, account_id: int, now: datetime) -> None:
    """Queue the letter; the key of account and week makes it only once."""
    lines = digest_lines(db, digest_reader(db, account_id, now=now), now)
    queue_digest(db, account_id, lines, now=now)
