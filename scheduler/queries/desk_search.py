"""One search over everything the reader may read: units, posts, people, sittings, conclusions and tasks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db
from scheduler.models import Conclusion, ConclusionItem, Holding, Occurrence, OccurrenceHost, Post, Task, Unit
from scheduler.models.base import plain
from scheduler.queries.access import units_below, units_readable
from scheduler.queries.agenda import WHOLE, shown_day
from scheduler.queries.search import has_words, search_holders, search_posts, search_units, search_words
from scheduler.rules.permissions import Actor
from scheduler.rules.search import SearchAsked, search_asked

SHOWN = 8
"""Of each kind of thing; more words make fewer."""
NAMED = 60
"""Units and posts whose sittings are looked at."""
LONGEST = 100


@dataclass(frozen=True)
class Found:
    """What was found, the likeliest first; sittings still to come before those that were."""

    asked: SearchAsked
    units: tuple[Unit, ...] = ()
    posts: tuple[Post, ...] = ()
    holders: tuple[Holding, ...] = ()
    sittings: tuple[Occurrence, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    tasks: tuple[Task, ...] = ()

    @property
    def total(self) -> int:
        """How many things are shown."""
        lists = (self.units, self.posts, self.holders, self.sittings, self.conclusions, self.tasks)
        return sum(len(found) for found in lists)


def search_desk(db: Db, actor: Actor, text: str, today: date) -> Found:
    """Search without diacritics, by names, days ("10/12"), kinds and the words of conclusions: a handful of queries."""
    asked = search_asked(text[:LONGEST], today)
    if not (asked.names or asked.first or asked.kinds):
        return Found(asked)
    readable = None if actor.trusted else units_readable(actor)
    units = search_units(db, asked.names, NAMED, within=readable)
    posts = search_posts(db, asked.names, NAMED, within=readable)
    return Found(
        asked,
        tuple(units[:SHOWN]),
        tuple(posts[:SHOWN]),
        tuple(search_holders(db, asked.names, SHOWN, within=readable)),
        _sittings(db, asked, readable, _whose(units, posts), today=today),
        _conclusions(db, asked.names, readable),
        _tasks(db, actor, asked.names),
    )


def _sittings(
    db: Db,
    asked: SearchAsked,
    readable: Select[int] | None,
    whose: ColumnElement[bool] | None,
    *,
    today: date,
) -> tuple[Occurrence, ...]:
    where: list[ColumnElement[bool]] = [Occurrence.state != "void"]
    if readable is not None:
        where.append(Occurrence.unit_id.in_(readable))
    if asked.names:
        if whose is None:
            return ()
        where.append(whose)
    if asked.kinds:
        where.append(Occurrence.kind.in_(asked.kinds))
    if asked.first is not None and asked.last is not None:
        return _in_order(db, [*where, shown_day.between(asked.first, asked.last)], shown_day)
    coming = _in_order(db, [*where, shown_day >= today], shown_day)
    return coming or _in_order(db, [*where, shown_day < today], shown_day.desc())


def _whose(units: Iterable[Unit], posts: Iterable[Post]) -> ColumnElement[bool] | None:
    """Of a post whose name was typed; where none was, of the units and those below them."""
    post_ids, unit_ids = [post.id for post in posts], [unit.id for unit in units]
    if post_ids:
        hosts = OccurrenceHost.occurrence_id == Occurrence.id
        return exists().where(hosts, OccurrenceHost.post_id.in_(post_ids))
    return Occurrence.unit_id.in_(units_below(unit_ids)) if unit_ids else None


def _in_order(db: Db, where: list[ColumnElement[bool]], order: Any) -> tuple[Occurrence, ...]:
    query = select(Occurrence).where(*where).order_by(order, Occurrence.id).limit(SHOWN).options(*WHOLE)
    return tuple(db.scalars(query).unique())


def _conclusions(db: Db, names: str, readable: Select[int] | None) -> tuple[Conclusion, ...]:
    words = search_words(names)
    if not words:
        return ()
    said = exists().where(ConclusionItem.conclusion_id == Conclusion.id, has_words(ConclusionItem.search, words))
    query = (
        select(Conclusion)
        .join(Occurrence, Occurrence.id == Conclusion.occurrence_id)
        .where(or_(said, Conclusion.number.icontains(names, autoescape=True)))
        .options(joinedload(Conclusion.occurrence).joinedload(Occurrence.unit))
        .order_by(Conclusion.id.desc())
        .limit(SHOWN)
    )
    if readable is not None:
        query = query.where(Occurrence.unit_id.in_(readable))
    return tuple(db.scalars(query).unique())


def _tasks(db: Db, actor: Actor, names: str) -> tuple[Task, ...]:
    words = [plain(word) for word in search_words(names)]
    if not words:
        return ()
    query = (
        select(Task)
        .join(ConclusionItem, ConclusionItem.id == Task.item_id)
        .where(has_words(ConclusionItem.search, words))
        .options(joinedload(Task.item), joinedload(Task.unit))
        .order_by(Task.closed_at.is_not(None), Task.id.desc())
        .limit(SHOWN)
    )
    if not actor.trusted:
        units = units_readable(actor, "read_tasks")
        query = query.where(or_(Task.unit_id.in_(units), Task.owner_unit_id.in_(units)))
    return tuple(db.scalars(query).unique())
