"""A task is urged before, on and after its day, then upwards; each step once, however often a job runs."""

from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler.actions.escalation import escalate
from scheduler.actions.followups import Report, ask_extension, grant_extension, report_done
from scheduler.actions.task_letters import tell_unit
from scheduler.clock import at_local
from scheduler.database import Database, Db
from scheduler.letters import render
from scheduler.models import Entry, Escalation, Letter, Task
from scheduler.queries.followups import find_to_escalate
from scheduler.rules.permissions import COMMAND_LINE
from tests.actions.task_office import DUE, GIVEN_AT, Office
from tests.build import make_account, make_unit

MORNING = "07:00"


@pytest.fixture
def office(db: Db) -> Office:
    return Office(db)


@pytest.fixture
def task(office: Office) -> Task:
    return office.task()


def run(db: Db, day: date) -> int:
    """The job on one morning."""
    now = at_local(day, MORNING)
    return sum(escalate(db, task_id, now=now) for task_id in find_to_escalate(db, now))


def steps(db: Db) -> list[tuple[date, str, int]]:
    return [(row.at.date(), row.step, row.to_unit_id) for row in db.query(Escalation).order_by(Escalation.id)]


def test_a_month_of_mornings(db: Db, office: Office, task: Task) -> None:
    province = office.unit.parent.parent  # type: ignore[union-attr]
    committee = make_unit(db, "01-ubnd", name="UBND thành phố Hà Nội", parent=province, level="province")
    make_account(db, committee, "approver", email="tp@example.vn")
    for ahead in range(40):
        run(db, date(2026, 9, 3) + timedelta(days=ahead))
        run(db, date(2026, 9, 3) + timedelta(days=ahead))
    assert steps(db) == [
        (date(2026, 9, 14), "soon", office.department.id),
        (date(2026, 9, 17), "due", office.department.id),
        (date(2026, 9, 18), "late", office.department.id),
        (date(2026, 9, 22), "owner", office.unit.id),
        (date(2026, 9, 28), "above", committee.id),
    ]
    assert [event.facts["step"] for event in task.events if event.kind == "urged"] == [
        "soon",
        "due",
        "late",
        "owner",
        "above",
    ]
    assert db.query(Entry).filter_by(deed="task.urged").count() == 5
    told = [(row.kind, row.recipient) for row in db.query(Letter).order_by(Letter.id) if row.kind != "task"]
    clerk = f"{office.clerk.name}"
    assert clerk == "secretariat"
    assert [kind for kind, _ in told] == ["task-reminder"] * 4 + ["task-overdue"] * 4
    assert told[-1] == ("task-overdue", "tp@example.vn")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_letter_can_be_written(db: Db, office: Office, task: Task, language: str) -> None:
    for ahead in range(30):
        run(db, date(2026, 9, 3) + timedelta(days=ahead))
    now = at_local(date(2026, 10, 5), MORNING)
    until = date(2026, 10, 9)
    ask_extension(db, task.slug, Report(task.version, "Chờ", office.officer, now), until=until)
    grant_extension(db, task.slug, Report(task.version, "Đồng ý", office.clerk, now))
    report_done(db, task.slug, Report(task.version, "Văn bản 5/KT", office.officer, now))
    kinds = set()
    for letter in db.query(Letter):
        rendered = render(letter.kind, letter.facts, language, name=letter.recipient_name, base_url="https://x.vn")
        kinds.add(letter.kind)
        assert "{" not in rendered.subject + rendered.text
        assert task.item.text in rendered.text
        assert "https://x.vn" in rendered.text
    assert kinds == {"task", "task-reminder", "task-overdue", "task-news"}


def test_nobody_is_written_to_at_night(db: Db, task: Task) -> None:
    for number, (hour, due) in enumerate((("00:30", "06:30"), ("05:59", "06:30"), ("07:00", "07:00"))):
        tell_unit(db, task, f"step{number}", "", by="x", now=at_local(DUE, hour))
        newest = db.query(Letter).filter_by(kind="task-news").order_by(Letter.id.desc()).first()
        assert newest is not None
        assert newest.due_at == at_local(DUE, due)
    tell_unit(db, task, "late", "", by="x", now=at_local(DUE, "21:30"))
    newest = db.query(Letter).filter_by(kind="task-news").order_by(Letter.id.desc()).first()
    assert newest is not None
    assert newest.due_at == at_local(DUE + timedelta(days=1), "06:30")
    escalate(db, task.id, now=at_local(DUE, "00:10"))
    letter = db.query(Letter).filter_by(kind="task-reminder").first()
    assert letter is not None
    assert letter.due_at == at_local(DUE, "06:30")


def test_letters_say_how_many_days(db: Db, task: Task) -> None:
    run(db, date(2026, 9, 14))
    run(db, date(2026, 9, 21))
    reminder = db.query(Letter).filter_by(kind="task-reminder").first()
    overdue = db.query(Letter).filter_by(kind="task-overdue").first()
    assert reminder is not None
    assert overdue is not None
    assert reminder.facts["days_left"] == 3
    assert (overdue.facts["days_late"], overdue.facts["step"]) == (2, "late")
    assert overdue.facts["url"] == f"/tasks/{task.slug}"


def test_who_answers_above_signs_in(db: Db, office: Office, task: Task) -> None:
    run(db, date(2026, 9, 22))
    letter = db.query(Letter).filter_by(kind="task-overdue").order_by(Letter.id.desc()).first()
    assert letter is not None
    assert letter.facts["url"] == f"/desk/tasks/{task.slug}"
    assert letter.facts["why_you"] == "owner-unit"


def test_a_unit_without_staff_is_written_to_itself(db: Db, office: Office, task: Task) -> None:
    province = office.unit.parent.parent  # type: ignore[union-attr]
    province.email = "tp@example.vn"  # type: ignore[union-attr]
    db.flush()
    run(db, date(2026, 9, 28))
    assert db.query(Letter).filter_by(recipient="tp@example.vn").count() == 1


def test_nobody_is_urged_on_a_day_off(db: Db, task: Task) -> None:
    assert find_to_escalate(db, at_local(date(2026, 9, 19), MORNING)) == []
    assert escalate(db, task.id, now=at_local(date(2026, 9, 19), MORNING)) == 0


def test_an_extension_begins_the_steps_anew(db: Db, office: Office, task: Task) -> None:
    run(db, date(2026, 9, 14))
    now = at_local(date(2026, 9, 15), MORNING)
    ask_extension(db, task.slug, Report(task.version, "Chờ", office.officer, now), until=date(2026, 9, 24))
    grant_extension(db, task.slug, Report(task.version, "", office.clerk, now))
    assert run(db, date(2026, 9, 17)) == 0
    assert run(db, date(2026, 9, 21)) == 1
    assert [step for _, step, _ in steps(db)] == ["soon", "soon"]


def test_what_was_done_is_not_urged(db: Db, office: Office, task: Task) -> None:
    report_done(db, task.slug, Report(task.version, "Xong", office.officer, GIVEN_AT))
    assert run(db, date(2026, 9, 28)) == 0
    assert escalate(db, task.id, now=at_local(date(2026, 9, 28), MORNING)) == 0


def test_a_job_that_stood_still_does_not_write_four_letters_at_once(db: Db, office: Office, task: Task) -> None:
    run(db, date(2026, 10, 1))
    assert [step for _, step, _ in steps(db)] == ["late", "owner", "above"]


def test_two_jobs_at_once_urge_once(database: Database) -> None:
    with database.transaction() as db:
        task_id = Office(db).task().id
    now = datetime(2026, 9, 18, 1, tzinfo=UTC)
    done = []
    for _ in range(2):
        with database.transaction() as db:
            done.append(escalate(db, task_id, now=now, by=COMMAND_LINE))
    assert done == [1, 0]
