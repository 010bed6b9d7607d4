"""What `make` starts before anything is installed: the libraries' folder, then both processes.

Until the libraries are there this file leans on the standard library alone.
"""

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_PYTHON = (3, 11)
READY_SECONDS = 60
STOP_SECONDS = 25
"""Longer than a letter on its way out may take."""
LAST_LINES = 15


class CannotStart(Exception):
    """One line for the terminal; nothing was started."""


def install(requirements: str) -> None:
    """Bring .venv to what the file asks. A second call with nothing changed costs some milliseconds."""
    if sys.version_info < OLDEST_PYTHON:
        raise CannotStart("Cần Python 3.11 trở lên. / Python 3.11 or newer is needed.")
    stamp = VENV / f".installed-{requirements}"
    wanted = _fingerprint(requirements)
    if PYTHON.exists() and stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    if not _runs(PYTHON):
        _make_venv()
    print(f"Đang cài thư viện ({requirements}) … / Installing libraries …", flush=True)
    pip = [*_pip(), "install", "--quiet", "--disable-pip-version-check", "-r", requirements]
    if subprocess.run(pip, cwd=ROOT, check=False).returncode:
        raise CannotStart(f"Không cài được thư viện trong {requirements}. / The libraries could not be installed.")
    for covered in {requirements, "requirements.txt"}:
        (VENV / f".installed-{covered}").write_text(_fingerprint(covered), encoding="ascii")


def audit() -> int:
    """Known vulnerabilities in the libraries; not zero too when the advisory service cannot be asked."""
    subprocess.run([*_pip(), "install", "--quiet", "pip-audit>=2.9,<3"], cwd=ROOT, check=True)
    ask = [str(PYTHON), "-m", "pip_audit", "--strict", "-r", "requirements.txt"]
    return subprocess.run(ask, cwd=ROOT, check=False).returncode


def serve() -> int:
    """Schema, demonstration, then web and jobs until one of them ends or somebody says stop."""
    from scheduler.language import say
    from scheduler.settings import SettingsFault, read_settings

    try:
        settings = read_settings()
    except SettingsFault as fault:
        raise CannotStart(str(fault)) from None

    def tell(key: str, **facts: object) -> None:
        print(say(settings.language, key, **facts), flush=True)

    _refuse_taken_port(settings.port, lambda: tell("start.port-taken", port=settings.port))
    _flask("db", "upgrade")
    demo = settings.demo and not settings.production
    if demo:
        tell("start.preparing")
        _flask("demo", "load", "--if-empty")
    # On a terminal their lines would soon push the links out of sight.
    logs = settings.var if sys.stdout.isatty() else None
    processes = Pair({"web": _web(settings.port), "jobs": [sys.executable, "-m", "jobs"]}, logs)
    if processes.wait_ready(f"http://127.0.0.1:{settings.port}/healthz"):
        tell("start.ready", address=settings.base_url)
        tell("start.english", address=f"{settings.base_url}/en/")
        tell("start.mail", address=settings.mail_url.rpartition("@")[2])
        if demo:
            _flask("demo", "links")
        if logs:
            tell("start.logs", folder=logs)
        tell("start.how-to-stop")
        processes.wait()
    ended = processes.stop()
    if ended is None:
        tell("start.stopped")
        return 0
    print(*processes.last_lines(ended), sep="\n", file=sys.stderr)
    tell("start.ended-by-itself", name=ended)
    return 1


class Pair:
    """Processes that live and end together. SIGINT and SIGTERM to this one end them all in order.

    With a folder `logs` each writes what it says to a file there, begun anew; without it they say it here.
    """

    def __init__(self, commands: dict[str, list[str]], logs: Path | None = None) -> None:
        self.asked = False
        self.logs = logs
        if logs is not None:
            logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask)
        self.running = {name: self._begin(name, command) for name, command in commands.items()}

    def wait_ready(self, address: str) -> bool:
        """True once the address answers; False when a process ended, a stop was asked for, or time is up."""
        until = time.monotonic() + READY_SECONDS
        while not self.over() and time.monotonic() < until:
            try:
                with urllib.request.urlopen(address, timeout=5):
                    return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        return False

    def wait(self) -> None:
        """Return when one process ended or a stop was asked for."""
        while not self.over():
            time.sleep(0.2)

    def over(self) -> bool:
        """Whether it is time to end."""
        return self.asked or any(process.poll() is not None for process in self.running.values())

    def stop(self) -> str | None:
        """End all; gives the name of the one that ended by itself, None when a stop was asked for."""
        ended = next((name for name, process in self.running.items() if process.poll() is not None), "web")
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return None if self.asked else ended

    def last_lines(self, name: str) -> list[str]:
        """The end of what the process wrote to its file: why it ended stands there."""
        if self.logs is None:
            return []
        return (self.logs / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:]

    def _begin(self, name: str, command: list[str]) -> "subprocess.Popen[bytes]":
        if self.logs is None:
            return subprocess.Popen(command, cwd=ROOT, start_new_session=True)
        with (self.logs / f"{name}.log").open("wb") as log:
            return subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=log, stderr=log)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True


def _fingerprint(requirements: str) -> str:
    """Changes with the Python and with any line of the file or of a file it takes in."""
    text = (ROOT / requirements).read_bytes()
    base = (ROOT / "requirements.txt").read_bytes()
    return hashlib.sha256(sys.version.encode() + text + base).hexdigest()


def _runs(python: Path) -> bool:
    """Whether the interpreter is there and of this version: a folder copied from elsewhere is made anew."""
    if not python.exists():
        return False
    ask = [str(python), "-c", "import sys; print(sys.version)"]
    answer = subprocess.run(ask, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()


def _make_venv() -> None:
    """With pip inside where the system allows it; without it the system's pip installs from outside."""
    shutil.rmtree(VENV, ignore_errors=True)
    ways = (["venv"], ["virtualenv"], ["venv", "--without-pip"])
    for way in ways:
        attempt = subprocess.run([sys.executable, "-m", *way, str(VENV)], capture_output=True, check=False)
        if attempt.returncode == 0:
            return
        shutil.rmtree(VENV, ignore_errors=True)
    raise CannotStart("Không tạo được .venv, hãy cài gói python3-venv. / .venv cannot be made, install python3-venv.")


def _pip() -> list[str]:
    own = subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False)
    if own.returncode == 0:
        return [str(PYTHON), "-m", "pip"]
    return [sys.executable, "-m", "pip", "--python", str(PYTHON)]


def _web(port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", "web:create_app", "--no-ws"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "warning"]
    # Fewer than the database's connections: who comes in a crowd waits at the door, not for a connection.
    return [*command, "--blocking-threads", "4"]


def _flask(*words: str) -> None:
    """One of the product's own commands; its refusal ends the start, having said why."""
    command = [sys.executable, "-m", "flask", "--app", "web", *words]
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    if code:
        raise SystemExit(code)


def _refuse_taken_port(port: int, tell: Callable[[], None]) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            tell()
            raise SystemExit(2) from None


def main(words: list[str]) -> int:
    """`install FILE`, `audit` or `serve`."""
    os.chdir(ROOT)
    try:
        if words[:1] == ["install"] and len(words) == 2:
            install(words[1])
            return 0
        if words in (["audit"], ["serve"]):
            return audit() if words == ["audit"] else serve()
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    print("python start.py install FILE | audit | serve", file=sys.stderr)
    return 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
