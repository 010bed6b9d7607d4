"""What is measured by visiting it: granian with one worker, and a client that keeps one connection open."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask

from tests.mailbox import free_port

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 60


def constant() -> Flask:
    """The yardstick: a Flask page that returns a constant, served by the same server in the same way."""
    app = Flask("constant")
    app.add_url_rule("/", view_func=lambda: "Xin chào")
    return app


@dataclass(frozen=True)
class Server:
    """A process that serves on a port of this machine."""

    port: int
    pid: int


@contextmanager
def serving(factory: str, **environment: str) -> Iterator[Server]:
    """The application of this factory, as `make run` serves it, until the end of the block."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", factory, "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "error"]
    own = {**os.environ, **environment, "LICHDAN_PORT": str(port)}
    # Its line for each request would cost the terminal more than the request itself.
    process = subprocess.Popen(command, cwd=ROOT, env=own, stderr=subprocess.DEVNULL)
    try:
        _wait_until_open(process, port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(30)


def ask(connection: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """One request on the open connection: status and body."""
    connection.request("GET", path, headers=headers or {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def _wait_until_open(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            ask(connection, "/healthz")
            connection.close()
            return
        except OSError:
            time.sleep(0.02)
    raise AssertionError(f"the server on port {port} did not get ready")
