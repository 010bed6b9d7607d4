"""A form that makes something carries a word of its own; the second time it is sent, nothing is made again."""

from datetime import datetime

from sqlalchemy import select

from scheduler.database import Db
from scheduler.links import hash_secret
from scheduler.models import Attempt, Unit

WHAT = "form"


def first_time(db: Db, word: str, *, unit_id: int, now: datetime) -> bool:
    """Whether the form with this word is sent for the first time; one without a word always is.

    The unit's row is held, so that of two presses at once the second waits and finds the first.
    """
    if not word:
        return True
    db.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())
    known = select(Attempt.id).where(Attempt.what == WHAT, Attempt.who == hash_secret(word))
    if db.execute(known.limit(1)).first() is not None:
        return False
    db.add(Attempt(what=WHAT, who=hash_secret(word), at=now))
    db.flush()
    return True
