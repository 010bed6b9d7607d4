"""`python -m jobs` from outside: one job once, what is refused, and an orderly end."""

import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from scheduler.clock import utc_now
from scheduler.models import JobBeat, Letter
from tests.build import NOW
from tests.jobs.outbox import queue
from tests.servers import ROOT, Product


def jobs(product: Product, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "jobs", *words]
    return subprocess.run(command, cwd=ROOT, env=product.environment, capture_output=True, text=True, check=False)


def test_a_job_runs_once_as_if_it_were_that_moment(product: Product) -> None:
    with product.database.transaction() as db:
        queue(db, due_at=NOW + timedelta(days=1))
    assert product.run_job("delivery", NOW)["found"] == 0
    said = product.run_job("delivery", NOW + timedelta(days=1))
    assert {key: said[key] for key in ("job", "found", "done", "failed", "errors")} == {
        "job": "delivery",
        "found": 1,
        "done": 1,
        "failed": 0,
        "errors": [],
    }
    assert said["now"] == "2026-11-23T09:00:00+07:00"
    assert len(product.letters()) == 1


def test_what_it_did_is_said_in_words(product: Product) -> None:
    with product.database.transaction() as db:
        queue(db)
    done = jobs(product, "run", "delivery", "--now", "2026-11-22T09:00")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "delivery: 1 phải làm, 1 đã làm, 0 lỗi."


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "nope"), "Không có việc nope. Các việc: horizon, "),
        (("run", "delivery", "--now", "soon"), "--now"),
        (("fly",), "fly"),
    ],
)
def test_what_is_refused_ends_with_two(product: Product, words: tuple[str, ...], said: str) -> None:
    done = jobs(product, *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LICHDAN_DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/none", "cannot be reached"),
        ("LICHDAN_DATABASE_URL", "sqlite:///{var}/empty.db", "db upgrade"),
        ("LICHDAN_MAIL_URL", "pigeon:loft", "LICHDAN_MAIL_URL"),
    ],
)
def test_a_start_that_cannot_be_is_refused_with_one_sentence(
    product: Product, name: str, value: str, said: str
) -> None:
    product.environment[name] = value.format(var=product.var)
    done = jobs(product)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_row_that_fails_is_told_by_the_exit_code(product: Product) -> None:
    with product.database.transaction() as db:
        letter_id = queue(db)
        db.get_one(Letter, letter_id).facts = {}
    done = jobs(product, "run", "delivery", "--now", NOW.isoformat())
    assert done.returncode == 1
    assert "KeyError" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_process_beats_and_ends_when_told(product: Product, number: signal.Signals) -> None:
    with product.database.transaction() as db:
        facts = {"name": "Nguyễn Văn Thử", "url": "/links/x", "ends": NOW.isoformat(), "why_you": "account"}
        queue(db, kind="password-link", facts=facts, due_at=utc_now())  # one that leaves at night as well
    with (product.var / "jobs.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jobs"], cwd=ROOT, env=product.environment, stdout=log, stderr=log
        )
        until = time.monotonic() + 30
        while not product.letters() and time.monotonic() < until:
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(20) == 0
    assert len(product.letters()) == 1
    with product.database.open() as db:
        assert {"delivery", "reminders", "horizon"} <= {beat.job for beat in db.query(JobBeat)}
        assert db.query(Letter).filter_by(state="sending").count() == 0
