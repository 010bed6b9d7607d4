"""The checklist of units: for each what is in place, in a constant number of queries however many units."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import CheckedPoint, Entry, Holding, Occurrence, Person, Place, Post, Unit
from scheduler.queries.agenda import shown_day
from scheduler.rules.checklist import POINTS, Done
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.permissions import Actor

Checklist = Mapping[str, Done | None]
BODIES = tuple(BODY_SUFFIXES)


def checklists_of(db: Db, units: Iterable[int], today: date) -> dict[int, Checklist]:
    """The checklist of each unit by its id; a place takes in its bodies. Five queries."""
    ids = tuple(units)
    found: dict[int, dict[str, Done | None]] = {id: {point.key: None for point in POINTS} for id in ids}
    for tick in db.scalars(select(CheckedPoint).where(CheckedPoint.unit_id.in_(ids))):
        if tick.key in found[tick.unit_id]:
            found[tick.unit_id][tick.key] = Done(tick.done_on, ", ".join(filter(None, (tick.number, tick.note))))
    for key, query in (("place", _places(ids)), ("head", _heads(ids, today)), ("schedule", _published(ids, today))):
        for row in db.execute(query):
            day = local_date(row.day) if isinstance(row.day, datetime) else row.day
            found[row.home][key] = Done(day, row.words or "")
    return {id: dict(points) for id, points in found.items()}


def missing_of(checklist: Checklist) -> list[str]:
    """The points that are still open, in the order of the table."""
    return [point.key for point in POINTS if checklist[point.key] is None]


def open_points_below(db: Db, actor: Actor, today: date) -> tuple[int, str]:
    """How many places right below a unit the actor administers lack a point, and that unit's code; (0, "") for none."""
    above = select(Unit.id, Unit.code, Unit.level).where(Unit.kind == "place", Unit.valid_to.is_(None))
    if not actor.trusted:
        above = above.where(Unit.id.in_(actor.units_for("administer")))
    top = db.execute(above.order_by(Unit.level != "province", Unit.code).limit(1)).one_or_none()
    if top is None:
        return 0, ""
    below = select(Unit.id).where(Unit.parent_id == top.id, Unit.kind == "place", Unit.valid_to.is_(None))
    found = checklists_of(db, db.scalars(below).all(), today)
    return sum(bool(missing_of(checklist)) for checklist in found.values()), top.code


def _home(ids: tuple[int, ...]) -> Any:
    """Whose checklist a unit counts for: its own where that is asked for, else that of its place."""
    return case((Unit.id.in_(ids), Unit.id), else_=Unit.parent_id)


def _among(ids: tuple[int, ...]) -> ColumnElement[bool]:
    return or_(Unit.id.in_(ids), and_(Unit.parent_id.in_(ids), Unit.kind.in_(BODIES)))


def _places(ids: tuple[int, ...]) -> Any:
    made = select(func.min(Entry.at)).where(Entry.unit_id == Unit.id, Entry.deed == "place.created")
    return (
        select(
            _home(ids).label("home"), func.min(made.scalar_subquery()).label("day"), func.min(Place.name).label("words")
        )
        .join(Place, Place.unit_id == Unit.id)
        .where(_among(ids), Place.closed_on.is_(None))
        .group_by("home")
    )


def _heads(ids: tuple[int, ...], today: date) -> Any:
    """A head's post whose holder can be reached by e-mail."""
    return (
        select(
            _home(ids).label("home"), func.min(Holding.valid_from).label("day"), func.min(Person.name).label("words")
        )
        .join(Post, Post.unit_id == Unit.id)
        .join(Holding, Holding.post_id == Post.id)
        .join(Person, Person.id == Holding.person_id)
        .where(_among(ids), Post.is_head.is_(True), Person.email != "", Holding.valid_from <= today)
        .where(or_(Holding.valid_to.is_(None), Holding.valid_to >= today))
        .group_by("home")
    )


def _published(ids: tuple[int, ...], today: date) -> Any:
    """A sitting that is public and still to come."""
    return (
        select(_home(ids).label("home"), func.min(Occurrence.published_at).label("day"), func.min("").label("words"))
        .join(Occurrence, Occurrence.unit_id == Unit.id)
        .where(_among(ids), Occurrence.state == "published", shown_day >= today)
        .group_by("home")
    )
