"""What the jobs leave behind: a line for each beat that did something, and when each job last ticked."""

from datetime import datetime

from sqlalchemy import CursorResult, update

from scheduler.database import Db
from scheduler.models import JobBeat, JobRun


def record_run(
    db: Db,
    job: str,
    *,
    began_at: datetime,
    ended_at: datetime,
    found: int,
    done: int,
    failed: int,
    error: str = "",
) -> None:
    """Note one beat that found something, or failed."""
    db.add(JobRun(job=job, began_at=began_at, ended_at=ended_at, found=found, done=done, failed=failed, error=error))


def tick_job(db: Db, job: str, *, now: datetime) -> None:
    """Note that the job ticked in some process."""
    if not _moved(db, job, now=now):
        db.add(JobBeat(job=job, ticked_at=now))
        db.flush()


def claim_beat(db: Db, job: str, *, since: datetime, now: datetime) -> bool:
    """Take the daily beat that was due at `since`: True for the one process that comes first.

    A job that was never seen before begins with its next beat.
    """
    if _moved(db, job, now=now, before=since):
        return True
    if db.get(JobBeat, job) is None:
        tick_job(db, job, now=now)
    return False


def _moved(db: Db, job: str, *, now: datetime, before: datetime | None = None) -> bool:
    step = update(JobBeat).where(JobBeat.job == job).values(ticked_at=now)
    if before is not None:
        step = step.where(JobBeat.ticked_at < before)
    result = db.execute(step, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
