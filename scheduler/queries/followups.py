"""Tasks as worklists, pages and jobs read them, and who is written to about one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import (
    Account,
    Conclusion,
    ConclusionItem,
    CoUnit,
    Escalation,
    Role,
    Task,
    TaskEvent,
    Unit,
    UnitAbove,
)
from scheduler.queries.access import may, units_below, units_readable
from scheduler.queries.audience import Listener, secretariat_of
from scheduler.queries.days import working_calendar
from scheduler.rules.followups import EARLIEST, WITH_UNIT, due_steps
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.permissions import Actor

SLUG_LENGTH = 64
PAGE = 50
NEAREST = 1000
VIEWS = ("open", "overdue", "soon", "to-accept", "to-decide", "closed")
"""Choices of the worklist; `to-accept` and `to-decide` wait for the secretariat."""

WHOLE = (
    joinedload(Task.unit),
    joinedload(Task.owner_unit),
    joinedload(Task.item).joinedload(ConclusionItem.conclusion).joinedload(Conclusion.occurrence),
    joinedload(Task.item).selectinload(ConclusionItem.co_units).joinedload(CoUnit.unit),
    selectinload(Task.events).joinedload(TaskEvent.attachment),
)


@dataclass(frozen=True)
class Filter:
    """What a worklist shows: a view, words in the task's text, and the page, from 1."""

    view: str = "open"
    text: str = ""
    page: int = 1


def find_task(db: Db, slug: str) -> Task:
    """The task with this address, with its whole story. Raises NotFound."""
    found = None
    if len(slug) <= SLUG_LENGTH:
        found = db.scalars(select(Task).where(Task.slug == slug).options(*WHOLE)).unique().one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def readable_task(db: Db, actor: Actor, slug: str) -> Task:
    """The task, for who may read tasks of its unit or of the sitting's. Raises NotFound for everybody else."""
    task = find_task(db, slug)
    if not any(may(db, actor, "read_tasks", unit_id) for unit_id in (task.unit_id, task.owner_unit_id)):
        raise NotFound("errors.not-found")
    return task


def worklist(db: Db, actor: Actor, chosen: Filter, today: date) -> list[Task]:
    """A page of the actor's tasks, the most late first; one more than PAGE when there is a next page."""
    query = _mine(actor).where(*_of_view(chosen.view, today, _soon(db, today)))
    if chosen.text.strip():
        query = query.join(ConclusionItem).where(ConclusionItem.text.icontains(chosen.text.strip(), autoescape=True))
    query = query.order_by(Task.due_day, Task.id).offset((max(chosen.page, 1) - 1) * PAGE).limit(PAGE + 1)
    return list(db.scalars(query.options(*WHOLE[:4])).unique())


def count_views(db: Db, actor: Actor, today: date, views: Sequence[str] = VIEWS) -> dict[str, int]:
    """How many of the actor's tasks each view holds."""
    soon = _soon(db, today)
    counts = {}
    for view in views:
        mine = _mine(actor).where(*_of_view(view, today, soon)).subquery()
        counts[view] = db.scalar(select(func.count()).select_from(mine)) or 0
    return counts


@dataclass(frozen=True)
class Waiting:
    """How many tasks a view holds, by the name of the unit in charge, and one of their addresses."""

    by_unit: dict[str, int]
    slug: str

    @property
    def n(self) -> int:
        """How many in all."""
        return sum(self.by_unit.values())


def tasks_waiting(db: Db, actor: Actor, today: date, views: Sequence[str]) -> dict[str, Waiting]:
    """What these views hold, the most in charge first: one query for all of them. Views without a task are left out."""
    soon = _soon(db, today)
    counts = []
    for view in views:
        mine = _mine(actor).where(*_of_view(view, today, soon)).join(Unit, Unit.id == Task.unit_id)
        columns = (literal(view).label("view"), Unit.name, func.count().label("n"), func.min(Task.slug).label("slug"))
        counts.append(mine.with_only_columns(*columns).group_by(Unit.id, Unit.name))
    found: dict[str, Waiting] = {}
    for row in sorted(db.execute(union_all(*counts)), key=lambda row: (-row.n, row.name)):
        waiting = found.setdefault(row.view, Waiting({}, row.slug))
        waiting.by_unit[row.name] = waiting.by_unit.get(row.name, 0) + row.n
    return found


def find_uncompiled(db: Db, now: datetime) -> list[int]:
    """Conclusion items without a task, by id."""
    return list(
        db.scalars(select(ConclusionItem.id).where(ConclusionItem.compiled_at.is_(None)).order_by(ConclusionItem.id))
    )


def find_to_escalate(db: Db, now: datetime) -> list[int]:
    """Tasks with the unit for which a step of urging is due and not taken, the most late first."""
    today, calendar = local_date(now), working_calendar(db)
    if not calendar.is_working(today):
        return []
    horizon = calendar.add_working_days(today, -EARLIEST)
    tasks = db.execute(
        select(Task.id, Task.due_day, Task.made_at)
        .where(Task.closed_at.is_(None), Task.state.in_(WITH_UNIT), Task.due_day <= horizon)
        .order_by(Task.due_day, Task.id)
    ).all()
    taken: dict[tuple[int, date], list[str]] = {}
    rows = db.execute(
        select(Escalation.task_id, Escalation.due_day, Escalation.step)
        .join(Task, Task.id == Escalation.task_id)
        .where(Task.closed_at.is_(None))
    )
    for row in rows:
        taken.setdefault((row.task_id, row.due_day), []).append(row.step)
    return [
        task.id
        for task in tasks
        if due_steps(
            task.due_day,
            since=local_date(task.made_at),
            today=today,
            calendar=calendar,
            taken=taken.get((task.id, task.due_day), ()),
        )
    ]


def steps_taken(db: Db, task: Task) -> list[str]:
    """The steps of urging taken for the task's present due day."""
    query = select(Escalation.step).where(Escalation.task_id == task.id, Escalation.due_day == task.due_day)
    return list(db.scalars(query))


def unit_listeners(db: Db, unit: Unit, today: date) -> list[Listener]:
    """Who is written to in a unit: its own address and its officers; nobody where it has neither."""
    rows = db.execute(
        select(Account)
        .join(Role, Role.account_id == Account.id)
        .where(
            Role.unit_id == unit.id,
            Role.role == "officer",
            Account.active,
            or_(Role.valid_from.is_(None), Role.valid_from <= today),
            or_(Role.valid_to.is_(None), Role.valid_to >= today),
        )
        .order_by(Account.id)
    ).scalars()
    found = [Listener("lead-unit", unit.name, unit.email, unit.phone)] if unit.email else []
    addresses = {unit.email.lower()}
    for account in rows:
        if account.email not in addresses:
            addresses.add(account.email)
            found.append(Listener("lead-unit", account.name, account.email, "", account.language))
    return found


def owner_listeners(db: Db, unit: Unit, role: str, *, today: date) -> list[Listener]:
    """Who answers for tasks in the sitting's unit or one above it: its secretariat and approvers."""
    staff = secretariat_of(db, unit.id, ("secretariat", "approver"), today=today)
    told = [Listener(role, one.name, one.email, "", one.language) for one in staff if one.email]
    return told or ([Listener(role, unit.name, unit.email, unit.phone)] if unit.email else [])


def unit_above(db: Db, unit: Unit) -> Unit:
    """The unit one level up that answers for this one: a committee's is the committee above, not the place itself.

    The unit itself at the top of the tree.
    """
    above = db.scalars(
        select(Unit)
        .join(UnitAbove, UnitAbove.above_id == Unit.id)
        .where(UnitAbove.unit_id == unit.id, UnitAbove.steps > 0, Unit.level != unit.level)
        .order_by(UnitAbove.steps)
        .limit(1)
    ).one_or_none()
    if above is None:
        return unit
    if unit.kind not in BODY_SUFFIXES:
        return above
    body = select(Unit).where(Unit.parent_id == above.id, Unit.kind == unit.kind).order_by(Unit.id).limit(1)
    return db.scalars(body).one_or_none() or above


def _mine(actor: Actor) -> Select[Task]:
    query = select(Task)
    if actor.trusted:
        return query
    units = units_readable(actor, "read_tasks")
    return query.where(or_(Task.unit_id.in_(units), Task.owner_unit_id.in_(units)))


def _soon(db: Db, today: date) -> date:
    return working_calendar(db).add_working_days(today, 3)


def _of_view(view: str, today: date, soon: date) -> tuple[Any, ...]:
    with_unit = Task.state.in_(WITH_UNIT)
    conditions: dict[str, tuple[Any, ...]] = {
        "open": (Task.closed_at.is_(None),),
        "overdue": (with_unit, Task.due_day < today),
        "soon": (with_unit, Task.due_day.between(today, soon)),
        "to-accept": (Task.state == "done",),
        "to-decide": (with_unit, Task.asked_day.is_not(None)),
        "closed": (Task.closed_at.is_not(None),),
    }
    return conditions.get(view, conditions["open"])


def units_near(db: Db, unit: Unit, today: date) -> list[Unit]:
    """Units a conclusion of this unit may put in charge: those of its place and below it, by name.

    The place of a commune's committee is the commune; a unit that stands in no place has its own branch.
    """
    home = (
        select(UnitAbove.above_id)
        .join(Unit, Unit.id == UnitAbove.above_id)
        .where(UnitAbove.unit_id == unit.id, Unit.kind == "place")
        .order_by(UnitAbove.steps)
        .limit(1)
    )
    home_id = db.scalar(home) or unit.id
    query = (
        select(Unit)
        .where(
            Unit.id.in_(units_below([home_id])),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= today),
        )
        .order_by(Unit.name, Unit.id)
        .limit(NEAREST)
    )
    return list(db.scalars(query))


def unit_named(db: Db, text: str, near: list[Unit]) -> Unit | None:
    """The unit that was meant: "Tên (mã)" as the list offers it, its code alone, or a name only one of them has."""
    text = text.strip()
    code = text[text.rfind("(") + 1 : -1] if text.endswith(")") else text
    if 0 < len(code) <= SLUG_LENGTH:
        found = db.scalars(select(Unit).where(Unit.code == code)).one_or_none()
        if found is not None:
            return found
    named = [unit for unit in near if unit.name.casefold() == text.casefold()]
    return named[0] if len(named) == 1 else None
