"""Forgets what is kept no longer, in short transactions."""

from datetime import datetime

from jobs.job import Outcome, Workshop
from scheduler.actions.retention import AT_ONCE, RETENTION, forget


def forget_old(workshop: Workshop, now: datetime) -> Outcome:
    """Batch after batch until nothing old is left, or somebody says stop."""
    outcome = Outcome()
    for what in RETENTION:
        while not workshop.stopping.is_set():
            with workshop.database.transaction() as db:
                rows = forget(db, what, now=now)
            outcome.found += rows
            outcome.done += rows
            outcome.counts[what] = outcome.counts.get(what, 0) + rows
            if rows < AT_ONCE:
                break
    return outcome
