"""Tasks that followed from conclusions, by the unit in charge: on time, late, under way, overdue, urged, reopened."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import distinct, func, select

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Conclusion, ConclusionItem, Escalation, Task, Unit
from scheduler.queries.access import units_below
from scheduler.reports.frame import Column, Period, Remark, Row, Scope, Table, ended_units
from scheduler.rules.followups import outcome_of

OUTCOMES = ("on_time", "late", "overdue", "open")
NUMBERS = ("tasks", *OUTCOMES, "settled", "accepted", "extended", "reopened", "urged")
COLUMNS = (
    Column("unit", "text"),
    Column("code", "text"),
    Column("tasks", "number", opens=True),
    *(Column(outcome, "number", opens=True) for outcome in OUTCOMES),
    Column("settled", "number"),
    Column("rate", "rate", of=("on_time", "settled")),
    Column("accepted", "number"),
    Column("extended", "number"),
    Column("reopened", "number"),
    Column("urged", "number"),
)


def run(db: Db, period: Period, scope: Scope, today: date) -> Table:
    """Tasks of conclusions signed in the period. tasks = on_time + late + overdue + open, in every row and in the sum.

    `settled` is the rate's denominator: done, or past its day. Two queries, however many tasks.
    """
    urged = _urged(db)
    by_unit: dict[tuple[str, str], dict[str, int]] = {}
    units: dict[int, Unit] = {}
    for task, unit in _tasks(db, period, scope):
        units[unit.id] = unit
        numbers = by_unit.setdefault((unit.code, unit.name), dict.fromkeys(NUMBERS, 0))
        for name, n in _counted(task, today, urged.get(task.id, 0)).items():
            numbers[name] += n
    rows = tuple(Row(code, {"unit": name, "code": code} | numbers) for (code, name), numbers in sorted(by_unit.items()))
    total = {name: sum(row.cells[name] for row in rows) for name in NUMBERS}
    return Table(
        "followups",
        period,
        scope.unit.name if scope.unit else "",
        COLUMNS,
        rows,
        totals=(Row("all", {"unit": "", "code": ""} | total),) if rows else (),
        sentences=(_sentence(total, period),),
        notes=(*ended_units(units.values()), Remark("reports.followups-rule", {})),
    )


def tasks_behind(db: Db, period: Period, scope: Scope, today: date, *, column: str, unit_code: str) -> list[Task]:
    """The tasks behind a number: of one unit in charge, or of all where no code is given."""
    return [
        task
        for task, unit in _tasks(db, period, scope)
        if (not unit_code or unit.code == unit_code) and _counted(task, today, 0).get(column)
    ]


def _tasks(db: Db, period: Period, scope: Scope) -> Iterable[tuple[Task, Unit]]:
    query = (
        select(Task, Unit)
        .join(Unit, Unit.id == Task.unit_id)
        .join(ConclusionItem, ConclusionItem.id == Task.item_id)
        .join(Conclusion, Conclusion.id == ConclusionItem.conclusion_id)
        .where(Conclusion.signed_on.between(period.first, period.last))
        .order_by(Unit.code, Task.id)
    )
    if scope.unit is not None:
        query = query.where(Task.owner_unit_id.in_(units_below([scope.unit.id])))
    if scope.readable is not None:
        query = query.where(Task.owner_unit_id.in_(units_below(scope.readable)))
    return ((row.Task, row.Unit) for row in db.execute(query))


def _urged(db: Db) -> dict[int, int]:
    rows = db.execute(select(Escalation.task_id, func.count(distinct(Escalation.id))).group_by(Escalation.task_id))
    return {row[0]: row[1] for row in rows}


def _counted(task: Task, today: date, urged: int) -> dict[str, int]:
    done_on = local_date(task.done_at) if task.done_at is not None else None
    outcome = outcome_of(due_day=task.due_day, done_on=done_on, today=today)
    return {
        "tasks": 1,
        outcome: 1,
        "settled": int(outcome != "open"),
        "accepted": int(task.state == "accepted"),
        "extended": int(task.due_day != task.first_due_day and not task.reopened),
        "reopened": int(task.reopened > 0),
        "urged": int(urged > 0),
    }


def _sentence(total: dict[str, int], period: Period) -> Remark:
    key = "reports.followups-sentence" if total["settled"] else "reports.followups-sentence-open"
    return Remark(key, {"first": period.first, "last": period.last} | total)
