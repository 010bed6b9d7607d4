"""Numbers, seats and windows for many registrations at once, in few statements; the queue is held meanwhile."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from sqlalchemy import Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.orm.attributes import set_committed_value

from scheduler.actions.registrations import queue_of
from scheduler.clock import at_local, to_local
from scheduler.database import Db
from scheduler.models import ArrivalWindow, Occurrence, Queue, Registration
from scheduler.rules.arrival_windows import LEAST_MINUTES, Span, windows_between

SHORTEST = timedelta(minutes=LEAST_MINUTES)
WRITTEN = (
    "occurrence_id",
    "unit_id",
    "ticket",
    "state",
    "arrive_from",
    "arrive_until",
    "arrived_at",
    "called_at",
    "offered_at",
    "offered_from_id",
)
"""The columns of a registration that a change of its sitting may touch."""
QUIETLY = {"synchronize_session": False}


@dataclass
class Window:
    """An arrival window as it is filled here, before it is written."""

    starts_at: datetime
    ends_at: datetime
    places: int
    taken: int = 0


@dataclass(frozen=True)
class Left:
    """A seat that somebody had, and where."""

    occurrence_id: int
    arrive_from: datetime | None
    people: int


def held_rows(db: Db, query: Select[Registration]) -> list[Registration]:
    """Registrations as they are now; nobody else changes them until the end of the transaction."""
    return list(db.scalars(query.with_for_update().execution_options(populate_existing=True)))


def put(one: Registration, **values: Any) -> None:
    """Change a row of `held_rows` without the session's noting it: `write_all` writes all of them together."""
    for name, value in values.items():
        set_committed_value(one, name, value)


def write_all(db: Db, rows: list[Registration]) -> None:
    """Write what became of them, in one statement; an older form of theirs is stale from now on."""
    if not rows:
        return
    table = Registration.__table__
    assert isinstance(table, Table)
    values = {name: bindparam(f"new_{name}") for name in WRITTEN} | {"version": table.c.version + 1}
    written = [{f"new_{name}": getattr(one, name) for name in WRITTEN} | {"row": one.id} for one in rows]
    db.connection().execute(table.update().where(table.c.id == bindparam("row")).values(values), written)
    for one in rows:
        put(one, version=one.version + 1)


def take_seats(db: Db, occurrence: Occurrence, coming: list[Registration], *, now: datetime) -> list[Left]:
    """Give them the next numbers and windows of the sitting, in turn; where its seats end the rest stay where they are.

    Returns the seats that were left for it elsewhere.
    """
    if not coming:
        return []
    queue_of(db, occurrence.id)
    queue = _held(db, occurrence.id)
    placed, left = [], []
    for one in coming:
        if queue.seats is None or queue.taken + one.people <= queue.seats:
            left.append(Left(one.occurrence_id, one.arrive_from, one.people))
            placed.append(one)
            queue.taken += one.people
            queue.last_ticket += 1
            put(one, ticket=queue.last_ticket, occurrence=occurrence)
            put(one, occurrence_id=occurrence.id, unit_id=occurrence.unit_id)
    windows = _windows(db, occurrence.id)
    _fill([one for one in windows if one.ends_at > now], placed)
    _count(db, occurrence.id, windows)
    db.flush()
    return left


def leave_seats(db: Db, left: Iterable[Left]) -> None:
    """Seats and windows that somebody had are free again."""
    by_sitting: dict[int, list[Left]] = {}
    for one in left:
        by_sitting.setdefault(one.occurrence_id, []).append(one)
    for occurrence_id, ones in by_sitting.items():
        queue = _held(db, occurrence_id)
        queue.taken = max(queue.taken - sum(one.people for one in ones), 0)
        gone = Counter(one.arrive_from for one in ones)
        windows = _windows(db, occurrence_id)
        for window in windows:
            window.taken = max(window.taken - gone[window.starts_at], 0)
        _count(db, occurrence_id, windows)
    db.flush()


def renew_windows(db: Db, occurrence: Occurrence, coming: list[Registration]) -> None:
    """The windows follow the sitting's day and hours: at the same hours on another day, in turn at other hours.

    As many come in each as before, more of them where the hours became fewer: nobody loses a place.
    """
    old = _windows(db, occurrence.id)
    if not old or occurrence.day is None:
        return
    _held(db, occurrence.id)
    held = sorted((one for one in coming if one.arrive_from), key=lambda one: (one.arrive_from, one.ticket))
    spans = _cut(occurrence, old)
    if [_wall(*span) for span in spans] == [_wall(one.starts_at, one.ends_at) for one in old]:
        fresh = [Window(*span, places=one.places) for span, one in zip(spans, old, strict=True)]
        by_hour = {_wall(one.starts_at, one.ends_at)[0]: one for one in fresh}
        for one in held:
            _come_in(one, by_hour.get(f"{to_local(one.arrive_from):%H:%M}") if one.arrive_from else None)
    else:
        places = max(max(one.places for one in old), ceil(len(held) / len(spans)) if spans else 0)
        fresh = [Window(*span, places=places) for span in spans]
        _fill(fresh, held)
    db.execute(delete(ArrivalWindow).where(ArrivalWindow.occurrence_id == occurrence.id), execution_options=QUIETLY)
    if fresh:
        rows = [vars(window) | {"occurrence_id": occurrence.id} for window in fresh]
        db.execute(insert(ArrivalWindow), rows)
    db.flush()


def _cut(occurrence: Occurrence, old: list[Window]) -> list[Span]:
    """The sitting's hours in windows as long as the shortest there was; spans too short for one have none."""
    assert occurrence.day is not None
    pairs = [hours.split("-") for hours in occurrence.hours]
    spans = [(at_local(occurrence.day, since), at_local(occurrence.day, until)) for since, until in pairs]
    spans = [(since, until) for since, until in spans if until - since >= SHORTEST]
    lengths = [until - since for since, until in spans] + [one.ends_at - one.starts_at for one in old]
    return windows_between(spans, int(min(lengths).total_seconds()) // 60)


def _fill(windows: list[Window], coming: list[Registration]) -> None:
    """Each gets the earliest window with a place; who comes after the last one comes at any time, by number."""
    free = [window for window in windows if window.taken < window.places]
    for one in coming:
        _come_in(one, free[0] if free else None)
        if free and free[0].taken >= free[0].places:
            free.pop(0)


def _come_in(one: Registration, window: Window | None) -> None:
    put(one, arrive_from=window.starts_at if window else None, arrive_until=window.ends_at if window else None)
    if window is not None:
        window.taken += 1


def _wall(since: datetime, until: datetime) -> tuple[str, str]:
    return f"{to_local(since):%H:%M}", f"{to_local(until):%H:%M}"


def _held(db: Db, occurrence_id: int) -> Queue:
    """The queue, so that nobody takes a number meanwhile."""
    return db.get_one(Queue, occurrence_id, with_for_update=True, populate_existing=True)


def _windows(db: Db, occurrence_id: int) -> list[Window]:
    columns = (ArrivalWindow.starts_at, ArrivalWindow.ends_at, ArrivalWindow.places, ArrivalWindow.taken)
    query = select(*columns).where(ArrivalWindow.occurrence_id == occurrence_id).order_by(ArrivalWindow.starts_at)
    return [Window(*row) for row in db.execute(query)]


def _count(db: Db, occurrence_id: int, windows: list[Window]) -> None:
    """Write how many come in each."""
    if windows:
        key = {"occurrence_id": occurrence_id}
        db.execute(update(ArrivalWindow), [key | {"starts_at": one.starts_at, "taken": one.taken} for one in windows])
