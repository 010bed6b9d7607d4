"""Who came and what was said is erased a year after the sitting; that somebody came is counted for ever."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select

from scheduler.actions.matters import erase_matters
from scheduler.database import Db
from scheduler.links import new_slug
from scheduler.models import Occurrence, Registration
from scheduler.queries.matters import still_waits
from scheduler.rules.registrations import KEPT_DAYS

KEPT = timedelta(days=KEPT_DAYS)
KEPT_WITHOUT_DAY = 2 * KEPT
"""A sitting that was put off and never got a day keeps its registrations so long after they came in."""


def erase_registrations(db: Db, *, now: datetime, most: int) -> int:
    """Erase what was told in a batch of old registrations; who still waits for an answer is kept. Returns how many.

    The marks go too: nobody can ask any more whether a contact was ever here.
    """
    over = or_(
        Occurrence.ends_at < now - KEPT,
        and_(Occurrence.ends_at.is_(None), Registration.registered_at < now - KEPT_WITHOUT_DAY),
    )
    # The first condition is the one the index of what is not erased yet is read by.
    old = (
        select(Registration)
        .join(Occurrence, Occurrence.id == Registration.occurrence_id)
        .where(Registration.erased_at.is_(None), Registration.registered_at < now - KEPT, over, ~still_waits())
        .order_by(Registration.registered_at)
        .limit(most)
    )
    rows = list(db.scalars(old))
    for row in rows:
        row.name = row.contact = row.home = row.words = row.representatives = row.code = row.contact_kind = ""
        row.guard_mark, row.code_mark, row.form_mark, row.form_body = f"erased {new_slug()}", "", None, ""
        row.erased_at = now
    db.flush()
    erase_matters(db, [row.id for row in rows])
    return len(rows)
