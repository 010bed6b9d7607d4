"""The counter of a sitting as its officer, its screen and the record form read it; only the day's list opens names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from scheduler.clock import local_date
from scheduler.database import Db, vault_of
from scheduler.errors import NotFound
from scheduler.models import CrowdNotice, Occurrence, Queue, Registration, VisitStep
from scheduler.queries.access import units_readable
from scheduler.queries.agenda import WHOLE, shown_day
from scheduler.rules.counter import CALLED, INSIDE, WAITING, Visit, in_turn
from scheduler.rules.permissions import Actor
from scheduler.rules.registrations import OPEN

MOST_TODAY, MOST_NEXT = 200, 20
LOOKED_AHEAD = timedelta(days=62)
SCREEN_LENGTH = 64
SHOWN_CALLED, SHOWN_NEXT = 3, 4
"""How many numbers the screen of a waiting room shows as called, and as next."""


@dataclass(frozen=True)
class Row:
    """A visit as the list shows it, its sealed texts opened; `last` is the newest press that still holds."""

    kept: Registration
    visit: Visit
    name: str
    words: str
    representatives: tuple[str, ...]
    last: VisitStep | None


@dataclass(frozen=True)
class Board:
    """What a waiting room reads: numbers only, and whose sitting it is."""

    unit: str
    day: date | None
    open_: bool
    called: tuple[int, ...]
    inside: tuple[int, ...]
    next_: tuple[int, ...]
    waiting: int


def counters_of(db: Db, actor: Actor, today: date) -> tuple[list[Occurrence], list[Occurrence]]:
    """The public sittings of today, and the next ones, of the units in which the actor receives."""
    mine = Occurrence.unit_id.in_(units_readable(actor, "receive"))
    query = select(Occurrence).where(mine, Occurrence.state == "published").options(*WHOLE)
    query = query.where(Occurrence.day.is_not(None)).order_by(shown_day, Occurrence.starts_at, Occurrence.id)
    now = db.scalars(query.where(shown_day == today).limit(MOST_TODAY)).unique()
    later = shown_day.between(today + timedelta(days=1), today + LOOKED_AHEAD)
    return list(now), list(db.scalars(query.where(later).limit(MOST_NEXT)).unique())


def open_counters(db: Db, actor: Actor, today: date) -> tuple[int, str]:
    """How many sittings of today the actor receives at, and the address of the first."""
    mine = Occurrence.unit_id.in_(units_readable(actor, "receive"))
    query = select(func.count(), func.min(Occurrence.slug)).where(
        shown_day == today, Occurrence.state == "published", Occurrence.day.is_not(None), mine
    )
    row = db.execute(query).one()
    return row[0], row[1] or ""


def counts_of(db: Db, occurrence_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """How many visits of each sitting are in which state, in one statement."""
    query = (
        select(Registration.occurrence_id, Registration.state, func.count())
        .where(Registration.occurrence_id.in_(tuple(occurrence_ids)))
        .group_by(Registration.occurrence_id, Registration.state)
    )
    found: dict[int, dict[str, int]] = {}
    for occurrence_id, state, n in db.execute(query):
        found.setdefault(occurrence_id, {})[state] = n
    return found


def visits_of(db: Db, occurrence_id: int) -> list[Visit]:
    """The visits of a sitting by number, without who they are."""
    query = select(Registration).where(Registration.occurrence_id == occurrence_id)
    return [visit_of(kept) for kept in db.scalars(query.order_by(Registration.ticket))]


def visit_of(kept: Registration) -> Visit:
    """The registration as rules judge it."""
    return Visit(
        ticket=kept.ticket,
        state=kept.state,
        way=kept.way,
        people=kept.people,
        arrive_from=kept.arrive_from,
        arrive_until=kept.arrive_until,
        arrived_at=kept.arrived_at,
        began_at=kept.began_at,
        ended_at=kept.ended_at,
    )


def rows_of(db: Db, occurrence_id: int) -> list[Row]:
    """The day's list by number, names opened; in two statements. Whoever asks has the right and leaves a note."""
    vault = vault_of(db)
    query = select(Registration).where(Registration.occurrence_id == occurrence_id).order_by(Registration.ticket)
    kept = list(db.scalars(query))
    last = _last_steps(db, occurrence_id)
    return [
        Row(
            kept=one,
            visit=visit_of(one),
            name=vault.open(one.name),
            words=vault.open(one.words),
            representatives=tuple(vault.open(one.representatives).splitlines()),
            last=last.get(one.id),
        )
        for one in kept
    ]


def _last_steps(db: Db, occurrence_id: int) -> Mapping[int, VisitStep]:
    query = (
        select(VisitStep)
        .join(Registration, Registration.id == VisitStep.registration_id)
        .where(Registration.occurrence_id == occurrence_id, VisitStep.undone_at.is_(None))
        .order_by(VisitStep.id)
    )
    return {step.registration_id: step for step in db.scalars(query)}


def newest_step(db: Db, registration_id: int, *, undone: bool = False) -> VisitStep | None:
    """The newest press for this visit; with `undone` also one that was taken back."""
    query = select(VisitStep).where(VisitStep.registration_id == registration_id)
    if not undone:
        query = query.where(VisitStep.undone_at.is_(None))
    return db.scalars(query.order_by(VisitStep.id.desc()).limit(1)).one_or_none()


def board_of(db: Db, screen: str, now: datetime) -> Board:
    """What the screen with this name shows. Raises NotFound."""
    queue = None
    if len(screen) <= SCREEN_LENGTH and screen.isascii() and screen.isalnum():
        whole = joinedload(Queue.occurrence).joinedload(Occurrence.unit)
        queue = db.scalars(select(Queue).where(Queue.screen == screen).options(whole)).one_or_none()
    if queue is None:
        raise NotFound("errors.not-found")
    query = select(Registration).where(
        Registration.occurrence_id == queue.occurrence_id, Registration.state.in_(OPEN[1:])
    )
    kept = list(db.scalars(query))
    called = sorted((one for one in kept if one.state == CALLED), key=lambda one: one.called_at or now, reverse=True)
    waiting = in_turn([visit_of(one) for one in kept if one.state == WAITING], now)
    sitting = queue.occurrence
    return Board(
        unit=sitting.unit.name,
        day=sitting.day,
        open_=sitting.state == "published" and sitting.day == local_date(now),
        called=tuple(one.ticket for one in called[:SHOWN_CALLED]),
        inside=tuple(sorted(one.ticket for one in kept if one.state == INSIDE)),
        next_=tuple(visit.ticket for visit in waiting[:SHOWN_NEXT]),
        waiting=len(waiting),
    )


def screen_of(db: Db, occurrence_id: int) -> str:
    """The name of the sitting's screen, blank while it has none."""
    return db.scalar(select(Queue.screen).where(Queue.occurrence_id == occurrence_id)) or ""


def crowd_notices(db: Db, registration_id: int) -> Sequence[CrowdNotice]:
    """Who was told of this group, in the order in which they were."""
    query = select(CrowdNotice).where(CrowdNotice.registration_id == registration_id)
    return list(db.scalars(query.order_by(CrowdNotice.id)))
