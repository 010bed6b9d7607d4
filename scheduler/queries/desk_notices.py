"""Notices that do not hang everywhere yet: what the desk asks the secretariat to see to."""

from datetime import date

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.models import Notice, Occurrence
from scheduler.queries.access import units_readable
from scheduler.rules.permissions import Actor

PAGE = 50


def count_unposted(db: Db, actor: Actor, today: date) -> tuple[int, int]:
    """How many notices of sittings still to come do not hang at all three places the law names, and one's id."""
    found = _unposted(actor, today).subquery()
    n, first = db.execute(select(func.count(), func.min(found.c.id)).select_from(found)).one()
    return n, first or 0


def unposted_notices(db: Db, actor: Actor, today: date, *, page: int = 1) -> list[Notice]:
    """A page of them with their unit and postings, the oldest first."""
    query = _unposted(actor, today).order_by(Notice.published_at, Notice.id).offset((page - 1) * PAGE).limit(PAGE)
    return list(db.scalars(query.options(joinedload(Notice.unit), selectinload(Notice.postings))))


def _unposted(actor: Actor, today: date) -> Select[Notice]:
    ahead = exists().where(Occurrence.notice_id == Notice.id, Occurrence.state == "published", Occurrence.day >= today)
    mine = Notice.unit_id.in_(units_readable(actor, "post"))
    return select(Notice).where(mine, Notice.posted_at.is_(None), ahead)
