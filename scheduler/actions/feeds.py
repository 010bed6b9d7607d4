"""Feed versions: raised in the transaction of any change a feed shows. (Private addresses: actions/feed_tokens.)"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import FeedVersion, Occurrence, Post, UnitAbove
from scheduler.queries.publication import feeds_showing
from scheduler.rules.workflow import PUBLIC

TOLD_BACK = timedelta(days=400)
"""Older sittings stand in no calendar any more, however far they were moved."""


def raise_versions(db: Db, occurrence_ids: Iterable[int], *, now: datetime) -> None:
    """Raise the feeds that show these sittings: their units and all above, their hosts and those who chair."""
    db.flush()
    raise_feeds(db, feeds_showing(db, occurrence_ids), now=now)


def raise_feeds(db: Db, feeds: Iterable[str], *, now: datetime) -> None:
    """Raise these feeds' versions by one, in sorted order so that two transactions never wait for each other."""
    names = sorted(feeds)
    if not names:
        return
    raised = update(FeedVersion).where(FeedVersion.feed.in_(names))
    done = db.execute(
        raised.values(version=FeedVersion.version + 1, changed_at=now).execution_options(synchronize_session=False)
    )
    if done.rowcount == len(names):  # type: ignore[attr-defined]
        return
    known = set(db.scalars(select(FeedVersion.feed).where(FeedVersion.feed.in_(names))))
    new = [{"feed": name, "version": 1, "changed_at": now} for name in names if name not in known]
    db.execute(insert(FeedVersion), new)


def retell_unit(db: Db, unit_id: int, *, now: datetime) -> None:
    """What events say of a unit has changed, not the sittings: their stamp rises, their SEQUENCE stays.

    Calls for a new name or telephone of the unit or of one above it; feeds of the whole branch are raised.
    """
    branch = select(UnitAbove.unit_id).where(UnitAbove.above_id == unit_id)
    told = update(Occurrence).where(Occurrence.unit_id.in_(branch), Occurrence.state.in_(PUBLIC))
    db.execute(
        told.where(Occurrence.planned_day >= local_date(now) - TOLD_BACK).values(content_changed_at=now),
        execution_options={"synchronize_session": "fetch"},
    )
    units = set(db.scalars(branch)) | set(db.scalars(select(UnitAbove.above_id).where(UnitAbove.unit_id == unit_id)))
    posts = db.scalars(select(Post.id).where(Post.unit_id.in_(branch)))
    raise_feeds(db, [*(f"unit:{id}" for id in units), *(f"post:{id}" for id in posts)], now=now)
