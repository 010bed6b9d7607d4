"""Tasks as worklists and pages read them, and who answers for one."""

from datetime import date

import pytest

from scheduler.actions.followups import (
    accept_task,
    ask_extension,
    report_done,
)
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Task
from scheduler.queries.followups import (
    Filter,
    count_views,
    find_task,
    readable_task,
    tasks_waiting,
    unit_above,
    unit_named,
    units_near,
    worklist,
)
from scheduler.rules.permissions import COMMAND_LINE, Actor
from tests.actions.task_office import DUE, GIVEN_AT, Office, says
from tests.build import make_actor, make_unit


@pytest.fixture
def office(db: Db) -> Office:
    return Office(db)


@pytest.fixture
def task(office: Office) -> Task:
    return office.task()


@pytest.mark.parametrize("slug", ["", "x", "0" * 32, "a" * 500, "Đ"])
def test_tasks_that_do_not_exist(db: Db, slug: str) -> None:
    with pytest.raises(NotFound):
        find_task(db, slug)


def test_who_may_read_a_task(db: Db, office: Office, task: Task) -> None:
    for reader in (office.clerk, office.officer, make_actor(db, office.unit, "supervisor"), COMMAND_LINE):
        assert readable_task(db, reader, task.slug) is task
    with pytest.raises(NotFound):
        readable_task(db, make_actor(db, make_unit(db), "administrator"), task.slug)


def test_the_worklist_by_view(db: Db, office: Office, task: Task) -> None:
    def seen(view: str, today: date, by: Actor = office.clerk, text: str = "") -> list[int]:
        return [found.id for found in worklist(db, by, Filter(view, text), today)]

    assert seen("open", GIVEN_AT.date()) == [task.id]
    assert seen("soon", date(2026, 9, 11)) == []
    assert seen("soon", date(2026, 9, 14)) == [task.id]
    assert seen("overdue", DUE) == []
    assert seen("overdue", date(2026, 9, 18)) == [task.id]
    assert seen("no-such-view", DUE) == [task.id]
    assert seen("open", DUE, text="biển BÁO"[:4]) == [task.id]
    assert seen("open", DUE, text="%") == []
    assert seen("open", DUE, by=office.officer) == [task.id]
    assert seen("open", DUE, by=COMMAND_LINE) == [task.id]
    assert seen("open", DUE, by=make_actor(db, make_unit(db))) == []
    ask_extension(db, task.slug, says(task, "Chờ", office.officer), until=date(2026, 9, 24))
    assert count_views(db, office.clerk, date(2026, 9, 18)) == {
        "open": 1,
        "overdue": 1,
        "soon": 0,
        "to-accept": 0,
        "to-decide": 1,
        "closed": 0,
    }
    report_done(db, task.slug, says(task, "Xong", office.officer))
    assert seen("to-accept", DUE) == [task.id]
    assert seen("overdue", date(2026, 9, 18)) == []
    accept_task(db, task.slug, says(task, "", office.clerk))
    assert seen("closed", DUE) == [task.id]
    assert seen("open", DUE) == []


def test_the_unit_above_a_committee_is_the_committee_above(db: Db, office: Office) -> None:
    ward = office.unit.parent
    assert ward is not None
    assert ward.parent is not None
    province = ward.parent
    assert unit_above(db, office.unit) is province
    committee = make_unit(db, "01-ubnd", name="UBND thành phố Hà Nội", parent=province, level="province")
    assert unit_above(db, office.unit) is committee
    assert unit_above(db, ward) is province
    assert unit_above(db, province) is province


def test_units_near_are_those_of_the_place(db: Db, office: Office) -> None:
    today = date(2026, 9, 3)
    elsewhere = make_unit(db, name="Phòng Kinh tế", parent=None, kind="department")
    ended = make_unit(db, name="Phòng cũ", parent=office.unit, kind="department", valid_to=date(2026, 6, 30))
    near = units_near(db, office.unit, today)
    assert office.department in near
    assert office.unit.parent in near
    assert elsewhere not in near
    assert ended not in near
    alone = make_unit(db, name="Sở Xây dựng", kind="department")
    assert units_near(db, alone, today) == [alone]


def test_a_unit_by_what_was_typed(db: Db, office: Office) -> None:
    near = units_near(db, office.unit, date(2026, 9, 3))
    department = office.department
    for text in (f"Phòng Kinh tế ({department.code})", department.code, " phòng kinh tế "):
        assert unit_named(db, text, near) is department
    for text in ("", "Phòng Không Có", "(x)", "x" * 500):
        assert unit_named(db, text, near) is None
    make_unit(db, name="Phòng Kinh tế", parent=office.unit, kind="department")
    assert unit_named(db, "Phòng Kinh tế", units_near(db, office.unit, date(2026, 9, 3))) is None  # which of the two


def test_the_desk_counts_one_view(db: Db, office: Office, task: Task) -> None:
    found = tasks_waiting(db, office.clerk, date(2026, 9, 18), ("overdue", "open"))
    assert (found["overdue"].n, sum(found["overdue"].by_unit.values())) == (1, 1)
    assert "overdue" not in tasks_waiting(db, office.clerk, date(2026, 9, 17), ("overdue", "open"))
