"""A visit's matter in the register: noted, put right, directed, carried by a task; its resident is told once a step."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, update

from scheduler.actions.ledger import record
from scheduler.actions.matter_letters import tell_result
from scheduler.actions.matter_steps import Step, about, check_step, refuse_erased
from scheduler.actions.once import first_time
from scheduler.clock import local_date
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, Faults, RuleBroken
from scheduler.models import Dispute, Matter, Unit
from scheduler.models.base import clean
from scheduler.queries.days import working_calendar
from scheduler.queries.matters import CAME, matters_of, readable_matter, received_on, tasks_to_link, visit_to_note
from scheduler.rules.matters import (
    DIRECTION,
    KINDS,
    REFUSAL_GROUNDS,
    answer_due,
    direction_faults,
)
from scheduler.rules.permissions import Actor
from scheduler.rules.registration_input import denounces
from scheduler.rules.registrations import TOPICS

MOST_PEOPLE = 100_000
"""With one content: more is a slip of the pen."""


@dataclass(frozen=True)
class MatterGiven:
    """What a matter is, for the register; the summary is stored sealed."""

    summary: str
    kind: str = ""
    topic: str = ""
    same_content_people: int | None = None
    settled_by: str = ""


@dataclass(frozen=True)
class DirectionGiven:
    """Where a matter goes: a unit of ours or one in words, whom to call, another office with its document, a ground."""

    direction: str
    in_charge_unit_id: int | None = None
    in_charge: str = ""
    contact: str = ""
    other_office: str = ""
    document_number: str = ""
    document_day: date | None = None
    refusal_ground: str = ""


def make_matter(
    db: Db,
    slug: str,
    given: MatterGiven,
    *,
    by: Actor,
    now: datetime,
    direction: DirectionGiven | None = None,
    once: str = "",
) -> Matter:
    """Note a matter of the visit with this slug, with its place in the register, and where it goes where that is known.

    The form whose word is `once` makes one matter however often it is sent. Raises Faults, RuleBroken for a visit that
    nobody came to or a sitting that is still ahead.
    """
    registration = visit_to_note(db, by, slug)
    day, today = received_on(registration), local_date(now)
    if registration.state not in CAME or day > today:
        raise RuleBroken("matters.nobody-received")
    if registration.erased_at is not None:
        raise RuleBroken("matters.erased")
    if not first_time(db, once, unit_id=registration.unit_id, now=now):
        return matters_of(db, registration.id)[-1]
    _raise(_given_faults(given) + (_direction_faults(direction, today) if direction else []))
    due = answer_due(day, working_calendar(db))
    matter = Matter(
        unit_id=registration.unit_id,
        occurrence_id=registration.occurrence_id,
        registration=registration,
        year=day.year,
        number=_next_number(db, registration.unit_id, day.year),
        received_on=day,
        due_day=due.day,
        due_why=[list(reason) for reason in due.reasons],
        made_at=now,
        made_by_id=by.account_id,
        **_columns(db, given),
    )
    db.add(matter)
    db.flush()
    record(db, "matter.made", **about(matter), by=by, now=now, number=f"{matter.number}/{matter.year}")
    if direction:
        _direct(db, matter, direction, by=by, now=now)
    return matter


def correct_matter(db: Db, matter_id: int, given: MatterGiven, step: Step) -> Matter:
    """Put right what the register says of the matter; the resident is not told."""
    matter = readable_matter(db, step.by, matter_id)
    columns = _columns(db, given)
    same = vault_of(db).open(matter.summary) == clean(given.summary).strip()
    if same and all(getattr(matter, name) == value for name, value in columns.items() if name != "summary"):
        return matter
    check_step(db, matter, "correct", step)
    refuse_erased(matter)
    _raise(_given_faults(given))
    for name, value in columns.items():
        if not (same and name == "summary"):
            setattr(matter, name, value)
    record(db, "matter.corrected", **about(matter), by=step.by, now=step.now)
    return matter


def direct_matter(db: Db, matter_id: int, given: DirectionGiven, step: Step) -> Matter:
    """Say where it goes: settled here, guided or passed on, returned or refused, with what the law asks of each."""
    matter = readable_matter(db, step.by, matter_id)
    if all(getattr(matter, name) == value for name, value in asdict(given).items()):
        return matter
    check_step(db, matter, "direct", step)
    _raise(_direction_faults(given, step.today))
    _direct(db, matter, given, by=step.by, now=step.now)
    return matter


def link_task(db: Db, matter_id: int, task_id: int | None, step: Step) -> Matter:
    """Let a task of this sitting's conclusion carry the matter, or none any more.

    Once the task is accepted as done, the matter says so. Raises BadInput for a task of another sitting.
    """
    matter = readable_matter(db, step.by, matter_id)
    if matter.task_id == task_id:
        return matter
    check_step(db, matter, "link", step)
    tasks = {task.id: task for task in tasks_to_link(db, matter.occurrence_id)}
    if task_id is not None and task_id not in tasks:
        raise BadInput("matters.task-unknown", "task")
    matter.task = tasks[task_id] if task_id is not None else None
    if task_id is not None:
        record(db, "matter.task-linked", **about(matter), by=step.by, now=step.now)
    else:
        record(db, "matter.task-unlinked", **about(matter), by=step.by, now=step.now)
    return matter


def erase_matters(db: Db, registration_ids: list[int]) -> int:
    """Forget the sealed texts of these visits' matters and disputes; counts stay. Returns how many matters."""
    mine = select(Matter.id).where(Matter.registration_id.in_(registration_ids))
    quietly = {"synchronize_session": False}
    disputes = update(Dispute).where(Dispute.matter_id.in_(mine)).values(words="", words_mark="", answer="")
    db.execute(disputes, execution_options=quietly)
    matters = update(Matter).where(Matter.registration_id.in_(registration_ids)).values(summary="", answer="")
    return int(db.execute(matters, execution_options=quietly).rowcount)  # type: ignore[attr-defined]


def _direct(db: Db, matter: Matter, given: DirectionGiven, *, by: Actor, now: datetime) -> None:
    for name, value in asdict(given).items():
        setattr(matter, name, value)
    matter.directed_on = local_date(now)
    matter.closed_on = matter.directed_on if DIRECTION[given.direction].ends else None
    db.flush()
    db.refresh(matter, ["in_charge_unit"])
    record(db, "matter.directed", **about(matter), by=by, now=now, direction=given.direction)
    tell_result(db, matter, given.direction, now=now)


def _columns(db: Db, given: MatterGiven) -> dict[str, Any]:
    columns = asdict(given) | {"settled_by": given.settled_by.strip()}
    return columns | {"summary": vault_of(db).seal(clean(given.summary).strip())}


def _next_number(db: Db, unit_id: int, year: int) -> int:
    """The next number of the unit's register; the unit's row is held, so that of two at once the second waits."""
    db.execute(select(Unit.id).where(Unit.id == unit_id).with_for_update())
    last = select(func.max(Matter.number)).where(Matter.unit_id == unit_id, Matter.year == year)
    return (db.scalar(last) or 0) + 1


def _given_faults(given: MatterGiven) -> list[BadInput]:
    faults = []
    if not given.summary.strip():
        faults.append(BadInput("matters.summary-missing", "summary"))
    if denounces(given.summary):
        faults.append(BadInput("counter.denounces", "summary"))
    if given.kind and given.kind not in KINDS:
        faults.append(BadInput("forms.not-a-choice", "kind"))
    if given.topic and given.topic not in TOPICS:
        faults.append(BadInput("forms.not-a-choice", "topic"))
    if given.same_content_people is not None and not 1 <= given.same_content_people <= MOST_PEOPLE:
        faults.append(BadInput("matters.people-wrong", "same_content_people"))
    return faults


def _direction_faults(given: DirectionGiven, today: date) -> list[BadInput]:
    values: dict[str, str | date | None] = {**asdict(given), "in_charge": given.in_charge}
    if given.in_charge_unit_id is not None:
        values["in_charge"] = str(given.in_charge_unit_id)
    faults = direction_faults(given.direction, values, today=today)
    if given.refusal_ground and given.refusal_ground not in REFUSAL_GROUNDS:
        faults.append(BadInput("forms.not-a-choice", "refusal_ground"))
    return faults


def _raise(faults: list[BadInput]) -> None:
    if faults:
        raise Faults(faults)
