"""What waits for the people of an office: one table of lists, counted on the first screen and shown page by page.

To add a list of sittings: a row in LISTS whose condition no other counted row shares (a sitting stands in one line
only), the words `occurrences.list-<key>`, and a row in `web/desk_lines.py`.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, union_all

from scheduler.database import Db
from scheduler.models import Occurrence, Record
from scheduler.queries.access import units_below, units_readable
from scheduler.queries.agenda import WHOLE, shown_day
from scheduler.rules.kinds import KINDS
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import publish_by
from scheduler.rules.working_days import SATURDAY, Calendar

T = TypeVar("T")
PAGE = 50
AT_ONCE = 2000
"""Sittings that one deed takes at most."""
PUBLISH_SOON = 5
"""Working days before the last day for publishing from which the desk speaks of it."""
LONGEST_LOOK = 60
MISSING = ("attend", "content", "place", "stand_in")
"""What a sitting of this week should have by now: who attends, about what, where, and who may stand in."""


@dataclass(frozen=True)
class Today:
    """What the lists are asked for: the day, the working days, and after how many a conclusion is missed.

    One look at the desk has one of these; it remembers what was asked `once`, so that lines share a query.
    """

    day: date
    calendar: Calendar
    conclude_within: int = 2
    asked: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, ask: Callable[[], T]) -> T:
        """The answer to this question, asked of the database at its first use only."""
        if name not in self.asked:
            self.asked[name] = ask()
        found: T = self.asked[name]
        return found

    @property
    def monday(self) -> date:
        """The Monday of the week that matters: at the weekend it is the one to come."""
        ahead = 7 if self.day.weekday() >= SATURDAY else 0
        return self.day + timedelta(days=ahead - self.day.weekday())


@dataclass(frozen=True)
class DeskList:
    """One list of sittings: its condition, who is asked to act on it, and whether it hurts.

    `but` names an act: where the reader may do that one, the sittings stand in another line.
    """

    key: str
    condition: Callable[[Today], ColumnElement[bool]]
    act: str | None  # counted on the first screen of those who may; None: only a list to look at
    hurts: bool = False
    but: str = ""


def _near(today: Today) -> ColumnElement[bool]:
    """Whose line for publishing is near or has passed, before its day."""
    kinds = (and_(Occurrence.kind == kind.key, Occurrence.day <= _last_day(today, kind.key)) for kind in KINDS)
    return and_(Occurrence.day >= today.day, or_(*kinds))


def _last_day(today: Today, kind: str) -> date:
    """The last day whose line for publishing is at most PUBLISH_SOON working days away."""
    limit = today.calendar.add_working_days(today.day, PUBLISH_SOON)
    day = today.day
    for step in range(LONGEST_LOOK):
        later = today.day + timedelta(days=step)
        if publish_by(later, kind, today.calendar) <= limit:
            day = later
    return day


def _far(today: Today, state: str) -> ColumnElement[bool]:
    return and_(Occurrence.state == state, Occurrence.day.is_not(None), ~_near(today))


def _to_conclude(today: Today) -> ColumnElement[bool]:
    quiet = exists().where(Record.occurrence_id == Occurrence.id, Record.nobody_came)
    return and_(
        Occurrence.state == "held",
        Occurrence.day < today.calendar.add_working_days(today.day, -today.conclude_within),
        ~quiet,
    )


def _incomplete(today: Today) -> ColumnElement[bool]:
    """Public sittings of the week that matters, from today on, which lack one of MISSING."""
    nobody = and_(
        func.json_array_length(Occurrence.attend) == 0, func.json_array_length(Occurrence.attend_unit_ids) == 0
    )
    nowhere = and_(Occurrence.place == "", Occurrence.place_id.is_(None))
    return and_(
        Occurrence.state == "published",
        shown_day.between(max(today.day, today.monday), today.monday + timedelta(days=6)),
        Occurrence.day.is_not(None),
        or_(nobody, nowhere, Occurrence.content == "", Occurrence.stand_in == ""),
    )


def missing_in(sitting: Occurrence) -> tuple[str, ...]:
    """Which of MISSING this sitting lacks."""
    has = (
        bool(sitting.attend or sitting.attend_unit_ids),
        bool(sitting.content),
        bool(sitting.place or sitting.place_id),
        bool(sitting.stand_in),
    )
    return tuple(name for name, there in zip(MISSING, has, strict=True) if not there)


def _from(today: Today) -> ColumnElement[bool]:
    return shown_day >= today.day


LISTS = (
    DeskList(
        "to-publish",
        lambda today: and_(Occurrence.state.in_(("draft", "approved")), _near(today)),
        "publish",
        hurts=True,
    ),
    DeskList(
        "waiting-near",
        lambda today: and_(Occurrence.state == "submitted", _near(today)),
        "submit",
        hurts=True,
        but="approve",
    ),
    DeskList("to-approve", lambda _today: Occurrence.state == "submitted", "approve"),
    DeskList("approved", lambda today: _far(today, "approved"), "publish"),
    DeskList(
        "to-record",
        lambda today: and_(Occurrence.state == "published", Occurrence.day < today.day),
        "record",
        hurts=True,
    ),
    DeskList("to-conclude", _to_conclude, "conclude", hurts=True),
    DeskList("this-week", _incomplete, "change"),
    DeskList("postponed", lambda _today: Occurrence.state == "postponed", "change"),
    DeskList(
        "undated",
        lambda _today: and_(Occurrence.state.in_(("draft", "approved", "published")), Occurrence.day.is_(None)),
        "plan",
    ),
    DeskList("drafts", lambda today: and_(_far(today, "draft"), _from(today)), "submit"),
    DeskList("concluded", lambda _today: Occurrence.state == "concluded", None),
    DeskList("upcoming", lambda today: and_(Occurrence.state.in_(("published", "postponed")), _from(today)), None),
    DeskList("past", lambda today: Occurrence.day < today.day, None),
    DeskList("all", lambda _today: Occurrence.state != "void", None),
)
LIST = {one.key: one for one in LISTS}


@dataclass(frozen=True)
class Waiting:
    """How many wait in a list, the first of their days, the first day of each kind, and the only one's address."""

    key: str
    n: int
    first_day: date | None
    hurts: bool
    first_of_kind: dict[str, date] = field(default_factory=dict)
    slug: str = ""


def waiting_for(db: Db, actor: Actor, today: Today) -> list[Waiting]:
    """The lists in which something waits for this actor, in the order of the table: one query for all of them."""
    asked = [one for one in LISTS if one.act is not None and actor.ever(one.act)]
    if not asked:
        return []
    counts = [
        select(
            literal(one.key).label("key"),
            Occurrence.kind,
            func.count().label("n"),
            func.min(Occurrence.day).label("first_day"),
            func.min(Occurrence.slug).label("slug"),
        )
        .where(*_of(one, actor, today))
        .group_by(Occurrence.kind)
        for one in asked
    ]
    rows: dict[str, list[Any]] = {}
    for row in db.execute(union_all(*counts)):
        rows.setdefault(row.key, []).append(row)
    return [_summed(one, rows[one.key]) for one in asked if one.key in rows]


def _summed(one: DeskList, rows: list[Any]) -> Waiting:
    n = sum(row.n for row in rows)
    days = {row.kind: row.first_day for row in rows if row.first_day is not None}
    return Waiting(one.key, n, min(days.values(), default=None), one.hurts, days, rows[0].slug if n == 1 else "")


def _of(one: DeskList, actor: Actor, today: Today) -> list[ColumnElement[bool]]:
    where = [Occurrence.unit_id.in_(units_readable(actor, one.act or "read")), one.condition(today)]
    if one.but and actor.ever(one.but):
        where.append(Occurrence.unit_id.not_in(units_readable(actor, one.but)))
    return where


def occurrences_in(
    db: Db,
    actor: Actor,
    key: str,
    today: Today,
    *,
    units: Collection[int] | None = None,
    kind: str = "",
    day: date | None = None,
    month: date | None = None,
    schedule_id: int | None = None,
    page: int = 1,
) -> tuple[list[Occurrence], int]:
    """A page of a list in the units the actor reads, newest last (`past`: newest first), and how many there are.

    `units` narrows it to these units and those below them, `month` (its first day) to that month.
    """
    narrowed = _narrowed(units=units, kind=kind, day=day, month=month, schedule_id=schedule_id)
    where: list[Any] = [*_of(LIST[key], actor, today), *narrowed]
    total = db.scalar(select(func.count()).select_from(Occurrence).where(*where)) or 0
    order = (shown_day.desc(), Occurrence.id.desc()) if key == "past" else (shown_day, Occurrence.id)
    query = select(Occurrence).where(*where).order_by(*order).options(*WHOLE)
    rows = db.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).unique()
    return list(rows), total


def ids_in(
    db: Db,
    actor: Actor,
    key: str,
    today: Today,
    *,
    units: Collection[int] | None = None,
    kind: str = "",
    day: date | None = None,
    month: date | None = None,
    schedule_id: int | None = None,
) -> list[int]:
    """All that `occurrences_in` finds on all its pages, by day; one more than AT_ONCE at most."""
    narrowed = _narrowed(units=units, kind=kind, day=day, month=month, schedule_id=schedule_id)
    query = select(Occurrence.id).where(*_of(LIST[key], actor, today), *narrowed)
    return list(db.scalars(query.order_by(shown_day, Occurrence.id).limit(AT_ONCE + 1)))


def _narrowed(
    *, units: Collection[int] | None, kind: str, day: date | None, month: date | None, schedule_id: int | None
) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if units is not None:
        where.append(Occurrence.unit_id.in_(units_below(units)))
    if kind:
        where.append(Occurrence.kind == kind)
    if day is not None:
        where.append(shown_day == day)
    if month is not None:
        where += [shown_day >= month, shown_day < (month + timedelta(days=31)).replace(day=1)]
    if schedule_id is not None:
        where.append(Occurrence.schedule_id == schedule_id)
    return where
