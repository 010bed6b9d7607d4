"""Registrations as pages, the counter and letters read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.clock import at_local, local_date, to_local
from scheduler.database import Db, vault_of
from scheduler.errors import NotFound, Stale
from scheduler.models import ArrivalWindow, Occurrence, OccurrenceHost, Place, Queue, Registration, Unit
from scheduler.models.base import plain
from scheduler.queries.access import may
from scheduler.queries.agenda import WHOLE, public_occurrence
from scheduler.queries.office_settings import office_settings
from scheduler.queries.units import place_of
from scheduler.rules.arrival_windows import (
    LEAST_MINUTES,
    USUAL_MINUTES,
    USUAL_PLACES,
    WINDOWED,
    Span,
    windows_between,
)
from scheduler.rules.permissions import Actor
from scheduler.rules.registrations import FOLLOWED_BY, OPEN, asked_too_late
from scheduler.sealing import UNREADABLE

SLUG_LENGTH = 64
LOOKED_THROUGH = 40
"""So many later sittings of a head are looked through for one that is still open."""
TEXTS = ("name", "contact", "home", "words", "representatives", "code")
"""The sealed columns of a registration."""
ON_THE_DAY = "register_on_the_day"
"""The office's setting: whether somebody may still register on the day of the sitting."""


@dataclass(frozen=True)
class Told:
    """What somebody told when registering, unsealed."""

    name: str
    contact: str
    home: str
    words: str
    representatives: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Window:
    """An arrival window with the places that are left."""

    starts_at: datetime
    ends_at: datetime
    places: int
    left: int


@dataclass(frozen=True)
class Above:
    """The office above, to which a matter about the leaders or officials of a place belongs; None: the central one."""

    unit: Unit | None
    phone: str
    address: str
    sittings: tuple[Occurrence, ...]


def find_registration(db: Db, slug: str) -> Registration:
    """The registration with this address, with its sitting. Raises NotFound."""
    found = None
    if len(slug) <= SLUG_LENGTH and slug.isascii() and slug.isalnum():
        query = select(Registration).where(Registration.slug == slug)
        found = db.scalars(query.options(joinedload(Registration.occurrence))).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def open_for_registration(db: Db, slug: str) -> Occurrence:
    """The public sitting with this address. Raises NotFound as if a draft did not exist."""
    return public_occurrence(db, slug)


def may_be_registered_for(occurrence: Occurrence, *, now: datetime) -> bool:
    """Whether the sitting takes place on a known day and is not over."""
    return occurrence.state == "published" and occurrence.ends_at is not None and occurrence.ends_at > now


def cut_off_passed(occurrence: Occurrence, today: date, *, on_the_day: bool = True) -> bool:
    """Whether its last day to register is over."""
    return asked_too_late(occurrence.register_by, occurrence.day or today, today, on_the_day=on_the_day)


def sitting_to_register_for(db: Db, asked: Occurrence, *, now: datetime) -> Occurrence:
    """The sitting itself, or after its last day to register the next one of the same head.

    Raises Stale where neither can be registered for: it says that coming is always possible, and whom to ask.
    """
    phone = phone_of(asked)
    if not may_be_registered_for(asked, now=now):
        known = asked.state if asked.state in ("postponed", "cancelled") else "over"
        raise Stale(f"registrations.sitting-{known}", phone=phone)
    if not cut_off_passed(asked, local_date(now), on_the_day=_on_the_day(db, [asked])[asked.id]):
        return asked
    later = later_sittings(db, asked, now=now, most=1)
    if not later:
        raise Stale("registrations.late-no-next", phone=phone)
    return later[0]


def later_sittings(db: Db, occurrence: Occurrence, *, now: datetime, most: int = 6) -> list[Occurrence]:
    """The next public sittings of the same head that can still be registered for, by their beginning."""
    after = max(occurrence.starts_at, now) if occurrence.starts_at is not None else now
    hosts = [host.post_id for host in occurrence.hosts]
    query = select(Occurrence).where(
        Occurrence.state == "published",
        Occurrence.kind == FOLLOWED_BY.get(occurrence.kind, occurrence.kind),
        Occurrence.starts_at > after,
        Occurrence.id != occurrence.id,
    )
    if hosts:
        hosted = select(OccurrenceHost.occurrence_id)
        query = query.where(
            Occurrence.id.in_(hosted.where(OccurrenceHost.post_id.in_(hosts), OccurrenceHost.starts_at > after))
        )
    else:
        query = query.where(Occurrence.unit_id == occurrence.unit_id, Occurrence.day >= local_date(after))
    query = query.order_by(Occurrence.starts_at, Occurrence.id).limit(LOOKED_THROUGH).options(*WHOLE)
    found, today = list(db.scalars(query).unique()), local_date(now)
    open_on = _on_the_day(db, found)
    return [one for one in found if not cut_off_passed(one, today, on_the_day=open_on[one.id])][:most]


def _on_the_day(db: Db, occurrences: Iterable[Occurrence]) -> dict[int, bool]:
    known = office_settings(db)
    return {one.id: bool(known.value(ON_THE_DAY, one.unit_id, one.day or one.planned_day)) for one in occurrences}


def phone_of(occurrence: Occurrence) -> str:
    """The number to ask about the sitting: of its place, its unit, or the place the unit belongs to."""
    unit = occurrence.unit
    at = occurrence.place_row.phone if occurrence.place_row else ""
    return at or unit.phone or (unit.parent.phone if unit.parent else "")


def windows_of(db: Db, occurrence: Occurrence, *, now: datetime) -> list[Window]:
    """Its arrival windows that are not over, in order, full ones too; the usual ones until it has its own."""
    query = select(ArrivalWindow).where(ArrivalWindow.occurrence_id == occurrence.id)
    rows = db.scalars(query.order_by(ArrivalWindow.starts_at)).all()
    known = [Window(row.starts_at, row.ends_at, row.places, row.places - row.taken) for row in rows]
    if not known and find_queue(db, occurrence.id) is None:
        known = [Window(since, until, USUAL_PLACES, USUAL_PLACES) for since, until in usual_windows(occurrence)]
    return [window for window in known if window.ends_at > now]


def usual_windows(occurrence: Occurrence) -> list[Span]:
    """The windows a reception has unless its office wants others; to a conference everybody comes at its beginning."""
    spans = spans_of(occurrence)
    if occurrence.kind not in WINDOWED or not spans:
        return []
    shortest = min(int((until - since).total_seconds()) // 60 for since, until in spans)
    return windows_between(spans, min(USUAL_MINUTES, shortest)) if shortest >= LEAST_MINUTES else []


def spans_of(occurrence: Occurrence) -> list[Span]:
    """The sitting's hours as moments; none while it has no day."""
    if occurrence.day is None:
        return []
    pairs = [hours.split("-") for hours in occurrence.hours]
    return [(at_local(occurrence.day, since), at_local(occurrence.day, until)) for since, until in pairs]


def find_queue(db: Db, occurrence_id: int) -> Queue | None:
    """The sitting's queue, None where nobody registered yet."""
    return db.scalars(select(Queue).where(Queue.occurrence_id == occurrence_id)).one_or_none()


def seats_left(db: Db, occurrence_id: int) -> int | None:
    """How many seats of the hall are left; None where nobody counts them."""
    queue = find_queue(db, occurrence_id)
    return None if queue is None or queue.seats is None else queue.seats - queue.taken


def told_in(db: Db, registration: Registration) -> Told:
    """What was told, unsealed; blank once it was erased."""
    vault = vault_of(db)
    texts = {column: vault.open(getattr(registration, column)) for column in TEXTS}
    texts["code"] = "" if texts["code"] == UNREADABLE else texts["code"]
    names = tuple(texts.pop("representatives").splitlines())
    return Told(representatives=names, **texts)


def guard_of(db: Db, contact: str, name: str = "") -> str:
    """The mark under which a registration is found again: of its contact, of the plain name where there is none."""
    return vault_of(db).mark(contact or plain(name))


def registration_by_code(db: Db, code: str, guards: Iterable[str]) -> Registration | None:
    """The registration with this code and one of these marks; None as well for what was erased."""
    vault = vault_of(db)
    query = select(Registration).where(
        Registration.guard_mark.in_(tuple(guards)), Registration.code_mark == vault.mark(code)
    )
    return db.scalars(query.order_by(Registration.id.desc()).limit(1)).one_or_none()


def registration_facts(db: Db, registration: Registration) -> dict[str, Any]:
    """What every letter to who registered tells, without a word of what was told: days and hours as text."""
    occurrence = registration.occurrence
    day = occurrence.day or occurrence.planned_day
    spans = (registration.arrive_from, registration.arrive_until)
    return {
        "unit": occurrence.unit.name,
        "kind": occurrence.kind,
        "day": day.isoformat(),
        "hours": list(occurrence.hours),
        "place": occurrence.place,
        "ticket": registration.ticket,
        "arrive": [f"{to_local(at):%H:%M}" for at in spans if at] or None,
        "phone": phone_of(occurrence),
        "code": "",
        "url": f"/registrations/{registration.slug}",
        "why_you": "registered",
    }


def entered_by(db: Db, account_id: int, *, most: int = 50) -> list[Registration]:
    """What a member of staff entered for others, the newest first."""
    query = select(Registration).where(Registration.entered_by_id == account_id)
    query = query.order_by(Registration.id.desc()).limit(most)
    sitting = joinedload(Registration.occurrence)
    return list(db.scalars(query.options(sitting.joinedload(Occurrence.unit), sitting.selectinload(Occurrence.hosts))))


def require_sight(db: Db, registration: Registration, actor: Actor) -> None:
    """Raise NotFound unless the actor receives at the sitting's unit or entered the registration himself."""
    own = actor.account_id is not None and registration.entered_by_id == actor.account_id
    if not own and not may(db, actor, "receive", registration.unit_id):
        raise NotFound("errors.not-found")


def open_ones(db: Db, guard_mark: str, since: datetime) -> int:
    """How many open registrations of this contact were made since then."""
    query = select(func.count(Registration.id)).where(
        Registration.guard_mark == guard_mark, Registration.state.in_(OPEN), Registration.registered_at > since
    )
    return db.scalar(query) or 0


def office_above(db: Db, occurrence: Occurrence, *, now: datetime) -> Above:
    """The body of the same kind one place higher, with its next sittings that can be registered for."""
    place = place_of(occurrence.unit)
    higher = place.parent
    if higher is None:
        return Above(None, "", "", ())
    bodies = select(Unit).where(Unit.parent_id == higher.id, Unit.kind == occurrence.unit.kind, Unit.valid_to.is_(None))
    body = db.scalars(bodies.options(selectinload(Unit.places)).order_by(Unit.id).limit(1)).one_or_none() or higher
    open_places = [one for one in (*body.places, *higher.places) if one.closed_on is None]
    at = next((one for one in open_places if one.address or one.name), None)
    return Above(
        body,
        (at.phone if at else "") or body.phone or higher.phone,
        _where(at) or body.address or higher.address,
        _next_of(db, (body.id, higher.id), now=now),
    )


def _where(place: Place | None) -> str:
    return ", ".join(part for part in (place.name, place.address) if part) if place else ""


def _next_of(db: Db, unit_ids: tuple[int, ...], *, now: datetime) -> tuple[Occurrence, ...]:
    query = select(Occurrence).where(
        Occurrence.unit_id.in_(unit_ids),
        Occurrence.state == "published",
        Occurrence.kind.in_(("periodic_reception", "adhoc_reception")),
        Occurrence.day >= local_date(now),
        Occurrence.ends_at > now,
    )
    query = query.order_by(Occurrence.day, Occurrence.starts_at, Occurrence.id).limit(3).options(*WHOLE)
    return tuple(db.scalars(query).unique())
