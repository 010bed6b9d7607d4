"""Writes to residents who follow a unit or a post what is new there; never at night, a calendar at a time."""

from datetime import datetime

import structlog

from jobs.job import Outcome, Workshop
from jobs.runner import tried
from scheduler.actions.follower_news import lead_follower, tell_followers
from scheduler.clock import local_date, to_local
from scheduler.database import read_only
from scheduler.queries.followers import feeds_with_news, followers_of_ended
from scheduler.rules.reminders import NIGHT_BEGINS, NIGHT_ENDS

log = structlog.get_logger("jobs")


def tell_news(workshop: Workshop, now: datetime) -> Outcome:
    """Lead on who follows a unit that ended, then tell of every calendar that changed; some followers at a time."""
    outcome = Outcome()
    if not NIGHT_ENDS <= to_local(now).time() <= NIGHT_BEGINS:
        return outcome
    with workshop.database.open() as db:
        read_only(db)
        ended, feeds = followers_of_ended(db, local_date(now)), feeds_with_news(db, now)
    for follower_id in ended:
        _, fault = tried(lambda follower_id=follower_id: _lead(workshop, follower_id, outcome, now))  # type: ignore[misc]
        _note(outcome, f"follower:{follower_id}", fault)
    for feed in feeds:
        _, fault = tried(lambda feed=feed: _tell(workshop, feed, outcome, now))  # type: ignore[misc]
        _note(outcome, feed, fault)
    return outcome


def _lead(workshop: Workshop, follower_id: int, outcome: Outcome, now: datetime) -> None:
    if workshop.stopping.is_set():
        return
    with workshop.database.transaction() as db:
        letters = lead_follower(db, follower_id, now=now)
    outcome.found += letters
    outcome.done += letters


def _tell(workshop: Workshop, feed: str, outcome: Outcome, now: datetime) -> None:
    after = 0
    while not workshop.stopping.is_set():
        with workshop.database.transaction() as db:
            seen, letters, after = tell_followers(db, feed, after=after, now=now)
        outcome.found += letters
        outcome.done += letters
        if not seen:
            break


def _note(outcome: Outcome, what: str, fault: str) -> None:
    if fault:
        outcome.fail(f"{what}: {fault}")
        log.error("row-failed", job="followers", row=what)
