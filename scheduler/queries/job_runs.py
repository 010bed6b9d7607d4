"""What the jobs did and when they last ticked, as pages and probes ask it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from scheduler.database import Db
from scheduler.models import JobBeat, JobRun

LATEST = timedelta(minutes=3)
"""A job process has ticked lately when any of its jobs has within this time."""


def newest_beat(db: Db) -> datetime | None:
    """When any job last ticked in any process; None when none ever did."""
    return db.scalar(select(func.max(JobBeat.ticked_at)))


def ticks(newest: datetime | None, now: datetime) -> bool:
    """Whether a job process is at work."""
    return newest is not None and now - newest <= LATEST


def job_beats(db: Db) -> list[JobBeat]:
    """Every job that ever ticked, by name."""
    return list(db.scalars(select(JobBeat).order_by(JobBeat.job)))


def newest_runs(db: Db, *, failed: bool = False, limit: int = 50) -> list[JobRun]:
    """The newest beats that did something; only those where something failed, if asked."""
    query = select(JobRun).order_by(JobRun.id.desc()).limit(limit)
    return list(db.scalars(query.where(JobRun.failed > 0) if failed else query))
