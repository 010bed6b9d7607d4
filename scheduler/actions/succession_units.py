"""Who follows whom when a unit ends: heirs of its whole branch, of its posts and places, its people and settings."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.actions.people import appoint, end_holding
from scheduler.actions.places import close_place, create_place
from scheduler.actions.posts import create_post
from scheduler.actions.units import create_unit
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


@dataclass(frozen=True)
class Question:
    """What a person may choose of one row: `what` it is, its name in a form and in words, the answers, the chosen one.

    `options` are (value, name of the unit that gets it), or (a key of rules.succession.ANSWERS, "").
    """

    what: str
    row: str
    text: str
    options: tuple[tuple[str, str], ...]
    chosen: str


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
    shares: list[Unit] = field(default_factory=list)
    tasks: dict[str, int] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def moved(self, what: str, name: str, to: str = "") -> None:
        """One more line of the preview."""
        self.lines.append(Line(what, name, to))

    def ask_share(self, what: str, row: str, text: str) -> int:
        """Ask which of several units gets the row, where there are several; gives the answer's place."""
        share = self.decision.share_of(row)
        if self.decision.kind == "divide":
            options = tuple((str(n), unit.name) for n, unit in enumerate(self.shares))
            self.questions.append(Question(what, row, text, options, str(share)))
        return share


def find_heirs(db: Db, moves: Moves, old: Unit, heir: Unit) -> None:
    """Lead a unit and all below it to their likes below the heir; a like that is missing is made from the day on.

    Places of the state list that lie below stay what they are: they are hung below the heir on the day.
    """
    moves.olds[old.id], moves.heirs[old.id] = old, heir
    moves.moved("units", old.name, heir.name)
    for child in _children(db, old):
        if child.kind == "place":
            moves.moved("below", child.name, heir.name)
            continue
        find_heirs(db, moves, child, like_unit(db, moves, child, old=old, heir=heir))


def like_unit(db: Db, moves: Moves, child: Unit, *, old: Unit, heir: Unit) -> Unit:
    """What stands below the heir as the child stands below the old unit; made from the day on where it is missing."""
    like = next((unit for unit in _children(db, heir) if _alike(child, old, unit, heir)), None)
    return like or _found_like(db, moves, child, old=old, heir=heir)


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
            like = _like_in(free, post)
            if like is None:
                like = _new_post(db, moves, post, heir)
            else:
                free.remove(like)
            post.successor, post.valid_to = like, moves.decision.last_day
            moves.posts[post.id] = like.id
            moves.moved("posts", titled(post), titled(like))
            _lead_holders(db, moves, post, like)
    db.flush()


def like_post(db: Db, moves: Moves, post: Post, heir: Unit) -> Post:
    """The unit's post of the same title or duty, or a new one, which nobody holds yet."""
    return _like_in(_posts(db, heir), post) or _new_post(db, moves, post, heir)


def _like_in(free: list[Post], post: Post) -> Post | None:
    like = next((one for one in free if plain(one.title) == plain(post.title)), None)
    return like or next((one for one in free if post.duty and one.duty == post.duty), None)


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
    query = select(Holding).where(Holding.post_id == post.id, lasts_on(Holding, day)).order_by(Holding.valid_from)
    for term in list(db.scalars(query.options(joinedload(Holding.person)))):
        until, since = term.valid_to, max(term.valid_from, day)
        if term.valid_from <= last:
            end_holding(db, term.id, last, by=moves.doer, now=moves.now)
        taken = select(func.count(Holding.id)).where(Holding.post_id == like.id, lasts_on(Holding, since))
        if db.scalar(taken):
            moves.moved("left", f"{term.person.name}, {titled(post)}")
            continue
        appoint(db, like, term.person, since=since, until=until, by=moves.doer, now=moves.now)
        moves.moved("holders", f"{term.person.name}, {titled(post)}", titled(like))


def lead_places(db: Db, moves: Moves) -> None:
    """Each reception place opens at the heir, under its own name, and closes at the old unit on the day."""
    query = select(Place).where(Place.unit_id.in_(moves.olds), Place.closed_on.is_(None)).order_by(Place.id)
    for place in list(db.scalars(query)):
        heir = moves.heirs[place.unit_id]
        like = like_place(db, moves, place, heir)
        close_place(db, place, moves.decision.day, by=moves.doer, now=moves.now)
        moves.places[place.id] = like.id
        moves.moved("places", ", ".join(filter(None, (place.name, place.address))), heir.name)


def like_place(db: Db, moves: Moves, place: Place, heir: Unit) -> Place:
    """The heir's place of the same name and address, or a new one."""
    open_ones = select(Place).where(Place.unit_id == heir.id, Place.closed_on.is_(None))
    name = place.name
    like = next((one for one in db.scalars(open_ones) if plain(one.name) == plain(name)), None)
    if like is not None and plain(like.address) != plain(place.address):
        name = f"{place.name} ({moves.olds[place.unit_id].name})"
        like = next((one for one in db.scalars(open_ones) if plain(one.name) == plain(name)), None)
    return like or create_place(
        db, heir, name, address=place.address, directions=place.directions, phone=place.phone,
        by=moves.doer, now=moves.now,
    )  # fmt: skip


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


def lasts_on(row: type[Holding] | type[Role], day: date) -> ColumnElement[bool]:
    """Valid on the day or later."""
    return or_(row.valid_to.is_(None), row.valid_to >= day)
