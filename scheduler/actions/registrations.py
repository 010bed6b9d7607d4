"""Somebody registers for a sitting: a number, a code, a sealed record; nobody is refused a reception."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from scheduler.actions.ledger import record
from scheduler.actions.registration_changes import (
    Wish,
    accept_offer,
    change_registration,
    decline_offer,
    tell_confirmed,
    withdraw,
)
from scheduler.actions.registration_given import RESIDENT, Given, body_mark, checked, fresh_code, named, same_form
from scheduler.actions.registration_limits import require_few
from scheduler.actions.registration_places import (
    TakenPlace,
    held_sitting,
    next_ticket,
    place_in,
    queue_of,
    take_place,
)
from scheduler.database import Db, vault_of
from scheduler.errors import NotAllowed
from scheduler.links import new_slug
from scheduler.models import Occurrence, Registration
from scheduler.queries.registrations import guard_of, open_for_registration
from scheduler.rules.permissions import Actor
from scheduler.rules.registrations import COME_ALREADY, DATA_NOTICE

__all__ = [
    "RESIDENT",
    "Given",
    "Wish",
    "accept_offer",
    "change_registration",
    "decline_offer",
    "enter_visit",
    "next_ticket",
    "note_reading",
    "place_in",
    "queue_of",
    "register",
    "withdraw",
]


def register(db: Db, slug: str, given: Given, *, by: Actor, now: datetime) -> Registration:
    """A place in the queue of a public sitting, with a code; after its last day to register in the next one.

    Raises NotFound, NotAllowed, BadInput, Stale (over, no seat or window left, a form used for other words),
    TooMany, RuleBroken("registrations.denounces") where a text speaks of a denunciation: then nothing is kept.
    """
    asked = open_for_registration(db, slug)
    if by != RESIDENT and not by.ever("register"):
        raise NotAllowed("errors.not-allowed")
    given = checked(given, contact_needed=by == RESIDENT)
    known = same_form(db, given)
    if known is not None:
        return known
    if by == RESIDENT:
        require_few(db, given.client, guard_of(db, given.contact, given.name), now=now)
    occurrence = held_sitting(db, asked, now=now)
    if occurrence is not asked:
        given = replace(given, window=None)
    try:
        with db.begin_nested():
            registration = enter_visit(db, occurrence, given, asked=asked, by=by, now=now)
    except IntegrityError:
        known = same_form(db, given)
        if known is None:
            raise
        return known
    tell_confirmed(db, registration, now=now)
    return registration


def enter_visit(
    db: Db,
    occurrence: Occurrence,
    given: Given,
    *,
    asked: Occurrence | None = None,
    place: TakenPlace | None = None,
    by: Actor,
    now: datetime,
) -> Registration:
    """Write down a visit to this very sitting, without asking whether it may be registered for.

    `given` as it was checked; `place` where its number stands on paper already. Who stands at the door takes a number
    only, neither seat nor window. Raises Stale where the hall or the wished window is full.
    """
    if place is None and given.way in COME_ALREADY:
        place = TakenPlace(next_ticket(db, occurrence.id), None, None)
    place = place or take_place(db, occurrence, given.people, wanted=given.window, now=now)
    registration = Registration(
        slug=new_slug(),
        occurrence_id=occurrence.id,
        asked_occurrence_id=(asked or occurrence).id,
        unit_id=occurrence.unit_id,
        ticket=place.ticket,
        arrive_from=place.arrive_from,
        arrive_until=place.arrive_until,
        state="booked",
        data_notice=DATA_NOTICE,
        entered_by_id=by.account_id,
        registered_at=now,
    )
    _write_down(db, registration, given)
    registration.occurrence, registration.asked_occurrence = occurrence, asked or occurrence
    db.add(registration)
    db.flush()
    record(db, "registration.made", by=by, now=now, **named(registration), way=given.way, ticket=place.ticket)
    return registration


def _write_down(db: Db, registration: Registration, given: Given) -> None:
    """What was told, sealed, with the marks by which it is found again."""
    vault = vault_of(db)
    registration.guard_mark = guard_of(db, given.contact, given.name or registration.slug)
    code = fresh_code(db, registration.guard_mark)
    registration.code, registration.code_mark = vault.seal(code), vault.mark(code)
    registration.name, registration.contact = vault.seal(given.name), vault.seal(given.contact)
    registration.home, registration.words = vault.seal(given.home), vault.seal(given.words)
    registration.representatives = vault.seal("\n".join(given.representatives))
    registration.contact_kind, registration.topic = given.contact_kind, given.topic
    registration.people, registration.way, registration.language = given.people, given.way, given.language
    if given.form:
        registration.form_mark, registration.form_body = vault.mark(f"form\0{given.form}"), body_mark(db, given)


def note_reading(db: Db, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Note in the ledger who read what was told, without a word of it."""
    record(db, "registration.read", by=by, now=now, **named(registration))
