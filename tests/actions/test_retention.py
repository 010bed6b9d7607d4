"""What is forgotten when its time has passed, and what stays."""

from datetime import timedelta

import pytest

from jobs.runner import run_job
from jobs.timetable import JOB
from scheduler.actions import retention
from scheduler.database import Database
from scheduler.models import Attempt, JobRun, Letter, OneTimeLink, SignIn
from tests.build import NOW, make_account, make_office
from tests.jobs.outbox import queue, workshop_on

LATER = NOW + timedelta(days=731)


def fill(database: Database) -> dict[str, int]:
    with database.transaction() as db:
        office, _ = make_office(db)
        account = make_account(db, office)
        day = timedelta(days=1)
        for name, ends in (("old", NOW - 91 * day), ("new", NOW - 89 * day)):
            db.add(SignIn(secret_hash=name, account_id=account.id, created_at=ends, seen_at=ends, ends_at=ends))
            db.add(OneTimeLink(secret_hash=name, account_id=account.id, purpose="password", made_at=ends, ends_at=ends))
            db.add(JobRun(job=name, began_at=ends, ended_at=ends, found=1, done=1, failed=0))
        for name, at in (("old", NOW - 8 * day), ("new", NOW - 6 * day)):
            db.add(Attempt(what="sign-in", who=name, at=at))
        sent, waiting = queue(db, "lan@example.vn"), queue(db, "minh@example.vn")
        db.get_one(Letter, sent).state = "sent"
        return {"sent": sent, "waiting": waiting}


def test_only_what_is_old_is_forgotten(database: Database) -> None:
    fill(database)
    outcome = run_job(workshop_on(database, "file:unused"), JOB["retention"], NOW)
    assert outcome.errors == []
    assert outcome.counts == {
        "sign-ins": 1, "links": 1, "attempts": 1, "runs": 1, "followers": 0, "letters": 0, "registrations": 0,
    }  # fmt: skip
    with database.open() as db:
        assert [row.secret_hash for row in db.query(SignIn)] == ["new"]
        assert [row.secret_hash for row in db.query(OneTimeLink)] == ["new"]
        assert [row.who for row in db.query(Attempt)] == ["new"]
        assert {row.job for row in db.query(JobRun)} == {"new", "retention"}


def test_an_old_letter_keeps_its_fate_and_no_more_whom_it_told_what(database: Database) -> None:
    ids = fill(database)
    with database.transaction() as db:  # to a resident: its address was never kept
        resident = db.get_one(Letter, queue(db))
        resident.recipient, resident.state = "", "called"
    outcome = run_job(workshop_on(database, "file:unused"), JOB["retention"], LATER)
    assert outcome.counts["letters"] == 2
    with database.open() as db:
        assert db.get_one(Letter, resident.id).facts == {}
        sent, waiting = db.get_one(Letter, ids["sent"]), db.get_one(Letter, ids["waiting"])
        assert (sent.recipient, sent.recipient_name, sent.facts, sent.state) == ("", "", {}, "sent")
        assert "lan@example.vn" not in sent.key
        assert waiting.recipient == "minh@example.vn"
    assert run_job(workshop_on(database, "file:unused"), JOB["retention"], LATER).counts["letters"] == 0


def test_much_is_forgotten_in_short_transactions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    monkeypatch.setattr("jobs.retention.AT_ONCE", 2)
    with database.transaction() as db:
        db.add_all(Attempt(what="sign-in", who=str(n), at=NOW - timedelta(days=30)) for n in range(5))
    outcome = run_job(workshop_on(database, "file:unused"), JOB["retention"], NOW)
    assert outcome.counts["attempts"] == 5
    with database.open() as db:
        assert db.query(Attempt).count() == 0


def test_a_stopped_process_forgets_no_more(database: Database) -> None:
    fill(database)
    workshop = workshop_on(database, "file:unused")
    workshop.stopping.set()
    assert run_job(workshop, JOB["retention"], NOW).found == 0
