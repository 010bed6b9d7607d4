"""What the public pages ask: whose page it is, who receives there, what comes next, what changed, what was held."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Attachment, Occurrence, OccurrenceChange, OccurrenceHost, Post, Record, Unit
from scheduler.models.base import plain
from scheduler.queries.agenda import WHOLE, of_body
from scheduler.queries.succession import Followed, followers_of, post_after, predecessors_of
from scheduler.queries.units import post_by_code, successor_of, unit_by_code
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.names import core_name, first_letter
from scheduler.rules.workflow import PUBLIC

UPCOMING_DAYS = 92
CODE_LENGTH = 100


@dataclass(frozen=True)
class Subject:
    """Whose page it is: a unit with the bodies it takes in, or one post. `heir` leads on after a merger."""

    code: str
    unit: Unit
    units: tuple[Unit, ...]
    heads: tuple[Post, ...]
    post: Post | None = None
    heir: Unit | None = None
    heir_post: Post | None = None
    followers: tuple[Followed, ...] = ()
    before: tuple[Unit, ...] = ()

    @property
    def unit_ids(self) -> Select[int]:
        """A subquery of the units whose sittings stand on the page."""
        return select(Unit.id).where(Unit.id.in_([unit.id for unit in self.units]))

    @property
    def sittings(self) -> Any:
        """A condition: what stands on the page of the unit; a body's takes in what it hosts at its place."""
        if self.unit.kind in BODY_SUFFIXES and self.unit.parent_id is not None:
            return of_body(self.unit_ids, self.unit.id, self.unit.parent_id)
        return Occurrence.unit_id.in_(self.unit_ids)

    @property
    def leads_on(self) -> str:
        """The path of the page that stands for this one since a merger; blank where a street must be asked for."""
        if self.heir is None or self.followers:
            return ""
        return f"/posts/{self.heir_post.code}" if self.heir_post else f"/units/{self.heir.code}"


def unit_subject(db: Db, code: str, today: date) -> Subject:
    """The unit's page: a place takes in its bodies; `heir`, `followers` say what it became. Raises NotFound."""
    unit = unit_by_code(db, code)
    units = (unit, *_bodies_of(db, unit))
    heir = _heir_of(unit, today)
    followers = tuple(followers_of(db, unit, today)) if heir is not None else ()
    before = tuple(predecessors_of(db, unit, today))
    return Subject(code, unit, units, _heads_of(db, units, today), heir=heir, followers=followers, before=before)


def post_subject(db: Db, code: str, today: date) -> Subject:
    """The post's page. Raises NotFound."""
    post = post_by_code(db, code)
    heir = _heir_of(post.unit, today)
    heir_post = post_after(db, post, today) if heir is not None else None
    followers = tuple(followers_of(db, post.unit, today)) if heir is not None else ()
    return Subject(
        code, post.unit, (post.unit,), (post,), post=post, heir=heir, heir_post=heir_post, followers=followers
    )


def provinces(db: Db) -> list[Unit]:
    """The provinces and cities, by name."""
    query = select(Unit).where(Unit.level == "province", Unit.kind == "place", Unit.valid_to.is_(None))
    return sorted(db.scalars(query), key=by_name)


def places_below(db: Db, unit: Unit) -> list[Unit]:
    """The places that lie right below this one and still exist, by name."""
    query = select(Unit).where(Unit.parent_id == unit.id, Unit.kind == "place", Unit.valid_to.is_(None))
    return sorted(db.scalars(query), key=by_name)


def by_name(unit: Unit) -> tuple[str, str, str]:
    """Where a place stands in a list: by its own name, Đ after D: "Ba Đình", "Ba Vì", "Đa Phúc"."""
    letter = first_letter(unit.name)
    return "D~" if letter == "Đ" else letter, plain(core_name(unit.name)), unit.code


def upcoming(db: Db, now: datetime, today: date, *, units: Select[int] | None = None, limit: int) -> list[Occurrence]:
    """The next sittings that take place, by their beginning."""
    query = (
        select(Occurrence)
        .where(
            Occurrence.state == "published",
            Occurrence.day.between(today, today + timedelta(days=UPCOMING_DAYS)),
            Occurrence.ends_at > now,
        )
        .order_by(Occurrence.day, Occurrence.starts_at, Occurrence.id)
        .limit(limit)
        .options(*WHOLE)
    )
    if units is not None:
        query = query.where(Occurrence.unit_id.in_(units))
    return list(db.scalars(query).unique())


def recent_changes(
    db: Db, since: datetime, today: date, *, units: Select[int] | None = None, limit: int
) -> list[OccurrenceChange]:
    """Changes told since then, the newest first, of sittings whose old or new day is still to come."""
    query = (
        select(OccurrenceChange)
        .join(Occurrence, Occurrence.id == OccurrenceChange.occurrence_id)
        .where(
            OccurrenceChange.at >= since,
            OccurrenceChange.step != "hand_over",  # a new office on the same day is no news of the day
            Occurrence.state.in_(PUBLIC),
            or_(Occurrence.day >= today, Occurrence.published_day >= today, Occurrence.day.is_(None)),
        )
        .order_by(OccurrenceChange.at.desc(), OccurrenceChange.id.desc())
        .limit(limit)
        .options(
            joinedload(OccurrenceChange.occurrence).joinedload(Occurrence.unit),
            joinedload(OccurrenceChange.occurrence)
            .selectinload(Occurrence.hosts)
            .joinedload(OccurrenceHost.post)
            .joinedload(Post.unit),
        )
    )
    if units is not None:
        query = query.where(Occurrence.unit_id.in_(units))
    return list(db.scalars(query).unique())


def records_of(db: Db, occurrence_ids: Iterable[int]) -> dict[int, Record]:
    """What was recorded of these sittings, with who sat."""
    ids = tuple(occurrence_ids)
    if not ids:
        return {}
    query = select(Record).where(Record.occurrence_id.in_(ids)).options(selectinload(Record.turns))
    return {record.occurrence_id: record for record in db.scalars(query)}


def public_paper(db: Db, slug: str) -> Attachment:
    """A signed paper that the public pages cite, with its bytes. Raises NotFound as if a private one did not exist."""
    query = select(Attachment).where(Attachment.slug == slug, Attachment.public.is_(True))
    found = db.scalars(query.options(undefer(Attachment.content))).one_or_none() if len(slug) <= CODE_LENGTH else None
    if found is None:
        raise NotFound("errors.not-found")
    return found


def _bodies_of(db: Db, unit: Unit) -> list[Unit]:
    if unit.kind != "place":
        return []
    query = select(Unit).where(Unit.parent_id == unit.id, Unit.kind.in_(tuple(BODY_SUFFIXES)))
    bodies = {body.kind: body for body in db.scalars(query.options(selectinload(Unit.places)).order_by(Unit.id.desc()))}
    return [bodies[kind] for kind in BODY_SUFFIXES if kind in bodies]


def _heads_of(db: Db, units: Iterable[Unit], today: date) -> tuple[Post, ...]:
    order = {unit.id: place for place, unit in enumerate(units)}
    query = select(Post).where(
        Post.unit_id.in_(tuple(order)), Post.is_head.is_(True), or_(Post.valid_to.is_(None), Post.valid_to >= today)
    )
    posts = db.scalars(query.options(joinedload(Post.unit)))
    return tuple(sorted(posts, key=lambda post: (order[post.unit_id], post.position, post.id)))


def _heir_of(unit: Unit, today: date) -> Unit | None:
    heir = successor_of(unit, today)
    return heir if heir is not unit else None
