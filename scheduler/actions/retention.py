"""What is kept no longer than it is needed: ended sign-ins, used links, counted attempts, old beats, old letters."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, Delete, delete, or_, select

from scheduler.database import Db
from scheduler.models import Attempt, JobRun, Letter, OneTimeLink, SignIn

KEEP_SIGN_INS = timedelta(days=90)
KEEP_LINKS = timedelta(days=90)
KEEP_ATTEMPTS = timedelta(days=7)
KEEP_RUNS = timedelta(days=90)
KEEP_LETTERS = timedelta(days=730)
"""After two years a letter keeps when and whether it was sent, and no more what it said to whom."""

SETTLED = ("sent", "failed", "expired", "not-wanted", "unsure", "demo")
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
        Letter.made_at < now - KEEP_LETTERS, Letter.state.in_(SETTLED), Letter.recipient != ""
    )
    ids = list(db.scalars(old.order_by(Letter.id).limit(AT_ONCE)))
    for letter in db.scalars(select(Letter).where(Letter.id.in_(ids))):
        # The key holds the address too; without it the row's own number keeps it unique.
        letter.key = f"forgotten:{letter.id}"
        letter.recipient = letter.recipient_name = letter.answer = ""
        letter.facts = {}
    db.flush()
    return len(ids)


def _rows(db: Db, statement: Delete) -> int:
    result: Any = db.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)
    return result.rowcount


RETENTION = {"sign-ins": _sign_ins, "links": _links, "attempts": _attempts, "runs": _runs, "letters": _forget_letters}
