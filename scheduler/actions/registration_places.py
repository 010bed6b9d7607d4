"""Numbers, seats and arrival windows of a sitting: each is given by one statement, so that the last goes to one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, inspect, or_, select, update

from scheduler.actions.ledger import record
from scheduler.database import Db, insert_into
from scheduler.errors import BadInput, RuleBroken, Stale
from scheduler.links import new_slug
from scheduler.models import ArrivalWindow, Occurrence, Queue, Registration
from scheduler.queries.access import require
from scheduler.queries.registrations import phone_of, sitting_to_register_for, spans_of, usual_windows
from scheduler.rules.arrival_windows import (
    HALL,
    MOST_PLACES,
    USUAL_PLACES,
    Span,
    windows_between,
)
from scheduler.rules.permissions import Actor
from scheduler.rules.registration_input import checked_count
from scheduler.rules.registrations import COME_ALREADY, OPEN

MOST_SEATS = 100_000


@dataclass(frozen=True)
class TakenPlace:
    """What a registration was given: its number, and the window to come in (None: any time, by number)."""

    ticket: int
    arrive_from: datetime | None
    arrive_until: datetime | None


def held_sitting(db: Db, asked: Occurrence, *, now: datetime) -> Occurrence:
    """Which sitting it is registered for; nobody changes that one until the end of the transaction.

    A change that goes on meanwhile is waited for and then counts; one that comes later finds the registration there
    and leads it along. Raises Stale where there is none to register for.
    """
    while True:
        occurrence = sitting_to_register_for(db, asked, now=now)
        if hold_still(db, occurrence):
            return occurrence


def hold_still(db: Db, occurrence: Occurrence, *, alone: bool = False) -> bool:
    """Let nobody change the sitting until the end of the transaction; whether it still is as it was read.

    Many may hold it at once; `alone`, nobody registers for it meanwhile either. Who holds it reads it as it is now.
    """
    known = occurrence.sequence
    columns = [column.key for column in inspect(Occurrence).column_attrs]
    db.refresh(occurrence, columns, with_for_update={"key_share": True} if alone else {"read": True})
    return occurrence.sequence == known


def hold_queue(db: Db, occurrence_id: int) -> None:
    """Let nobody take or give back a place of the sitting until the end of the transaction."""
    db.execute(select(Queue.occurrence_id).where(Queue.occurrence_id == occurrence_id).with_for_update())


def queue_of(db: Db, occurrence_id: int) -> Queue:
    """The sitting's queue with its usual windows, made when first needed; two that ask at once get the same."""
    fresh = {"occurrence_id": occurrence_id, "last_ticket": 0, "taken": 0, "screen": new_slug(), "version": 1}
    made = db.execute(insert_into(db, Queue).values(fresh).on_conflict_do_nothing().returning(Queue.occurrence_id))
    if made.scalar_one_or_none() is not None:
        _insert_windows(db, occurrence_id, usual_windows(db.get_one(Occurrence, occurrence_id)), USUAL_PLACES)
    return db.scalars(select(Queue).where(Queue.occurrence_id == occurrence_id)).one()


def next_ticket(db: Db, occurrence_id: int) -> int:
    """The next number of the sitting's queue; of two that ask at once each gets one of its own."""
    queue_of(db, occurrence_id)
    raised = update(Queue).where(Queue.occurrence_id == occurrence_id).values(last_ticket=Queue.last_ticket + 1)
    return db.execute(raised.returning(Queue.last_ticket), execution_options=_UNSEEN).scalar_one()


_UNSEEN = {"synchronize_session": False}


def take_place(
    db: Db, occurrence: Occurrence, people: int, *, wanted: datetime | None = None, now: datetime
) -> TakenPlace:
    """A number, seats where they are counted, and a window: the wanted one, else the earliest with a place.

    Raises Stale("registrations.no-seats") or Stale("registrations.window-full"); whoever asks gives back what was
    taken by rolling back to before.
    """
    queue_of(db, occurrence.id)
    seated = (
        update(Queue)
        .where(Queue.occurrence_id == occurrence.id, or_(Queue.seats.is_(None), Queue.taken + people <= Queue.seats))
        .values(last_ticket=Queue.last_ticket + 1, taken=Queue.taken + people)
        .returning(Queue.last_ticket)
    )
    ticket = db.execute(seated, execution_options=_UNSEEN).scalar_one_or_none()
    if ticket is None:
        raise Stale("registrations.no-seats", phone=phone_of(occurrence))
    span = take_window(db, occurrence.id, wanted, now=now)
    return TakenPlace(ticket, *(span or (None, None)))


def take_window(db: Db, occurrence_id: int, wanted: datetime | None, *, now: datetime) -> Span | None:
    """The wanted window, else the earliest with a place; None where none is left. Raises Stale for a full one."""
    free = select(ArrivalWindow.starts_at).where(
        ArrivalWindow.occurrence_id == occurrence_id,
        ArrivalWindow.taken < ArrivalWindow.places,
        ArrivalWindow.ends_at > now,
    )
    while True:
        first = wanted or db.scalar(free.order_by(ArrivalWindow.starts_at).limit(1))
        if first is None:
            return None
        taken = (
            update(ArrivalWindow)
            .where(
                ArrivalWindow.occurrence_id == occurrence_id,
                ArrivalWindow.starts_at == first,
                ArrivalWindow.taken < ArrivalWindow.places,
                ArrivalWindow.ends_at > now,
            )
            .values(taken=ArrivalWindow.taken + 1)
            .returning(ArrivalWindow.starts_at, ArrivalWindow.ends_at)
        )
        found = db.execute(taken, execution_options=_UNSEEN).one_or_none()
        if found is not None:
            return found.starts_at, found.ends_at
        if wanted is not None:
            raise Stale("registrations.window-full")


def give_back(db: Db, registration: Registration) -> None:
    """Free the seats and the window of a registration; its number is nobody else's."""
    if registration.way in COME_ALREADY:
        return
    seats = update(Queue).where(Queue.occurrence_id == registration.occurrence_id, Queue.taken >= registration.people)
    db.execute(seats.values(taken=Queue.taken - registration.people), execution_options=_UNSEEN)
    free_window(db, registration)


def free_window(db: Db, registration: Registration) -> None:
    """Free the window of a registration, if it has one."""
    if registration.arrive_from is not None:
        places = update(ArrivalWindow).where(
            ArrivalWindow.occurrence_id == registration.occurrence_id,
            ArrivalWindow.starts_at == registration.arrive_from,
            ArrivalWindow.taken > 0,
        )
        db.execute(places.values(taken=ArrivalWindow.taken - 1), execution_options=_UNSEEN)
    registration.arrive_from = registration.arrive_until = None


def place_in(
    db: Db, registration: Registration, occurrence: Occurrence, *, now: datetime, wanted: datetime | None = None
) -> None:
    """Give the registration the next number of another sitting; where it was asked for first stays known.

    Its old seat and window are free again. Raises Stale where a hall has no seat left.
    """
    place = take_place(db, occurrence, registration.people, wanted=wanted, now=now)
    give_back(db, registration)
    registration.ticket = place.ticket
    registration.occurrence_id, registration.unit_id = occurrence.id, occurrence.unit_id
    registration.occurrence = occurrence
    registration.arrive_from, registration.arrive_until = place.arrive_from, place.arrive_until
    db.flush()


def set_places(
    db: Db, occurrence: Occurrence, *, seats: str = "", minutes: str = "", places: str = "", by: Actor, now: datetime
) -> None:
    """Set the seats of a hall (blank: nobody counts them), or how long a window is and how many come in each.

    Raises BadInput, Stale("registrations.seats-taken") where more are taken already, NotAllowed, NotFound.
    """
    require(db, by, "receive", occurrence.unit_id)
    queue = queue_of(db, occurrence.id)
    if occurrence.kind in HALL:
        _set_seats(db, queue, checked_count(seats, "seats", MOST_SEATS) if seats.strip() else None)
    elif occurrence.day is None:
        raise RuleBroken("registrations.no-day-yet")
    else:
        span = checked_count(minutes, "minutes", 24 * 60)
        _replace_windows(db, occurrence, span, checked_count(places, "places", MOST_PLACES), now=now)
    record(
        db, "registration.places-set", by=by, now=now, unit_id=occurrence.unit_id, subject=f"occurrence:{occurrence.id}"
    )


def _set_seats(db: Db, queue: Queue, seats: int | None) -> None:
    enough = update(Queue).where(Queue.occurrence_id == queue.occurrence_id, Queue.taken <= (seats or 0))
    if seats is None:
        enough = update(Queue).where(Queue.occurrence_id == queue.occurrence_id)
    done = enough.values(seats=seats).returning(Queue.occurrence_id)
    if db.execute(done, execution_options=_UNSEEN).scalar_one_or_none() is None:
        db.refresh(queue)
        raise Stale("registrations.seats-taken", taken=queue.taken)
    db.refresh(queue)


def _replace_windows(db: Db, occurrence: Occurrence, minutes: int, places: int, *, now: datetime) -> None:
    """New windows; those who have one get the first places in the order of their numbers, while there are any."""
    spans = windows_between(spans_of(occurrence), minutes)
    holders = select(Registration).where(Registration.occurrence_id == occurrence.id, Registration.state.in_(OPEN))
    holders = holders.order_by(Registration.ticket)
    # Who registered before the queue, as everywhere: who takes back meanwhile does not wait for each other.
    db.execute(holders.with_only_columns(Registration.id).with_for_update())
    hold_queue(db, occurrence.id)
    waiting = list(db.scalars(holders.execution_options(populate_existing=True)))
    held = [one for one in waiting if one.arrive_from is not None]
    room = len(spans) * places
    if len(held) > room:
        raise BadInput("registrations.windows-too-few", "places", taken=len(held), room=room)
    db.execute(delete(ArrivalWindow).where(ArrivalWindow.occurrence_id == occurrence.id), execution_options=_UNSEEN)
    for one in held:
        one.arrive_from = one.arrive_until = None
    _insert_windows(db, occurrence.id, spans, places)
    for one in held:
        span = take_window(db, occurrence.id, None, now=now)
        one.arrive_from, one.arrive_until = span or (None, None)
    db.flush()


def _insert_windows(db: Db, occurrence_id: int, spans: Sequence[Span], places: int) -> None:
    rows = [
        {"occurrence_id": occurrence_id, "starts_at": since, "ends_at": until, "places": places, "taken": 0}
        for since, until in spans
    ]
    if rows:
        db.execute(insert_into(db, ArrivalWindow).values(rows).on_conflict_do_nothing())
