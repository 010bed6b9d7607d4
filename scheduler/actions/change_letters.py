"""How a change is told to everybody who is told now or was told before it: by letter, or by a call to be made."""

from datetime import datetime
from typing import Any

from scheduler.actions.calls import list_call, list_old_sheets, void_calls
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.database import Db
from scheduler.models import Occurrence, OccurrenceChange
from scheduler.queries.agenda import host_titles
from scheduler.queries.audience import Listener, Told, audience_of, told_of_change

INVITATIONS = {"cancel": "CANCEL", "postpone": "CANCEL"}
"""What a step does to the invitation in a calendar; every other step sends it anew (RFC 5546 3.2.2, 3.2.5)."""


def tell_change(
    db: Db, occurrence: Occurrence, change: OccurrenceChange, told_before: list[Listener], *, now: datetime
) -> int:
    """Queue one letter for each address, due at once, and list a call for each who has none. Returns how many letters.

    Older calls of the sitting are void, and what hangs of its notice is listed as to be taken down.
    """
    queued = 0
    told = told_of_change(told_before, audience_of(db, occurrence))
    list_by_hand(db, occurrence, change, told, now=now)
    for listener in told.letters:
        fresh = queue_letter(
            db,
            "change",
            Recipient(listener.email, listener.name, listener.language),
            change_facts(occurrence, change, listener),
            key=f"change:{occurrence.id}:{occurrence.sequence}",
            due_at=now,
            now=now,
            unit_id=occurrence.unit_id,
            occurrence_id=occurrence.id,
            sequence=occurrence.sequence,
            invitation=_invitation(change, listener),
            expires_at=occurrence.ends_at if occurrence.ends_at and occurrence.ends_at > now else None,
        )
        queued += fresh
    return queued


def list_by_hand(db: Db, occurrence: Occurrence, change: OccurrenceChange, told: Told, *, now: datetime) -> None:
    """List the calls to make and the sheets to take down for a change."""
    void_calls(db, occurrence.id, now=now)
    for listener in told.calls:
        list_call(db, change, listener, now=now)
    list_old_sheets(db, occurrence, now=now)


def _invitation(change: OccurrenceChange, listener: Listener) -> str:
    # The head who gave the day away is taken off the invitation, the others get it anew (feeds.md 4.6).
    if change.step == "change_chair" and change.after["stands_in"] and listener.role == "host":
        return "UNINVITE"
    return INVITATIONS.get(change.step, "REQUEST")


def sitting_facts(occurrence: Occurrence, listener: Listener) -> dict[str, Any]:
    """What every letter about a sitting tells; days as ISO text. `url` is a path, made whole at sending."""
    day = occurrence.day or occurrence.planned_day
    return {
        "unit": occurrence.unit.name,
        "post": ", ".join(host_titles(occurrence)),
        "kind": occurrence.kind,
        "day": day.isoformat(),
        "hours": list(occurrence.hours),
        "place": occurrence.place,
        "url": f"/occurrences/{occurrence.slug}",
        "why_you": listener.role,
    }


def change_facts(occurrence: Occurrence, change: OccurrenceChange, listener: Listener) -> dict[str, Any]:
    """The facts of a letter of kind "change": the new state, and the old one beside it."""
    return sitting_facts(occurrence, listener) | {
        "step": change.step,
        "old_day": change.before["day"],
        "old_hours": change.before["hours"],
        "old_place": change.before["place"],
        "reason": change.reason,
        "told_by": change.after["told_by"],
        "chair": occurrence.chair_name,
    }
