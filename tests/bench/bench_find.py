"""Suggestions while a name is typed, over the country's 13,000 units and their posts, beside a constant Flask page.

Names are typed letter by letter as people do, each text once (nothing kept of it) and then again. One connection is
kept open and asks in turns, so that both meet the same machine; a figure is the median over all letters typed.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

from scheduler.clock import local_date, utc_now
from scheduler.database import Database
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.models import Unit
from scheduler.models.base import plain
from scheduler.queries.find import read_names
from scheduler.rules.names import core_name
from scheduler.rules.permissions import COMMAND_LINE
from tests.bench.bench_pages import timed
from tests.bench.servers import serving

TYPED = 60
"""Names that are typed, letter by letter from the second on."""
LEAST_UNITS = 10_000
WARDS_CHAIRMAN = "chu tich phuong "


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside. Raises AssertionError when an answer is not 200."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/lichdan.db")
        database.upgrade()
        with database.transaction() as db:
            load_vietnam(db, by=COMMAND_LINE, now=utc_now())
            assert db.query(Unit).count() > LEAST_UNITS
            places = [unit.name for unit in db.query(Unit).filter_by(kind="place", level="commune").order_by(Unit.id)]
            began = time.perf_counter()
            read_names(db, local_date(utc_now() + timedelta(days=1)))
            building = time.perf_counter() - began
        database.engine.dispose()
        texts = list(dict.fromkeys(_typed(places)))
        with (
            serving("web:create_app", LICHDAN_VAR=folder, LICHDAN_DATABASE_URL="") as ours,
            serving("tests.bench.servers:constant") as theirs,
        ):
            mine, yardstick = HTTPConnection("127.0.0.1", ours.port), HTTPConnection("127.0.0.1", theirs.port)
            return [*_rows(mine, yardstick, texts), _row("reading all names anew", building, None)]


def _typed(places: list[str]) -> Iterator[str]:
    """What fields hold while names are typed: "ho", "hoa", "hoan", …, also behind a title."""
    for number, name in enumerate(Random(4).sample(places, TYPED)):
        whole = plain(name if number % 3 == 0 else core_name(name))
        text = f"{WARDS_CHAIRMAN}{whole}" if number % 10 == 9 else whole
        yield from (text[:letters] for letters in range(2, len(text) + 1))


def _rows(mine: HTTPConnection, yardstick: HTTPConnection, texts: list[str]) -> Iterator[dict[str, Any]]:
    timed(mine, "/search.json?q=xx")
    timed(yardstick, "/")
    for name in (f"a letter typed the first time ({len(texts)} texts)", "  typed by somebody before"):
        pairs = [(timed(yardstick, "/")[0], timed(mine, f"/search.json?q={quote(text)}")[0]) for text in texts]
        constant = statistics.median(one for one, _ in pairs)
        found = sorted(one for _, one in pairs)
        middle, slow = statistics.median(found), found[int(len(found) * 0.95)]
        yield _row(name, middle, constant / middle)
        yield _row("    the slowest twentieth", slow, constant / slow)


def _row(name: str, seconds: float, ratio: float | None) -> dict[str, Any]:
    beside = "Flask page of a constant, speed" if ratio is not None else ""
    shown = round(ratio, 3) if ratio is not None else None
    return {"name": name, "value": round(seconds * 1000, 2), "unit": "ms", "ratio": shown, "beside": beside}
