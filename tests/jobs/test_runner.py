"""One beat: rows are settled one by one, a broken one is told and left, and two runners settle each once."""

import threading
from datetime import datetime

import pytest

from jobs.job import Outcome, RowJob, WholeJob, Workshop, every
from jobs.runner import run_job
from scheduler.database import Database, Db
from scheduler.models import Attempt, JobRun
from tests.build import NOW
from tests.jobs.outbox import workshop_on


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return workshop_on(database, "file:unused")


def find_three(_db: Db, _now: datetime) -> list[int]:
    return [1, 2, 3]


def leave_mark(db: Db, row_id: int, now: datetime) -> None:
    db.add(Attempt(what="test", who=str(row_id), at=now))
    db.flush()
    if row_id == 2:
        raise ValueError("the second is broken")


def marks(database: Database) -> list[str]:
    with database.open() as db:
        return sorted(row.who for row in db.query(Attempt))


def runs(database: Database) -> list[tuple[str, int, int, int, str]]:
    with database.open() as db:
        return [(run.job, run.found, run.done, run.failed, run.error) for run in db.query(JobRun).order_by(JobRun.id)]


def test_a_broken_row_is_told_and_the_others_are_settled(workshop: Workshop, database: Database) -> None:
    outcome = run_job(workshop, RowJob("marks", every(60), find_three, leave_mark), NOW)
    assert (outcome.found, outcome.done, outcome.failed) == (3, 2, 1)
    assert outcome.errors == ["2: ValueError: the second is broken"]
    assert marks(database) == ["1", "3"]
    assert runs(database) == [("marks", 3, 2, 1, "2: ValueError: the second is broken")]


def test_a_beat_that_finds_nothing_leaves_no_line(workshop: Workshop, database: Database) -> None:
    outcome = run_job(workshop, RowJob("nothing", every(60), lambda _db, _now: [], leave_mark), NOW)
    assert outcome == Outcome()
    assert runs(database) == []


def test_a_search_that_breaks_is_told(workshop: Workshop, database: Database) -> None:
    def broken(_db: Db, _now: datetime) -> list[int]:
        raise RuntimeError("no such luck")

    assert run_job(workshop, RowJob("search", every(60), broken, leave_mark), NOW).failed == 1
    assert runs(database) == [("search", 0, 0, 1, "RuntimeError: no such luck")]


def test_whole_work_that_breaks_is_told(workshop: Workshop, database: Database) -> None:
    def broken(_workshop: Workshop, _now: datetime) -> Outcome:
        raise OSError("disk full")

    assert run_job(workshop, WholeJob("whole", every(60), broken), NOW).errors == ["OSError: disk full"]


def test_a_stopped_process_begins_no_new_row(workshop: Workshop, database: Database) -> None:
    def stop_after_first(db: Db, row_id: int, now: datetime) -> None:
        leave_mark(db, row_id, now)
        workshop.stopping.set()

    outcome = run_job(workshop, RowJob("stopped", every(60), find_three, stop_after_first), NOW)
    assert (outcome.found, outcome.done) == (3, 1)
    assert marks(database) == ["1"]


def test_two_runners_settle_each_row_once(database: Database) -> None:
    def once(db: Db, row_id: int, now: datetime) -> None:
        db.add(JobRun(id=row_id, job="x", began_at=now, ended_at=now, found=0, done=0, failed=0))

    def once_or_not(db: Db, row_id: int, now: datetime) -> None:
        if db.get(JobRun, 100 + row_id) is None:
            barrier.wait(5)
            once(db, 100 + row_id, now)

    # On SQLite writers queue from their first word, so the two never meet; on PostgreSQL one loses the race.
    parties = 1 if database.sqlite else 2
    barrier = threading.Barrier(parties)
    job = RowJob("twice", every(60), lambda _db, _now: [1], once_or_not)
    outcomes: list[Outcome] = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(run_job(workshop_on(database, "file:x"), job, NOW)))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [outcome.errors for outcome in outcomes] == [[], []]
    with database.open() as db:
        assert db.query(JobRun).filter_by(job="x").count() == 1
