"""Letters against kills, stops and bad servers: none lost, and a doubled one only where mail cannot know better."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from jobs.delivery import deliver_letters
from scheduler.database import Database
from scheduler.models import Letter
from scheduler.rules.letters import LEASE
from tests.build import NOW
from tests.jobs.outbox import queue_many, workshop_on
from tests.mailbox import Sink, free_port
from tests.servers import ROOT
from tests.tables import Row

LETTERS = 200
KILLS = 12
STEP = LEASE + timedelta(minutes=1)


def run() -> list[Row]:
    """One row a fault."""
    return [
        _killed(),
        _three_at_once(),
        _told_to_stop(),
        _server_away(),
        _greylisted(),
        _refused(),
        _answers_lost(),
    ]


def _killed() -> Row:
    """F2: a sender is killed again and again, wherever it stands; the next one takes over what it left."""
    chance = random.Random(2026)
    with _office() as (database, sink):
        kills = 0
        for round_ in range(60):
            if _open(database) == 0:
                break
            process = _sender(database, sink, NOW + STEP * round_)
            if kills < KILLS:
                _wait_for(sink, len(sink.letters) + chance.randint(1, 12), process)
                time.sleep(chance.random() * 0.02)
                kills += process.poll() is None
                process.kill()
            process.wait()
        return _row(f"{kills} x kill -9, {LETTERS} letters", f"lost 0, doubled <= {kills}", sink, most_doubled=kills)


def _three_at_once() -> Row:
    """F3: three senders at the same moment."""
    with _office() as (database, sink):
        senders = [_sender(database, sink, NOW) for _ in range(3)]
        codes = [sender.wait() for sender in senders]
        row = _row("three senders at once", "lost 0, doubled 0", sink)
        return row | {"survived": row["survived"] and codes == [0, 0, 0]}


def _told_to_stop() -> Row:
    """F23: SIGTERM in the middle of a round; the letter in hand is finished, none stays taken."""
    with _office() as (database, sink):
        process = _sender(database, sink, NOW)
        _wait_for(sink, 20, process)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
        seconds = time.monotonic() - began
        left = _states(database)
        sent = len(sink.letters)
        whole = left["sending"] == 0 and left["sent"] == sent < LETTERS and left["due"] == LETTERS - sent
        found = f"ended with {code} after {seconds:.1f} s, sent {sent}, taken {left['sending']}"
        return {
            "fault": "SIGTERM in the middle",
            "expected": "ends within 20 s, none stays taken",
            "found": found,
            "survived": whole and code == 0 and seconds < 20,
        }


def _server_away() -> Row:
    """F5: the mail server is away for an hour of beats, then comes back."""
    with _office() as (database, sink):
        away = workshop_on(database, f"smtp://127.0.0.1:{free_port()}")
        for minute in range(60):
            deliver_letters(away, NOW + timedelta(minutes=minute))
        tries = {letter.attempts for letter in _letters(database)}
        began = time.monotonic()
        deliver_letters(workshop_on(database, sink.url), NOW + timedelta(hours=1))
        seconds = time.monotonic() - began
        row = _row("server away for 60 beats", "lost 0, no try counted, drained < 60 s", sink)
        row["found"] += f", drained in {seconds:.1f} s"
        return row | {"survived": row["survived"] and tries == {0} and seconds < 60}


def _greylisted() -> Row:
    """F6: every recipient is put off once."""
    with _office() as (database, sink):
        sink.then(*["later"] * LETTERS)
        shop = workshop_on(database, sink.url)
        for hour in range(3):
            deliver_letters(shop, NOW + timedelta(hours=hour))
        most = max(letter.attempts for letter in _letters(database))
        row = _row("450 for every recipient once", "lost 0, doubled 0, at most 3 tries", sink)
        return row | {"survived": row["survived"] and most <= 3}


def _refused() -> Row:
    """F7: a tenth of the addresses does not exist."""
    with _office() as (database, sink):
        wrong = {letter.recipient for letter in _letters(database)[::10]}
        sink.by_recipient = dict.fromkeys(wrong, "refuse")
        for hour in range(2):
            deliver_letters(workshop_on(database, sink.url), NOW + timedelta(hours=hour))
        failed = {letter.recipient for letter in _letters(database) if letter.state == "failed"}
        arrived = {letter.recipient for letter in sink.letters}
        return {
            "fault": "550 for every tenth",
            "expected": "exactly those fail, the others arrive",
            "found": f"failed {len(failed)}, arrived {len(arrived)}",
            "survived": failed == wrong and len(arrived) == len(sink.letters) == LETTERS - len(wrong),
        }


def _answers_lost() -> Row:
    """F8: the server takes a letter and hangs up without an answer."""
    with _office() as (database, sink):
        sink.then("drop", "accept", "drop", "accept", "drop")
        shop = workshop_on(database, sink.url)
        deliver_letters(shop, NOW)
        at_once = max(Counter(letter.recipient for letter in sink.letters).values())
        deliver_letters(shop, NOW + timedelta(hours=1))
        row = _row("3 answers lost after DATA", "1 copy at once, at most 2 in all", sink, most_doubled=3)
        return row | {"survived": row["survived"] and at_once == 1}


@contextmanager
def _office() -> Iterator[tuple[Database, Sink]]:
    """A database with the letters due, and a mail server."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/lichdan.db")
        database.upgrade()
        queue_many(database, LETTERS)
        sink = Sink(port=free_port())
        controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=20)
        controller.start()
        try:
            yield database, sink
        finally:
            controller.stop()
            database.engine.dispose()


def _sender(database: Database, sink: Sink, now: datetime) -> "subprocess.Popen[bytes]":
    own = {
        "LICHDAN_VAR": str(Path(str(database.url.database)).parent),
        "LICHDAN_MAIL_URL": sink.url,
        "LICHDAN_MAIL_FROM": "lich@example.vn",
    }
    command = [sys.executable, "-m", "jobs", "run", "delivery", "--now", now.isoformat()]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **own}, **quiet)


def _wait_for(sink: Sink, letters: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 60
    while len(sink.letters) < letters and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)


def _letters(database: Database) -> list[Letter]:
    with database.open() as db:
        return list(db.query(Letter).order_by(Letter.id))


def _states(database: Database) -> Counter[str]:
    return Counter(letter.state for letter in _letters(database))


def _open(database: Database) -> int:
    states = _states(database)
    return states["due"] + states["sending"]


def _row(fault: str, expected: str, sink: Sink, *, most_doubled: int = 0) -> Row:
    """Lost: a letter that never arrived. Doubled: one that arrived twice; more than twice is never right."""
    copies = Counter(letter.message["Message-ID"] for letter in sink.letters)
    lost, doubled = LETTERS - len(copies), sum(n - 1 for n in copies.values())
    fine = lost == 0 and doubled <= most_doubled and max(copies.values(), default=0) <= 2
    return {"fault": fault, "expected": expected, "found": f"lost {lost}, doubled {doubled}", "survived": fine}
