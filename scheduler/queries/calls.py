"""Calls to be made and old sheets to be taken down, as the desk lists them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import Call, Occurrence, OldSheet
from scheduler.queries.access import units_readable
from scheduler.rules.permissions import Actor

PAGE = 200
LATELY = timedelta(days=7)
SITTING = joinedload(Call.occurrence).joinedload(Occurrence.unit)


def open_calls(db: Db, actor: Actor) -> list[Call]:
    """Calls still to be made in the units where the actor changes sittings, those of the nearest sitting first."""
    query = (
        select(Call)
        .join(Occurrence, Occurrence.id == Call.occurrence_id)
        .where(Call.state == "open", Call.unit_id.in_(units_readable(actor, "change")))
        .order_by(func.coalesce(Occurrence.day, Occurrence.planned_day), Call.name, Call.id)
    )
    return list(db.scalars(query.options(SITTING).limit(PAGE)))


def calls_made(db: Db, actor: Actor, now: datetime) -> list[Call]:
    """Calls of the last days that reached somebody, the newest first."""
    query = (
        select(Call)
        .where(Call.state == "called", Call.unit_id.in_(units_readable(actor, "change")), Call.closed_at > now - LATELY)
        .order_by(Call.closed_at.desc())
    )
    return list(db.scalars(query.options(SITTING).limit(PAGE)))


def open_calls_of(db: Db, occurrence_id: int) -> list[Call]:
    """Calls still to be made for one sitting."""
    query = select(Call).where(Call.occurrence_id == occurrence_id, Call.state == "open")
    return list(db.scalars(query.order_by(Call.id)))


def calls_of(db: Db, occurrence_id: int) -> list[Call]:
    """All calls of one sitting that were not made void, in their order."""
    query = select(Call).where(Call.occurrence_id == occurrence_id, Call.state != "void")
    return list(db.scalars(query.order_by(Call.id)))


@dataclass(frozen=True)
class ByHand:
    """How much changes left to be done by hand."""

    calls: int
    sheets: int


def count_by_hand(db: Db, actor: Actor) -> ByHand:
    """The calls and old sheets that wait for the actor, in one statement."""
    calls = select(func.count()).select_from(Call)
    calls = calls.where(Call.unit_id.in_(units_readable(actor, "change")), Call.state == "open")
    sheets = select(func.count()).select_from(OldSheet)
    sheets = sheets.where(OldSheet.unit_id.in_(units_readable(actor, "post")), OldSheet.taken_down_at.is_(None))
    row = db.execute(select(calls.scalar_subquery(), sheets.scalar_subquery())).one()
    return ByHand(row[0], row[1])


def old_sheets(db: Db, actor: Actor) -> list[OldSheet]:
    """Posted sheets to be taken down in the units where the actor posts, the oldest first."""
    mine = OldSheet.unit_id.in_(units_readable(actor, "post"))
    query = select(OldSheet).where(mine, OldSheet.taken_down_at.is_(None)).order_by(OldSheet.made_at, OldSheet.id)
    whole = (joinedload(OldSheet.posting), joinedload(OldSheet.occurrence).joinedload(Occurrence.unit))
    return list(db.scalars(query.options(*whole).limit(PAGE)))


def old_sheets_of(db: Db, occurrence_id: int) -> list[OldSheet]:
    """Posted sheets that a change of this sitting made void and that still hang."""
    query = select(OldSheet).where(OldSheet.occurrence_id == occurrence_id, OldSheet.taken_down_at.is_(None))
    return list(db.scalars(query.options(joinedload(OldSheet.posting)).order_by(OldSheet.id)))
