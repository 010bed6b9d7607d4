"""What the public interface for programs lists: units and posts of today, by code, a page at a time."""

from datetime import date
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import Post, Unit


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


def _exists(table: Any, today: date) -> Any:
    return and_(
        or_(table.valid_from.is_(None), table.valid_from <= today),
        or_(table.valid_to.is_(None), table.valid_to >= today),
    )
