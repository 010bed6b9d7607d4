"""Reads the leaders' other calendars that are due: claim one, fetch it with no transaction open, note what it gave."""

import secrets
from datetime import datetime

import structlog

from calendars.busy import read_busy
from jobs.busy_fetch import Fetched, fetch_calendar
from jobs.job import Outcome, Workshop
from jobs.runner import tried
from scheduler.actions import busy
from scheduler.clock import local_date
from scheduler.database import read_only
from scheduler.errors import BadInput
from scheduler.models import BusyCalendar
from scheduler.queries.busy import due_calendars
from scheduler.rules.busy import ReadBusy
from scheduler.rules.busy_address import allowed_hosts
from scheduler.rules.permissions import job_actor

log = structlog.get_logger("jobs")
NAME = "busy"


def read_calendars(workshop: Workshop, now: datetime) -> Outcome:
    """One calendar after the other; what goes wrong with one is noted at it and shown on its page."""
    with workshop.database.open() as db:
        read_only(db)
        due = due_calendars(db, now)
    outcome = Outcome(found=len(due))
    for calendar_id in due:
        if workshop.stopping.is_set():
            break
        word, fault = tried(lambda calendar_id=calendar_id: _one(workshop, calendar_id, now))  # type: ignore[misc]
        word = word or "failed"
        outcome.count(word)
        if word == "failed":
            outcome.fail(f"{calendar_id}: {fault}")
        else:
            outcome.done += 1
        # The address may be a secret: the log tells the row alone.
        log.info("busy-calendar", calendar=calendar_id, result=word)
    return outcome


def _one(workshop: Workshop, calendar_id: int, now: datetime) -> str:
    """ "changed", "unchanged", "refused" (and noted why), or "passed-over" where another process has it."""
    lease = secrets.token_hex(16)
    with workshop.database.transaction() as db:
        calendar = busy.claim_calendar(db, calendar_id, lease=lease, now=now)
    if calendar is None:
        return "passed-over"
    try:
        fetched, read = _read(workshop, calendar, now)
    except BadInput as refusal:
        with workshop.database.transaction() as db:
            busy.note_failure(db, calendar_id, refusal.key, refusal.facts, lease=lease, now=now)
        return "refused"
    marks = (fetched.etag or calendar.etag, fetched.last_modified or calendar.last_modified)
    if fetched.content is not None:
        marks = (fetched.etag, fetched.last_modified)
    with workshop.database.transaction() as db:
        changed = busy.save_read(db, calendar_id, read, lease=lease, marks=marks, by=job_actor(NAME), now=now)
    return "changed" if changed else "unchanged"


def _read(workshop: Workshop, calendar: BusyCalendar, now: datetime) -> tuple[Fetched, ReadBusy | None]:
    """What the address gave. Raises BadInput.

    What was read more than a day ago is asked for whole: the window of what counts has moved on.
    """
    fresh = calendar.read_at is not None and local_date(calendar.read_at) == local_date(now)
    etag, modified = (calendar.etag, calendar.last_modified) if fresh and not calendar.failure else ("", "")
    allowed = allowed_hosts(workshop.settings.busy_hosts)
    fetched = fetch_calendar(calendar.address, allowed, etag=etag, last_modified=modified)
    read = None if fetched.content is None else read_busy(fetched.content, today=local_date(now))
    return fetched, read
