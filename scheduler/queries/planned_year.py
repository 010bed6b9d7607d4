"""What a series would make of its unit's year before anything is saved: whom it meets, and what the law still asks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceHost, Post, Schedule, Unit
from scheduler.queries.clashes import Clash, clashes_between
from scheduler.queries.days import working_calendar
from scheduler.queries.differences import Difference, differences
from scheduler.queries.named_posts import folded, posts_known
from scheduler.queries.occupied import COUNTED, Wanted, spans_of
from scheduler.queries.planned import NO_SITTING, Values, host_names, patterns_of, planned_values, unsaved_pattern
from scheduler.queries.schedules import occurrences_of
from scheduler.rules.duties import Span, required_days, spans_between
from scheduler.rules.horizon import plan_until
from scheduler.rules.kinds import KIND, KINDS

COUNTING = tuple(kind.key for kind in KINDS if kind.counts_for_duty)


@dataclass(frozen=True)
class Met:
    """A head's weeks or months under the law: (span, days that stand or are planned), and the sums of a whole time."""

    post: Post
    spans: tuple[tuple[Span, int], ...]
    planned: int
    required: int

    @property
    def short(self) -> list[tuple[Span, int]]:
        """The spans with fewer days than the law asks."""
        return [(span, days) for span, days in self.spans if days < span.required]


@dataclass(frozen=True)
class PlannedYear:
    """The rows a series would have by their planned day, the posts it names, and what they touch.

    `clashes` go by the planned day of the row. `titles` name posts, those that would be made included.
    """

    values: Mapping[date, Values]
    posts: tuple[Post, ...]
    titles: Mapping[int, str]
    clashes: Mapping[date, list[Clash]]
    met: tuple[Met, ...]
    differences: tuple[Difference, ...] = ()


def planned_year(
    db: Db, unit: Unit, series: Mapping[str, Any], *, schedule: Schedule | None = None, today: date
) -> PlannedYear:
    """What this series would make in the unit, in a constant number of statements; nothing is written.

    `series` is validated, in the shape of plan files with days as ISO text; `schedule` is the one it would replace.
    """
    names = host_names(series)
    known = posts_known(db, unit)
    named = {name: known.get(folded(name)) for name in names}
    ids = {name: post.id if post else -number for number, (name, post) in enumerate(named.items(), 1)}
    posts = tuple(dict.fromkeys(post for post in named.values() if post))
    days_off = schedule.days_off if schedule else ()
    pattern = unsaved_pattern(db, unit.id, series, post_ids=ids, days_off=days_off)
    calendar = working_calendar(db)
    until = date.fromisoformat(series["until"]) if series.get("until") else None
    last = plan_until(today, date.fromisoformat(series["starts"]), until)
    values = planned_values(pattern, calendar, last=last)
    rows = occurrences_of(db, [schedule.id])[schedule.id] if schedule else []
    changed: Sequence[Difference] = ()
    if schedule is not None:
        before = {}
        if schedule.planned_until is not None and schedule.ended_on is None:
            own = patterns_of(db, [schedule])[schedule.id]
            before = planned_values(own, calendar, last=schedule.planned_until)
        changed = differences(rows, before, values, today=today)
    titles = {post_id: name for name, post_id in ids.items()}
    titles |= {host.post_id: host.post.title for host in schedule.hosts} if schedule else {}
    return PlannedYear(
        values, posts, titles, _clashes(db, values, rows), _met(db, series["kind"], posts, values, schedule=schedule),
        tuple(changed),
    )  # fmt: skip


def _clashes(db: Db, values: Mapping[date, Values], rows: Iterable[Occurrence]) -> dict[date, list[Clash]]:
    """What stands in the way of each row; the schedule's own sittings do not."""
    there = {row.planned_day: row.id for row in rows}
    own = set(there.values())
    ids = {day: there.get(day, -number) for number, day in enumerate(values, 1)}
    wanted = [
        Wanted(
            ids[day],
            spans_of(row["day"], row["hours"]),
            tuple(post for post in row["hosts"] if post > 0),
            row["place_id"],
            tuple(row["attend_unit_ids"]),
        )
        for day, row in values.items()
        if row["starts_at"] is not None and row["outcome"] not in NO_SITTING
    ]
    days = {number: day for day, number in ids.items()}
    found: dict[date, list[Clash]] = defaultdict(list)
    for clash in clashes_between(db, wanted) if wanted else ():
        if clash.busy or clash.other_id not in own:
            found[days[clash.occurrence_id]].append(clash)
    return dict(found)


def _met(
    db: Db, kind: str, posts: Sequence[Post], values: Mapping[date, Values], *, schedule: Schedule | None
) -> tuple[Met, ...]:
    """The heads among the posts whom the law asks a number of days, from the first to the last planned month."""
    days = [row["day"] for row in values.values() if row["day"]]
    heads = [post for post in posts if post.duty]
    if not days or not heads or not KIND[kind].counts_for_duty:
        return ()
    first = min(days).replace(day=1)
    last = (max(days).replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    received = _days_of(db, [post.id for post in heads], first, last, schedule=schedule)
    for row in values.values():
        for post_id in row["hosts"] if row["day"] else ():
            received[post_id].add(row["day"])
    return tuple(_met_by(post, received[post.id], first, last) for post in heads)


def _met_by(post: Post, days: set[date], first: date, last: date) -> Met:
    spans = [span for span in spans_between(post.duty, first, last) if span.whole]
    counted = tuple((span, sum(span.first <= day <= span.last for day in days)) for span in spans)
    planned = sum(min(n, span.required) for span, n in counted)
    return Met(post, counted, planned, required_days(post.duty, first, last))


def _days_of(
    db: Db, post_ids: Sequence[int], first: date, last: date, *, schedule: Schedule | None
) -> defaultdict[int, set[date]]:
    """The days on which these heads receive in person by other sittings that stand or are planned."""
    query = (
        select(OccurrenceHost.post_id, Occurrence.day)
        .join(Occurrence, Occurrence.id == OccurrenceHost.occurrence_id)
        .where(
            OccurrenceHost.post_id.in_(post_ids),
            Occurrence.day.between(first, last),
            Occurrence.kind.in_(COUNTING),
            Occurrence.state.in_(COUNTED),
            Occurrence.chair_stands_in.is_(False),
        )
    )
    if schedule is not None:
        query = query.where(or_(Occurrence.schedule_id.is_(None), Occurrence.schedule_id != schedule.id))
    found: defaultdict[int, set[date]] = defaultdict(set)
    for row in db.execute(query):
        found[row.post_id].add(row.day)
    return found
