"""A task of the conclusion that carries a matter: accepted as done, its matter says so and its resident is told."""

from datetime import date, timedelta

import pytest

from scheduler.actions.conclusions import ConclusionGiven, ItemGiven, record_conclusion
from scheduler.actions.followups import Report, accept_task, compile_task, reopen_task, report_done
from scheduler.actions.matters import link_task
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Task
from scheduler.queries.matters import facts_of
from scheduler.rules.permissions import Actor, Grant, job_actor
from tests.actions.matter_office import AT, DAY, Office, deeds, letters, state

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(db: Db) -> Office:
    return Office(db)


def task_of(office: Office) -> Task:
    item = ItemGiven("Nạo vét cống hẻm 12", office.department.id, 10)
    given = ConclusionGiven("12/TB-UBND", DAY, "Nguyễn Văn Thử", (item,))
    made = record_conclusion(office.db, office.sitting.slug, office.sitting.version, given, by=office.clerk, now=AT)
    task = compile_task(office.db, made.items[0].id, by=job_actor("followups"), now=AT)
    assert task is not None
    return task


def finished(office: Office, task: Task, *, days: int) -> None:
    officer = Actor("Cán bộ", "letter link", grants=(Grant("officer", office.department.id),))
    now = AT + timedelta(days=days)
    report_done(office.db, task.slug, Report(task.version, "Biên bản 5", officer, now))
    accept_task(office.db, task.slug, Report(task.version, "", office.clerk, now))


@one_database
def test_an_accepted_task_shows_in_its_matter_and_its_resident_is_told(office: Office) -> None:
    matter, task = office.answered(), task_of(office)
    link_task(office.db, matter.id, task.id, office.step(matter, days=1))
    assert state(matter) == "answered"
    finished(office, task, days=5)
    assert (state(matter), facts_of(matter).carried_out_on) == ("done", date(2026, 11, 25))
    assert letters(office)[-1] == "result-done"
    reopen_task(
        office.db, task.slug, Report(task.version, "Còn ngập", office.clerk, AT + timedelta(days=6)), working_days=5
    )
    assert state(matter) == "answered"
    finished(office, task, days=10)
    assert state(matter) == "done"
    assert letters(office).count("result-done") == 2


@one_database
def test_only_a_task_of_this_sitting_is_linked(office: Office) -> None:
    matter, task = office.answered(), task_of(office)
    with pytest.raises(BadInput, match=r"matters\.task-unknown"):
        link_task(office.db, matter.id, task.id + 1, office.step(matter))
    link_task(office.db, matter.id, task.id, office.step(matter))
    link_task(office.db, matter.id, None, office.step(matter))
    assert deeds(office)[-2:] == ["matter.task-linked", "matter.task-unlinked"]
