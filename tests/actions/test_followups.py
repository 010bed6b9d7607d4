"""A task from its conclusion to its acceptance: every step, every refusal, and who gets a letter."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.actions.followups import (
    accept_task,
    ask_extension,
    compile_task,
    grant_extension,
    refuse_extension,
    reopen_task,
    report_done,
    report_progress,
)
from scheduler.database import Database, Db
from scheduler.errors import BadInput, NotAllowed, NotFound, RuleBroken, Stale
from scheduler.models import Attachment, Entry, Letter, Task
from scheduler.queries.followups import (
    find_uncompiled,
)
from scheduler.rules.permissions import COMMAND_LINE, Actor, job_actor
from tests.actions.task_office import DUE, GIVEN_AT, Office, says
from tests.build import make_account, make_actor, make_unit


@pytest.fixture
def office(db: Db) -> Office:
    return Office(db)


@pytest.fixture
def task(office: Office) -> Task:
    return office.task()


def letters(db: Db, kind: str = "task-news") -> list[tuple[str, str]]:
    found = db.query(Letter).filter_by(kind=kind).order_by(Letter.id)
    return [(letter.recipient, letter.facts.get("step", "")) for letter in found]


def test_one_item_is_one_task(db: Db, office: Office) -> None:
    helper = make_unit(db, name="Công an phường", parent=office.unit, email="congan@example.vn")
    item = office.conclude(helper)
    assert find_uncompiled(db, GIVEN_AT) == [item.id]
    made = compile_task(db, item.id, by=job_actor("followups"), now=GIVEN_AT)
    assert made is not None
    assert (made.state, made.due_day, made.unit_id, made.owner_unit_id) == (
        "assigned",
        date(2026, 9, 17),
        office.department.id,
        office.unit.id,
    )
    assert [event.kind for event in made.events] == ["assigned"]
    assert made.events[0].facts == {"letters": 3}
    assert find_uncompiled(db, GIVEN_AT) == []
    assert compile_task(db, item.id, by=job_actor("followups"), now=GIVEN_AT) is None
    assert db.query(Task).count() == 1


def test_the_unit_and_its_officers_are_written_to_and_helpers_get_a_copy(db: Db, office: Office) -> None:
    helper = make_unit(db, name="Công an phường", parent=office.unit, email="congan@example.vn")
    made = compile_task(db, office.conclude(helper).id, by=COMMAND_LINE, now=GIVEN_AT)
    assert made is not None
    rows = {letter.recipient: letter for letter in db.query(Letter).filter_by(kind="task")}
    assert set(rows) == {"kinhte@example.vn", "canbo@example.vn", "congan@example.vn"}
    facts = rows["kinhte@example.vn"].facts
    assert (facts["url"], facts["why_you"], facts["due_day"]) == (f"/tasks/{made.slug}", "lead-unit", "2026-09-17")
    # Only the unit in charge acts without an account.
    copy = rows["congan@example.vn"].facts
    assert (copy["url"], copy["why_you"]) == (f"/desk/tasks/{made.slug}", "co-unit")
    assert all(row.task_id == made.id for row in rows.values())


def test_a_unit_nobody_can_write_to_is_seen(db: Db, office: Office) -> None:
    office.department.email = ""
    db.query(type(make_account(db, office.unit, "officer"))).filter_by(email="canbo@example.vn").one().active = False
    db.flush()
    made = office.task()
    assert made.events[0].facts == {"letters": 0}


def test_two_jobs_at_once_make_one_task(database: Database) -> None:
    with database.transaction() as db:
        item_id = Office(db).conclude().id
    made = []
    for _ in range(2):
        with database.transaction() as db:
            made.append(compile_task(db, item_id, by=COMMAND_LINE, now=GIVEN_AT))
    assert [task is None for task in made] == [False, True]


def test_progress_done_accepted(db: Db, office: Office, task: Task) -> None:
    report_progress(db, task.slug, says(task, "Đã khảo sát", office.officer))
    assert task.state == "in_progress"
    done_at = GIVEN_AT + timedelta(days=6)
    pdf = b"%PDF-1.4 proof"
    report_done(db, task.slug, says(task, "Văn bản 5/KT", office.officer, done_at), pdf=pdf, file_name="5-KT.pdf")
    assert (task.state, task.done_at, task.closed_at) == ("done", done_at, None)
    proof = task.events[-1].attachment
    assert proof is not None
    assert (proof.name, proof.public, proof.unit_id) == ("5-KT.pdf", False, office.department.id)
    accept_task(db, task.slug, says(task, "", office.clerk, done_at))
    assert (task.state, task.closed_at) == ("accepted", done_at)
    assert [event.kind for event in task.events] == ["assigned", "progress", "report-done", "accept"]
    deeds = [entry.deed for entry in db.query(Entry).filter_by(subject=f"task:{task.id}").order_by(Entry.id)]
    assert deeds == ["task.assigned", "task.progress", "task.report-done", "task.accept"]
    assert [step for _, step in letters(db)] == ["report-done", "accept", "accept"]


def test_an_extension_is_asked_and_granted(db: Db, office: Office, task: Task) -> None:
    ask_extension(db, task.slug, says(task, "Chờ Sở Xây dựng", office.officer), until=date(2026, 9, 24))
    assert (task.due_day, task.asked_day) == (DUE, date(2026, 9, 24))
    with pytest.raises(RuleBroken, match="asked-already"):
        ask_extension(db, task.slug, says(task, "Lần nữa", office.officer), until=date(2026, 9, 25))
    grant_extension(db, task.slug, says(task, "Đồng ý", office.clerk))
    assert (task.due_day, task.asked_day, task.first_due_day) == (date(2026, 9, 24), None, DUE)
    assert task.due_why[-1] == ["followups.why-extended", {"to": "2026-09-24", "reason": "Đồng ý"}]
    assert task.events[-1].facts == {"before": "2026-09-17", "until": "2026-09-24"}
    assert [step for _, step in letters(db)] == ["ask-extension", "grant-extension", "grant-extension"]


def test_an_extension_is_refused_with_a_reason(db: Db, office: Office, task: Task) -> None:
    ask_extension(db, task.slug, says(task, "Chờ", office.officer), until=date(2026, 9, 24))
    with pytest.raises(BadInput, match="reason-missing"):
        refuse_extension(db, task.slug, says(task, " ", office.clerk))
    refuse_extension(db, task.slug, says(task, "Việc gấp", office.clerk))
    assert (task.due_day, task.asked_day, task.state) == (DUE, None, "assigned")


def test_done_ends_an_open_request(db: Db, office: Office, task: Task) -> None:
    ask_extension(db, task.slug, says(task, "Chờ", office.officer), until=date(2026, 9, 24))
    report_done(db, task.slug, says(task, "Xong", office.officer))
    assert task.asked_day is None


def test_reopened_with_a_new_deadline(db: Db, office: Office, task: Task) -> None:
    report_done(db, task.slug, says(task, "Xong", office.officer))
    accept_task(db, task.slug, says(task, "", office.clerk))
    later = datetime(2026, 10, 1, 2, tzinfo=UTC)
    with pytest.raises(BadInput, match="deadline-missing"):
        reopen_task(db, task.slug, says(task, "Chưa làm", office.clerk, later), working_days=None)
    db.rollback()


def test_reopening_counts_from_that_day(db: Db, office: Office, task: Task) -> None:
    report_done(db, task.slug, says(task, "Xong", office.officer))
    later = datetime(2026, 10, 1, 2, tzinfo=UTC)
    reopen_task(db, task.slug, says(task, "Biển báo chưa có", office.clerk, later), working_days=5)
    assert (task.state, task.due_day, task.done_at, task.closed_at, task.reopened) == (
        "reopened",
        date(2026, 10, 8),
        None,
        None,
        1,
    )
    assert task.first_due_day == DUE
    report_progress(db, task.slug, says(task, "Đang làm", office.officer, later))
    assert task.state == "in_progress"


STEPS: list[tuple[str, Callable[[Db, Task, Actor], object], str]] = [
    ("unit", lambda db, task, by: report_progress(db, task.slug, says(task, "x", by)), "assigned"),
    ("unit", lambda db, task, by: report_done(db, task.slug, says(task, "x", by)), "assigned"),
    (
        "unit",
        lambda db, task, by: ask_extension(db, task.slug, says(task, "x", by), until=date(2026, 9, 24)),
        "assigned",
    ),
    ("owner", lambda db, task, by: grant_extension(db, task.slug, says(task, "x", by)), "assigned"),
    ("owner", lambda db, task, by: refuse_extension(db, task.slug, says(task, "x", by)), "assigned"),
    ("owner", lambda db, task, by: accept_task(db, task.slug, says(task, "x", by)), "done"),
    ("owner", lambda db, task, by: reopen_task(db, task.slug, says(task, "x", by), working_days=3), "done"),
]


@pytest.mark.parametrize(("side", "step", "state"), STEPS)
def test_each_side_does_its_own(
    db: Db, office: Office, task: Task, side: str, step: Callable[[Db, Task, Actor], object], state: str
) -> None:
    task.state = state
    db.flush()
    other = make_actor(db, make_unit(db, name="UBND phường khác"), "secretariat", "approver", "officer")
    with pytest.raises(NotFound):
        step(db, task, other)
    wrong = office.officer if side == "owner" else make_actor(db, office.unit, "approver")
    with pytest.raises(NotAllowed):
        step(db, task, wrong)


@pytest.mark.parametrize(("side", "step", "state"), STEPS)
def test_a_step_in_the_wrong_state(
    db: Db, office: Office, task: Task, side: str, step: Callable[[Db, Task, Actor], object], state: str
) -> None:
    task.state = "accepted" if state == "assigned" else "assigned"
    db.flush()
    with pytest.raises(RuleBroken, match="wrong-step"):
        step(db, task, office.officer if side == "unit" else office.clerk)


def test_nothing_to_decide(db: Db, office: Office, task: Task) -> None:
    with pytest.raises(RuleBroken, match="nothing-asked"):
        grant_extension(db, task.slug, says(task, "", office.clerk))
    with pytest.raises(RuleBroken, match="nothing-asked"):
        refuse_extension(db, task.slug, says(task, "x", office.clerk))


def test_what_must_be_said(db: Db, office: Office, task: Task) -> None:
    blank = says(task, " ", office.officer)
    with pytest.raises(BadInput, match="words-missing"):
        report_progress(db, task.slug, blank)
    with pytest.raises(BadInput, match="proof-missing"):
        report_done(db, task.slug, blank)
    with pytest.raises(BadInput, match="reason-missing"):
        ask_extension(db, task.slug, blank, until=date(2026, 9, 24))
    with pytest.raises(BadInput, match="day-missing"):
        ask_extension(db, task.slug, says(task, "x", office.officer), until=None)
    with pytest.raises(RuleBroken, match="day-off"):
        ask_extension(db, task.slug, says(task, "x", office.officer), until=date(2026, 9, 20))
    with pytest.raises(BadInput, match="not-a-pdf"):
        report_done(db, task.slug, says(task, "x", office.officer), pdf=b"MZ")
    assert db.query(Attachment).count() == 0


def test_two_people_at_one_task(db: Db, office: Office, task: Task) -> None:
    stale = says(task, "Đã xong", office.officer)
    report_progress(db, task.slug, says(task, "Đang làm", office.officer))
    with pytest.raises(Stale) as refused:
        report_done(db, task.slug, stale)
    assert refused.value.facts["who"] == "Cán bộ"
