"""How somebody registered is told: by letter, by message to a telephone, or by a call where neither can be sent.

No name and no address stands in the outbox: the letter names the registration, and is filled when it leaves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, update

from scheduler.actions.letters import Recipient, letter_row, queue_rows
from scheduler.database import Db, sends_messages
from scheduler.letters import has_text, words_to_read
from scheduler.models import Call, Letter, Occurrence, OccurrenceChange, Registration
from scheduler.queries.agenda import host_titles
from scheduler.queries.mouths import place_words
from scheduler.rules.letters import ABOUT_SITTING, LETTER

NOT_CALLED = {"registration-confirmed": ("phone", "counter", "officer", "door", "paper")}
"""Whoever registered in these ways has heard it from somebody already."""
ROLE = "registered"


@dataclass(frozen=True)
class News:
    """What one of those who registered is told: the facts of the letter's kind, and the sentences for a call."""

    registration: Registration
    facts: dict[str, Any]
    words: str = ""


@dataclass(frozen=True)
class Cause:
    """Why so many are told something at once: the letter's kind, the sitting it is about, and what makes it unique."""

    kind: str
    occurrence: Occurrence
    key: str
    now: datetime
    due_at: datetime
    change: OccurrenceChange | None = None


def tell_registrant(
    db: Db,
    registration: Registration,
    kind: str,
    facts: dict[str, Any],
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    words: str = "",
) -> bool:
    """Queue one letter or message to who registered; `key` makes it unique for its cause. False: it was told already.

    Whom neither reaches is put on the call list with `words` to read out, those of the kind where none are given.
    """
    news = [News(registration, facts, words)]
    return tell_registrants(db, news, kind, registration.occurrence, key=key, now=now, due_at=due_at) > 0


def tell_registrants(
    db: Db,
    news: Iterable[News],
    kind: str,
    occurrence: Occurrence,
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    change: OccurrenceChange | None = None,
) -> int:
    """The same for many in few statements. `occurrence` is the sitting that the news are about. Returns how many."""
    cause = Cause(kind, occurrence, key, now, due_at or now, change)
    texting = sends_messages(db)
    ways = [(one, channel_of(one.registration, kind, texting=texting)) for one in news]
    rows = [(one, _row(db, one, cause, channel)) for one, channel in ways if channel]
    fresh = queue_rows(db, [row for _, row in rows])
    calls = [
        _call(one, row, cause, fresh[row["key"]])
        for one, row in rows
        if row["channel"] == "call" and row["key"] in fresh
    ]
    if calls:
        db.execute(insert(Call), calls)
    return len(fresh)


def channel_of(registration: Registration, kind: str, *, texting: bool) -> str:
    """The way out for this kind: "email", "sms" or "call"; "" where there is nothing to be told by hand."""
    if registration.erased_at is not None:
        return ""
    if registration.contact_kind == "email":
        return "email"
    if registration.contact_kind == "phone" and texting and has_text(kind):
        return "sms"
    if registration.way in NOT_CALLED.get(kind, ()) or not has_text(kind):
        return ""
    return "call"


def stop_telling(db: Db, registration_ids: Iterable[int], *, now: datetime) -> None:
    """Close what has not left and what nobody called yet: it is no longer so, or a newer word takes its place."""
    ids = tuple(registration_ids)
    unsent = update(Letter).where(Letter.registration_id.in_(ids), Letter.state.in_(("due", "held")))
    options = {"synchronize_session": False}
    db.execute(unsent.where(Letter.kind.in_(ABOUT_SITTING)).values(state="not-wanted"), execution_options=options)
    standing = update(Call).where(Call.registration_id.in_(ids), Call.state == "open")
    db.execute(standing.values(state="void", closed_at=now), execution_options=options)


def _row(db: Db, one: News, cause: Cause, channel: str) -> dict[str, Any]:
    registration, occurrence = one.registration, cause.occurrence
    ends_at = occurrence.ends_at if LETTER[cause.kind].dated else None
    return letter_row(
        db,
        cause.kind,
        Recipient("", language=registration.language, about=f"registration:{registration.id}", channel=channel),
        _completed(cause.kind, one.facts, registration.occurrence),
        key=cause.key,
        due_at=cause.due_at,
        now=cause.now,
        unit_id=registration.unit_id,
        occurrence_id=occurrence.id,
        registration_id=registration.id,
        sequence=occurrence.sequence,
        expires_at=ends_at if ends_at is not None and ends_at > cause.now else None,
        state="called" if channel == "call" else "due",
    )


def _completed(kind: str, facts: dict[str, Any], occurrence: Occurrence) -> dict[str, Any]:
    """The facts with what every letter about a sitting says; the code is filled in when the letter leaves."""
    known = {"post": ", ".join(host_titles(occurrence)), "code": ""}
    given = {name: value for name, value in known.items() if name in LETTER[kind].facts} | facts
    if "place" in given:
        given["place"] = given["place"] or place_words(occurrence)
    return given


def _call(one: News, row: dict[str, Any], cause: Cause, letter_id: int) -> dict[str, Any]:
    """A line of the call list that holds neither name nor number: they are unsealed when it is shown."""
    return dict(  # noqa: C408 (the columns read better as names)
        unit_id=row["unit_id"],
        occurrence_id=row["occurrence_id"],
        change_id=cause.change.id if cause.change is not None else None,
        letter_id=letter_id,
        registration_id=row["registration_id"],
        role=ROLE,
        name="",
        phone="",
        words=one.words or words_to_read(cause.kind, row["facts"], row["language"]),
        state="open",
        tries=0,
        made_at=cause.now,
    )
