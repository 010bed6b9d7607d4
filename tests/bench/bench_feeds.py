"""A calendar of 1,000 events: first answer, kept answers and 304, beside a Flask page that returns a constant.

Both are served by granian with one worker; targets take turns, round by round, so that only ratios are compared.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scheduler.actions.changes import Order, move_occurrence
from scheduler.actions.feeds import raise_versions
from scheduler.clock import local_date, utc_now
from scheduler.database import Database
from scheduler.models import Occurrence
from scheduler.rules.permissions import COMMAND_LINE
from tests.bench.lines import rate_of, read_answer, request_of
from tests.build import make_office, make_published
from tests.mailbox import free_port

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 1_000
A_DAY = 6
ROUNDS, SECONDS, LINES = 5, 1.0, 4
FEED = "/feeds/unit/00070-ubnd.ics"
HELLO = "a Flask page that returns a constant"


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        database = _filled(var)
        with _server("web:create_app", var) as ours, _server("tests.bench.hello:create_app", var) as hello:
            base = statistics.median(_ask(hello, "/")[0] for _ in range(50))
            cold, _, body = _ask(ours, FEED)
            rows = [_time_row(f"{EVENTS} events, first answer of a new process ({len(body) // 1000} kB)", cold, base)]
            rows.append(_time_row("  first answer after one of them moved", _after_move(database, ours), base))
            rows += _rates(ours, hello, _etag_of(ours))
        database.engine.dispose()
    return rows


def _rates(ours: int, hello: int, etag: str) -> list[dict[str, Any]]:
    targets = {
        "hello": (hello, request_of(hello, "/")),
        "304, from memory": (ours, request_of(ours, FEED, f"If-None-Match: {etag}")),
        "304, through the application": (ours, request_of(ours, f"{FEED}?x=1", f"If-None-Match: {etag}")),
        "200, packed": (ours, request_of(ours, FEED, "Accept-Encoding: gzip")),
        "200, plain": (ours, request_of(ours, FEED)),
    }
    rounds = [
        {name: rate_of(*target, seconds=SECONDS, lines=LINES) for name, target in targets.items()}
        for _ in range(ROUNDS)
    ]
    rows = []
    for name in targets:
        ratio = statistics.median(one[name] / one["hello"] for one in rounds)
        value = statistics.median(one[name] for one in rounds)
        beside = "" if name == "hello" else HELLO
        rows.append({"name": f"  {name}", "value": value, "unit": "1/s", "ratio": ratio, "beside": beside})
    return rows


def _filled(var: Path) -> Database:
    """A database with one office and its sittings, all within reach of a calendar."""
    database = Database(f"sqlite:///{var}/lichdan.db")
    database.upgrade()
    first = local_date(utc_now()) + timedelta(days=1)
    with database.transaction() as db:
        office, chairman = make_office(db)
        made = [make_published(db, office, chairman, **_when(first, place)).id for place in range(EVENTS)]
        raise_versions(db, made, now=utc_now())
    return database


def _when(first: date, place: int) -> dict[str, Any]:
    hour = 7 + place % A_DAY
    return {"day": first + timedelta(days=place // A_DAY), "hours": [f"{hour:02}:00-{hour:02}:45"]}


def _after_move(database: Database, port: int) -> float:
    times = []
    for number in range(1, ROUNDS + 1):
        with database.transaction() as db:
            row = db.get_one(Occurrence, number)
            order = Order(row.version, f"lần {number}", COMMAND_LINE, utc_now())
            move_occurrence(db, row.slug, order, day=local_date(utc_now()) + timedelta(days=170))
        time.sleep(1.1)  # until the process asks again whether anything has changed
        times.append(_ask(port, FEED)[0])
    return statistics.median(times)


@contextmanager
def _server(factory: str, var: Path) -> Iterator[int]:
    port = free_port()
    own = {"LICHDAN_VAR": str(var), "LICHDAN_PORT": str(port), "LICHDAN_SECRET_KEY": "k" * 43}
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--factory",
        factory,
        "--workers",
        "1",
        "--no-ws",
    ]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    log = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def _ask(port: int, path: str) -> tuple[float, bytes, bytes]:
    """Milliseconds, head and body of one answer."""
    with socket.create_connection(("127.0.0.1", port), 60) as line:
        started = time.perf_counter()
        line.sendall(request_of(port, path))
        head, body = read_answer(line)
        return (time.perf_counter() - started) * 1000, head, body


def _etag_of(port: int) -> str:
    head = _ask(port, FEED)[1].decode("latin-1")
    return next(line.partition(": ")[2] for line in head.split("\r\n") if line.lower().startswith("etag:"))


def _time_row(name: str, milliseconds: float, base: float) -> dict[str, Any]:
    return {"name": name, "value": milliseconds, "unit": "ms", "ratio": base / milliseconds, "beside": HELLO}
