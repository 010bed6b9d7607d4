"""A notice with its sittings and postings."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Notice, Occurrence, SignedPaper
from scheduler.queries.agenda import WHOLE

MOST_SHOWN = 500


def find_notice(db: Db, notice_id: int) -> Notice:
    """The notice with its unit, paper and postings. Raises NotFound."""
    query = (
        select(Notice)
        .where(Notice.id == notice_id)
        .options(
            joinedload(Notice.unit),
            joinedload(Notice.paper).joinedload(SignedPaper.attachment),
            selectinload(Notice.postings),
        )
    )
    notice = db.scalars(query).one_or_none()
    if notice is None:
        raise NotFound("errors.not-found")
    return notice


def sittings_of(db: Db, notice: Notice) -> list[Occurrence]:
    """What the notice made public, in order of days."""
    query = select(Occurrence).where(Occurrence.notice_id == notice.id)
    return list(
        db.scalars(query.order_by(Occurrence.planned_day, Occurrence.id).options(*WHOLE).limit(MOST_SHOWN)).unique()
    )
