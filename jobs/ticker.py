"""The clock of the job process: APScheduler beats, and a watch over it that no leap of the wall clock deceives."""

import time
from datetime import timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from jobs.job import Job, Workshop
from jobs.runner import run_job, tried
from scheduler.actions.job_runs import claim_beat, tick_job
from scheduler.clock import ZONE, utc_now

log = structlog.get_logger("jobs")

THREADS = 4
SILENCE_SECONDS = 300.0
"""So long without the beginning of any beat, and the process gives up for its supervisor to start it anew."""


class Ticker:
    """Beats every job of the table until it is stopped. Holds no truth: what is due stands in the tables."""

    def __init__(self, workshop: Workshop, jobs: tuple[Job, ...]) -> None:
        self.workshop = workshop
        self.jobs = {job.name: job for job in jobs}
        self.began = time.monotonic()
        self.ticker = BackgroundScheduler(
            timezone=ZONE,
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin: every job beats once at once (a daily one makes up what was missed), then as its row says."""
        for job in self.jobs.values():
            self.ticker.add_job(self.beat, args=(job,), id=job.name, next_run_time=utc_now(), **_trigger(job))
        self.ticker.start()

    def beat(self, job: Job) -> None:
        """One beat of one job, at this moment."""
        self.began = time.monotonic()
        mine, fault = tried(lambda: self._tick(job))
        if mine and not self.workshop.stopping.is_set():
            run_job(self.workshop, job, utc_now())
        elif fault:
            log.error("tick-failed", job=job.name, error=fault)

    def watch(self) -> bool:
        """One look, to be taken every second or so. False when nothing beats any more.

        After the wall clock was set back, a job's next run lies far away: it is beaten at once instead.
        """
        now = utc_now()
        for waiting in self.ticker.get_jobs():
            interval = self.jobs[waiting.id].beat.interval
            if waiting.next_run_time is not None and waiting.next_run_time - now > 2 * interval + timedelta(seconds=1):
                log.warning("clock-leapt", job=waiting.id)
                self.ticker.modify_job(waiting.id, next_run_time=now)
        return time.monotonic() - self.began < SILENCE_SECONDS

    def stop(self) -> None:
        """End: what is in flight is finished, nothing new begins."""
        self.workshop.stopping.set()
        self.ticker.shutdown(wait=True)

    def _tick(self, job: Job) -> bool:
        """Whether this process shall work at this beat: a daily one is done by the first that comes."""
        now = utc_now()
        with self.workshop.database.transaction() as db:
            if job.beat.hour:
                return claim_beat(db, job.name, since=job.beat.last_due(now), now=now)
            tick_job(db, job.name, now=now)
            return True


def _trigger(job: Job) -> dict[str, object]:
    if job.beat.hour:
        hour, _, minute = job.beat.hour.partition(":")
        return {"trigger": "cron", "hour": int(hour), "minute": int(minute), "timezone": ZONE}
    return {"trigger": "interval", "seconds": int(job.beat.interval.total_seconds()), "timezone": ZONE}
