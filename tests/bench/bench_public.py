"""Residents' pages and data: from memory beside a constant Flask page on the same server, unkept beside their rows.

10,000 sittings of a year stand in the tables. "By hand" is the same rows by SQLAlchemy's core, in this process,
written as JSON and nothing more; the page is asked over HTTP under an address that no memory knows.
"""

import json
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection, func, or_, select
from werkzeug.test import create_environ

from scheduler.clock import local_date, utc_now
from scheduler.database import Database
from scheduler.models import Occurrence, OccurrenceChange, OccurrenceHost, Post, Unit
from scheduler.rules.workflow import PUBLIC
from scheduler.settings import Settings
from tests.bench.bench_pages import fill
from tests.bench.lines import rate_of, request_of
from tests.bench.servers import constant, serving
from web import create_app

UNIT = "/units/00070"
API = "/api/v1/occurrences?limit=200"
ROUNDS, SECONDS, LINES = 5, 0.6, 4
COLD, ASKED_INSIDE = 15, 1_000
HELLO = "a Flask page that returns a constant"
BY_HAND = "the same rows by hand"
shown_day = func.coalesce(Occurrence.day, Occurrence.planned_day)
Rows = list[dict[str, Any]]


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside. Raises AssertionError when a page does not answer as it should."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/lichdan.db")
        database.upgrade()
        with database.transaction() as db:
            slug = fill(db, utc_now())
        with (
            serving("web:create_app", LICHDAN_VAR=folder, LICHDAN_DATABASE_URL="") as ours,
            serving("tests.bench.servers:constant") as theirs,
        ):
            pages = {"a ward's year": UNIT, "a sitting": f"/occurrences/{slug}", "200 sittings as JSON": API}
            rows = [*_warm(ours.port, theirs.port, pages), *_inside(database, Path(folder), pages)]
            with database.engine.connect() as line:
                rows += _cold(ours.port, pages, _hands(line, slug))
        database.engine.dispose()
    return rows


def _warm(ours: int, theirs: int, pages: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Answers a second, in turns with the constant, so that both meet the same machine."""
    targets = {"a constant": (theirs, request_of(theirs, "/"))}
    for name, path in pages.items():
        etag, size, packed = _known(ours, path)
        plain, small = request_of(ours, path), request_of(ours, path, "Accept-Encoding: gzip")
        targets[f"{name}, from memory ({size // 1024 + 1} kB)"] = (ours, plain)
        targets[f"{name}, packed ({packed // 1024 + 1} kB)"] = (ours, small)
        targets[f"{name}, 304"] = (ours, request_of(ours, path, f"If-None-Match: {etag}"))
    rounds = [
        {name: rate_of(*target, seconds=SECONDS, lines=LINES) for name, target in targets.items()}
        for _ in range(ROUNDS)
    ]
    for name in targets:
        ratio = statistics.median(one[name] / one["a constant"] for one in rounds)
        value = statistics.median(one[name] for one in rounds)
        yield {"name": name, "value": round(value), "unit": "1/s", "ratio": round(ratio, 2), "beside": HELLO}


def _inside(database: Database, folder: Path, pages: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Processor time of one answer without any network, which a busy machine does not blur."""
    ours = create_app(Settings(var=folder, secret_key="k" * 43), database)
    logging.disable(logging.INFO)
    base = _spent(constant(), "/")
    yield {"name": "a constant, without network", "value": round(base, 1), "unit": "us", "ratio": 1.0, "beside": HELLO}
    for name, path in pages.items():
        value = _spent(ours, path)
        yield {"name": f"{name}, from memory, without network", "value": round(value, 1), "unit": "us",
               "ratio": round(base / value, 2), "beside": HELLO}  # fmt: skip
    logging.disable(logging.NOTSET)


def _spent(app: Flask, path: str) -> float:
    """Microseconds of processor time, the least of some rounds."""
    asked = create_environ(path, "http://127.0.0.1:8000")

    def answer() -> bytes:
        return b"".join(app(dict(asked), lambda *_: None))  # type: ignore[arg-type, return-value]

    answer()
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(ASKED_INSIDE):
            answer()
        rounds.append((time.process_time() - began) / ASKED_INSIDE * 1e6)
    return min(rounds)


def _cold(port: int, pages: dict[str, str], hands: dict[str, Callable[[], bytes]]) -> Iterator[dict[str, Any]]:
    line = HTTPConnection("127.0.0.1", port)
    for name, path in pages.items():
        sign = "&" if "?" in path else "?"
        times, by_hand = [], []
        for number in range(COLD):
            times.append(_timed(lambda path=path, sign=sign, n=number: _get(line, f"{path}{sign}x={n}")))
            by_hand.append(_timed(hands[name]))
        value, hand = statistics.median(times) * 1000, statistics.median(by_hand) * 1000
        yield {"name": f"{name}, unkept", "value": round(value, 1), "unit": "ms", "ratio": round(hand / value, 2),
               "beside": f"{BY_HAND} ({hand:.1f} ms)"}  # fmt: skip


def _hands(line: Connection, slug: str) -> dict[str, Callable[[], bytes]]:
    today = local_date(utc_now())
    year = shown_day.between(date(today.year, 1, 1), date(today.year, 12, 31))
    place = select(Unit.id).where(Unit.code == UNIT.rpartition("/")[2]).scalar_subquery()
    units = select(Unit.id).where(or_(Unit.id == place, Unit.parent_id == place))
    ahead = shown_day.between(today, today + timedelta(days=90))
    return {
        "a ward's year": lambda: _by_hand(line, year, Occurrence.unit_id.in_(units)),
        "a sitting": lambda: _by_hand(line, Occurrence.slug == slug),
        "200 sittings as JSON": lambda: _by_hand(line, ahead, limit=200),
    }


def _by_hand(line: Connection, *conditions: Any, limit: int | None = None) -> bytes:
    """The public sittings, their hosts and changes, in three statements, as JSON."""
    wanted = select(Occurrence.__table__, Unit.__table__.c.code, Unit.__table__.c.name)
    wanted = wanted.join(Unit, Unit.id == Occurrence.unit_id).where(Occurrence.state.in_(PUBLIC), *conditions)
    rows: Rows = [dict(row) for row in line.execute(wanted.order_by(shown_day, Occurrence.id).limit(limit)).mappings()]
    assert rows
    ids = [row["id"] for row in rows]
    hosts = select(OccurrenceHost.occurrence_id, Post.code, Post.title).join(Post, Post.id == OccurrenceHost.post_id)
    told = select(OccurrenceChange.__table__).where(OccurrenceChange.occurrence_id.in_(ids))
    more = [dict(row) for row in line.execute(hosts.where(OccurrenceHost.occurrence_id.in_(ids))).mappings()]
    more += [dict(row) for row in line.execute(told).mappings()]
    return json.dumps([rows, more], default=str).encode()


def _known(port: int, path: str) -> tuple[str, int, int]:
    """The tag of the plain answer, its size, and the size of the packed one."""
    line = HTTPConnection("127.0.0.1", port)
    etag, size = _get(line, path)
    return etag, size, _get(line, path, {"Accept-Encoding": "gzip"})[1]


def _get(line: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> tuple[str, int]:
    line.request("GET", path, headers=headers or {})
    answer = line.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return str(answer.headers["ETag"]), len(body)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
