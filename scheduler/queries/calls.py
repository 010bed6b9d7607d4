"""Calls to be made and old sheets to be taken down, as the desk lists them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from scheduler.database import Db, vault_of
from scheduler.models import Call, Letter, Occurrence, OldSheet, Registration
from scheduler.queries.access import units_readable
from scheduler.rules.permissions import Actor
from scheduler.sealing import UNREADABLE

PAGE = 200
LATELY = timedelta(days=7)
SITTING = joinedload(Call.occurrence).joinedload(Occurrence.unit)


def open_calls(db: Db, actor: Actor) -> list[Call]:
    """Calls still to be made in the units where the actor changes sittings, those of the nearest sitting first."""
    query = (
        select(Call)
        .join(Occurrence, Occurrence.id == Call.occurrence_id)
        .where(Call.state == "open", *_made_by(actor))
        .order_by(func.coalesce(Occurrence.day, Occurrence.planned_day), Call.name, Call.id)
    )
    return list(db.scalars(query.options(SITTING).limit(PAGE)))


def _made_by(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Conditions: calls in the units where the actor changes sittings; to residents, where he receives them as well."""
    receives = Call.unit_id.in_(units_readable(actor, "receive"))
    return Call.unit_id.in_(units_readable(actor, "change")), or_(Call.registration_id.is_(None), receives)


def calls_made(db: Db, actor: Actor, now: datetime) -> list[Call]:
    """Calls of the last days that reached somebody, the newest first."""
    query = (
        select(Call)
        .where(Call.state == "called", *_made_by(actor), Call.closed_at > now - LATELY)
        .order_by(Call.closed_at.desc())
    )
    return list(db.scalars(query.options(SITTING).limit(PAGE)))


def open_calls_of(db: Db, occurrence_id: int) -> list[Call]:
    """Calls still to be made for one sitting."""
    query = select(Call).where(Call.occurrence_id == occurrence_id, Call.state == "open")
    return list(db.scalars(query.order_by(Call.id)))


def calls_of(db: Db, occurrence_id: int) -> list[Call]:
    """All calls of one sitting that were not made void, in their order."""
    query = select(Call).where(Call.occurrence_id == occurrence_id, Call.state != "void")
    return list(db.scalars(query.order_by(Call.id)))


@dataclass(frozen=True)
class CallLine:
    """A call as the caller needs it. A resident's name, number and code are unsealed for this page alone."""

    call: Call
    name: str
    phone: str
    ticket: int | None = None
    code: str = ""
    kind: str = ""  # of the letter it takes the place of
    refused: bool = False


def call_lines(db: Db, calls: Iterable[Call]) -> list[CallLine]:
    """The calls with whom to ask for, in two statements; only for who may make them."""
    rows = list(calls)
    mine = Registration.id.in_(_given(row.registration_id for row in rows))
    visits = {one.id: one for one in db.scalars(select(Registration).where(mine))}
    theirs = Letter.id.in_(_given(row.letter_id for row in rows))
    letters = {row.id: row for row in db.execute(select(Letter.id, Letter.kind, Letter.state).where(theirs))}
    vault, lines = vault_of(db), []
    for call in rows:
        letter, visit = letters.get(call.letter_id or 0), visits.get(call.registration_id or 0)
        line = CallLine(call, call.name, call.phone)
        if visit is not None:
            name, phone, code = (vault.open(text) for text in (visit.name, visit.contact, visit.code))
            phone, code = ("" if text == UNREADABLE else text for text in (phone, code))
            line = CallLine(call, name, phone, visit.ticket, code)
        lines.append(replace(line, kind=letter.kind, refused=letter.state == "failed") if letter else line)
    return lines


def tickets_of(db: Db, calls: Iterable[Call]) -> dict[int, int]:
    """The number in the queue of each resident who is to be called, by the call's id: no name."""
    by_visit = {call.registration_id: call.id for call in calls if call.registration_id is not None}
    query = select(Registration.id, Registration.ticket).where(Registration.id.in_(tuple(by_visit)))
    return {by_visit[row.id]: row.ticket for row in db.execute(query)} if by_visit else {}


def _given(ids: Iterable[int | None]) -> set[int]:
    return {number for number in ids if number is not None}


@dataclass(frozen=True)
class ByHand:
    """How much changes left to be done by hand."""

    calls: int
    sheets: int


def count_by_hand(db: Db, actor: Actor) -> ByHand:
    """The calls and old sheets that wait for the actor, in one statement."""
    calls = select(func.count()).select_from(Call)
    calls = calls.where(*_made_by(actor), Call.state == "open")
    sheets = select(func.count()).select_from(OldSheet)
    sheets = sheets.where(OldSheet.unit_id.in_(units_readable(actor, "post")), OldSheet.taken_down_at.is_(None))
    row = db.execute(select(calls.scalar_subquery(), sheets.scalar_subquery())).one()
    return ByHand(row[0], row[1])


def old_sheets(db: Db, actor: Actor) -> list[OldSheet]:
    """Posted sheets to be taken down in the units where the actor posts, the oldest first."""
    mine = OldSheet.unit_id.in_(units_readable(actor, "post"))
    query = select(OldSheet).where(mine, OldSheet.taken_down_at.is_(None)).order_by(OldSheet.made_at, OldSheet.id)
    whole = (joinedload(OldSheet.posting), joinedload(OldSheet.occurrence).joinedload(Occurrence.unit))
    return list(db.scalars(query.options(*whole).limit(PAGE)))


def old_sheets_of(db: Db, occurrence_id: int) -> list[OldSheet]:
    """Posted sheets that a change of this sitting made void and that still hang."""
    query = select(OldSheet).where(OldSheet.occurrence_id == occurrence_id, OldSheet.taken_down_at.is_(None))
    return list(db.scalars(query.options(joinedload(OldSheet.posting)).order_by(OldSheet.id)))
