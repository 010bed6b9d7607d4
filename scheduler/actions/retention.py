"""What is kept no longer than it is needed: ended sign-ins, used links, counted attempts, old beats, old letters."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Delete, delete, or_, select, update

from scheduler.actions.registration_erasure import erase_registrations
from scheduler.database import Db
from scheduler.models import Attempt, Follower, JobRun, Letter, OneTimeLink, SignIn
from scheduler.rules.followers import CONFIRM_LIFE

KEEP_SIGN_INS = timedelta(days=90)
KEEP_LINKS = timedelta(days=90)
KEEP_ATTEMPTS = timedelta(days=7)
KEEP_RUNS = timedelta(days=90)
KEEP_LETTERS = timedelta(days=730)
"""After two years a letter keeps when and whether it was sent, and no more what it said to whom."""

KEEP_FOLLOWERS = timedelta(days=30)
"""Who left is known by a random name alone; a second press of the same button still finds it so long."""

FORGOTTEN = "forgotten:"
"""How the key of a letter begins of which nothing is kept; residents' letters never held an address."""

SETTLED = ("sent", "failed", "expired", "not-wanted", "unsure", "demo", "called")
AT_ONCE = 1000
"""Rows forgotten in one transaction: a busy web process never waits long for it."""


def forget(db: Db, what: str, *, now: datetime) -> int:
    """Forget a batch of what stands in RETENTION under this name. Returns how many rows."""
    return RETENTION[what](db, now)


def _sign_ins(db: Db, now: datetime) -> int:
    over = or_(SignIn.ends_at < now - KEEP_SIGN_INS, SignIn.ended_at < now - KEEP_SIGN_INS)
    return _rows(db, delete(SignIn).where(SignIn.id.in_(select(SignIn.id).where(over).limit(AT_ONCE))))


def _links(db: Db, now: datetime) -> int:
    over = OneTimeLink.ends_at < now - KEEP_LINKS
    return _rows(db, delete(OneTimeLink).where(OneTimeLink.id.in_(select(OneTimeLink.id).where(over).limit(AT_ONCE))))


def _attempts(db: Db, now: datetime) -> int:
    over = Attempt.at < now - KEEP_ATTEMPTS
    return _rows(db, delete(Attempt).where(Attempt.id.in_(select(Attempt.id).where(over).limit(AT_ONCE))))


def _runs(db: Db, now: datetime) -> int:
    over = JobRun.began_at < now - KEEP_RUNS
    return _rows(db, delete(JobRun).where(JobRun.id.in_(select(JobRun.id).where(over).limit(AT_ONCE))))


def _forget_letters(db: Db, now: datetime) -> int:
    old = select(Letter.id).where(
        Letter.made_at < now - KEEP_LETTERS, Letter.state.in_(SETTLED), ~Letter.key.startswith(FORGOTTEN)
    )
    ids = list(db.scalars(old.order_by(Letter.id).limit(AT_ONCE)))
    for letter in db.scalars(select(Letter).where(Letter.id.in_(ids))):
        # The key holds the address too; without it the row's own number keeps it unique.
        letter.key = f"{FORGOTTEN}{letter.id}"
        letter.recipient = letter.recipient_name = letter.answer = ""
        letter.facts = {}
    db.flush()
    return len(ids)


def _rows(db: Db, statement: Delete) -> int:
    result: Any = db.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount


def _followers(db: Db, now: datetime) -> int:
    """Addresses that nobody confirmed in time, and the rows of those who left."""
    late = (Follower.state == "asked") & (Follower.asked_at <= now - CONFIRM_LIFE)
    left = (Follower.state == "ended") & (Follower.ended_at <= now - KEEP_FOLLOWERS)
    ids = list(db.scalars(select(Follower.id).where(or_(late, left)).order_by(Follower.id).limit(AT_ONCE)))
    theirs = update(Letter).where(Letter.follower_id.in_(ids))
    unsent = theirs.where(Letter.state != "sent").values(state="not-wanted")
    for statement in (unsent, theirs.values(follower_id=None)):
        db.execute(statement, execution_options={"synchronize_session": False})
    return _rows(db, delete(Follower).where(Follower.id.in_(ids)))


def _registrations(db: Db, now: datetime) -> int:
    return erase_registrations(db, now=now, most=AT_ONCE)


RETENTION = {
    "sign-ins": _sign_ins,
    "links": _links,
    "attempts": _attempts,
    "runs": _runs,
    "followers": _followers,
    "letters": _forget_letters,
    "registrations": _registrations,
}
