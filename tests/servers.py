"""The product as it really runs: granian in a process, jobs by their own command, a folder of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from scheduler.database import Database
from tests.mailbox import free_port

ROOT = Path(__file__).resolve().parents[1]
READY_SECONDS = 30


@dataclass
class Product:
    """A running web process and what belongs to it. `database` is the same one, for making rows."""

    port: int
    var: Path
    database: Database
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where its pages are, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What the web process has said so far."""
        return (self.var / "web.log").read_text(encoding="utf-8", errors="replace")

    def start(self) -> None:
        """Start the web process and wait until it serves."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "web:create_app"]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1", "--no-ws"]
        with (self.var / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"the web process did not get ready:\n{self.log}")

    def stop(self) -> None:
        """End the web process, letting it finish what is in flight."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def run_job(self, name: str, now: datetime | None = None) -> Any:
        """One job once, as if it were `now`; gives what it printed as JSON."""
        moment = ["--now", now.isoformat()] if now else []
        printed = self._run(sys.executable, "-m", "jobs", "run", name, "--json", *moment)
        return json.loads(printed)

    def flask(self, *words: str) -> str:
        """One of the product's commands; gives what it printed."""
        return self._run(sys.executable, "-m", "flask", "--app", "web", *words)

    def refused_flask(self, *words: str) -> str:
        """A command that is refused with exit code 2; gives what it said on standard error."""
        command = [sys.executable, "-m", "flask", "--app", "web", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 2, f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}"
        return done.stderr

    def letters(self) -> list[Path]:
        """The letters in its mail folder, oldest first."""
        return sorted((self.var / "mail").rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)

    def _run(self, *command: str) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr}"
        return done.stdout


@pytest.fixture
def product(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Product]:
    """The product with an empty database, not yet serving: settings can still be changed, rows made."""
    var = tmp_path / "var"
    var.mkdir()
    shutil.copyfile(migrated_sqlite, var / "lichdan.db")
    port = free_port()
    own = {"LICHDAN_VAR": str(var), "LICHDAN_PORT": str(port), "LICHDAN_SECRET_KEY": "k" * 43}
    database = Database(f"sqlite:///{var}/lichdan.db")
    product = Product(port, var, database, {**os.environ, **own})
    yield product
    product.stop()
    database.engine.dispose()


@pytest.fixture
def live_server(product: Product) -> Product:
    """The product, serving."""
    product.start()
    return product
