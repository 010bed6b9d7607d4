"""A unit's whole year: every sitting in the order of its days, with who holds the post on that very day.

However many sittings there are, it is the same number of statements.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.database import Db
from scheduler.models import Holding, Occurrence, OccurrenceHost, Post, Unit
from scheduler.queries.agenda import of_post, shown_day, titled

MOST_ROWS = 3_000
"""More than a place with all its bodies has in a year."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A post that sits, and who holds it that day ("" where nobody is known to)."""

    title: str
    person: str


@dataclass(frozen=True, slots=True)
class YearRow:
    """One sitting of the year. `chair` is who sits in the hosts' place; it `stands_in` where that does not count."""

    sitting: Occurrence
    day: date
    hosts: tuple[Seat, ...]
    chair: Seat | None = None
    stands_in: bool = False


def year_rows(
    db: Db, unit_ids: Sequence[int], year: int, *, post_id: int | None = None, with_void: bool = False
) -> list[YearRow]:
    """The sittings of these units in the year, drafts too, by day and hour; one without a day by its planned day.

    `with_void`: also the dates by the rule on which nothing takes place. At most MOST_ROWS.
    """
    query = (
        select(Occurrence)
        .where(Occurrence.unit_id.in_(unit_ids), shown_day.between(date(year, 1, 1), date(year, 12, 31)))
        .options(
            joinedload(Occurrence.unit),
            joinedload(Occurrence.place_row),
            joinedload(Occurrence.chair_post).joinedload(Post.unit),
            selectinload(Occurrence.hosts).joinedload(OccurrenceHost.post).joinedload(Post.unit),
            selectinload(Occurrence.changes),
        )
        .order_by(shown_day, Occurrence.starts_at, Occurrence.id)
        .limit(MOST_ROWS)
    )
    if not with_void:
        query = query.where(Occurrence.state != "void")
    if post_id is not None:
        query = query.where(of_post(post_id))
    sittings = list(db.scalars(query).unique())
    people = _people(db, sittings, year)
    return [_row(sitting, people) for sitting in sittings]


def _row(sitting: Occurrence, people: "_People") -> YearRow:
    day = sitting.day or sitting.planned_day
    hosts = tuple(people.seat(host.post, day) for host in sitting.hosts)
    chair = None
    if sitting.chair_post is not None:
        seat = people.seat(sitting.chair_post, day)
        chair = Seat(seat.title, sitting.chair_name or seat.person)
    elif sitting.chair_name:
        chair = Seat("", sitting.chair_name)
    return YearRow(sitting, day, hosts, chair, chair is not None and sitting.chair_stands_in)


class _People:
    """Who held which post when."""

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self._by_post: dict[int, list[Holding]] = defaultdict(list)
        for holding in holdings:
            self._by_post[holding.post_id].append(holding)

    def seat(self, post: Post, day: date) -> Seat:
        held = [
            one
            for one in self._by_post.get(post.id, ())
            if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)
        ]
        return Seat(titled(post), held[-1].person.name if held else "")


def _people(db: Db, sittings: Iterable[Occurrence], year: int) -> _People:
    posts = {host.post_id for sitting in sittings for host in sitting.hosts}
    posts |= {sitting.chair_post_id for sitting in sittings if sitting.chair_post_id is not None}
    query = (
        select(Holding)
        .where(
            Holding.post_id.in_(sorted(posts)),
            Holding.valid_from <= date(year, 12, 31),
            or_(Holding.valid_to.is_(None), Holding.valid_to >= date(year, 1, 1)),
        )
        .options(joinedload(Holding.person))
        .order_by(Holding.valid_from)
    )
    return _People(db.scalars(query))


def units_of_table(units: Iterable[Unit], place: Unit) -> list[Unit]:
    """The place itself and those of the units below that are its own bodies, not other places."""
    return [place, *(unit for unit in units if unit.kind != "place")]
