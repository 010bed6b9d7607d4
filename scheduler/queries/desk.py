"""What waits for the people of an office: one table of lists, counted on the first screen and shown page by page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select

from scheduler.database import Db
from scheduler.models import Notice, Occurrence, Proposal, Record
from scheduler.queries.access import units_below, units_readable
from scheduler.queries.agenda import WHOLE, shown_day
from scheduler.rules.kinds import KINDS
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import publish_by
from scheduler.rules.workflow import BEFORE_PUBLIC
from scheduler.rules.working_days import Calendar

PAGE = 50
PUBLISH_SOON = 5
"""Working days before the last day for publishing from which the desk speaks of it."""
LONGEST_LOOK = 60


@dataclass(frozen=True)
class Today:
    """What the lists are asked for: the day, the working days, and after how many a conclusion is missed."""

    day: date
    calendar: Calendar
    conclude_within: int = 2


@dataclass(frozen=True)
class DeskList:
    """One list of sittings: its condition, who is asked to act on it, and whether it hurts."""

    key: str
    condition: Callable[[Today], ColumnElement[bool]]
    act: str | None  # counted on the first screen of those who may; None: only a list to look at
    hurts: bool = False


def _to_publish(today: Today) -> ColumnElement[bool]:
    kinds = [and_(Occurrence.kind == kind.key, Occurrence.day <= _last_day(today, kind.key)) for kind in KINDS]
    either = kinds[0]
    for one in kinds[1:]:
        either = either | one
    return and_(Occurrence.state.in_(BEFORE_PUBLIC), Occurrence.day >= today.day, either)


def _last_day(today: Today, kind: str) -> date:
    """The last day whose line for publishing is at most PUBLISH_SOON working days away."""
    limit = today.calendar.add_working_days(today.day, PUBLISH_SOON)
    day = today.day
    for step in range(LONGEST_LOOK):
        later = today.day + timedelta(days=step)
        if publish_by(later, kind, today.calendar) <= limit:
            day = later
    return day


def _to_conclude(today: Today) -> ColumnElement[bool]:
    quiet = exists().where(Record.occurrence_id == Occurrence.id, Record.nobody_came)
    return and_(
        Occurrence.state == "held",
        Occurrence.day < today.calendar.add_working_days(today.day, -today.conclude_within),
        ~quiet,
    )


LISTS = (
    DeskList("to-publish", _to_publish, "publish", hurts=True),
    DeskList("to-approve", lambda _today: Occurrence.state == "submitted", "approve"),
    DeskList("approved", lambda _today: Occurrence.state == "approved", "publish"),
    DeskList(
        "to-record",
        lambda today: and_(Occurrence.state == "published", Occurrence.day < today.day),
        "record",
        hurts=True,
    ),
    DeskList("to-conclude", _to_conclude, "conclude", hurts=True),
    DeskList("postponed", lambda _today: Occurrence.state == "postponed", "change"),
    DeskList("drafts", lambda today: and_(Occurrence.state == "draft", _from(today)), "submit"),
    DeskList("concluded", lambda _today: Occurrence.state == "concluded", None),
    DeskList("upcoming", lambda today: and_(Occurrence.state.in_(("published", "postponed")), _from(today)), None),
    DeskList("past", lambda today: Occurrence.day < today.day, None),
    DeskList("all", lambda _today: Occurrence.state != "void", None),
)
LIST = {one.key: one for one in LISTS}


def _from(today: Today) -> ColumnElement[bool]:
    return shown_day >= today.day


@dataclass(frozen=True)
class Waiting:
    """A line of the first screen: how many wait in a list, and the first of their days."""

    key: str
    n: int
    first_day: date | None
    hurts: bool


def waiting_for(db: Db, actor: Actor, today: Today) -> list[Waiting]:
    """The lists in which something waits for this actor, what hurts first: one small query a list."""
    lines = []
    for one in LISTS:
        if one.act is None or not actor.ever(one.act):
            continue
        mine = Occurrence.unit_id.in_(units_readable(actor, one.act))
        n, first = db.execute(select(func.count(), func.min(Occurrence.day)).where(mine, one.condition(today))).one()
        if n:
            lines.append(Waiting(one.key, n, first, one.hurts))
    return lines


def occurrences_in(
    db: Db,
    actor: Actor,
    key: str,
    today: Today,
    *,
    unit_id: int | None = None,
    kind: str = "",
    day: date | None = None,
    page: int = 1,
) -> tuple[list[Occurrence], int]:
    """A page of a list in the units the actor reads, newest last (`past`: newest first), and how many there are."""
    one = LIST[key]
    where: list[Any] = [Occurrence.unit_id.in_(units_readable(actor, one.act or "read")), one.condition(today)]
    if unit_id is not None:
        where.append(Occurrence.unit_id.in_(units_below([unit_id])))
    if kind:
        where.append(Occurrence.kind == kind)
    if day is not None:
        where.append(Occurrence.day == day)
    total = db.scalar(select(func.count()).select_from(Occurrence).where(*where)) or 0
    order = (shown_day.desc(), Occurrence.id.desc()) if key == "past" else (shown_day, Occurrence.id)
    query = select(Occurrence).where(*where).order_by(*order).options(*WHOLE)
    rows = db.scalars(query.limit(PAGE).offset((page - 1) * PAGE)).unique()
    return list(rows), total


def week_of(db: Db, actor: Actor, first: date) -> list[Occurrence]:
    """Public sittings of the seven days from `first` in the units the actor reads, at most a screenful."""
    query = select(Occurrence).where(*_in_week(actor, first)).order_by(Occurrence.starts_at, Occurrence.id)
    return list(db.scalars(query.options(*WHOLE).limit(PAGE)).unique())


def week_counts(db: Db, actor: Actor, first: date) -> dict[date, int]:
    """How many sittings each of the seven days has: what a province's desk shows instead of all of them."""
    counted = select(Occurrence.day, func.count()).where(*_in_week(actor, first)).group_by(Occurrence.day)
    return {day: n for day, n in db.execute(counted) if day is not None}


def _in_week(actor: Actor, first: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Occurrence.unit_id.in_(units_readable(actor)),
        shown_day.between(first, first + timedelta(days=6)),
        Occurrence.day.is_not(None),
        Occurrence.state.in_(("published", "held", "concluded", "closed", "cancelled")),
    )


def unposted_notices(db: Db, actor: Actor, today: date) -> list[Notice]:
    """Notices of sittings still to come that do not hang at all three places the law names."""
    ahead = exists().where(Occurrence.notice_id == Notice.id, Occurrence.state == "published", Occurrence.day >= today)
    query = (
        select(Notice)
        .where(Notice.unit_id.in_(units_readable(actor, "post")), Notice.posted_at.is_(None), ahead)
        .order_by(Notice.published_at.desc())
        .limit(PAGE)
    )
    return list(db.scalars(query))


def open_proposals(db: Db, actor: Actor) -> int:
    """How many proposals wait for this actor's decision."""
    mine = Proposal.unit_id.in_(units_readable(actor, "decide"))
    return db.scalar(select(func.count()).select_from(Proposal).where(mine, Proposal.state == "open")) or 0
