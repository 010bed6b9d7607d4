"""A row that was typed wrongly from paper is written anew; the ledger says which fields changed, not what they said."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions.ledger import record, stale
from scheduler.actions.paper import latest_by, moments_of, number_used, one_at_a_time
from scheduler.actions.paper_kit import reception
from scheduler.actions.registration_contact import checked_contact
from scheduler.database import Db, vault_of
from scheduler.errors import Faults, RuleBroken
from scheduler.models import Occurrence, Registration
from scheduler.queries.paper import block_of, entered_row
from scheduler.queries.registrations import guard_of
from scheduler.rules.paper import PaperRow, PaperVisit, read_rows
from scheduler.rules.permissions import Actor

SEALED = ("name", "contact", "words")
PLACE = "rows.0"


def correct_paper(
    db: Db, slug: str, number: int, row: PaperRow, *, version: int, by: Actor, now: datetime
) -> tuple[str, ...]:
    """Write the row with this number anew; gives the names of the fields that changed. `version` is the visit's.

    Raises NotFound for a number that was not entered from paper, Stale for a second writer, Faults with "rows.0" as
    place, RuleBroken for a blank row or a sitting whose paper cannot be entered.
    """
    occurrence = reception(db, slug, by=by)
    latest = latest_by(occurrence, now)
    one_at_a_time(db, occurrence)
    kept, _ = entered_row(db, occurrence.id, number)
    if kept.version != version:
        raise stale(db, f"registration:{kept.id}", language=by.language, otherwise=kept.registered_at)
    visit = read_rows([row], block_of(db, occurrence.id), latest=latest).get(0)
    if visit is None:
        raise RuleBroken("paper.nothing-given")
    _require_free(db, occurrence, kept, visit)
    changed = _write(db, occurrence, kept, visit)
    if changed:
        db.flush()
        subject = f"registration:{kept.id}"
        record(db, "paper.corrected", by=by, now=now, unit_id=kept.unit_id, subject=subject, fields=list(changed))
    return changed


def _require_free(db: Db, occurrence: Occurrence, kept: Registration, visit: PaperVisit) -> None:
    if visit.number in (None, kept.ticket):
        return
    mine = Registration.occurrence_id == occurrence.id
    there = db.scalars(select(Registration).where(mine, Registration.ticket == visit.number)).one_or_none()
    if there is not None:
        raise Faults([number_used(there, visit, PLACE)])


def _write(db: Db, occurrence: Occurrence, kept: Registration, visit: PaperVisit) -> tuple[str, ...]:
    """Change what differs; gives its names."""
    vault = vault_of(db)
    kind, contact = checked_contact(visit.contact, PLACE) if visit.contact else ("", "")
    began_at, ended_at = moments_of(occurrence, visit.starts, visit.ends)
    plain: dict[str, Any] = {
        "ticket": visit.number or kept.ticket,
        "topic": visit.topic,
        "people": visit.people,
        "began_at": began_at,
        "ended_at": ended_at,
    }
    told = {"name": visit.name, "contact": contact, "words": visit.words}
    changed = [field for field, value in plain.items() if getattr(kept, field) != value]
    changed += [field for field in SEALED if vault.open(getattr(kept, field)) != told[field]]
    for field in changed:
        setattr(kept, field, vault.seal(told[field]) if field in SEALED else plain[field])
    if {"name", "contact"} & set(changed):
        kept.contact_kind, kept.guard_mark = kind, guard_of(db, contact, visit.name)
    if kept.arrived_at is None or kept.arrived_at > began_at or "began_at" in changed:
        kept.arrived_at = began_at
    return tuple(changed)
