"""One beat of one job: each row in a transaction of its own, a broken one noted and left while the rest goes on."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from jobs.job import Job, Outcome, RowJob, Workshop
from scheduler.actions.job_runs import record_run
from scheduler.database import LostRace, read_only

log = structlog.get_logger("jobs")
Result = TypeVar("Result")

ERROR_LENGTH = 300


def run_job(workshop: Workshop, job: Job, now: datetime) -> Outcome:
    """Do what is due at `now`, and note it when there was something. Raises nothing: faults are in the outcome."""
    began = time.monotonic()
    work = (lambda: _rows(workshop, job, now)) if isinstance(job, RowJob) else (lambda: job.work(workshop, now))
    outcome, fault = tried(work)
    if outcome is None:
        outcome = Outcome(failed=1, errors=[fault])
    if outcome.found or outcome.failed:
        ended = now + timedelta(seconds=time.monotonic() - began)
        _, unnoted = tried(lambda: _note(workshop, job.name, outcome, began_at=now, ended_at=ended))
        log.info("job", job=job.name, found=outcome.found, done=outcome.done, failed=outcome.failed, **outcome.counts)
        if unnoted:
            log.error("job-not-noted", job=job.name, error=unnoted)
    return outcome


def tried(work: Callable[[], Result]) -> tuple[Result | None, str]:
    """The result, or None and the fault in one line. The only place in the jobs where every fault is caught."""
    try:
        return work(), ""
    except Exception as fault:
        log.error("fault", exc_info=True)
        return None, f"{type(fault).__name__}: {fault}"[:ERROR_LENGTH]


def _rows(workshop: Workshop, job: RowJob, now: datetime) -> Outcome:
    with workshop.database.open() as db:
        read_only(db)
        ids = job.find(db, now)
    outcome = Outcome(found=len(ids))
    for row_id in ids:
        if workshop.stopping.is_set():
            break
        _, fault = tried(lambda row_id=row_id: _handle(workshop, job, row_id, now))  # type: ignore[misc]
        if fault:
            outcome.fail(f"{row_id}: {fault}")
            log.error("row-failed", job=job.name, row=row_id)
        else:
            outcome.done += 1
    return outcome


def _handle(workshop: Workshop, job: RowJob, row_id: int, now: datetime) -> None:
    try:
        with workshop.database.transaction() as db:
            job.handle(db, row_id, now)
    except LostRace:
        # Another process settled the row between our look and our write; the second look sees what it did.
        with workshop.database.transaction() as db:
            job.handle(db, row_id, now)


def _note(workshop: Workshop, job: str, outcome: Outcome, *, began_at: datetime, ended_at: datetime) -> None:
    error = outcome.errors[0] if outcome.errors else ""
    with workshop.database.transaction() as db:
        record_run(
            db,
            job,
            began_at=began_at,
            ended_at=ended_at,
            found=outcome.found,
            done=outcome.done,
            failed=outcome.failed,
            error=error,
        )
