"""A hundred people at the same moment: for the last seat of a hall, and in a queue that has room for all.

Beside the least any program must do: one conditional update and one insert of the same row, by hand, with as many
threads on the same database. Exactly one must get the last seat.
"""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

from sqlalchemy import text

from scheduler.actions.registrations import RESIDENT, Given, queue_of, register
from scheduler.database import Database
from scheduler.errors import HouseError
from scheduler.models import Queue
from tests.build import NOW, make_office, make_published

PEOPLE = 100
DAY = date(2026, 12, 10)
KEY = "k" * 43


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside. Raises AssertionError where another number than one gets the seat."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/lichdan.db", KEY)
        database.upgrade()
        with database.transaction() as db:
            office, chairman = make_office(db)
            hall = make_published(db, office, chairman, day=DAY, kind="dialogue")
            room = make_published(db, office, chairman, day=DAY.replace(day=11))
            for sitting, seats in ((hall, 1), (room, None)):
                queue_of(db, sitting.id)
                db.get_one(Queue, sitting.id).seats = seats
            slugs = (hall.slug, room.slug)
            copied = "CREATE TABLE by_hand AS SELECT * FROM queues WHERE occurrence_id = :hall"
            db.execute(text(copied), {"hall": hall.id})
            db.execute(text("CREATE TABLE by_hand_rows (id INTEGER PRIMARY KEY, ticket INTEGER, words TEXT)"))
        rows = [
            _row(name, slug, wanted, database) for name, slug, wanted in zip(NAMES, slugs, (1, PEOPLE), strict=True)
        ]
        database.engine.dispose()
    return rows


NEXT_NUMBER = "UPDATE by_hand SET last_ticket = last_ticket + 1, taken = taken + 1 RETURNING last_ticket"
LAST_SEAT = NEXT_NUMBER.replace("RETURNING", "WHERE taken < seats RETURNING")
NAMES = (f"{PEOPLE} people, the last seat of a hall", f"{PEOPLE} people, numbers for all")


def _row(name: str, slug: str, wanted: int, database: Database) -> dict[str, Any]:
    def ours(n: int) -> bool:
        given = Given(f"Người dân {n}", contact_kind="phone", contact=f"09120{n:05}", topic="land", form=f"{slug}{n}")
        try:
            with database.transaction() as db:
                register(db, slug, given, by=RESIDENT, now=NOW)
        except HouseError:
            return False
        return True

    def least(n: int) -> bool:
        with database.transaction() as db:
            ticket = db.execute(text(LAST_SEAT if wanted == 1 else NEXT_NUMBER)).scalar()
            if ticket is not None:
                row = {"ticket": ticket, "words": "x" * 600}
                db.execute(text("INSERT INTO by_hand_rows (ticket, words) VALUES (:ticket, :words)"), row)
            return ticket is not None

    hand, _ = _crowd(least)
    seconds, got = _crowd(ours)
    assert got == wanted, f"{got} of {PEOPLE} got {wanted} places"
    shown = round(hand / seconds, 3)
    return {
        "name": name,
        "value": round(seconds * 1000),
        "unit": "ms",
        "ratio": shown,
        "beside": "one update and insert by hand",
    }


def _crowd(come: Callable[[int], bool]) -> tuple[float, int]:
    """Seconds until all were answered, and how many got a place."""
    start = Barrier(PEOPLE + 1)

    def wait_and_come(n: int) -> bool:
        start.wait()
        return come(n)

    with ThreadPoolExecutor(PEOPLE) as pool:
        answers = [pool.submit(wait_and_come, n) for n in range(PEOPLE)]
        start.wait()
        began = time.perf_counter()
        got = sum(answer.result() for answer in answers)
        return time.perf_counter() - began, got
