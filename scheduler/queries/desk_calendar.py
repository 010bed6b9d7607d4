"""Sittings as the desk's calendar shows them, in every state: a constant number of queries for any number of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceChange, OccurrenceHost, Place, Post, Unit
from scheduler.queries.access import units_below, units_readable
from scheduler.queries.agenda import of_post, shown_day
from scheduler.rules.names import post_in_words
from scheduler.rules.permissions import Actor

MOST = 600
"""More sittings than these are shown as one number a day."""
FEW = 40
"""So many posts or places fit into a list to choose from."""


@dataclass(frozen=True)
class Asked:
    """What a calendar asks for: days, both included, in the units its reader reads, and what narrows it.

    `units` are ids (with those below them), None for all the reader reads.
    """

    actor: Actor
    first: date
    last: date
    units: Collection[int] | None = None
    post_id: int | None = None
    place: Place | None = None
    kind: str = ""


@dataclass(frozen=True)
class Sitting:
    """One sitting in a calendar. `day` is where it stands; `dated` tells whether that day still holds."""

    slug: str
    day: date
    dated: bool
    hours: tuple[str, ...]
    state: str
    kind: str
    moved: bool
    unit: str
    place: str
    heads: tuple[tuple[str, str], ...]  # (title of the post, name of its unit)
    chair: str

    @property
    def who(self) -> str:
        """The heads who sit, in short: "Chủ tịch UBND"; for a conference without a host its unit."""
        return ", ".join(title for title, _ in self.heads) or self.unit

    @property
    def who_where(self) -> str:
        """The heads with their units: "Chủ tịch UBND phường Hoàn Kiếm"."""
        return ", ".join(post_in_words(title, unit) for title, unit in self.heads) or self.unit


def counts_between(db: Db, asked: Asked) -> dict[date, int]:
    """How many sittings each day has."""
    counted = select(shown_day, func.count()).where(*_wanted(asked)).group_by(shown_day)
    return {row[0]: row[1] for row in db.execute(counted)}


def sittings_between(db: Db, asked: Asked) -> list[Sitting]:
    """The sittings by day and hour: two queries. Ask `counts_between` first, they may be MOST or more."""
    moved = exists().where(
        OccurrenceChange.occurrence_id == Occurrence.id, OccurrenceChange.step.in_(("move", "change_hours"))
    )
    columns = (
        Occurrence.id, Occurrence.slug, shown_day.label("shown"), Occurrence.day, Occurrence.hours, Occurrence.state,
        Occurrence.kind, moved.label("moved"), Unit.name, Occurrence.place, Occurrence.chair_name,
    )  # fmt: skip
    query = (
        select(*columns)
        .join(Unit, Unit.id == Occurrence.unit_id)
        .where(*_wanted(asked))
        .order_by(shown_day, Occurrence.starts_at, Occurrence.id)
    )
    rows = db.execute(query).all()
    hosts = _hosts(db, [row.id for row in rows])
    return [_sitting(row, hosts.get(row.id, ())) for row in rows]


def posts_to_choose(db: Db, actor: Actor, units: Collection[int] | None) -> list[Post]:
    """The posts of these units that head something, if they are FEW."""
    hosting = exists().where(OccurrenceHost.post_id == Post.id)
    query = select(Post).join(Unit, Unit.id == Post.unit_id).where(*_inside(Post.unit_id, actor, units), hosting)
    query = query.options(joinedload(Post.unit)).order_by(Unit.code, Post.position, Post.id)
    found = list(db.scalars(query.limit(FEW + 1)))
    return found if len(found) <= FEW else []


def places_to_choose(db: Db, actor: Actor, units: Collection[int] | None) -> list[Place]:
    """The reception places of these units, if they are FEW."""
    query = select(Place).where(*_inside(Place.unit_id, actor, units), Place.closed_on.is_(None))
    found = list(db.scalars(query.order_by(Place.unit_id, Place.position, Place.id).limit(FEW + 1)))
    return found if len(found) <= FEW else []


def readable_post(db: Db, actor: Actor, code: str) -> Post | None:
    """The post with this code with its unit, if the actor reads it."""
    query = select(Post).where(Post.code == code, Post.unit_id.in_(units_readable(actor)))
    return db.scalars(query.options(joinedload(Post.unit))).one_or_none()


def readable_place(db: Db, actor: Actor, place_id: int) -> Place | None:
    """The reception place with this number, if the actor reads its unit."""
    query = select(Place).where(Place.id == place_id, Place.unit_id.in_(units_readable(actor)))
    return db.scalars(query).one_or_none()


def _inside(column: Any, actor: Actor, units: Collection[int] | None) -> list[ColumnElement[bool]]:
    where = [column.in_(units_readable(actor))]
    return where if units is None else [*where, column.in_(units_below(units))]


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    where = _inside(Occurrence.unit_id, asked.actor, asked.units)
    where += [shown_day.between(asked.first, asked.last), Occurrence.state != "void"]
    if asked.kind:
        where.append(Occurrence.kind == asked.kind)
    if asked.post_id is not None:
        where.append(of_post(asked.post_id))
    if asked.place is not None:
        where.append(_at(asked.place))
    return where


def _at(place: Place) -> ColumnElement[bool]:
    """At this place: by its row, or by the words a notice has for it."""
    words = (place.name, f"{place.name}, {place.address}")
    named = and_(Occurrence.place_id.is_(None), Occurrence.unit_id == place.unit_id, Occurrence.place.in_(words))
    return or_(Occurrence.place_id == place.id, named)


def _hosts(db: Db, ids: list[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    rows = db.execute(
        select(OccurrenceHost.occurrence_id, Post.title, Unit.name)
        .join(Post, Post.id == OccurrenceHost.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(OccurrenceHost.occurrence_id.in_(ids))
        .order_by(OccurrenceHost.position)
    )
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for occurrence_id, title, unit in rows:
        found[occurrence_id] = (*found.get(occurrence_id, ()), (title, unit))
    return found


def _sitting(row: Any, heads: tuple[tuple[str, str], ...]) -> Sitting:
    return Sitting(
        row.slug, row.shown, row.day is not None, tuple(row.hours), row.state, row.kind, row.moved, row.name, row.place,
        heads, row.chair_name,
    )  # fmt: skip
