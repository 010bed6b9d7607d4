"""What the public interface for programs lists: units and posts of today, by code, a page at a time."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.models import Occurrence, Post, Unit
from scheduler.queries.feeds import pulse_of


def units_listed(
    db: Db, today: date, *, level: str = "", parent_id: int | None = None, after: str = "", limit: int
) -> list[Unit]:
    """The units that exist today, in order of their codes, from the one after `after` on."""
    query = select(Unit).where(_exists(Unit, today), Unit.code > after).order_by(Unit.code).limit(limit)
    if level:
        query = query.where(Unit.level == level)
    if parent_id is not None:
        query = query.where(Unit.parent_id == parent_id)
    return list(db.scalars(query.options(joinedload(Unit.parent))))


def posts_listed(db: Db, today: date, *, units: Select[int] | None = None, after: str = "", limit: int) -> list[Post]:
    """The posts that exist today, in order of their codes, from the one after `after` on."""
    query = select(Post).join(Unit, Unit.id == Post.unit_id).order_by(Post.code).limit(limit)
    query = query.where(_exists(Post, today), _exists(Unit, today), Post.code > after)
    if units is not None:
        query = query.where(Post.unit_id.in_(units))
    return list(db.scalars(query.options(joinedload(Post.unit))))


def changed_by(db: Db, sittings: Iterable[Occurrence], now: datetime, today: date) -> datetime:
    """When what is told of these sittings last changed: by a deed, by a new day, or because one of them ended."""
    rows = list(sittings)
    ended = [row.ends_at for row in rows if row.ends_at is not None and row.ends_at <= now]
    told = [row.content_changed_at for row in rows]
    newest = pulse_of(db)[1]
    return max([at_local(today, "00:00"), *([newest] if newest else []), *ended, *told])


def _exists(table: Any, today: date) -> Any:
    return and_(
        or_(table.valid_from.is_(None), table.valid_from <= today),
        or_(table.valid_to.is_(None), table.valid_to >= today),
    )
