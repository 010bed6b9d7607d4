"""The application on a port inside the test, with the test's clock; its jobs run as their own command beside it."""

import os
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from scheduler.actions.accounts import make_link
from scheduler.database import Database
from scheduler.models import Account
from scheduler.rules.permissions import COMMAND_LINE
from tests.mailbox import Sink
from tests.visitors import Clock

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Served:
    """The application on a port, and the commands that run beside it on the same database."""

    address: str
    clock: Clock
    database: Database
    environment: dict[str, str]

    def run_job(self, name: str) -> None:
        """One job once, in its own process, as if it were the clock's moment."""
        command = [sys.executable, "-m", "jobs", "run", name, "--now", self.clock.now.isoformat()]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr

    def feed(self, code: str) -> str:
        """A public calendar as a client gets it, lines unfolded."""
        with urllib.request.urlopen(f"{self.address}/feeds/unit/{code}.ics", timeout=10) as answer:
            return str(answer.read().decode()).replace("\r\n ", "")

    def sign_in(self, page: Page, account: Account) -> None:
        """Through a one-time link, as an account of the demonstration does."""
        with self.database.transaction() as db:
            kept = db.get_one(Account, account.id)
            secret = make_link(db, kept, purpose="sign-in", by=COMMAND_LINE, now=self.clock.now)
        page.goto(f"{self.address}/links/{secret}")
        page.locator("main form button").click()
        expect(page.locator("h1")).to_have_text("Việc cần làm hôm nay")


@pytest.fixture
def served(
    app: Flask, clock: Clock, database: Database, database_url: str, smtp_sink: Sink, tmp_path: Path
) -> Iterator[Served]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    environment = {
        **os.environ,
        "LICHDAN_DATABASE_URL": database_url,
        "LICHDAN_VAR": str(tmp_path / "var"),
        "LICHDAN_SECRET_KEY": "k" * 43,
        "LICHDAN_BASE_URL": address,
        "LICHDAN_MAIL_URL": f"smtp://127.0.0.1:{smtp_sink.port}",
    }
    yield Served(address, clock, database, environment)
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()
