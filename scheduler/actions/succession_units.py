"""Who follows whom when a unit ends: heirs of its whole branch, of its posts and places, its people and settings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.actions.ledger import record
from scheduler.actions.people import appoint, end_holding
from scheduler.actions.places import close_place, create_place
from scheduler.actions.posts import create_post
from scheduler.actions.units import create_unit
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Holding, OfficeSetting, Place, Post, Role, Unit
from scheduler.models.base import plain
from scheduler.queries.agenda import titled
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.names import body_name, core_name
from scheduler.rules.permissions import Actor
from scheduler.rules.succession import Decision


@dataclass(frozen=True, order=True)
class Line:
    """One thing that moves: `what` is a key of the preview, `to` who has it then (blank: it stays or ends)."""

    what: str
    name: str
    to: str = ""


@dataclass
class Moves:
    """What a decision leads on, filled step by step: ids of old units, posts and places to those that follow."""

    decision: Decision
    doer: Actor
    now: datetime
    olds: dict[int, Unit] = field(default_factory=dict)
    heirs: dict[int, Unit] = field(default_factory=dict)
    posts: dict[int, int] = field(default_factory=dict)
    places: dict[int, int] = field(default_factory=dict)
    founded: set[int] = field(default_factory=set)
    lines: list[Line] = field(default_factory=list)

    def moved(self, what: str, name: str, to: str = "") -> None:
        """One more line of the preview."""
        self.lines.append(Line(what, name, to))


def find_heirs(db: Db, moves: Moves, old: Unit, heir: Unit) -> None:
    """Lead a unit and all below it to their likes below the heir; a like that is missing is made from the day on.

    Places of the state list that lie below stay what they are: they are hung below the heir on the day.
    """
    moves.olds[old.id], moves.heirs[old.id] = old, heir
    moves.moved("units", old.name, heir.name)
    there = list(_children(db, heir))
    for child in _children(db, old):
        if child.kind == "place":
            moves.moved("below", child.name, heir.name)
            continue
        like = next((unit for unit in there if _alike(child, old, unit, heir)), None)
        if like is None:
            like = _found_like(db, moves, child, old=old, heir=heir)
            there.append(like)
        find_heirs(db, moves, child, like)


def _children(db: Db, unit: Unit) -> list[Unit]:
    query = select(Unit).where(Unit.parent_id == unit.id, Unit.valid_to.is_(None)).order_by(Unit.id)
    return list(db.scalars(query))


def _alike(child: Unit, old: Unit, other: Unit, heir: Unit) -> bool:
    if child.kind in BODY_SUFFIXES or other.kind in BODY_SUFFIXES:
        return child.kind == other.kind
    return other.kind != "place" and _named_in(child, old, heir) == plain(other.name)


def _named_in(child: Unit, old: Unit, heir: Unit) -> str:
    """A department's name as it would be in the heir's place."""
    return plain(child.name.replace(core_name(old.name), core_name(heir.name)))


def _found_like(db: Db, moves: Moves, child: Unit, *, old: Unit, heir: Unit) -> Unit:
    body = BODY_SUFFIXES.get(child.kind)
    name = child.name.replace(core_name(old.name), core_name(heir.name))
    if body and heir.kind == "place":
        name = body_name(child.kind, heir.name, heir.level)
    made = create_unit(
        db,
        name,
        level=child.level,
        kind=child.kind,
        parent=heir,
        code=f"{heir.code}-{body}" if body else "",
        valid_from=moves.decision.day,
        by=moves.doer,
        now=moves.now,
    )
    made.phone, made.email, made.address = child.phone, child.email, child.address
    moves.founded.add(made.id)
    return made


def lead_posts(db: Db, moves: Moves) -> None:
    """Each post to the heir's post of the same title or duty, or to a new one; its holders with it."""
    for old in moves.olds.values():
        heir = moves.heirs[old.id]
        free = list(_posts(db, heir))
        for post in _posts(db, old):
            like = next((one for one in free if plain(one.title) == plain(post.title)), None)
            like = like or next((one for one in free if post.duty and one.duty == post.duty), None)
            if like is None:
                like = _new_post(db, moves, post, heir)
            else:
                free.remove(like)
            post.successor, post.valid_to = like, moves.decision.last_day
            moves.posts[post.id] = like.id
            moves.moved("posts", titled(post), titled(like))
            _lead_holders(db, moves, post, like)
    db.flush()


def _posts(db: Db, unit: Unit) -> list[Post]:
    query = select(Post).where(Post.unit_id == unit.id, Post.valid_to.is_(None)).order_by(Post.position, Post.id)
    return list(db.scalars(query.options(joinedload(Post.unit))))


def _new_post(db: Db, moves: Moves, post: Post, heir: Unit) -> Post:
    return create_post(
        db,
        heir,
        post.title.replace(core_name(post.unit.name), core_name(heir.name)),
        duty=post.duty,
        is_head=post.is_head,
        position=post.position,
        valid_from=moves.decision.day,
        by=moves.doer,
        now=moves.now,
    )


def _lead_holders(db: Db, moves: Moves, post: Post, like: Post) -> None:
    """Who holds the old post on the last day has the new one, unless somebody holds that: then the term just ends."""
    day, last = moves.decision.day, moves.decision.last_day
    query = select(Holding).where(Holding.post_id == post.id, _lasts(Holding, day)).order_by(Holding.valid_from)
    for term in list(db.scalars(query.options(joinedload(Holding.person)))):
        until, since = term.valid_to, max(term.valid_from, day)
        if term.valid_from <= last:
            end_holding(db, term.id, last, by=moves.doer, now=moves.now)
        taken = select(func.count(Holding.id)).where(Holding.post_id == like.id, _lasts(Holding, since))
        if db.scalar(taken):
            moves.moved("left", f"{term.person.name}, {titled(post)}")
            continue
        appoint(db, like, term.person, since=since, until=until, by=moves.doer, now=moves.now)
        moves.moved("holders", f"{term.person.name}, {titled(post)}", titled(like))


def lead_roles(db: Db, moves: Moves) -> None:
    """What accounts may do in the old units they may do in the new ones: from the day, or today in one just founded."""
    day, last = moves.decision.day, moves.decision.last_day
    query = select(Role).where(Role.unit_id.in_(moves.olds), _lasts(Role, day)).order_by(Role.id)
    for role in list(db.scalars(query.options(joinedload(Role.account), joinedload(Role.unit)))):
        heir = moves.heirs[role.unit_id]
        since = min(day, local_date(moves.now)) if heir.id in moves.founded else day
        until, role.valid_to = role.valid_to, last
        moves.moved("roles", f"{role.account.name} ({role.account.email})", heir.name)
        same = select(Role).where(Role.account_id == role.account_id, Role.unit_id == heir.id, Role.role == role.role)
        held = db.scalars(same).one_or_none()
        if held is None:
            held = Role(account=role.account, unit=heir, role=role.role, valid_from=since, valid_to=until)
            held.post_id = moves.posts.get(role.post_id) if role.post_id is not None else None
            db.add(held)
        elif held.valid_to is not None:
            held.valid_from, held.valid_to = since, until
        record(
            db, "account.role-given", by=moves.doer, now=moves.now, unit_id=heir.id,
            subject=f"account:{role.account_id}", email=role.account.email, role=role.role, unit=heir.name,
        )  # fmt: skip


def lead_places(db: Db, moves: Moves) -> None:
    """Each reception place opens at the heir, under its own name, and closes at the old unit on the day."""
    query = select(Place).where(Place.unit_id.in_(moves.olds), Place.closed_on.is_(None)).order_by(Place.id)
    for place in list(db.scalars(query)):
        heir = moves.heirs[place.unit_id]
        open_ones = select(Place).where(Place.unit_id == heir.id, Place.closed_on.is_(None))
        like = next((one for one in db.scalars(open_ones) if plain(one.name) == plain(place.name)), None)
        if like is not None and plain(like.address) != plain(place.address):
            name = f"{place.name} ({moves.olds[place.unit_id].name})"
            like = next((one for one in db.scalars(open_ones) if plain(one.name) == plain(name)), None)
        else:
            name = place.name
        like = like or create_place(
            db, heir, name, address=place.address, directions=place.directions, phone=place.phone,
            by=moves.doer, now=moves.now,
        )  # fmt: skip
        close_place(db, place, moves.decision.day, by=moves.doer, now=moves.now)
        moves.places[place.id] = like.id
        moves.moved("places", ", ".join(filter(None, (place.name, place.address))), heir.name)


def lead_settings(db: Db, moves: Moves) -> None:
    """A unit just founded keeps the settings of the first one it follows; one that stood already has its own."""
    led: set[int] = set()
    for old_id, heir in moves.heirs.items():
        if heir.id not in moves.founded or heir.id in led:
            continue
        led.add(heir.id)
        for setting in _newest(db, old_id, moves.decision.day):
            db.add(
                OfficeSetting(
                    unit_id=heir.id, key=setting.key, valid_from=moves.decision.day, value=setting.value,
                    source=setting.source,
                )
            )  # fmt: skip
            moves.moved("settings", setting.key, heir.name)
    db.flush()


def _newest(db: Db, unit_id: int, day: date) -> Iterable[OfficeSetting]:
    query = select(OfficeSetting).where(OfficeSetting.unit_id == unit_id, OfficeSetting.valid_from <= day)
    return {row.key: row for row in db.scalars(query.order_by(OfficeSetting.valid_from))}.values()


def _lasts(row: type[Holding] | type[Role], day: date) -> ColumnElement[bool]:
    """Valid on the day or later."""
    return or_(row.valid_to.is_(None), row.valid_to >= day)
