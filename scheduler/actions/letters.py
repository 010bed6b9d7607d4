"""The outbox: letters are queued in the transaction of their cause and never sent from here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite

from scheduler.clock import at_local, to_local
from scheduler.database import Db
from scheduler.models import Letter
from scheduler.rules.letters import LETTER, WHY_YOU
from scheduler.rules.reminders import NIGHT_BEGINS, NIGHT_ENDS

LIFE = timedelta(days=3)
"""How long a letter without a day of its own is worth sending."""


@dataclass(frozen=True)
class Recipient:
    """One address and its language; `name` is whom the letter greets.

    A resident has neither here: whoever `about` names ("registration:12") is looked up and unsealed at sending.
    """

    email: str
    name: str = ""
    language: str = "vi"
    about: str = ""
    channel: str = "email"


def queue_letter(
    db: Db,
    kind: str,
    to: Recipient,
    facts: dict[str, Any],
    *,
    key: str,
    due_at: datetime,
    now: datetime,
    unit_id: int | None = None,
    occurrence_id: int | None = None,
    task_id: int | None = None,
    registration_id: int | None = None,
    sequence: int | None = None,
    invitation: str = "",
    expires_at: datetime | None = None,
) -> bool:
    """Queue a letter; False when one with this key and recipient is there already, queued by whomever.

    `facts` are JSON values, days as ISO text. Raises ValueError for a fact the kind does not know, so that a text
    with an empty blank never leaves.
    """
    _refuse_unknown_facts(kind, facts)
    if LETTER[kind].awake:
        due_at = _by_day(due_at)
    row: dict[str, Any] = dict(  # noqa: C408 (the columns read better as names)
        key=f"{key}:{to.about or to.email}",
        kind=kind,
        unit_id=unit_id,
        channel=to.channel,
        recipient=to.email,
        recipient_name=to.name,
        language=to.language,
        facts=facts,
        occurrence_id=occurrence_id,
        task_id=task_id,
        registration_id=registration_id,
        sequence=sequence,
        invitation=invitation,
        due_at=due_at,
        expires_at=expires_at or max(due_at, now) + LIFE,
        made_at=now,
        state="demo" if db.info.get("demonstration") else "due",
    )
    # The unique key is the judge, in one statement: two jobs that plan the same letter at once make one.
    into = postgresql.insert if db.get_bind().dialect.name == "postgresql" else sqlite.insert
    queued = into(Letter).values(row).on_conflict_do_nothing(index_elements=["key"]).returning(Letter.id)
    return db.scalar(queued) is not None


def _refuse_unknown_facts(kind: str, facts: dict[str, Any]) -> None:
    unknown = set(facts) - set(LETTER[kind].facts)
    missing = set(LETTER[kind].facts) - set(facts)
    if unknown or missing:
        raise ValueError(f"letter {kind}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    if facts["why_you"] not in WHY_YOU:
        raise ValueError(f"letter {kind}: nobody gets it as {facts['why_you']!r}")


def _by_day(moment: datetime) -> datetime:
    """The moment itself, or the next morning when people sleep then."""
    local = to_local(moment)
    day = local.date() + timedelta(days=local.time() > NIGHT_BEGINS)
    asleep = not NIGHT_ENDS <= local.time() <= NIGHT_BEGINS
    return at_local(day, NIGHT_ENDS) if asleep else moment


def drop_unsent(db: Db, *, occurrence_id: int) -> None:
    """Close the sitting's letters that have not left: they speak of something that is no longer so."""
    db.execute(
        update(Letter)
        .where(Letter.occurrence_id == occurrence_id, Letter.state.in_(("due", "held")))
        .values(state="not-wanted")
    )
