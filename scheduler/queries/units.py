"""Units and posts by their codes, the branch of a unit, and how it is named with its place."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Post, Unit, UnitAbove
from scheduler.models.base import plain
from scheduler.queries.access import units_below
from scheduler.rules.names import core_name, post_in_words, shortened
from scheduler.rules.permissions import Actor

LONGEST_CODE = 100
MOST_STEPS = 20
"""Mergers led on one after the other; more is a circle somebody made."""


def unit_by_code(db: Db, code: str) -> Unit:
    """The unit with its parent, its places and its successor. Raises NotFound."""
    query = (
        select(Unit)
        .where(Unit.code == code)
        .options(joinedload(Unit.parent).joinedload(Unit.parent), joinedload(Unit.successor), selectinload(Unit.places))
    )
    found = db.scalars(query).unique().one_or_none() if 0 < len(code) <= LONGEST_CODE else None
    if found is None:
        raise NotFound("errors.not-found")
    return found


def post_by_code(db: Db, code: str) -> Post:
    """The post with its unit. Raises NotFound."""
    query = select(Post).where(Post.code == code).options(joinedload(Post.unit).joinedload(Unit.parent))
    found = db.scalars(query).one_or_none() if 0 < len(code) <= LONGEST_CODE else None
    if found is None:
        raise NotFound("errors.not-found")
    return found


def successor_of(unit: Unit, today: date) -> Unit:
    """The unit that stands today where this one stood: itself, or the one that mergers in force lead to."""
    for _ in range(MOST_STEPS):
        if unit.successor is None or unit.valid_to is None or unit.valid_to >= today:
            break
        unit = unit.successor
    return unit


def bodies_of(db: Db, unit: Unit, today: date | None = None) -> list[Unit]:
    """The units right below, bodies of a place first, then the others by name; ended ones left out on a day."""
    query = (
        select(Unit)
        .where(Unit.parent_id == unit.id)
        .options(selectinload(Unit.places))
        .order_by(Unit.kind.in_(("place", "department", "office")), Unit.name)
    )
    if today is not None:
        query = query.where(or_(Unit.valid_to.is_(None), Unit.valid_to >= today))
    return list(db.scalars(query))


def posts_of(db: Db, units: Iterable[int], today: date | None = None) -> list[Post]:
    """The posts of these units with their units, in the order of the table of names; ended ones left out on a day."""
    query = (
        select(Post)
        .where(Post.unit_id.in_(tuple(units)))
        .options(joinedload(Post.unit))
        .order_by(Post.position, Post.id)
    )
    if today is not None:
        query = query.where(or_(Post.valid_to.is_(None), Post.valid_to >= today))
    return list(db.scalars(query))


def place_of(unit: Unit) -> Unit:
    """The place of the state list a unit belongs to; itself where it belongs to none."""
    found: Unit | None = unit
    while found is not None and found.kind != "place":
        found = found.parent
    return found or unit


def local_units(db: Db, unit: Unit) -> list[int]:
    """A unit with those a notice of it may name: its own place, and the bodies beside and below it."""
    place = unit if unit.kind == "place" or unit.parent is None or unit.parent.kind != "place" else unit.parent
    below = select(Unit.id).where(Unit.parent_id.in_((unit.id, place.id)), Unit.kind != "place")
    return list(dict.fromkeys([unit.id, place.id, *db.scalars(below)]))


def own_bodies(units: Iterable[int]) -> Select[int]:
    """A subquery of these units and the bodies of each; the communes of a province are not its bodies."""
    found = tuple(units)
    return select(Unit.id).where(or_(Unit.id.in_(found), and_(Unit.parent_id.in_(found), Unit.kind != "place")))


def find_post(db: Db, unit: Unit, text: str) -> Post | None:
    """The post a notice of this unit means by a code or a title; None when there is none, or two could be meant.

    "Chủ tịch UBND", "Chủ tịch Ủy ban nhân dân phường" and "Chủ tịch UBND phường Hoàn Kiếm" are one.
    """
    wanted = plain(shortened(text))
    candidates = posts_of(db, local_units(db, unit))
    exact = [post for post in candidates if wanted in (post.code, plain(post.title))]
    whole = [post for post in candidates if plain(post_in_words(post.title, post.unit.name)) == wanted]
    begun = [
        post
        for post in candidates
        if plain(post_in_words(post.title, post.unit.name)).startswith(f"{wanted} ")
        and wanted.startswith(plain(post.title))
    ]
    for found in (exact, whole, begun):
        own = [post for post in found if post.unit_id == unit.id] or found
        if len(own) == 1:
            return own[0]
        if own:
            return None
    return None


def is_below(db: Db, unit_id: int, above_id: int) -> bool:
    """Whether a unit is the other one or stands below it."""
    query = select(UnitAbove.unit_id).where(UnitAbove.unit_id == unit_id, UnitAbove.above_id == above_id)
    return db.execute(query).first() is not None


def unit_label(unit: Unit) -> str:
    """A unit with the province it lies in: "Phường Hoàn Kiếm, Hà Nội"."""
    above = place_of(unit.parent) if unit.parent is not None else None
    if above is not None and above.kind == "place" and core_name(above.name) in unit.name and above.parent is not None:
        above = above.parent
    if above is None or core_name(above.name) in unit.name:
        return unit.name
    return f"{unit.name}, {core_name(above.name)}"


def units_named(db: Db, name: str, *, within: Iterable[int] = ()) -> list[Unit]:
    """Units with exactly this name, in any spelling of accents; `within` keeps to branches of these units."""
    query = select(Unit).where(Unit.search.contains(f"|{plain(name)}|", autoescape=True))
    ids = tuple(within)
    if ids:
        query = query.where(Unit.id.in_(units_below(ids)))
    return list(db.scalars(query.order_by(Unit.id)))


def children_of(db: Db, unit: Unit) -> list[Unit]:
    """The places right below, ended ones too, by name."""
    return list(db.scalars(select(Unit).where(Unit.parent_id == unit.id, Unit.kind == "place").order_by(Unit.name)))


def units_open_to(db: Db, actor: Actor, act: str = "read", limit: int = 200) -> list[Unit]:
    """Where the actor's units begin: those a grant names, or for the operator those that stand below no other."""
    query = select(Unit).options(joinedload(Unit.parent)).order_by(Unit.code).limit(limit)
    if actor.trusted:
        return list(db.scalars(query.where(Unit.parent_id.is_(None))))
    return list(db.scalars(query.where(Unit.id.in_(actor.units_for(act)))))


def units_around(db: Db, unit: Unit, today: date, limit: int = 500) -> list[Unit]:
    """Units a unit may follow or hang under: those beside it and beside the one above it, by name."""
    above = [one.parent_id for one in (unit, unit.parent) if one is not None and one.parent_id is not None]
    query = select(Unit).where(
        or_(Unit.parent_id.in_(above), Unit.id.in_(above)),
        Unit.id != unit.id,
        or_(Unit.valid_to.is_(None), Unit.valid_to >= today),
    )
    return list(db.scalars(query.order_by(Unit.name, Unit.id).limit(limit)))


def units_by_id(db: Db, ids: Iterable[int]) -> dict[int, Unit]:
    """These units by their ids."""
    wanted = tuple(ids)
    return {unit.id: unit for unit in db.scalars(select(Unit).where(Unit.id.in_(wanted)))} if wanted else {}
