"""Memory of the web and the job process at rest, the share that nobody else uses (PSS), beside bare Flask."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from scheduler.database import Database
from tests.mailbox import free_port
from tests.servers import ROOT
from tests.tables import Row

HELLO = "from flask import Flask\napp = Flask(__name__)\napp.get('/')(lambda: 'hello')\n"
SETTLE_SECONDS = 6
PAGES = ("/", "/en/", "/healthz", "/api/v1/units")
KIB = 1024


def run() -> list[Row]:
    """The processes as `make run` starts them, on an empty database, after some pages."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"LICHDAN_VAR": folder, "LICHDAN_PORT": str(free_port()), "LICHDAN_DEMO": "no"}
        environment = {**os.environ, **own}
        database = Database(f"sqlite:///{folder}/lichdan.db")
        database.upgrade()
        database.engine.dispose()
        web = _measured(_granian("web:create_app", own["LICHDAN_PORT"], "--factory"), environment, PAGES)
        jobs = _measured([sys.executable, "-m", "jobs"], environment)
        Path(folder, "hello.py").write_text(HELLO, encoding="utf-8")
        bare = {**environment, "PYTHONPATH": folder}
        hello = _measured(_granian("hello:app", own["LICHDAN_PORT"]), bare, ("/",))
    return [
        {"name": "a Flask page that returns a constant, granian", "value": hello, "unit": "MiB"},
        {
            "name": "web process, granian, one worker",
            "value": web,
            "unit": "MiB",
            "ratio": hello / web,
            "beside": "Flask",
        },
        {"name": "job process", "value": jobs, "unit": "MiB", "ratio": hello / jobs, "beside": "Flask"},
    ]


def _granian(target: str, port: str, *more: str) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", *more, target, "--no-ws"]
    return [*command, "--host", "127.0.0.1", "--port", port, "--workers", "1", "--log-level", "warning"]


def _measured(command: list[str], environment: dict[str, str], paths: tuple[str, ...] = ()) -> float:
    """MiB of the process and its children once it has settled."""
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        for path in paths:
            _ask(f"http://127.0.0.1:{environment['LICHDAN_PORT']}{path}")
        time.sleep(SETTLE_SECONDS)
        assert process.poll() is None, f"{command} ended by itself"
        return sum(_pss(pid) for pid in _family(process.pid)) / KIB
    finally:
        process.terminate()
        process.wait(30)


def _ask(address: str) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(found for child in children for found in _family(int(child)))]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
