"""The outbox as it is read: what is due, what a page shows, what the figures say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from scheduler.database import Db, vault_of
from scheduler.errors import NotFound
from scheduler.models import Letter, Occurrence, Registration, Task
from scheduler.queries.access import units_readable
from scheduler.queries.followers import reach_of_follower
from scheduler.rules.letters import CHANNELS, still_wanted
from scheduler.rules.permissions import Actor

BATCH = 500
"""How many letters one sweep takes up; the next one goes on where it stopped."""


def due_letters(db: Db, now: datetime, limit: int = BATCH, *, channel: str = "email") -> list[int]:
    """Ids of the letters to send now, the longest due first; those past their day among them, to be closed."""
    query = select(Letter.id).where(_is_due(now), Letter.channel == channel).order_by(Letter.due_at, Letter.id)
    return list(db.scalars(query.limit(limit)))


def abandoned_letters(db: Db, now: datetime, channel: str = "email") -> list[int]:
    """Ids of letters whose sender did not come back in time."""
    query = select(Letter.id).where(Letter.state == "sending", Letter.leased_until < now)
    return list(db.scalars(query.where(Letter.channel == channel).order_by(Letter.leased_until, Letter.id)))


def wanted(db: Db, letter: Letter) -> bool:
    """Whether its sitting, its task and its registration are still as the letter says."""
    if letter.occurrence_id is None and letter.task_id is None and letter.registration_id is None:
        return True
    sitting = db.execute(
        select(Occurrence.state, Occurrence.sequence).where(Occurrence.id == letter.occurrence_id)
    ).one_or_none()
    task = db.execute(select(Task.closed_at).where(Task.id == letter.task_id)).one_or_none()
    visit = db.scalar(select(Registration.state).where(Registration.id == letter.registration_id))
    return still_wanted(
        letter.kind,
        state=sitting.state if sitting else None,
        sequence_then=letter.sequence,
        sequence_now=sitting.sequence if sitting else None,
        task_open=task.closed_at is None if task else None,
        visit=visit,
    )


@dataclass(frozen=True)
class Reach:
    """Where a letter goes: by which way out, the address or number there, and whom it greets."""

    channel: str
    address: str
    name: str = ""


def reach_of(db: Db, letter: Letter) -> Reach | None:
    """Who gets it; a resident's contact is unsealed here, as it is at this moment. None where it was erased.

    Raises Unreadable where it cannot be unsealed.
    """
    if letter.follower_id is not None:
        found = reach_of_follower(db, letter.follower_id)
        return Reach(letter.channel, *found) if found else None
    if letter.registration_id is None:
        return Reach(letter.channel, letter.recipient, letter.recipient_name)
    registration = db.get_one(Registration, letter.registration_id)
    contact = vault_of(db).open_exactly(registration.contact)
    return Reach(CHANNELS.get(registration.contact_kind, "call"), contact) if contact else None


def sealed_facts(db: Db, letter: Letter) -> dict[str, str]:
    """What a letter tells its reader and the outbox does not keep: the code of a registration."""
    if letter.registration_id is None or "code" not in letter.facts:
        return {}
    return {"code": vault_of(db).open_exactly(db.get_one(Registration, letter.registration_id).code)}


@dataclass(frozen=True)
class OutboxFigures:
    """Letters by state, and how many seconds the longest waiting one is late."""

    by_state: dict[str, int]
    oldest_due_seconds: float


def outbox_figures(db: Db, now: datetime) -> OutboxFigures:
    """What watchers ask: how many letters are in which state, and how late the oldest due one is."""
    counts = db.execute(select(Letter.state, func.count().label("letters")).group_by(Letter.state))
    # One state at a time: each has an index of its own.
    firsts = [
        db.scalar(select(func.min(Letter.due_at)).where(Letter.state == state, Letter.due_at <= now))
        for state in ("due", "sending")
    ]
    oldest = min((first for first in firsts if first is not None), default=None)
    late = (now - oldest) / timedelta(seconds=1) if oldest else 0.0
    return OutboxFigures({row.state: row.letters for row in counts}, late)


def list_letters(
    db: Db, actor: Actor, *, state: str = "", kind: str = "", before: int | None = None, limit: int = 50
) -> list[Letter]:
    """Letters of the units the actor may read, newest first; `before` is the id of the page before."""
    query = select(Letter).where(_readable(actor)).order_by(Letter.id.desc()).limit(limit)
    if state:
        query = query.where(Letter.state == state)
    if kind:
        query = query.where(Letter.kind == kind)
    if before is not None:
        query = query.where(Letter.id < before)
    return list(db.scalars(query))


def count_letters(db: Db, actor: Actor) -> dict[str, int]:
    """How many letters of the units the actor may read are in each state."""
    query = select(Letter.state, func.count().label("letters")).where(_readable(actor)).group_by(Letter.state)
    return {row.state: row.letters for row in db.execute(query)}


def failed_letters(db: Db, actor: Actor) -> tuple[int, int]:
    """How many letters of the units the actor may read failed for good, and the id of the first."""
    query = select(func.count(), func.min(Letter.id)).where(_readable(actor), Letter.state == "failed")
    n, first = db.execute(query).one()
    return n, first or 0


def find_letter(db: Db, actor: Actor, letter_id: int) -> Letter:
    """A letter of a unit the actor may read. Raises NotFound for any other."""
    letter = db.scalars(select(Letter).where(Letter.id == letter_id, _readable(actor))).one_or_none()
    if letter is None:
        raise NotFound("errors.not-found")
    return letter


def unsent_of(db: Db, occurrence_id: int, kind: str) -> list[Letter]:
    """The sitting's letters of a kind that have not left yet, in the order they were queued."""
    query = select(Letter).where(Letter.occurrence_id == occurrence_id, Letter.kind == kind)
    return list(db.scalars(query.where(Letter.state.in_(("due", "demo"))).order_by(Letter.id)))


def _is_due(now: datetime) -> ColumnElement[bool]:
    ready = or_(Letter.retry_at.is_(None), Letter.retry_at <= now)
    return (Letter.state == "due") & (Letter.due_at <= now) & ready


def _readable(actor: Actor) -> ColumnElement[bool]:
    if actor.trusted:
        return Letter.id.is_not(None)
    # Letters of no unit (links to set a password) are the administrators' business, and never shown in a list.
    return Letter.unit_id.in_(units_readable(actor))
