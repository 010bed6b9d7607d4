"""The other office agrees to a joint sitting, on the screen or on paper; what it agreed to is told by a fingerprint."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from scheduler.actions.ledger import record, stale
from scheduler.database import Db
from scheduler.errors import NotFound, RuleBroken
from scheduler.models import Consent, Occurrence, Unit
from scheduler.queries.access import may, require
from scheduler.queries.agenda import find_occurrence, occurrences_by_id
from scheduler.queries.approved import content_of
from scheduler.queries.consents import awaited_offices, other_offices
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import fingerprint
from scheduler.rules.workflow import require_given

OPEN = ("submitted", "approved", "published", "postponed")


def agree(db: Db, ids: Iterable[int], *, seen: Mapping[int, str], by: Actor, now: datetime) -> int:
    """Agree to these sittings for every office of theirs that the actor serves; gives how many were still awaited.

    `seen` is the fingerprint of what was shown of each. Raises Stale where one is another by now, NotFound where
    the actor serves none of its other offices, RuleBroken where it is a draft again or over.
    """
    occurrences = occurrences_by_id(db, ids)
    mine = {one.id: [unit for unit in other_offices(one) if may(db, by, "consent", unit.id)] for one in occurrences}
    if not all(mine.values()):
        raise NotFound("errors.not-found")
    missing, n = awaited_offices(db, occurrences), 0
    for one in occurrences:
        waiting = [unit for unit in mine[one.id] if unit in missing.get(one.id, ())]
        if one.id in seen and seen[one.id] != fingerprint(content_of(one)):
            raise stale(db, f"occurrence:{one.id}", language=by.language, otherwise=one.content_changed_at)
        if waiting and one.state not in OPEN:
            raise RuleBroken("consents.not-open", day=one.day or one.planned_day)
        for unit in waiting:
            _give(db, one, unit, by=by, now=now)
        n += bool(waiting)
    return n


def agree_on_paper(
    db: Db, slug: str, *, number: str, signed_on: date | None, signer: str, by: Actor, now: datetime
) -> int:
    """Note that the other offices agreed in writing; for the office that publishes. The same twice is once.

    Raises RuleBroken where number, day or signer is missing, or the sitting is no joint one.
    """
    occurrence = find_occurrence(db, slug)
    require(db, by, "publish", occurrence.unit_id)
    whole = number.strip() and signer.strip() and signed_on is not None
    require_given("approve_on_paper", paper=number if whole else None)
    if not other_offices(occurrence):
        raise RuleBroken("consents.not-joint")
    if occurrence.state not in OPEN:
        raise RuleBroken("consents.not-open", day=occurrence.day or occurrence.planned_day)
    paper = f"{number.strip()}, {signed_on:%d/%m/%Y}, {signer.strip()}"
    waiting = awaited_offices(db, [occurrence]).get(occurrence.id, [])
    for unit in waiting:
        _give(db, occurrence, unit, paper=paper, by=by, now=now)
    return len(waiting)


def require_agreement(db: Db, occurrences: Iterable[Occurrence], *, by: Actor, now: datetime) -> None:
    """Raise RuleBroken("consents.missing") where another office has not agreed to a sitting about to be published.

    Who serves that office too agrees by the same deed.
    """
    rows = list(occurrences)
    missing = awaited_offices(db, rows)
    served = {unit.id: may(db, by, "consent", unit.id) for units in missing.values() for unit in units}
    for one in rows:
        for unit in missing.get(one.id, ()):
            if not served[unit.id]:
                raise RuleBroken("consents.missing", office=unit.name, day=one.day or one.planned_day)
            _give(db, one, unit, by=by, now=now)


def ask_again(db: Db, occurrence: Occurrence, *, by: Actor, now: datetime) -> None:
    """A public change has been made: it stands, and each other office finds it on its desk to agree anew.

    Who made it and serves that office too has agreed by it.
    """
    for unit in awaited_offices(db, [occurrence]).get(occurrence.id, ()):
        if may(db, by, "consent", unit.id):
            _give(db, occurrence, unit, by=by, now=now)


def _give(db: Db, occurrence: Occurrence, unit: Unit, *, paper: str = "", by: Actor, now: datetime) -> None:
    db.add(
        Consent(
            occurrence_id=occurrence.id,
            unit_id=unit.id,
            content=fingerprint(content_of(occurrence)),
            sequence=occurrence.sequence,
            by=by.name,
            by_id=by.account_id,
            at=now,
            paper=paper,
        )
    )
    unit_id, subject, office = occurrence.unit_id, f"occurrence:{occurrence.id}", unit.name
    if paper:
        told = {"office": office, "paper": paper}
        record(db, "occurrence.agreed-on-paper", by=by, now=now, unit_id=unit_id, subject=subject, **told)
    else:
        record(db, "occurrence.agreed", by=by, now=now, unit_id=unit_id, subject=subject, office=office)
