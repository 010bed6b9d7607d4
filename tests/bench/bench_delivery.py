"""Letters a second, from the outbox to a real mail server, beside aiosmtplib that only carries finished bytes."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import aiosmtplib
from aiosmtpd.controller import Controller

from jobs.delivery import deliver_letters
from scheduler.database import Database
from tests.build import NOW
from tests.jobs.outbox import queue_many, workshop_on
from tests.mailbox import Sink, free_port
from tests.tables import Row

LETTERS = 500


def run() -> list[Row]:
    """Three ways out for the same letters."""
    with tempfile.TemporaryDirectory() as folder, _server() as sink:
        ours = _from_outbox(Path(folder), "smtp", sink.url)
        raw = [letter.raw for letter in sink.letters]
        limit = _raw(sink, raw)
        files = _from_outbox(Path(folder), "file", f"file:{folder}/mail")
    return [
        {"name": "aiosmtplib, finished bytes, one connection", "value": limit, "unit": "letters/s"},
        {
            "name": "outbox to SMTP: claimed, composed, sent, noted (SQLite, synchronous FULL)",
            "value": ours,
            "unit": "letters/s",
            "ratio": ours / limit,
            "beside": "aiosmtplib",
        },
        {"name": "outbox to a folder, each file on the disk", "value": files, "unit": "letters/s"},
    ]


def _from_outbox(folder: Path, name: str, mail_url: str) -> float:
    database = Database(f"sqlite:///{folder}/{name}.db")
    database.upgrade()
    queue_many(database, LETTERS)
    workshop = workshop_on(database, mail_url)
    began = time.perf_counter()
    outcome = deliver_letters(workshop, NOW)
    seconds = time.perf_counter() - began
    assert outcome.done == LETTERS, outcome
    database.engine.dispose()
    return LETTERS / seconds


def _raw(sink: Sink, letters: list[bytes]) -> float:
    async def carry() -> None:
        async with aiosmtplib.SMTP(hostname="127.0.0.1", port=sink.port, start_tls=False) as client:
            for letter in letters:
                await client.sendmail("lich@example.vn", ["a@example.vn"], letter)

    began = time.perf_counter()
    asyncio.run(carry())
    return len(letters) / (time.perf_counter() - began)


@contextmanager
def _server() -> Iterator[Sink]:
    sink = Sink(port=free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=20)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()
