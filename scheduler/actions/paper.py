"""Entry afterwards: what was written by hand at the counter, with the paper's own numbers and times, all or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from sqlalchemy import or_, select, update

from scheduler.actions.ledger import record
from scheduler.actions.paper_kit import reception
from scheduler.actions.registration_contact import checked_contact
from scheduler.actions.registration_places import TakenPlace, next_ticket, queue_of
from scheduler.actions.registrations import Given, enter_visit
from scheduler.clock import at_local, local_date, to_local
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, Faults, RuleBroken
from scheduler.models import Occurrence, Queue, Registration
from scheduler.queries.paper import block_of
from scheduler.rules.paper import COMES_FROM, MOST_ROWS, PaperRow, PaperVisit, read_rows, read_times
from scheduler.rules.permissions import Actor

ENTERED_WHILE = ("published", "held", "concluded")
"""States of a sitting in which its paper can be entered."""


@dataclass(frozen=True)
class Came:
    """Somebody registered who came, by the paper: from when to when, as typed."""

    slug: str
    starts: str
    ends: str


@dataclass(frozen=True)
class PaperSheet:
    """What was typed from paper. `form` is the form's own word, so that a row without a number is entered once."""

    rows: Sequence[PaperRow]
    came: Sequence[Came] = ()
    form: str = ""


@dataclass(frozen=True)
class Entered:
    """What was new in it: rows by hand, and registered people with their times."""

    rows: int
    came: int


@dataclass(frozen=True)
class Reading:
    """A sheet that is being read: of which sitting, by what time (None: its day is over), and what is wrong with it."""

    db: Db
    occurrence: Occurrence
    latest: time | None
    faults: list[BadInput] = field(default_factory=list)


def enter_paper(db: Db, slug: str, sheet: PaperSheet, *, by: Actor, now: datetime) -> Entered:
    """Make a received visit of each row, and note the times of those registered; what is there already is left alone.

    Raises NotFound, NotAllowed, RuleBroken for a sitting whose paper cannot be entered, and Faults with "rows.<n>" or
    "came.<n>" as places: nothing is written then.
    """
    occurrence = reception(db, slug, by=by)
    latest = latest_by(occurrence, now)
    if len(sheet.rows) > MOST_ROWS:
        raise RuleBroken("paper.too-many-rows", most=MOST_ROWS)
    if all(row.blank for row in sheet.rows) and not sheet.came:
        raise RuleBroken("paper.nothing-given")
    one_at_a_time(db, occurrence)
    reading = Reading(db, occurrence, latest)
    fresh = _new_rows(reading, sheet)
    coming = _new_times(reading, sheet.came)
    if reading.faults:
        raise Faults(reading.faults)
    for given, visit in fresh:
        _enter(db, occurrence, given, visit, by=by, now=now)
    for registration, (starts, ends) in coming:
        _receive(occurrence, registration, starts, ends)
    db.flush()
    if fresh or coming:
        record(
            db, "paper.entered", by=by, now=now, unit_id=occurrence.unit_id, subject=f"occurrence:{occurrence.id}",
            n=len(fresh), came=len(coming),
        )  # fmt: skip
    return Entered(len(fresh), len(coming))


def latest_by(occurrence: Occurrence, now: datetime) -> time | None:
    """The time by now on the sitting's day, None once the day is over. Raises RuleBroken before it."""
    if occurrence.state not in ENTERED_WHILE or occurrence.day is None:
        raise RuleBroken("paper.not-open")
    today = local_date(now)
    if occurrence.day > today:
        raise RuleBroken("paper.too-early")
    return to_local(now).time() if occurrence.day == today else None


def one_at_a_time(db: Db, occurrence: Occurrence) -> None:
    """Whoever enters the same sitting's paper meanwhile waits, and then sees what was entered."""
    queue_of(db, occurrence.id)
    mine = update(Queue).where(Queue.occurrence_id == occurrence.id).values(version=Queue.version + 1)
    db.execute(mine, execution_options={"synchronize_session": False})


def _new_rows(reading: Reading, sheet: PaperSheet) -> list[tuple[Given, PaperVisit]]:
    """The rows that are not there yet, with their contact read; the others that differ are faults."""
    db, occurrence = reading.db, reading.occurrence
    try:
        visits = read_rows(sheet.rows, block_of(db, occurrence.id), latest=reading.latest)
    except Faults as found:
        reading.faults.extend(found.faults)
        return []
    vault, fresh = vault_of(db), []
    words = {place: _form_word(occurrence, visit, sheet.form, place) for place, visit in visits.items()}
    marks = {place: vault.mark(f"form\0{word}") for place, word in words.items() if word}
    by_number, by_form = _kept(reading, visits, marks)
    for place, visit in visits.items():
        try:
            kind, contact = checked_contact(visit.contact, f"rows.{place}") if visit.contact else ("", "")
        except BadInput as fault:
            reading.faults.append(fault)
            continue
        given = Given(
            name=visit.name, contact_kind=kind, contact=contact, topic=visit.topic, words=visit.words,
            people=visit.people, way="paper", form=words[place],
        )  # fmt: skip
        there = by_number.get(visit.number) if visit.number is not None else by_form.get(marks.get(place))
        if there is None:
            fresh.append((given, visit))
        elif not _same(reading, there, given, visit):
            reading.faults.append(number_used(there, visit, f"rows.{place}"))
    return fresh


def _kept(
    reading: Reading, visits: Mapping[int, PaperVisit], marks: Mapping[int, str]
) -> tuple[dict[int | None, Registration], dict[str | None, Registration]]:
    """What is there already with one of these numbers, and what one of these forms made."""
    numbers = [visit.number for visit in visits.values() if visit.number is not None]
    mine = Registration.occurrence_id == reading.occurrence.id
    query = select(Registration).where(
        or_(mine & Registration.ticket.in_(numbers), Registration.form_mark.in_(tuple(marks.values())))
    )
    kept = list(reading.db.scalars(query))
    by_number: dict[int | None, Registration] = {
        one.ticket: one for one in kept if one.occurrence_id == reading.occurrence.id
    }
    return by_number, {one.form_mark: one for one in kept}


def _form_word(occurrence: Occurrence, visit: PaperVisit, form: str, place: int) -> str:
    """A word for a row without a number: the same form sent twice is known by it."""
    return f"paper:{occurrence.id}:{form}:{place}" if visit.number is None and form else ""


def _same(reading: Reading, there: Registration, given: Given, visit: PaperVisit) -> bool:
    vault = vault_of(reading.db)
    span = moments_of(reading.occurrence, visit.starts, visit.ends)
    return (
        there.way == "paper"
        and (there.began_at, there.ended_at) == span
        and (there.people, there.topic) == (given.people, given.topic)
        and [vault.open(text) for text in (there.name, there.contact, there.words)]
        == [given.name, given.contact, given.words]
    )


def number_used(there: Registration, visit: PaperVisit, place: str) -> BadInput:
    """Whose number it is: the time alone, no name."""
    at = f"{to_local(there.began_at or there.registered_at):%H:%M}"
    if visit.number is None:
        return BadInput("paper.row-entered", place, at=at)
    return BadInput("paper.number-used", place, number=visit.number, at=at)


def _new_times(reading: Reading, came: Sequence[Came]) -> list[tuple[Registration, tuple[time, time]]]:
    """Those whose times are not there yet."""
    query = select(Registration).where(
        Registration.occurrence_id == reading.occurrence.id, Registration.slug.in_({one.slug for one in came})
    )
    known = {one.slug: one for one in reading.db.scalars(query)}
    found = []
    for number, one in enumerate(came):
        place, registration = f"came.{number}", known.get(one.slug)
        try:
            span = read_times(one.starts, one.ends, place, latest=reading.latest)
        except Faults as wrong:
            reading.faults.extend(wrong.faults)
            continue
        if registration is None or registration.state not in (*COMES_FROM, "received"):
            reading.faults.append(BadInput("paper.not-coming", place))
        elif registration.state != "received":
            found.append((registration, span))
        elif (registration.began_at, registration.ended_at) != moments_of(reading.occurrence, *span):
            at = f"{to_local(registration.began_at or registration.registered_at):%H:%M}"
            reading.faults.append(BadInput("paper.already-received", place, at=at))
    return found


def _enter(db: Db, occurrence: Occurrence, given: Given, visit: PaperVisit, *, by: Actor, now: datetime) -> None:
    ticket = next_ticket(db, occurrence.id) if visit.number is None else visit.number
    place = TakenPlace(ticket, None, None)
    registration = enter_visit(db, occurrence, given, place=place, by=by, now=now)
    _receive(occurrence, registration, visit.starts, visit.ends)


def _receive(occurrence: Occurrence, registration: Registration, starts: time, ends: time) -> None:
    began_at, ended_at = moments_of(occurrence, starts, ends)
    registration.state = "received"
    registration.arrived_at = registration.arrived_at or began_at
    registration.began_at, registration.ended_at = began_at, ended_at


def moments_of(occurrence: Occurrence, starts: time, ends: time) -> tuple[datetime, datetime]:
    """The two times on the sitting's day."""
    day: Any = occurrence.day
    return at_local(day, starts), at_local(day, ends)
