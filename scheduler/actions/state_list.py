"""Loading the state list of places in bulk: every place with its standard bodies, their posts and who is above."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.errors import NotAllowed
from scheduler.models import Post, Unit, UnitAbove
from scheduler.queries.search import post_search_text, unit_search_text
from scheduler.rules.names import BODIES, StandardBody, body_name, post_title
from scheduler.rules.permissions import Actor

CHUNK = 2000


@dataclass(frozen=True)
class StatePlace:
    """A province or commune of the state list; `province` is the code of the one it lies in.

    `former_names` are the places that became this one, each with its district in brackets.
    """

    code: str
    name: str
    level: str
    province: str
    valid_from: date | None
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Loaded:
    """What a loading added: places by level, their bodies, their posts; and how many places were there already."""

    provinces: int
    communes: int
    bodies: int
    posts: int
    there_already: int


def load_places(db: Db, places: list[StatePlace], *, by: Actor, now: datetime) -> Loaded:
    """Add the places that are missing, then the standard bodies and posts that are. Only the operator may."""
    if not by.trusted:
        raise NotAllowed("errors.not-allowed")
    there = _ids(db)
    before = set(there)
    for level in ("province", "commune"):
        _add_units(db, there, [_place_row(place, there) for place in places if place.level == level])
    named = _name_former(db, [place for place in places if place.code in before and place.former_names])
    bodies = [(place, body) for place in places for body in BODIES if f"{place.code}-{body.word}" not in there]
    _add_units(db, there, [_body_row(place, body, there) for place, body in bodies])
    posts = _add_posts(db, there, places)
    new = [place for place in places if place.code not in before]
    done = Loaded(
        provinces=sum(place.level == "province" for place in new),
        communes=sum(place.level == "commune" for place in new),
        bodies=len(bodies),
        posts=posts,
        there_already=len(places) - len(new),
    )
    if new or bodies or posts or named:
        record(db, "units.loaded", by=by, now=now, n=len(new), bodies=len(bodies), posts=posts)
    return done


def _ids(db: Db) -> dict[str, int]:
    return {row.code: row.id for row in db.execute(select(Unit.code, Unit.id))}


def _place_row(place: StatePlace, there: dict[str, int]) -> dict[str, Any]:
    parent, former = there[place.province] if place.province else None, list(place.former_names)
    return _unit_row(place, code=place.code, name=place.name, kind="place", parent_id=parent, former_names=former)


def _name_former(db: Db, places: list[StatePlace]) -> int:
    """Places that were loaded before their former names were known get them; names kept by hand stay. Gives a count."""
    former = {place.code: list(place.former_names) for place in places}
    named = 0
    nameless = select(Unit).where(Unit.kind == "place", Unit.level.in_(("province", "commune")))
    for unit in db.scalars(nameless):
        if unit.code in former and not unit.former_names:
            unit.former_names = former[unit.code]
            named += 1
    db.flush()
    return named


def _body_row(place: StatePlace, body: StandardBody, there: dict[str, int]) -> dict[str, Any]:
    name = body_name(body.kind, place.name, place.level)
    return _unit_row(place, code=f"{place.code}-{body.word}", name=name, kind=body.kind, parent_id=there[place.code])


def _unit_row(place: StatePlace, **values: Any) -> dict[str, Any]:
    common: dict[str, Any] = {"level": place.level, "valid_from": place.valid_from, "former_names": []}
    return common | {"phone": "", "email": "", "address": "", "search": ""} | values


def _add_units(db: Db, there: dict[str, int], rows: list[dict[str, Any]]) -> None:
    """Insert what is not there yet with what it is found by, and hang it below those above it."""
    rows = [row for row in rows if row["code"] not in there]
    if not rows:
        return
    above = _copies(db)
    for row in rows:
        parent = above.get(row["parent_id"])
        own = {name: row[name] for name in ("code", "name", "kind", "former_names")}
        named = Unit(**own, parent=parent)
        row["search"] = unit_search_text(named)
    _insert(db, Unit, rows)
    there.update(_ids(db))
    chain = _chains(db, {row["parent_id"] for row in rows if row["parent_id"]})
    _insert(
        db,
        UnitAbove,
        [
            {"unit_id": there[row["code"]], "above_id": high, "steps": steps}
            for row in rows
            for high, steps in [(there[row["code"]], 0), *chain.get(row["parent_id"], [])]
        ],
    )


def _copies(db: Db) -> dict[int | None, Unit]:
    """All units as copies that belong to no session, so that nothing built on them is ever saved."""
    rows = db.execute(select(Unit.id, Unit.name, Unit.kind, Unit.parent_id)).all()
    copies: dict[int | None, Unit] = {row.id: Unit(name=row.name, kind=row.kind) for row in rows}
    for row in rows:
        copies[row.id].parent = copies.get(row.parent_id)
    return copies


def _chains(db: Db, parents: set[int]) -> dict[int, list[tuple[int, int]]]:
    chains: dict[int, list[tuple[int, int]]] = {}
    for row in db.execute(select(UnitAbove.unit_id, UnitAbove.above_id, UnitAbove.steps)):
        if row.unit_id in parents:
            chains.setdefault(row.unit_id, []).append((row.above_id, row.steps + 1))
    return chains


def _add_posts(db: Db, there: dict[str, int], places: Iterable[StatePlace]) -> int:
    known = set(db.scalars(select(Post.code)))
    units = _copies(db)
    rows: list[dict[str, Any]] = []
    for place in places:
        for body in BODIES:
            unit = f"{place.code}-{body.word}"
            for post in body.posts:
                if f"{unit}-{post.word}" in known:
                    continue
                title = post_title(post, place.name, place.level)
                rows.append(
                    {
                        "code": f"{unit}-{post.word}",
                        "unit_id": there[unit],
                        "title": title,
                        "duty": post.duty(place.level),
                        "is_head": post.is_head,
                        "position": post.position,
                        "valid_from": place.valid_from,
                        "search": post_search_text(title, units[there[unit]]),
                    }
                )
    _insert(db, Post, rows)
    return len(rows)


def _insert(db: Db, table: Any, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), CHUNK):
        db.execute(insert(table), rows[start : start + CHUNK])
