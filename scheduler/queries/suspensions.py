"""Where receptions are suspended, and what a suspension would meet: published sittings, and drafts to be told of."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Occurrence, Suspension, Unit, UnitAbove
from scheduler.queries.access import units_below, units_readable
from scheduler.queries.agenda import WHOLE
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import BEFORE_PUBLIC

MOST = 500
"""Sittings that one suspension takes at once."""
LATEST = 100


def find_suspension(db: Db, suspension_id: int) -> Suspension:
    """The suspension with this number. Raises NotFound."""
    found = db.get(Suspension, suspension_id, options=[joinedload(Suspension.unit)])
    if found is None:
        raise NotFound("errors.not-found")
    return found


def suspensions_for(db: Db, unit_ids: Iterable[int], first: date, last: date) -> list[Suspension]:
    """Standing suspensions of these units, or of a unit above that takes in those below, that meet the days."""
    query = (
        select(Suspension)
        .where(_of_units(unit_ids), Suspension.lifted_at.is_(None))
        .where(Suspension.first_day <= last, Suspension.last_day >= first)
        .order_by(Suspension.first_day, Suspension.id)
    )
    return list(db.scalars(query))


def suspended_on(db: Db, unit_id: int, day: date) -> Suspension | None:
    """The suspension that holds in the unit on that day, None where it receives."""
    return next(iter(suspensions_for(db, [unit_id], day, day)), None)


def free_of_suspensions(db: Db, unit_id: int, days: Iterable[date]) -> list[date]:
    """The days on which the unit's receptions are not suspended, in one statement."""
    wanted = list(days)
    if not wanted:
        return []
    standing = suspensions_for(db, [unit_id], min(wanted), max(wanted))
    return [day for day in wanted if not any(one.first_day <= day <= one.last_day for one in standing)]


def suspensions_of_code(db: Db, code: str, today: date) -> list[Suspension]:
    """Standing suspensions from today on that hold in the unit with this code, in one statement."""
    query = (
        select(Suspension)
        .join(UnitAbove, UnitAbove.above_id == Suspension.unit_id)
        .join(Unit, Unit.id == UnitAbove.unit_id)
        .where(Unit.code == code, _holds_below(), Suspension.lifted_at.is_(None), Suspension.last_day >= today)
        .order_by(Suspension.first_day, Suspension.id)
    )
    return list(db.scalars(query))


def suspended_among(db: Db, occurrences: Iterable[Occurrence]) -> set[int]:
    """Ids of those of these sittings whose day lies in a standing suspension, in one statement."""
    dated = [one for one in occurrences if one.day is not None]
    days = [one.day for one in dated if one.day is not None]
    if not days:
        return set()
    query = (
        select(UnitAbove.unit_id, Suspension.first_day, Suspension.last_day)
        .join(Suspension, Suspension.unit_id == UnitAbove.above_id)
        .where(UnitAbove.unit_id.in_({one.unit_id for one in dated}), _holds_below(), Suspension.lifted_at.is_(None))
        .where(Suspension.first_day <= max(days), Suspension.last_day >= min(days))
    )
    spans = [(row.unit_id, row.first_day, row.last_day) for row in db.execute(query)]
    return {
        one.id
        for one in dated
        for unit_id, first, last in spans
        if unit_id == one.unit_id and one.day is not None and first <= one.day <= last
    }


def suspensions_read(db: Db, actor: Actor) -> list[Suspension]:
    """The newest suspensions in the units the actor reads, lifted ones too."""
    query = select(Suspension).options(joinedload(Suspension.unit)).order_by(Suspension.id.desc()).limit(LATEST)
    if not actor.trusted:
        query = query.where(Suspension.unit_id.in_(units_readable(actor)))
    return list(db.scalars(query))


def same_suspension(db: Db, unit_id: int, first: date, last: date, *, with_below: bool) -> Suspension | None:
    """One of the same unit and days that stands already and takes in as much."""
    query = select(Suspension).where(
        Suspension.unit_id == unit_id,
        Suspension.first_day == first,
        Suspension.last_day == last,
        Suspension.lifted_at.is_(None),
    )
    if with_below:
        query = query.where(Suspension.with_below)
    return db.scalars(query).first()


def published_within(db: Db, unit_id: int, first: date, last: date, *, with_below: bool) -> list[Occurrence]:
    """Published sittings of the unit on these days, and of the units below it if asked, in order of their days.

    One more than MOST at most, so that who takes them all knows that there are too many.
    """
    query = _within(unit_id, first, last, with_below=with_below).where(Occurrence.state == "published")
    return list(db.scalars(query.limit(MOST + 1).options(*WHOLE)).unique())


def drafts_within(db: Db, unit_id: int, first: date, last: date, *, with_below: bool) -> list[Occurrence]:
    """Sittings on these days that are not public yet: nobody is to publish them unawares."""
    query = _within(unit_id, first, last, with_below=with_below).where(Occurrence.state.in_(BEFORE_PUBLIC))
    return list(db.scalars(query.limit(MOST).options(*WHOLE)).unique())


def suspendable_units(db: Db, actor: Actor) -> list[Unit]:
    """The units in which the actor may change sittings, highest first; at most LATEST."""
    query = select(Unit).where(Unit.valid_to.is_(None)).order_by(Unit.id).limit(LATEST)
    if not actor.trusted:
        query = query.where(Unit.id.in_(units_readable(actor, "change")))
    return list(db.scalars(query))


def _within(unit_id: int, first: date, last: date, *, with_below: bool) -> Select[Occurrence]:
    units = Occurrence.unit_id.in_(units_below([unit_id])) if with_below else Occurrence.unit_id == unit_id
    return select(Occurrence).where(units, Occurrence.day.between(first, last)).order_by(Occurrence.day, Occurrence.id)


def _holds_below() -> ColumnElement[bool]:
    """Of the pairs of a suspension and a unit at or below its own: those in which it holds."""
    return or_(UnitAbove.steps == 0, Suspension.with_below)


def _of_units(unit_ids: Iterable[int]) -> ColumnElement[bool]:
    ids = tuple(unit_ids)
    above = select(UnitAbove.above_id).where(UnitAbove.unit_id.in_(ids))
    return or_(Suspension.unit_id.in_(ids), and_(Suspension.with_below, Suspension.unit_id.in_(above)))
