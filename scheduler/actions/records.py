"""The record of a sitting: who really sat and how many came. A correction keeps the old record in the ledger."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions.feeds import raise_versions
from scheduler.actions.ledger import record, stale
from scheduler.actions.occurrences import require_fresh
from scheduler.clock import at_local, local_date, to_local
from scheduler.database import Db
from scheduler.errors import BadInput, Faults, NotFound, RuleBroken
from scheduler.models import Occurrence, Person, Post, Record, Turn
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence, holders_on
from scheduler.rules.counting import Counts, Sat, check_counts, overlapping
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import next_state

NO_COUNTS = Counts()


@dataclass(frozen=True)
class TurnGiven:
    """One who sat: for which head's post, from "07:30" to "10:45" of the day. A stand-in is named.

    `post_id` is the post of who sat; a head sits in `for_post_id` itself, and the name is the holder's when blank.
    """

    for_post_id: int
    starts: str
    ends: str
    stands_in: bool = False
    name: str = ""
    post_id: int | None = None


@dataclass(frozen=True)
class Sheet:
    """What the clerk writes down after a sitting. `nobody_came` is "không phát sinh": held, and a valid result."""

    turns: tuple[TurnGiven, ...]
    counts: Counts = NO_COUNTS
    nobody_came: bool = False
    note: str = ""


def record_sitting(db: Db, slug: str, version: int, sheet: Sheet, *, by: Actor, now: datetime) -> Record:
    """Published → held, with its record. `version` is the sitting's, as the form was opened.

    Raises RuleBroken before the sitting's day and for one that is not published, Faults for a sheet that cannot be,
    Stale for a second writer.
    """
    occurrence = find_occurrence(db, slug)
    require(db, by, "record", occurrence.unit_id)
    require_fresh(db, occurrence, version, language=by.language)
    state = next_state(occurrence.state, "hold")
    if occurrence.day is None or occurrence.day > local_date(now):
        raise RuleBroken("records.day-to-come")
    turns = checked_turns(db, occurrence, sheet, day=occurrence.day, now=now)
    occurrence.state = state
    kept = Record(occurrence_id=occurrence.id, occurrence=occurrence, turns=turns, recorded_at=now)
    _write(kept, sheet, by=by, now=now)
    db.add(kept)
    db.flush()
    raise_versions(db, [occurrence.id], now=now)
    _note(db, occurrence, "record.made", by=by, now=now, **facts_of(kept))
    return kept


def correct_record(db: Db, slug: str, version: int, sheet: Sheet, *, reason: str, by: Actor, now: datetime) -> Record:
    """Write the record anew, with a reason; the ledger keeps both. `version` is the record's.

    Raises RuleBroken without a reason or once the sitting is closed, Faults and Stale as `record_sitting`.
    """
    occurrence = find_occurrence(db, slug)
    require(db, by, "record", occurrence.unit_id)
    next_state(occurrence.state, "correct_record")
    kept = record_of(db, occurrence)
    if not reason.strip():
        raise RuleBroken("records.reason-missing")
    if kept.version != version:
        raise stale(db, f"occurrence:{occurrence.id}", language=by.language, otherwise=kept.recorded_at)
    assert occurrence.day is not None
    turns = checked_turns(db, occurrence, sheet, day=occurrence.day, now=now)
    before = facts_of(kept)
    kept.turns = turns
    _write(kept, sheet, by=by, now=now)
    db.flush()
    raise_versions(db, [occurrence.id], now=now)
    _note(db, occurrence, "record.corrected", by=by, now=now, reason=reason, before=before, after=facts_of(kept))
    return kept


def record_of(db: Db, occurrence: Occurrence) -> Record:
    """The sitting's record. Raises NotFound where there is none yet."""
    kept = db.scalars(select(Record).where(Record.occurrence_id == occurrence.id)).one_or_none()
    if kept is None:
        raise NotFound("records.none")
    return kept


def facts_of(kept: Record) -> dict[str, Any]:
    """The record as JSON values; names in it are those of office holders."""
    turns = [
        {
            "post": turn.for_post_id,
            "name": turn.name,
            "stands_in": turn.stands_in,
            "from": f"{to_local(turn.starts_at):%H:%M}",
            "to": f"{to_local(turn.ends_at):%H:%M}",
        }
        for turn in sorted(kept.turns, key=lambda turn: (turn.for_post_id, turn.starts_at))
    ]
    numbers = {name: getattr(kept, name) for name in Counts.__dataclass_fields__}
    return {"nobody_came": kept.nobody_came, "numbers": numbers, "turns": turns, "note": kept.note}


def _write(kept: Record, sheet: Sheet, *, by: Actor, now: datetime) -> None:
    for name, number in asdict(sheet.counts).items():
        setattr(kept, name, number)
    kept.nobody_came = sheet.nobody_came
    kept.note = sheet.note.strip()
    kept.recorded_by_id = by.account_id
    kept.recorded_at = now


def checked_turns(db: Db, occurrence: Occurrence, sheet: Sheet, *, day: date, now: datetime) -> list[Turn]:
    """The turns as rows, once everything on the sheet can be."""
    faults: list[BadInput] = []
    hosts = {host.post_id: host.post for host in occurrence.hosts}
    holders = holders_on(db, hosts, day)
    turns = _turns(sheet, day, now, hosts=hosts, holders=holders, faults=faults)
    if not sheet.turns:
        faults.append(BadInput("records.turns-missing", "turns"))
    sat = [Sat(turn.for_post_id, turn.stands_in, turn.starts_at, turn.ends_at) for turn in turns]
    if overlapping(sat):
        faults.append(BadInput("records.turns-overlap", "turns"))
    try:
        check_counts(occurrence.kind, sheet.counts, nobody_came=sheet.nobody_came)
    except Faults as found:
        faults.extend(found.faults)
    if faults:
        raise Faults(faults)
    return turns


def _turns(
    sheet: Sheet,
    day: date,
    now: datetime,
    *,
    hosts: Mapping[int, Post],
    holders: Mapping[int, Person],
    faults: list[BadInput],
) -> list[Turn]:
    turns = []
    for number, given in enumerate(sheet.turns):
        post = hosts.get(given.for_post_id)
        name = _sitter(given, post, holders)
        fault = _turn_fault(given, day, now, host=post is not None, name=name, place=f"turns.{number}")
        if fault is not None:
            faults.append(fault)
            continue
        turns.append(
            Turn(
                for_post_id=given.for_post_id,
                post_id=given.post_id if given.stands_in else given.for_post_id,
                name=name,
                stands_in=given.stands_in,
                starts_at=at_local(day, given.starts),
                ends_at=at_local(day, given.ends),
            )
        )
    return turns


def _sitter(given: TurnGiven, post: Post | None, holders: Mapping[int, Person]) -> str:
    if given.name.strip() or given.stands_in or post is None:
        return given.name.strip()
    holder = holders.get(given.for_post_id)
    return holder.name if holder is not None else post.title


def _turn_fault(given: TurnGiven, day: date, now: datetime, *, host: bool, name: str, place: str) -> BadInput | None:
    if not host:
        return BadInput("records.no-host", place)
    if not name:
        return BadInput("records.name-missing", place)
    try:
        starts, ends = at_local(day, given.starts), at_local(day, given.ends)
    except ValueError:
        return BadInput("records.no-hour", place)
    if ends <= starts:
        return BadInput("records.ends-before-start", place)
    return BadInput("records.hours-to-come", place) if ends > now else None


def _note(db: Db, occurrence: Occurrence, deed: str, *, by: Actor, now: datetime, **facts: Any) -> None:
    record(db, deed, by=by, now=now, unit_id=occurrence.unit_id, subject=f"occurrence:{occurrence.id}", **facts)
