"""Calls to whom no letter reaches, made in the transaction of the change, and old posted sheets to take down."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update

from scheduler.actions.ledger import record
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound
from scheduler.language.mouths import telephone_words
from scheduler.letters import has_text, words_to_read
from scheduler.models import Call, Letter, Occurrence, OccurrenceChange, OldSheet, Posting, Unit
from scheduler.queries.access import require
from scheduler.queries.audience import Listener, audience_of
from scheduler.queries.mouths import news_of
from scheduler.rules.calls import CALL_ANSWERS
from scheduler.rules.letters import ABOUT_SITTING, LETTER
from scheduler.rules.permissions import Actor


def void_calls(db: Db, occurrence_id: int, *, now: datetime) -> None:
    """Close the sitting's open calls: what they would say is no longer so. Those to who registered are their own."""
    standing = update(Call).where(
        Call.occurrence_id == occurrence_id, Call.registration_id.is_(None), Call.state == "open"
    )
    db.execute(standing.values(state="void", closed_at=now))


def list_call(db: Db, change: OccurrenceChange, listener: Listener, *, now: datetime) -> Call:
    """One call to make for the newest change of a sitting, with the sentences to read out."""
    call = _call(change.occurrence, listener, now=now)
    call.change_id = change.id
    db.add(call)
    return call


def call_instead(db: Db, letter: Letter, *, now: datetime) -> Call | None:
    """A letter whose news does not wait was refused for good: its reader is called, unless it is no longer so."""
    if not LETTER[letter.kind].urgent or letter.occurrence_id is None:
        return None
    occurrence = db.get_one(Occurrence, letter.occurrence_id)
    if _called_already(db, letter) or occurrence.sequence != letter.sequence:
        return None
    if letter.registration_id is not None:
        return list_call_for(db, letter, now=now)
    known = {one.email.lower(): one for one in audience_of(db, occurrence) if one.email}
    listener = known.get(letter.recipient.lower())
    phone = listener.phone if listener else ""
    name = letter.recipient_name or letter.recipient
    asked = Listener(letter.facts["why_you"], name, letter.recipient, phone, letter.language)
    call = _call(occurrence, asked, now=now)
    call.letter_id = letter.id
    db.add(call)
    return call


def list_call_for(db: Db, letter: Letter, *, now: datetime) -> Call | None:
    """A call to who registered, in place of a letter or message; name and number stay sealed until it is shown."""
    if letter.occurrence_id is None or letter.unit_id is None or not has_text(letter.kind):
        return None
    if _called_already(db, letter):
        return None
    call = Call(
        unit_id=letter.unit_id,
        occurrence_id=letter.occurrence_id,
        letter_id=letter.id,
        registration_id=letter.registration_id,
        role="registered",
        name="",
        words=words_to_read(letter.kind, letter.facts, letter.language),
        state="open",
        made_at=now,
    )
    db.add(call)
    db.flush()
    return call


def _called_already(db: Db, letter: Letter) -> bool:
    return db.scalar(select(Call.id).where(Call.letter_id == letter.id)) is not None


def call_no_more(db: Db, letter: Letter, *, now: datetime) -> None:
    """The letter left after all: its reader need not be called."""
    if not LETTER[letter.kind].urgent:
        return
    of_letter = update(Call).where(Call.letter_id == letter.id, Call.state == "open")
    db.execute(of_letter.values(state="void", closed_at=now))


def find_past_calls(db: Db, now: datetime) -> list[int]:
    """Sittings that are over and of which somebody who registered was still to be told."""
    return sorted(set(db.scalars(_past(select(Call.occurrence_id), now))))


def void_past_calls(db: Db, occurrence_id: int, *, now: datetime) -> None:
    """Close the calls about a sitting that is over: nobody comes to it any more."""
    late = _past(select(Call.id), now).where(Call.occurrence_id == occurrence_id)
    closed = update(Call).where(Call.id.in_(late)).values(state="void", closed_at=now)
    db.execute(closed, execution_options={"synchronize_session": False})


def _past(query: Select[int], now: datetime) -> Select[int]:
    return (
        query.join(Occurrence, Occurrence.id == Call.occurrence_id)
        .join(Letter, Letter.id == Call.letter_id)
        .where(
            Call.state == "open",
            Call.unit_id.in_(select(Unit.id)),  # so that the index of what is open is walked
            Call.registration_id.is_not(None),
            Letter.kind.in_(ABOUT_SITTING),
            Occurrence.ends_at < now,
            Occurrence.state != "cancelled",
        )
    )


def note_call(db: Db, call_id: int, answer: str, *, tries: int, by: Actor, now: datetime) -> Call:
    """Note what became of a call. `tries` is the number the caller saw: the same press twice is one try.

    Raises BadInput for an answer that is none, NotFound for no such call, NotAllowed for a resident's without the
    right to receive.
    """
    call = db.get(Call, call_id)
    if call is None:
        raise NotFound("errors.not-found")
    require(db, by, "change", call.unit_id)
    if call.registration_id is not None:
        require(db, by, "receive", call.unit_id)
    if answer not in CALL_ANSWERS:
        raise BadInput("forms.not-a-choice", "answer")
    if call.state != "open" or call.tries != tries:
        return call
    if answer == "called":
        call.state, call.closed_at, call.closed_by_id = "called", now, by.account_id
        subject = f"occurrence:{call.occurrence_id}"
        record(db, "call.made", by=by, now=now, unit_id=call.unit_id, subject=subject, **_who(call))
    else:
        call.tries += 1
    call.tried_at = now
    db.flush()
    return call


def list_old_sheets(db: Db, occurrence: Occurrence, *, now: datetime) -> int:
    """List what hangs of the sitting's notice as to be taken down, each sheet once. Returns how many are new."""
    if occurrence.notice_id is None:
        return 0
    # This site shows the change by itself; what was pasted on a wall or into a chat does not.
    listed = select(OldSheet.posting_id)
    hanging = select(Posting.id).where(
        Posting.notice_id == occurrence.notice_id, Posting.where != "website", Posting.id.not_in(listed)
    )
    found = list(db.scalars(hanging))
    db.add_all(
        OldSheet(unit_id=occurrence.unit_id, posting_id=posting, occurrence_id=occurrence.id, made_at=now)
        for posting in found
    )
    return len(found)


def take_down(db: Db, sheet_ids: Iterable[int], *, by: Actor, now: datetime) -> int:
    """Note that old sheets hang no more; one that is down already stays so. Returns how many were taken down."""
    sheets = list(db.scalars(select(OldSheet).where(OldSheet.id.in_(tuple(sheet_ids)))))
    if not sheets:
        raise NotFound("errors.not-found")
    for unit_id in {sheet.unit_id for sheet in sheets}:
        require(db, by, "post", unit_id)
    standing = [sheet for sheet in sheets if sheet.taken_down_at is None]
    for sheet in standing:
        sheet.taken_down_at, sheet.taken_down_by_id = now, by.account_id
        subject = f"occurrence:{sheet.occurrence_id}"
        record(db, "sheet.taken-down", by=by, now=now, unit_id=sheet.unit_id, subject=subject)
    db.flush()
    return len(standing)


def _who(call: Call) -> dict[str, Any]:
    """Whom the ledger names: a resident by the registration alone."""
    return {"registration": call.registration_id} if call.registration_id is not None else {"name": call.name}


def _call(occurrence: Occurrence, listener: Listener, *, now: datetime) -> Call:
    news = news_of(occurrence, told_on=local_date(now))
    return Call(
        unit_id=occurrence.unit_id,
        occurrence_id=occurrence.id,
        role=listener.role,
        name=listener.name,
        phone=listener.phone,
        words=telephone_words(news, listener.language),
        state="open",
        made_at=now,
    )
