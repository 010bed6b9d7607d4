"""Holders of posts: who holds what, who held it before, and which posts nobody can be reached at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Holding, Occurrence, OccurrenceHost, Person, Post, ScheduleHost, Unit
from scheduler.queries.access import units_readable
from scheduler.queries.agenda import shown_day
from scheduler.rules.permissions import Actor

TO_COME = ("draft", "submitted", "approved", "published", "postponed")


@dataclass(frozen=True)
class Unreached:
    """Posts that have sittings planned and nobody to write to."""

    without_holder: list[Post]
    without_email: list[tuple[Post, Person]]

    @property
    def n(self) -> int:
        """How many posts in all."""
        return len(self.without_holder) + len(self.without_email)


def unreached_posts(db: Db, actor: Actor, today: date, limit: int = 200) -> Unreached:
    """The findings for the desk: posts of the reader's units that host something, without a holder or an e-mail."""
    return Unreached(
        posts_without_holder(db, _readable(actor), today, limit=limit),
        posts_without_email(db, _readable(actor), today, limit=limit),
    )


def posts_without_holder(db: Db, units: Select[int] | None, today: date, *, limit: int = 200) -> list[Post]:
    """Posts that host a schedule or a sitting to come and that nobody holds today; `units` is a subquery of ids."""
    held = select(Holding.post_id).where(_holds(today))
    query = _hosting(units, today).where(Post.id.not_in(held)).limit(limit)
    return list(db.scalars(query))


def posts_without_email(
    db: Db, units: Select[int] | None, today: date, *, limit: int = 200
) -> list[tuple[Post, Person]]:
    """Posts that host something and whose holder of today has no e-mail address."""
    query = (
        _hosting(units, today)
        .join(Holding, and_(Holding.post_id == Post.id, _holds(today)))
        .join(Person, Person.id == Holding.person_id)
        .where(Person.email == "")
        .add_columns(Person)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def holdings_of(db: Db, post_ids: Iterable[int]) -> dict[int, list[Holding]]:
    """Every term of these posts with its person, the newest first."""
    query = (
        select(Holding)
        .where(Holding.post_id.in_(tuple(post_ids)))
        .options(joinedload(Holding.person))
        .order_by(Holding.valid_from.desc(), Holding.id.desc())
    )
    found: dict[int, list[Holding]] = {}
    for holding in db.scalars(query):
        found.setdefault(holding.post_id, []).append(holding)
    return found


def current_holdings(db: Db, post_ids: Iterable[int], day: date) -> dict[int, Holding]:
    """The term that holds on that day for each of these posts, with its person."""
    query = (
        select(Holding)
        .where(Holding.post_id.in_(tuple(post_ids)), _holds(day))
        .options(joinedload(Holding.person))
        .order_by(Holding.valid_from)
    )
    return {holding.post_id: holding for holding in db.scalars(query)}


def holding_by_id(db: Db, holding_id: int) -> Holding:
    """One term with its post and person. Raises NotFound."""
    query = select(Holding).where(Holding.id == holding_id)
    query = query.options(joinedload(Holding.person), joinedload(Holding.post).joinedload(Post.unit))
    found = db.scalars(query).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def person_by_id(db: Db, person_id: int) -> Person:
    """One holder. Raises NotFound."""
    found = db.get(Person, person_id)
    if found is None:
        raise NotFound("errors.not-found")
    return found


def posts_of_person(db: Db, person_id: int) -> list[Holding]:
    """Every post a person holds or held, the newest first."""
    query = (
        select(Holding)
        .where(Holding.person_id == person_id)
        .options(joinedload(Holding.post).joinedload(Post.unit))
        .order_by(Holding.valid_from.desc(), Holding.id.desc())
    )
    return list(db.scalars(query))


def holders_in(db: Db, units: Select[int], today: date, *, limit: int = 100, after: int = 0) -> list[Holding]:
    """The terms that hold today in these units, by unit and post; `after` is how many were shown before."""
    query = (
        select(Holding)
        .join(Post, Post.id == Holding.post_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(_holds(today), Post.unit_id.in_(units))
        .options(joinedload(Holding.person), joinedload(Holding.post).joinedload(Post.unit))
        .order_by(Unit.code, Post.position, Post.id)
        .offset(after)
        .limit(limit)
    )
    return list(db.scalars(query))


def count_holders(db: Db, units: Select[int], today: date) -> int:
    """How many terms hold today in these units."""
    query = select(func.count(Holding.id)).join(Post).where(_holds(today), Post.unit_id.in_(units))
    return int(db.scalar(query) or 0)


def _readable(actor: Actor) -> Select[int] | None:
    return None if actor.trusted else units_readable(actor)


def _holds(today: date) -> ColumnElement[bool]:
    return and_(Holding.valid_from <= today, or_(Holding.valid_to.is_(None), Holding.valid_to >= today))


def _hosting(units: Select[int] | None, today: date) -> Select[Post]:
    """Posts that a schedule or a sitting from today on names; a post nobody plans anything for is no finding."""
    planned = select(ScheduleHost.post_id).union(
        select(OccurrenceHost.post_id)
        .join(Occurrence, Occurrence.id == OccurrenceHost.occurrence_id)
        .where(Occurrence.state.in_(TO_COME), shown_day >= today)
    )
    query = (
        select(Post)
        .where(Post.id.in_(planned), or_(Post.valid_to.is_(None), Post.valid_to >= today))
        .options(joinedload(Post.unit))
        .order_by(Post.unit_id, Post.position, Post.id)
    )
    return query if units is None else query.where(Post.unit_id.in_(units))
