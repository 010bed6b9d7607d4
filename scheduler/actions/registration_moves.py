"""Registrations follow their sitting: moved with it, kept while it is put off, held in the next where it is cancelled.

Everyone is told once a change, in few statements however many registered.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, update

from scheduler.actions.registration_letters import News, stop_telling, tell_registrants
from scheduler.actions.registration_places import hold_still
from scheduler.actions.registration_seats import held_rows, leave_seats, put, renew_windows, take_seats, write_all
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.language.mouths import News as SittingNews
from scheduler.language.mouths import telephone_words
from scheduler.models import Letter, Occurrence, OccurrenceChange, Registration, Unit
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.mouths import news_of
from scheduler.queries.registrations import later_sittings, registration_facts
from scheduler.rules.letters import ABOUT_SITTING, COMING

UNTOLD = ("content", "attend", "stand_in", "area", "register_by", "planned_day")
"""What may change of a sitting without a word to who registered: they come as before."""
ANEW = ("offer", "restore", "cancel", "hand_over")
"""Steps that the telephone tells in words of their own."""
COMES_AGAIN: dict[str, Any] = {"state": "booked", "arrived_at": None, "called_at": None}
"""Who had come already and is to come on another day."""
WITHOUT_DAY = ("postpone", "cancel")
QUIETLY = {"synchronize_session": False}


def follow_change(db: Db, occurrence: Occurrence, change: OccurrenceChange, *, now: datetime) -> int:
    """Lead the sitting's registrations where the change leads it, and tell them. Returns how many are told."""
    if not tells_residents(change.before, change.after):
        _carry_on(db, occurrence)
        return 0
    coming = coming_to(db, occurrence)
    if change.step == "restore":
        coming += _brought_back(db, occurrence, now=now)
    known_days = _days_known(db, coming, now=now)
    if coming:
        FOLLOWED.get(change.step, _stay)(db, occurrence, coming, now)
        write_all(db, coming)
        stop_telling(db, [one.id for one in coming], now=now)
    return _tell(db, occurrence, change, coming, now=now, known_days=known_days)


def tells_residents(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether a change from one state to the other is told to who registered."""
    return any(before.get(name) != value for name, value in after.items() if name not in UNTOLD)


def find_waiting(db: Db) -> list[int]:
    """Cancelled sittings for which somebody is still registered, since there was no later one."""
    query = select(Registration.occurrence_id).join(Occurrence, Occurrence.id == Registration.occurrence_id)
    query = query.where(Registration.state.in_(COMING), Occurrence.state == "cancelled")
    # Unit by unit there is an index of what is cancelled; all sittings of all years would be read otherwise.
    query = query.where(Occurrence.unit_id.in_(select(Unit.id)))
    return sorted(set(db.scalars(query)))


def offer_next(db: Db, occurrence: Occurrence, *, now: datetime) -> int:
    """Hold who waits since the sitting was cancelled in the next one, now that there is one. Returns how many."""
    change = next((one for one in reversed(occurrence.changes) if one.step == "cancel"), None)
    if occurrence.state != "cancelled" or change is None:
        return 0
    coming = coming_to(db, occurrence)
    _offer(db, occurrence, coming, now)
    placed = [one for one in coming if one.occurrence_id != occurrence.id]
    write_all(db, placed)
    stop_telling(db, [one.id for one in placed], now=now)
    return _tell(db, occurrence, change, placed, now=now, key="registration-offer")


def offer_next_of(db: Db, occurrence_id: int, *, now: datetime) -> int:
    """The same for one id, as jobs ask it."""
    return offer_next(db, occurrences_by_id(db, [occurrence_id])[0], now=now)


def coming_to(db: Db, occurrence: Occurrence) -> list[Registration]:
    """Who is registered and still to come, in the order of the numbers."""
    mine = select(Registration).where(Registration.occurrence_id == occurrence.id, Registration.state.in_(COMING))
    return held_rows(db, mine.order_by(Registration.ticket))


def _days_known(db: Db, coming: list[Registration], *, now: datetime) -> dict[int, str]:
    """The day that somebody knows who was led from sitting to sitting by one order, by the registration's id."""
    led = {one.id: one.offered_from_id for one in coming if one.offered_at == now and one.offered_from_id}
    if not led:
        return {}
    days = db.execute(select(Occurrence.id, Occurrence.day).where(Occurrence.id.in_(set(led.values()))))
    day_of = {row.id: row.day.isoformat() for row in days if row.day is not None}
    return {row_id: day_of[sitting] for row_id, sitting in led.items() if sitting in day_of}


def _carry_on(db: Db, occurrence: Occurrence) -> None:
    """What waits to leave still holds: it goes on under the sitting's new sequence."""
    waiting = update(Letter).where(
        Letter.occurrence_id == occurrence.id, Letter.kind.in_(ABOUT_SITTING), Letter.state.in_(("due", "held"))
    )
    db.execute(waiting.values(sequence=occurrence.sequence), execution_options=QUIETLY)


def _stay(db: Db, occurrence: Occurrence, coming: list[Registration], now: datetime) -> None:
    """Number and window stay as they are."""


def _move(db: Db, occurrence: Occurrence, coming: list[Registration], now: datetime) -> None:
    """The numbers stay, the windows go with the day and the hours; who had come already comes again."""
    for one in coming:
        put(one, **COMES_AGAIN)
    renew_windows(db, occurrence, coming)


def _change_hours(db: Db, occurrence: Occurrence, coming: list[Registration], now: datetime) -> None:
    renew_windows(db, occurrence, coming)


def _hand_over(db: Db, occurrence: Occurrence, coming: list[Registration], now: datetime) -> None:
    """All of them, also who came or withdrew, belong to the unit that follows."""
    mine = update(Registration).where(Registration.occurrence_id == occurrence.id)
    db.execute(mine.values(unit_id=occurrence.unit_id), execution_options=QUIETLY)
    for one in coming:
        put(one, unit_id=occurrence.unit_id)


def _offer(db: Db, occurrence: Occurrence, coming: list[Registration], now: datetime) -> None:
    """Each gets a place in the next sitting of the same head, in the order of the numbers; without one they wait."""
    while True:
        later = later_sittings(db, occurrence, now=now, most=1)
        if not later:
            return
        if hold_still(db, later[0], alone=True):
            break
    leave_seats(db, take_seats(db, later[0], coming, now=now))
    for one in coming:
        if one.occurrence_id != occurrence.id:
            put(one, offered_at=now, offered_from_id=one.offered_from_id or occurrence.id, **COMES_AGAIN)


def _brought_back(db: Db, occurrence: Occurrence, *, now: datetime) -> list[Registration]:
    """Who was offered another sitting instead of this one and has not answered: they come to it after all."""
    query = select(Registration).where(
        Registration.offered_from_id == occurrence.id,
        Registration.offered_at.is_not(None),
        Registration.state.in_(COMING),
    )
    away = held_rows(db, query.order_by(Registration.registered_at, Registration.id))
    leave_seats(db, take_seats(db, occurrence, away, now=now))
    back = [one for one in away if one.occurrence_id == occurrence.id]
    for one in back:
        put(one, offered_at=None, offered_from_id=None)
    return back


FOLLOWED: dict[str, Callable[[Db, Occurrence, list[Registration], datetime], None]] = {
    "move": _move,
    "change_hours": _change_hours,
    "cancel": _offer,
    "hand_over": _hand_over,
}
"""What a step does to the registrations; every other one leaves them as they are."""


def _tell(
    db: Db,
    occurrence: Occurrence,
    change: OccurrenceChange,
    told: Iterable[Registration],
    *,
    now: datetime,
    key: str = "registration-change",
    known_days: Mapping[int, str] = MappingProxyType({}),
) -> int:
    rows = list(told)
    if not rows:
        return 0
    about = news_of(occurrence, told_on=local_date(now)) if change.step not in ANEW else None
    news = [_news(db, change, one, about) for one in rows]
    for one in news:
        if one.registration.id in known_days:
            one.facts["old_day"] = known_days[one.registration.id]
    key = f"{key}:{occurrence.id}:{occurrence.sequence}"
    return tell_registrants(db, news, "registration-change", occurrence, key=key, now=now, change=change)


def _news(db: Db, change: OccurrenceChange, one: Registration, about: SittingNews | None) -> News:
    step = "offer" if one.occurrence_id != change.occurrence_id else change.step
    facts = registration_facts(db, one) | {
        "step": step,
        "old_day": change.before["day"],
        "old_hours": change.before["hours"],
        "old_place": change.before["place"],
        "reason": change.reason,
        "told_by": change.after["told_by"],
        "chair": about.chair if about is not None and change.after["stands_in"] else "",
    }
    if step in WITHOUT_DAY:
        facts["arrive"] = None
    if step == "cancel":
        facts["ticket"] = None
    words = telephone_words(about, one.language, ticket=one.ticket) if about is not None else ""
    return News(one, facts, words)
