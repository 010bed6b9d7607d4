"""Totals of old registers that stand beside the records of a time."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import Post, RegisterTotal, Unit
from scheduler.queries.duties import COUNTING_KINDS, Wanted, posts_wanted


def totals_of_posts(db: Db, wanted: Wanted) -> list[RegisterTotal]:
    """The totals that touch the time, of every post with a duty that is asked for, by unit, post and day."""
    query = (
        select(RegisterTotal)
        .join(Post, Post.id == RegisterTotal.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(
            RegisterTotal.post_id.in_(posts_wanted(wanted).with_only_columns(Post.id)),
            RegisterTotal.kind.in_(COUNTING_KINDS),
            RegisterTotal.first_day <= wanted.last,
            RegisterTotal.last_day >= wanted.first,
        )
        .options(joinedload(RegisterTotal.post).joinedload(Post.unit))
        .order_by(Unit.code, Post.position, Post.id, RegisterTotal.first_day)
    )
    return list(db.scalars(query))
