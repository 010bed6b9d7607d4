"""The outbox: letters are queued in the transaction of their cause and never sent from here."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import update

from scheduler.clock import at_local, to_local
from scheduler.database import Db, insert_into
from scheduler.models import Letter
from scheduler.rules.letters import LETTER, MESSAGES_FROM, MESSAGES_UNTIL, WHY_YOU
from scheduler.rules.reminders import NIGHT_BEGINS, NIGHT_ENDS

LIFE = timedelta(days=3)
"""How long a letter without a day of its own is worth sending."""
ABOUT: dict[str, Any] = {
    "unit_id": None,
    "occurrence_id": None,
    "task_id": None,
    "registration_id": None,
    "follower_id": None,
    "sequence": None,
    "invitation": "",
}
"""What a letter may be about, and what it says of it where nothing is given."""
AT_ONCE = 500
"""Rows of one statement."""


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
    expires_at: datetime | None = None,
    **about: Any,
) -> bool:
    """Queue a letter; False when one with this key and recipient is there already, queued by whomever.

    `facts` are JSON values, days as ISO text; `about` what `letter_row` takes. Raises ValueError for a fact the kind
    does not know, so that a text with an empty blank never leaves.
    """
    row = letter_row(db, kind, to, facts, key=key, due_at=due_at, now=now, expires_at=expires_at, **about)
    return bool(queue_rows(db, [row]))


def letter_row(
    db: Db,
    kind: str,
    to: Recipient,
    facts: dict[str, Any],
    *,
    key: str,
    due_at: datetime,
    now: datetime,
    expires_at: datetime | None = None,
    state: str = "due",
    **about: Any,
) -> dict[str, Any]:
    """One letter as a row for `queue_rows`; `about` names what it is about by the columns of ABOUT.

    Raises ValueError as `queue_letter`, TypeError for a column that is not among them.
    """
    _refuse_unknown_facts(kind, facts)
    if not about.keys() <= ABOUT.keys():
        raise TypeError(f"letter {kind}: {sorted(about.keys() - ABOUT.keys())}")
    if to.channel == "sms":
        due_at = _by_day(due_at, MESSAGES_FROM, MESSAGES_UNTIL)
    elif LETTER[kind].awake:
        due_at = _by_day(due_at, NIGHT_ENDS, NIGHT_BEGINS)
    row: dict[str, Any] = dict(  # noqa: C408 (the columns read better as names)
        key=f"{key}:{to.about or to.email}",
        kind=kind,
        channel=to.channel,
        recipient=to.email,
        recipient_name=to.name,
        language=to.language,
        facts=facts,
        due_at=due_at,
        expires_at=expires_at or max(due_at, now) + LIFE,
        made_at=now,
        state="demo" if state == "due" and db.info.get("demonstration") else state,
    )
    return row | ABOUT | about


def queue_rows(db: Db, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Queue many letters in few statements; gives the id by the key of each that was not there already."""
    # The unique key is the judge, in one statement: two jobs that plan the same letter at once make one.
    fresh: dict[str, int] = {}
    for start in range(0, len(rows), AT_ONCE):
        queued = (
            insert_into(db, Letter).values(rows[start : start + AT_ONCE]).on_conflict_do_nothing(index_elements=["key"])
        )
        fresh |= {row.key: row.id for row in db.execute(queued.returning(Letter.key, Letter.id))}
    return fresh


def _refuse_unknown_facts(kind: str, facts: dict[str, Any]) -> None:
    unknown = set(facts) - set(LETTER[kind].facts)
    missing = set(LETTER[kind].facts) - set(facts)
    if unknown or missing:
        raise ValueError(f"letter {kind}: unknown {sorted(unknown)}, missing {sorted(missing)}")
    if facts["why_you"] not in WHY_YOU:
        raise ValueError(f"letter {kind}: nobody gets it as {facts['why_you']!r}")


def _by_day(moment: datetime, begins: time, ends: time) -> datetime:
    """The moment itself, or the next beginning when people sleep then."""
    local = to_local(moment)
    day = local.date() + timedelta(days=local.time() > ends)
    return moment if begins <= local.time() <= ends else at_local(day, begins)


def drop_unsent(db: Db, *, occurrence_id: int) -> None:
    """Close the sitting's letters that have not left: they speak of something that is no longer so.

    Those to who registered are closed where the registrations follow the change (actions.registration_moves).
    """
    db.execute(
        update(Letter)
        .where(
            Letter.occurrence_id == occurrence_id,
            Letter.registration_id.is_(None),
            Letter.state.in_(("due", "held")),
        )
        .values(state="not-wanted")
    )
