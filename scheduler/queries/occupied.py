"""Who and what a sitting needs at its hours, and which sittings and busy times have them already."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, or_, select, union

from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.models import BusyCalendar, BusyTime, Holding, Occurrence, OccurrenceAttendee, OccurrenceHost
from scheduler.rules.workflow import BEFORE_PUBLIC, TAKEN_PLACE

LONGEST = timedelta(hours=24)
"""No sitting is longer, so that what overlaps a moment or comes after it began within a known time of it."""

STANDING = ("published", *TAKEN_PLACE)
"""Sittings that everybody was told of and that are held."""
COUNTED = (*BEFORE_PUBLIC, *STANDING)
MANY = 5_000
"""Values in one list of a statement; both databases take more."""

Span = tuple[datetime, datetime]
Need = tuple[str, int]
"""What a sitting needs for itself: ("post", id), ("person", id), ("place", id) or ("unit", id)."""


@dataclass(frozen=True)
class Wanted:
    """A sitting with its hours and what it needs; `busy` where it is no sitting but a busy time of a head."""

    id: int
    spans: tuple[Span, ...]
    posts: tuple[int, ...] = ()
    place_id: int | None = None
    units: tuple[int, ...] = ()
    state: str = ""
    unit_id: int | None = None
    busy: bool = False
    needs: tuple[Need, ...] = ()

    @property
    def starts_at(self) -> datetime:
        """When its first hours begin."""
        return self.spans[0][0]

    @property
    def ends_at(self) -> datetime:
        """When its last hours end."""
        return self.spans[-1][1]

    def overlaps(self, other: "Wanted") -> bool:
        """Whether any of its hours are hours of the other; a break between two spans is free."""
        return any(start < end and begin < stop for start, stop in self.spans for begin, end in other.spans)


def spans_of(day: date | None, hours: Sequence[str]) -> tuple[Span, ...]:
    """("07:30-11:30", "13:30-16:30") of a day as moments; nothing where day or hours are missing."""
    if day is None:
        return ()
    pairs = (part.partition("-") for part in hours)
    return tuple((at_local(day, start), at_local(day, end)) for start, _, end in pairs)


def wanted_of(occurrence: Occurrence, *, day: date | None = None) -> Wanted:
    """What a sitting needs as it stands in the session now, saved or not; on another `day` if one is given."""
    return Wanted(
        occurrence.id,
        spans_of(day or occurrence.day, occurrence.hours),
        sitting_posts(occurrence, [host.post_id for host in occurrence.hosts]),
        occurrence.place_id,
        tuple(occurrence.attend_unit_ids),
        occurrence.state,
        occurrence.unit_id,
    )


def sitting_posts(row: Any, hosts: Iterable[int]) -> tuple[int, ...]:
    """The posts whose holders are there: the hosts, unless another sits in their place, and who is in the chair."""
    there = () if row.chair_stands_in else tuple(hosts)
    return there if row.chair_post_id is None or row.chair_post_id in there else (*there, row.chair_post_id)


def with_needs(db: Db, wanted: Iterable[Wanted]) -> list[Wanted]:
    """The same with their needs: a post brings along who holds it on that day, whichever post he sits for."""
    mine = [one for one in wanted if one.spans]
    posts = {post for one in mine for post in one.posts}
    held: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(posts), MANY):
        some = sorted(posts)[start : start + MANY]
        columns = (Holding.post_id, Holding.person_id, Holding.valid_from, Holding.valid_to)
        for row in db.execute(select(*columns).where(Holding.post_id.in_(some))):
            held[row.post_id].append(row)
    return [replace(one, needs=_needs(one, held)) for one in mine]


def _needs(one: Wanted, held: dict[int, list[Any]]) -> tuple[Need, ...]:
    day = local_date(one.starts_at)
    people = [
        row.person_id
        for post in one.posts
        for row in held[post]
        if row.valid_from <= day and (row.valid_to is None or row.valid_to >= day)
    ]
    found: list[Need] = [("post", post) for post in one.posts]
    found += [("person", person) for person in dict.fromkeys(people)]
    found += [("place", one.place_id)] if one.place_id is not None else []
    return (*found, *(("unit", unit) for unit in one.units))


def posts_of_people(db: Db, wanted: Iterable[Wanted]) -> set[int]:
    """Every post that somebody needed holds or held: where his other sittings stand."""
    people = {number for one in wanted for what, number in one.needs if what == "person"}
    posts = {number for one in wanted for what, number in one.needs if what == "post"}
    return posts | set(db.scalars(select(Holding.post_id).where(Holding.person_id.in_(people))))


def others_near(db: Db, wanted: Sequence[Wanted], states: Collection[str] = COUNTED) -> list[Wanted]:
    """Sittings in these states and busy times that begin about when one of `wanted` is held, with their needs.

    A constant number of statements; each walks one index from the first moment to the last.
    """
    if not wanted:
        return []
    first, last = min(one.starts_at for one in wanted) - LONGEST, max(one.ends_at for one in wanted)
    posts = posts_of_people(db, wanted)
    near = _ids_near(wanted, posts, (first, last))
    columns = (
        Occurrence.id, Occurrence.day, Occurrence.hours, Occurrence.place_id, Occurrence.state, Occurrence.unit_id,
        Occurrence.chair_post_id, Occurrence.chair_stands_in, Occurrence.attend_unit_ids,
    )  # fmt: skip
    rows = db.execute(select(*columns).where(Occurrence.id.in_(near), Occurrence.state.in_(states))).all()
    hosts: dict[int, list[int]] = defaultdict(list)
    for row in db.execute(
        select(OccurrenceHost.occurrence_id, OccurrenceHost.post_id).where(OccurrenceHost.occurrence_id.in_(near))
    ):
        hosts[row.occurrence_id].append(row.post_id)
    sittings = [
        Wanted(
            row.id, spans_of(row.day, row.hours), sitting_posts(row, hosts[row.id]), row.place_id,
            tuple(row.attend_unit_ids), row.state, row.unit_id,
        )
        for row in rows
    ]  # fmt: skip
    return with_needs(db, sittings) + busy_near(db, wanted, first, last)


def _ids_near(wanted: Sequence[Wanted], posts: Collection[int], window: Span) -> Select[int]:
    """Ids of the sittings that begin in the window and share a post, a place or a joined unit."""
    places = {one.place_id for one in wanted if one.place_id is not None}
    units = {unit for one in wanted for unit in one.units}
    attendee, host = OccurrenceAttendee, OccurrenceHost
    arms = [select(host.occurrence_id).where(host.post_id.in_(posts), host.starts_at.between(*window))]
    arms.append(select(Occurrence.id).where(Occurrence.chair_post_id.in_(posts), Occurrence.starts_at.between(*window)))
    if places:
        arms.append(select(Occurrence.id).where(Occurrence.place_id.in_(places), Occurrence.starts_at.between(*window)))
    if units:
        joined = select(attendee.occurrence_id)
        arms.append(joined.where(attendee.unit_id.in_(units), attendee.starts_at.between(*window)))
    return select(union(*arms).subquery().c[0])


def busy_near(db: Db, wanted: Iterable[Wanted], first: datetime, last: datetime) -> list[Wanted]:
    """The busy times of the heads that `wanted` needs, between two moments."""
    posts = {number for one in wanted for what, number in one.needs if what == "post"}
    people = {number for one in wanted for what, number in one.needs if what == "person"}
    own, theirs = BusyTime.post_id.in_(posts), BusyTime.person_id.in_(people)
    window = BusyTime.starts_at.between(first, last)
    columns = (
        BusyTime.id, BusyTime.starts_at, BusyTime.ends_at, BusyTime.post_id, BusyTime.person_id, BusyCalendar.unit_id,
    )  # fmt: skip
    query = select(*columns).join(BusyCalendar, BusyCalendar.id == BusyTime.calendar_id)
    return [
        Wanted(
            row.id,
            ((row.starts_at, row.ends_at),),
            unit_id=row.unit_id,
            busy=True,
            needs=(("post", row.post_id),) if row.post_id is not None else (("person", row.person_id),),
        )
        for row in db.execute(query.where(or_(and_(own, window), and_(theirs, window))))
    ]


def overlapping(wanted: Iterable[Wanted], others: Iterable[Wanted]) -> list[tuple[Wanted, Wanted, Need]]:
    """(one, other, the need they share) wherever both want it at one time; each pair once for each kind of need."""
    by_need: dict[Need, list[Wanted]] = defaultdict(list)
    for other in others:
        for need in other.needs:
            by_need[need].append(other)
    for rows in by_need.values():
        rows.sort(key=lambda row: row.starts_at)
    found: dict[tuple[int, int, bool, str], tuple[Wanted, Wanted, Need]] = {}
    for one in wanted:
        for need in one.needs:
            what = "head" if need[0] in ("post", "person") else need[0]
            for other in _about(by_need.get(need, []), one):
                if (other.busy or other.id != one.id) and one.overlaps(other):
                    found.setdefault((one.id, other.id, other.busy, what), (one, other, need))
    return list(found.values())


def _about(rows: list[Wanted], one: Wanted) -> list[Wanted]:
    first = bisect_left(rows, one.starts_at - LONGEST, key=lambda row: row.starts_at)
    last = bisect_left(rows, one.ends_at, key=lambda row: row.starts_at)
    return rows[first:last]


def days_taken(db: Db, occurrence: Occurrence, days: Sequence[date]) -> set[date]:
    """Of these days those on which a head of the sitting sits elsewhere, or somebody or something is not free."""
    wanted = with_needs(db, [wanted_of(occurrence, day=day) for day in days])
    others = others_near(db, wanted)
    taken = {local_date(one.starts_at) for one, _, _ in overlapping(wanted, others)}
    heads = {need for one in wanted for need in one.needs if need[0] in ("post", "person")}
    elsewhere = {
        local_date(other.starts_at)
        for other in others
        if not other.busy and other.id != occurrence.id and heads.intersection(other.needs)
    }
    return taken | elsewhere
