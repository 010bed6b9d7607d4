"""Units: made, named, moved, merged. Codes never change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select, update

from scheduler.actions.feeds import raise_feeds, retell_unit
from scheduler.actions.ledger import record
from scheduler.actions.places import checked_name, create_place
from scheduler.actions.posts import create_post
from scheduler.database import Db
from scheduler.errors import BadInput, NotAllowed, RuleBroken
from scheduler.models import Post, Unit, UnitAbove
from scheduler.queries.access import require
from scheduler.queries.search import post_search_text, unit_search_text
from scheduler.rules.codes import code_of, free_code, is_code
from scheduler.rules.kinds import LEVELS, UNIT_KINDS
from scheduler.rules.names import BODIES, body_name, post_title
from scheduler.rules.permissions import Actor

__all__ = [
    "Reach",
    "create_bodies",
    "create_place",
    "create_post",
    "create_unit",
    "edit_reach",
    "merge_unit",
    "move_unit",
    "refresh_search",
    "rename_unit",
    "take_names",
]


@dataclass(frozen=True)
class Reach:
    """How people reach a unit; blank where it is not known."""

    phone: str = ""
    email: str = ""
    address: str = ""


def create_unit(
    db: Db,
    name: str,
    *,
    level: str,
    kind: str = "department",
    parent: Unit | None = None,
    code: str = "",
    valid_from: date | None = None,
    reach: Reach | None = None,
    by: Actor,
    now: datetime,
) -> Unit:
    """A new unit below `parent`; without a code it gets a readable one. Raises BadInput, NotAllowed.

    Only the operator makes a unit that stands below no other.
    """
    if parent is not None:
        require(db, by, "administer", parent.id)
    elif not by.trusted:
        raise NotAllowed("errors.not-allowed")
    if level not in LEVELS or kind not in UNIT_KINDS:
        raise BadInput("units.unknown-level", place="level", level=level)
    name = checked_name(name)
    reach = reach or Reach()
    unit = Unit(
        code=_new_unit_code(db, code, name, parent),
        name=name,
        kind=kind,
        level=level,
        parent=parent,
        valid_from=valid_from,
        phone=reach.phone,
        email=reach.email,
        address=reach.address,
        former_names=[],
        search="",
    )
    unit.search = unit_search_text(unit)
    db.add(unit)
    db.flush()
    _hang(db, unit)
    record(db, "unit.created", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}", name=name, code=unit.code)
    return unit


def create_bodies(db: Db, place: Unit, *, by: Actor, now: datetime) -> list[Unit]:
    """The standard bodies of a province or commune with their posts; what is there already stays as it is."""
    known = set(db.scalars(select(Unit.code).where(Unit.parent_id == place.id)))
    made = []
    for body in BODIES:
        if f"{place.code}-{body.word}" in known:
            continue
        name = body_name(body.kind, place.name, place.level)
        unit = create_unit(
            db,
            name,
            level=place.level,
            kind=body.kind,
            parent=place,
            code=f"{place.code}-{body.word}",
            valid_from=place.valid_from,
            by=by,
            now=now,
        )
        for post in body.posts:
            create_post(
                db,
                unit,
                post_title(post, place.name, place.level),
                code=f"{unit.code}-{post.word}",
                duty=post.duty(place.level),
                is_head=post.is_head,
                position=post.position,
                by=by,
                now=now,
            )
        made.append(unit)
    return made


def edit_reach(db: Db, unit: Unit, reach: Reach, *, by: Actor, now: datetime) -> None:
    """Telephone, e-mail and address of a unit."""
    require(db, by, "administer", unit.id)
    retold = unit.phone != reach.phone
    unit.phone, unit.email, unit.address = reach.phone, reach.email, reach.address
    db.flush()
    if retold:
        retell_unit(db, unit.id, now=now)
    record(db, "unit.reach-changed", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}", phone=reach.phone)


def rename_unit(db: Db, unit: Unit, name: str, *, by: Actor, now: datetime) -> None:
    """A new name; the old one stays searchable, code and address stay. A place's standard bodies follow it."""
    require(db, by, "administer", unit.id)
    name = checked_name(name)
    if name == unit.name:
        return
    old = unit.name
    bodies = list(db.scalars(select(Unit).where(Unit.parent_id == unit.id))) if unit.kind == "place" else []
    standard = {body.id: body_name(body.kind, old, unit.level) for body in bodies if body.kind in _BODY_KINDS}
    _rename(unit, name)
    for body in bodies:
        if standard.get(body.id) == body.name:
            _rename(body, body_name(body.kind, name, unit.level))
    db.flush()
    refresh_search(db, unit)
    record(db, "unit.renamed", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}", old=old, name=name)
    retell_unit(db, unit.id, now=now)


def move_unit(db: Db, unit: Unit, parent: Unit, *, by: Actor, now: datetime) -> None:
    """Hang a unit with its whole branch below another. Raises RuleBroken for a place inside its own branch."""
    require(db, by, "administer", unit.id)
    require(db, by, "administer", parent.id)
    if unit.parent_id == parent.id:
        return
    branch = set(db.scalars(select(UnitAbove.unit_id).where(UnitAbove.above_id == unit.id)))
    if parent.id in branch:
        raise RuleBroken("units.below-itself", unit=unit.name, parent=parent.name)
    old = unit.parent.code if unit.parent else ""
    _raise_branch(db, unit, now=now)
    db.execute(delete(UnitAbove).where(UnitAbove.unit_id.in_(branch), UnitAbove.above_id.not_in(branch)))
    inside = db.execute(select(UnitAbove.unit_id, UnitAbove.steps).where(UnitAbove.above_id == unit.id)).all()
    outside = db.execute(select(UnitAbove.above_id, UnitAbove.steps).where(UnitAbove.unit_id == parent.id)).all()
    rows = [
        {"unit_id": low.unit_id, "above_id": high.above_id, "steps": low.steps + 1 + high.steps}
        for low in inside
        for high in outside
    ]
    db.execute(insert(UnitAbove), rows)
    unit.parent = parent
    db.flush()
    refresh_search(db, unit)
    record(db, "unit.moved", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}", old=old, parent=parent.code)
    _raise_branch(db, unit, now=now)


def merge_unit(
    db: Db,
    unit: Unit,
    successor: Unit,
    last_day: date,
    *,
    heirs: Mapping[int, Unit] | None = None,
    by: Actor,
    now: datetime,
) -> None:
    """End a unit and lead its address on: `last_day` is its last. Its bodies end with it, each led to its like.

    `heirs` says otherwise who follows whom, by ids of units that end; others of the branch stay. The old names become
    searchable at the successor. Raises RuleBroken for a unit that has ended or its own branch.
    """
    require(db, by, "administer", unit.id)
    require(db, by, "administer", successor.id)
    if unit.valid_to is not None or successor.valid_to is not None:
        raise RuleBroken("units.ended-already", unit=(unit if unit.valid_to else successor).name)
    branch = set(db.scalars(select(UnitAbove.unit_id).where(UnitAbove.above_id == unit.id)))
    if successor.id in branch:
        raise RuleBroken("units.below-itself", unit=unit.name, parent=successor.name)
    likes = {body.kind: body for body in db.scalars(select(Unit).where(Unit.parent_id == successor.id))}
    ending = branch if heirs is None else branch & set(heirs)
    for ended in db.scalars(select(Unit).where(Unit.id.in_(ending), Unit.valid_to.is_(None))):
        ended.valid_to = last_day
        like = likes.get(ended.kind, successor) if heirs is None else heirs[ended.id]
        ended.successor = successor if ended is unit else like
    db.execute(update(Post).where(Post.unit_id.in_(ending), Post.valid_to.is_(None)).values(valid_to=last_day))
    take_names(db, successor, unit)
    record(
        db,
        "unit.merged",
        by=by,
        now=now,
        unit_id=unit.id,
        subject=f"unit:{unit.id}",
        name=unit.name,
        successor=successor.name,
        day=last_day.isoformat(),
    )
    _raise_branch(db, unit, now=now)


def take_names(db: Db, heir: Unit, old: Unit) -> None:
    """Have the heir found by the names of a unit it follows."""
    names = [name for name in [old.name, *old.former_names] if name not in (*heir.former_names, heir.name)]
    heir.former_names = [*heir.former_names, *names]
    db.flush()
    refresh_search(db, heir)


def refresh_search(db: Db, unit: Unit) -> None:
    """Write anew what a unit, the units below it and their posts are found by."""
    branch = select(UnitAbove.unit_id).where(UnitAbove.above_id == unit.id)
    for below in db.scalars(select(Unit).where(Unit.id.in_(branch))):
        below.search = unit_search_text(below)
    for post in db.scalars(select(Post).where(Post.unit_id.in_(branch))):
        post.search = post_search_text(post.title, post.unit)


_BODY_KINDS = {body.kind for body in BODIES}


def _rename(unit: Unit, name: str) -> None:
    unit.former_names = [*(former for former in unit.former_names if former not in (name, unit.name)), unit.name]
    unit.name = name


def _hang(db: Db, unit: Unit) -> None:
    rows = [{"unit_id": unit.id, "above_id": unit.id, "steps": 0}]
    if unit.parent_id is not None:
        above = select(UnitAbove.above_id, UnitAbove.steps).where(UnitAbove.unit_id == unit.parent_id)
        rows += [
            {"unit_id": unit.id, "above_id": row.above_id, "steps": row.steps + 1} for row in db.execute(above).all()
        ]
    db.execute(insert(UnitAbove), rows)


def _raise_branch(db: Db, unit: Unit, *, now: datetime) -> None:
    """The feeds that show a unit's name: its branch and all above it, and the posts of the branch."""
    below = select(UnitAbove.unit_id).where(UnitAbove.above_id == unit.id)
    units = set(db.scalars(below)) | set(db.scalars(select(UnitAbove.above_id).where(UnitAbove.unit_id == unit.id)))
    posts = db.scalars(select(Post.id).where(Post.unit_id.in_(below)))
    raise_feeds(db, [*(f"unit:{id}" for id in units), *(f"post:{id}" for id in posts)], now=now)


def _new_unit_code(db: Db, code: str, name: str, parent: Unit | None) -> str:
    wanted = code or (f"{parent.code}-{code_of(name)}" if parent else code_of(name))
    taken = set(db.scalars(select(Unit.code).where(Unit.code.startswith(wanted, autoescape=True))))
    if not code:
        return free_code(wanted, taken)
    if not is_code(code):
        raise BadInput("units.bad-code", place="code", code=code)
    if code in taken:
        raise BadInput("units.code-taken", place="code", code=code)
    return code
