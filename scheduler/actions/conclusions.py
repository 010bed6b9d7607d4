"""The conclusion notice of a sitting (Thông báo kết luận): what is to be done, by which unit, by which day.

NĐ 154/2026 art. 25(2): written when the reception ends, and it sets the time for settlement.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.actions.occurrences import keep_file, require_fresh
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, Faults, RuleBroken
from scheduler.models import Conclusion, ConclusionItem, CoUnit, Occurrence, Task, Unit
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.days import working_calendar
from scheduler.queries.records import nobody_came
from scheduler.rules.deadlines import LONGEST, due_day
from scheduler.rules.permissions import Actor
from scheduler.rules.workflow import next_state
from scheduler.rules.working_days import Calendar


@dataclass(frozen=True)
class ItemGiven:
    """One thing to do: what, exactly one unit in charge, units that help, and the deadline in working days."""

    text: str
    lead_unit_id: int | None
    working_days: int | None
    co_unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class ConclusionGiven:
    """The notice: number, day, signer and items; or nothing to do, where all was answered on the spot."""

    number: str
    signed_on: date | None
    signer: str
    items: tuple[ItemGiven, ...] = ()
    nothing_to_do: bool = False
    pdf: bytes = b""
    file_name: str = ""


def record_conclusion(
    db: Db, slug: str, version: int, given: ConclusionGiven, *, by: Actor, now: datetime
) -> Conclusion:
    """Held → concluded. Each item's due day is counted from the day the notice was signed, with its sum.

    Raises Faults naming every item without text, unit in charge or deadline; RuleBroken where the sitting is not
    held; Stale for a second writer.
    """
    occurrence = find_occurrence(db, slug)
    require(db, by, "conclude", occurrence.unit_id)
    require_fresh(db, occurrence, version, language=by.language)
    state = next_state(occurrence.state, "conclude")
    units = _units(db, given)
    faults = [*_head_faults(given, occurrence, now), *_item_faults(given, units)]
    if faults:
        raise Faults(faults)
    assert given.signed_on is not None
    conclusion = Conclusion(
        occurrence_id=occurrence.id,
        number=given.number.strip(),
        signed_on=given.signed_on,
        signer=given.signer.strip(),
        nothing_to_do=given.nothing_to_do,
        items=_items(given, given.signed_on, working_calendar(db)),
        recorded_by_id=by.account_id,
        recorded_at=now,
    )
    if given.pdf:
        kept = keep_file(db, occurrence.unit_id, given.file_name, given.pdf, public=False, now=now)
        conclusion.attachment_id = kept.id
    db.add(conclusion)
    occurrence.state = state
    db.flush()
    facts = {"number": conclusion.number, "n": len(conclusion.items)}
    subject = f"occurrence:{occurrence.id}"
    record(db, "conclusion.made", by=by, now=now, unit_id=occurrence.unit_id, subject=subject, **facts)
    return conclusion


def close_occurrence(db: Db, slug: str, version: int, *, by: Actor, now: datetime) -> Occurrence:
    """Concluded → closed, once every item became a task and every task was accepted.

    A sitting to which nobody came needs no conclusion: it is closed as it was held. Raises RuleBroken for others.
    """
    occurrence = find_occurrence(db, slug)
    require(db, by, "conclude", occurrence.unit_id)
    require_fresh(db, occurrence, version, language=by.language)
    state = next_state(occurrence.state, "close")
    if occurrence.state == "held" and not nobody_came(db, occurrence.id):
        raise RuleBroken("conclusions.not-yet")
    left = len(open_items(db, occurrence.id))
    if left:
        raise RuleBroken("conclusions.tasks-open", n=left)
    occurrence.state = state
    record(db, "occurrence.closed", by=by, now=now, unit_id=occurrence.unit_id, subject=f"occurrence:{occurrence.id}")
    db.flush()
    return occurrence


def open_items(db: Db, occurrence_id: int) -> list[int]:
    """Items of the sitting's conclusion without a task, or whose task is not accepted."""
    return list(
        db.scalars(
            select(ConclusionItem.id)
            .join(Conclusion, Conclusion.id == ConclusionItem.conclusion_id)
            .outerjoin(Task, Task.item_id == ConclusionItem.id)
            .where(Conclusion.occurrence_id == occurrence_id, Task.state.is_distinct_from("accepted"))
            .order_by(ConclusionItem.id)
        )
    )


def _units(db: Db, given: ConclusionGiven) -> dict[int, Unit]:
    ids = {item.lead_unit_id for item in given.items if item.lead_unit_id} | {
        unit_id for item in given.items for unit_id in item.co_unit_ids
    }
    return {unit.id: unit for unit in db.scalars(select(Unit).where(Unit.id.in_(ids)))}


def _head_faults(given: ConclusionGiven, occurrence: Occurrence, now: datetime) -> list[BadInput]:
    faults = []
    if not given.number.strip():
        faults.append(BadInput("conclusions.number-missing", "number"))
    if not given.signer.strip():
        faults.append(BadInput("conclusions.signer-missing", "signer"))
    day = occurrence.day or occurrence.planned_day
    if given.signed_on is None:
        faults.append(BadInput("conclusions.day-missing", "signed_on"))
    elif not day <= given.signed_on <= local_date(now):
        faults.append(BadInput("conclusions.day-outside", "signed_on"))
    if given.nothing_to_do and given.items:
        faults.append(BadInput("conclusions.nothing-and-items", "nothing_to_do"))
    if not given.nothing_to_do and not given.items:
        faults.append(BadInput("conclusions.items-missing", "items"))
    return faults


def _item_faults(given: ConclusionGiven, units: dict[int, Unit]) -> list[BadInput]:
    faults = []
    for number, item in enumerate(given.items):
        place = f"items.{number}"
        lead = units.get(item.lead_unit_id or 0)
        if not item.text.strip():
            faults.append(BadInput("conclusions.text-missing", f"{place}.text"))
        if lead is None:
            faults.append(BadInput("conclusions.unit-missing", f"{place}.lead_unit"))
        elif lead.valid_to is not None and given.signed_on is not None and lead.valid_to < given.signed_on:
            faults.append(BadInput("conclusions.unit-ended", f"{place}.lead_unit", unit=lead.name))
        if item.working_days is None or not 1 <= item.working_days <= LONGEST:
            faults.append(BadInput("conclusions.deadline-missing", f"{place}.working_days", most=LONGEST))
        if item.lead_unit_id in item.co_unit_ids or any(unit_id not in units for unit_id in item.co_unit_ids):
            faults.append(BadInput("conclusions.wrong-co-unit", f"{place}.co_units"))
    return faults


def _items(given: ConclusionGiven, signed_on: date, calendar: Calendar) -> list[ConclusionItem]:
    items = []
    for position, item in enumerate(given.items, 1):
        assert item.lead_unit_id is not None
        assert item.working_days is not None
        due = due_day(signed_on, item.working_days, calendar)
        items.append(
            ConclusionItem(
                position=position,
                text=item.text.strip(),
                lead_unit_id=item.lead_unit_id,
                working_days=item.working_days,
                due_day=due.day,
                due_why=[list(reason) for reason in due.reasons],
                co_units=[CoUnit(unit_id=unit_id) for unit_id in dict.fromkeys(item.co_unit_ids)],
            )
        )
    return items
