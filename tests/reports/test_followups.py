"""Tasks by unit: on time, late, overdue and open add up, and each number opens to its tasks."""

from datetime import date, timedelta

import pytest

from scheduler.actions.escalation import escalate
from scheduler.actions.followups import Report, accept_task, ask_extension, grant_extension, report_done
from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.models import Task
from scheduler.reports import REPORT
from scheduler.reports.followups import OUTCOMES, tasks_behind
from scheduler.reports.frame import Period, Scope, Table
from tests.actions.task_office import DUE, Office
from tests.build import make_unit

QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
ALL = Scope(None)


@pytest.fixture
def office(db: Db) -> Office:
    return Office(db)


@pytest.fixture
def task(office: Office) -> Task:
    return office.task()


def run(db: Db, today: date, scope: Scope = ALL) -> Table:
    return REPORT["followups"].run(db, QUARTER, scope, today)


def numbers(table: Table) -> dict[str, int]:
    [row] = table.rows
    return {name: value for name, value in row.cells.items() if isinstance(value, int) and value}


def done(db: Db, office: Office, task: Task, day: date) -> None:
    report_done(db, task.slug, Report(task.version, "Văn bản 5/KT", office.officer, at_local(day, "15:00")))


def test_within_its_time(db: Db, task: Task) -> None:
    assert numbers(run(db, DUE)) == {"tasks": 1, "open": 1}
    assert run(db, DUE).sentences[0].key == "reports.followups-sentence-open"


def test_overdue_and_urged(db: Db, task: Task) -> None:
    escalate(db, task.id, now=at_local(DUE + timedelta(days=1), "07:00"))
    assert numbers(run(db, DUE + timedelta(days=1))) == {"tasks": 1, "overdue": 1, "settled": 1, "urged": 1}


@pytest.mark.parametrize(("later", "outcome"), [(0, "on_time"), (1, "late")])
def test_done(db: Db, office: Office, task: Task, later: int, outcome: str) -> None:
    day = DUE + timedelta(days=later)
    done(db, office, task, day)
    accept_task(db, task.slug, Report(task.version, "", office.clerk, at_local(day, "16:00")))
    assert numbers(run(db, date(2026, 12, 1))) == {"tasks": 1, outcome: 1, "settled": 1, "accepted": 1}


def test_an_extension_is_counted_and_moves_the_line(db: Db, office: Office, task: Task) -> None:
    asked_at = at_local(date(2026, 9, 10), "08:00")
    ask_extension(db, task.slug, Report(task.version, "Chờ", office.officer, asked_at), until=date(2026, 9, 24))
    grant_extension(db, task.slug, Report(task.version, "", office.clerk, asked_at))
    done(db, office, task, date(2026, 9, 24))
    assert numbers(run(db, date(2026, 12, 1))) == {"tasks": 1, "on_time": 1, "settled": 1, "extended": 1}


def test_numbers_open_to_their_tasks_and_add_up(db: Db, office: Office, task: Task) -> None:
    today = DUE + timedelta(days=3)
    [total] = run(db, today).totals
    assert total.cells["tasks"] == sum(total.cells[outcome] for outcome in OUTCOMES)
    for column in ("tasks", *OUTCOMES):
        behind = tasks_behind(db, QUARTER, Scope(None), today, column=column, unit_code=office.department.code)
        assert len(behind) == total.cells[column]
    assert tasks_behind(db, QUARTER, Scope(None), today, column="tasks", unit_code="no-such") == []


def test_only_the_branch_the_readable_and_the_time(db: Db, office: Office, task: Task) -> None:
    other = make_unit(db)
    assert run(db, DUE, Scope(other)).rows == ()
    assert run(db, DUE, Scope(None, (other.id,))).rows == ()
    assert len(run(db, DUE, Scope(office.unit, (office.unit.id,))).rows) == 1
    assert REPORT["followups"].run(db, Period(date(2026, 1, 1), date(2026, 6, 30)), Scope(None), DUE).rows == ()
