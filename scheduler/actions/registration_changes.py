"""What a resident changes afterwards: the contact, the words, the window, the sitting; takes back, answers an offer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import inspect

from scheduler.actions.ledger import record, stale
from scheduler.actions.registration_contact import checked_contact
from scheduler.actions.registration_given import checked_topic, fresh_code, knows_code, named, refuse_denunciation
from scheduler.actions.registration_letters import stop_telling, tell_registrant
from scheduler.actions.registration_places import (
    free_window,
    give_back,
    hold_queue,
    hold_still,
    place_in,
    take_window,
)
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Registration
from scheduler.queries.registrations import guard_of, later_sittings, may_be_registered_for, registration_facts
from scheduler.rules.permissions import Actor
from scheduler.rules.registration_input import checked_words
from scheduler.rules.registrations import next_registration_state


@dataclass(frozen=True)
class Wish:
    """What a resident changes of a registration; None stays as it is. `sitting` is another one of the same head."""

    contact: str | None = None
    topic: str | None = None
    words: str | None = None
    window: datetime | None = None
    sitting: str = ""


def tell_confirmed(db: Db, registration: Registration, *, now: datetime) -> None:
    """Tell who registered the number, the window and the code; once for each sitting and contact."""
    asked, occurrence = registration.asked_occurrence, registration.occurrence
    facts = registration_facts(db, registration)
    facts["asked_day"] = asked.day.isoformat() if asked is not occurrence and asked.day else ""
    key = f"registration-confirmed:{occurrence.id}:{registration.guard_mark[:8]}"
    tell_registrant(db, registration, "registration-confirmed", facts, key=key, now=now)


def change_registration(
    db: Db, registration: Registration, wish: Wish, *, version: int, by: Actor, now: datetime
) -> None:
    """Change the contact, the topic, the words, the window or the sitting of a registration that still stands.

    Raises Stale where somebody changed it since `version`, or where the window or the hall is full; RuleBroken where
    it no longer stands, or the words denounce somebody; BadInput.
    """
    _require_standing(db, registration, version, by=by, now=now)
    vault, told_before = vault_of(db), (registration.occurrence_id, registration.guard_mark)
    if wish.words is not None and checked_words(wish.words) != vault.open(registration.words):
        refuse_denunciation(wish.words)
        registration.words = vault.seal(checked_words(wish.words))
    if wish.topic is not None:
        registration.topic = checked_topic(wish.topic)
    if wish.contact:
        _change_contact(db, registration, wish.contact)
    if wish.sitting and wish.sitting != registration.occurrence.slug:
        _change_sitting(db, registration, wish, now=now)
    elif wish.window is not None and wish.window != registration.arrive_from:
        hold_queue(db, registration.occurrence_id)
        span = take_window(db, registration.occurrence_id, wish.window, now=now)
        free_window(db, registration)
        registration.arrive_from, registration.arrive_until = span or (None, None)
    db.flush()
    record(db, "registration.changed", by=by, now=now, **named(registration))
    if told_before != (registration.occurrence_id, registration.guard_mark):
        stop_telling(db, [registration.id], now=now)
        tell_confirmed(db, registration, now=now)


def withdraw(db: Db, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Take the registration back; its seat and window are free for others. A second time changes nothing.

    Raises RuleBroken once it was called or received.
    """
    if registration.state == "withdrawn":
        return
    registration.state = next_registration_state(registration.state, "withdraw")
    registration.withdrawn_at, registration.offered_at = now, None
    give_back(db, registration)
    stop_telling(db, [registration.id], now=now)
    db.flush()
    record(db, "registration.withdrawn", by=by, now=now, **named(registration))


def accept_offer(db: Db, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Take the sitting that was offered instead of a cancelled one. A second time changes nothing."""
    if registration.offered_at is None:
        return
    registration.offered_at = None
    db.flush()
    record(db, "registration.offer-accepted", by=by, now=now, **named(registration))


def decline_offer(db: Db, registration: Registration, *, by: Actor, now: datetime) -> None:
    """Decline the sitting that was offered: the registration ends. A second time changes nothing."""
    if registration.offered_at is not None:
        withdraw(db, registration, by=by, now=now)


def _require_standing(db: Db, registration: Registration, version: int, *, by: Actor, now: datetime) -> None:
    # Held before any queue, as a change of its sitting does: then neither waits for the other.
    db.refresh(registration, [column.key for column in inspect(Registration).column_attrs], with_for_update=True)
    if registration.state != "booked" or not may_be_registered_for(registration.occurrence, now=now):
        raise RuleBroken("registrations.stands-no-more")
    if registration.version != version:
        subject = f"registration:{registration.id}"
        raise stale(db, subject, language=by.language, otherwise=registration.registered_at)


def _change_contact(db: Db, registration: Registration, text: str) -> None:
    kind, contact = checked_contact(text)
    vault = vault_of(db)
    guard, code = guard_of(db, contact), vault.open(registration.code)
    if guard != registration.guard_mark and knows_code(db, guard, code):
        code = fresh_code(db, guard)
        registration.code, registration.code_mark = vault.seal(code), vault.mark(code)
    registration.contact_kind, registration.contact = kind, vault.seal(contact)
    registration.guard_mark = guard


def _change_sitting(db: Db, registration: Registration, wish: Wish, *, now: datetime) -> None:
    offered = later_sittings(db, registration.occurrence, now=now)
    chosen = next((one for one in offered if one.slug == wish.sitting), None)
    if chosen is None or not hold_still(db, chosen):
        raise BadInput("registrations.no-such-sitting", "sitting")
    place_in(db, registration, chosen, now=now)
    registration.asked_occurrence_id, registration.asked_occurrence = chosen.id, chosen
    registration.offered_at = None
