"""`make run` from outside: what is refused, and that two processes live and end together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import start
from tests.house.source import ROOT
from tests.mailbox import free_port

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def quiet_signals():
    """The signal handlers of the test run come back afterwards."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def gone(process: "subprocess.Popen[bytes]") -> bool:
    return process.poll() is not None


def test_when_one_ends_the_other_is_ended(quiet_signals: None) -> None:
    pair = start.Pair({"web": SLEEP, "jobs": [sys.executable, "-c", "pass"]})
    pair.wait()
    assert pair.stop() == "jobs"
    assert all(gone(process) for process in pair.running.values())


def test_a_stop_that_was_asked_for_ends_both(quiet_signals: None) -> None:
    pair = start.Pair({"web": SLEEP, "jobs": SLEEP})
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    pair.wait()
    assert pair.stop() is None
    assert all(gone(process) for process in pair.running.values())


def test_one_that_will_not_listen_is_killed(
    quiet_signals: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deaf = f"import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({str(tmp_path / 'up')!r}, 'w')"
    pair = start.Pair({"web": [sys.executable, "-c", f"{deaf}; time.sleep(60)"]})
    while not (tmp_path / "up").exists():
        time.sleep(0.02)
    monkeypatch.setattr(start, "STOP_SECONDS", 0.5)
    pair.asked = True
    assert pair.stop() is None
    assert gone(pair.running["web"])


def test_ready_means_the_address_answers(quiet_signals: None) -> None:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    pair = start.Pair({"web": SLEEP})
    try:
        assert pair.wait_ready(f"http://127.0.0.1:{server.server_port}/healthz")
    finally:
        pair.asked = True
        pair.stop()
        server.shutdown()
        server.server_close()


def test_not_ready_when_the_process_ended(quiet_signals: None) -> None:
    pair = start.Pair({"web": [sys.executable, "-c", "raise SystemExit(3)"]})
    assert not pair.wait_ready(f"http://127.0.0.1:{free_port()}/healthz")
    assert pair.stop() == "web"


def test_what_they_say_is_kept_in_files_and_its_end_is_shown(quiet_signals: None, tmp_path: Path) -> None:
    (tmp_path / "jobs.log").write_text("of the start before")
    says = "import sys; print('\\n'.join(map(str, range(100)))); sys.exit('no such folder')"
    pair = start.Pair({"web": SLEEP, "jobs": [sys.executable, "-u", "-c", says]}, tmp_path)
    pair.wait()
    assert pair.stop() == "jobs"
    assert pair.last_lines("jobs")[-2:] == ["99", "no such folder"]
    assert len(pair.last_lines("jobs")) == start.LAST_LINES
    assert "before" not in (tmp_path / "jobs.log").read_text()
    assert pair.last_lines("web") == []


def run_start(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    own = {name: value for name, value in os.environ.items() if not name.startswith("LICHDAN_")}
    command = [sys.executable, "start.py", *words]
    return subprocess.run(
        command, cwd=ROOT, env=own | settings, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_taken_port_is_refused_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run_start("serve", LICHDAN_PORT=port, LICHDAN_VAR=str(tmp_path))
    assert done.returncode == 2
    assert port in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_wrong_settings_are_refused_with_every_fault(tmp_path: Path) -> None:
    done = run_start("serve", LICHDAN_PORT="many", LICHDAN_LANGUAGE="fr", LICHDAN_VAR=str(tmp_path))
    assert done.returncode == 2
    assert "LICHDAN_PORT" in done.stderr
    assert "LICHDAN_LANGUAGE" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_words_say_what_is_known() -> None:
    done = run_start("fly")
    assert done.returncode == 2
    assert "serve" in done.stderr


def test_libraries_already_there_are_not_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that says it holds what the file asks is left alone; one that holds something else is not."""
    venv = tmp_path / "venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    monkeypatch.setattr(start, "VENV", venv)
    monkeypatch.setattr(start, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("")
    start.install("requirements.txt")
    first = (venv / ".installed-requirements.txt").stat().st_mtime_ns
    start.install("requirements.txt")
    assert (venv / ".installed-requirements.txt").stat().st_mtime_ns == first
    (tmp_path / "requirements.txt").write_text("# one more line\n")
    start.install("requirements.txt")
    assert (venv / ".installed-requirements.txt").stat().st_mtime_ns != first


def test_a_library_that_does_not_exist_ends_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(start, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(start, "ROOT", tmp_path)
    (tmp_path / "requirements.txt").write_text("--no-index\na-library-nobody-has-written==0\n")
    with pytest.raises(start.CannotStart, match=r"requirements\.txt"):
        start.install("requirements.txt")
    assert not (tmp_path / ".venv" / ".installed-requirements.txt").exists()


def test_the_targets_of_the_contract_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("run", "test", "lint", "bench", "drills", "audit", "clean", "help"):
        assert f"\n{target}:" in makefile
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1]
    assert last == "exec make test"
