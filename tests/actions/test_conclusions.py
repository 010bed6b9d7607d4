"""A conclusion is never written without a unit and a deadline, and its due day shows its sum."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scheduler.actions.conclusions import (
    ConclusionGiven,
    ItemGiven,
    close_occurrence,
    open_items,
    record_conclusion,
)
from scheduler.actions.followups import Report, accept_task, compile_task, report_done
from scheduler.database import Db
from scheduler.errors import BadInput, Faults, NotAllowed, RuleBroken, Stale
from scheduler.models import Attachment, Entry, Occurrence, Unit
from scheduler.queries.records import conclusion_of_sitting
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_actor, make_occurrence, make_office, make_unit

DAY = date(2026, 11, 18)
SIGNED = date(2026, 11, 20)


@pytest.fixture
def sitting(db: Db) -> Occurrence:
    return make_occurrence(db, *make_office(db), day=DAY, state="held")


@pytest.fixture
def department(db: Db, sitting: Occurrence) -> Unit:
    return make_unit(db, "00070-kt", name="Phòng Kinh tế, Hạ tầng và Đô thị", parent=sitting.unit, kind="department")


def given(department: Unit, **values: object) -> ConclusionGiven:
    item = ItemGiven("Trả lời ông A. về hẻm 12", department.id, 10)
    whole = {"number": "12/TB-UBND", "signed_on": SIGNED, "signer": "Nguyễn Văn Thử", "items": (item,)}
    return ConclusionGiven(**(whole | values))  # type: ignore[arg-type]


def test_each_item_has_its_unit_and_its_day(db: Db, sitting: Occurrence, department: Unit, now: datetime) -> None:
    police = make_unit(db, name="Công an phường", parent=sitting.unit)
    items = (ItemGiven(" Dựng biển báo ", department.id, 10, (police.id, police.id)), ItemGiven("B", police.id, 1))
    clerk = make_actor(db, sitting.unit)
    made = record_conclusion(db, sitting.slug, sitting.version, given(department, items=items), by=clerk, now=now)
    first, second = made.items
    assert (sitting.state, first.text, first.lead_unit_id) == ("concluded", "Dựng biển báo", department.id)
    assert [helper.unit_id for helper in first.co_units] == [police.id]
    # Ten working days after 20/11 leave out two week-ends and 24/11, the new national day off.
    assert (first.due_day, second.due_day) == (date(2026, 12, 7), date(2026, 11, 23))
    assert [key for key, _ in first.due_why] == ["why.due", "why.due-left-out"]
    assert first.compiled_at is None
    [entry] = db.query(Entry).filter_by(deed="conclusion.made")
    assert entry.facts == {"number": "12/TB-UBND", "n": 2}
    assert conclusion_of_sitting(db, sitting.id) is made


def test_nothing_to_do_is_a_conclusion(db: Db, sitting: Occurrence, department: Unit, now: datetime) -> None:
    paper = given(department, items=(), nothing_to_do=True)
    made = record_conclusion(db, sitting.slug, sitting.version, paper, by=make_actor(db, sitting.unit), now=now)
    assert (made.nothing_to_do, made.items, sitting.state) == (True, [], "concluded")


def test_the_signed_notice_is_kept_but_not_public(db: Db, sitting: Occurrence, department: Unit, now: datetime) -> None:
    paper = given(department, pdf=b"%PDF-1.7 x", file_name="12-TB.pdf")
    made = record_conclusion(db, sitting.slug, sitting.version, paper, by=make_actor(db, sitting.unit), now=now)
    assert made.attachment_id is not None
    kept = db.get_one(Attachment, made.attachment_id)
    assert (kept.name, kept.public) == ("12-TB.pdf", False)


def test_a_file_that_is_no_pdf(db: Db, sitting: Occurrence, department: Unit, now: datetime) -> None:
    paper = given(department, pdf=b"MZ", file_name="x.exe")
    clerk = make_actor(db, sitting.unit)
    with pytest.raises(BadInput, match="not-a-pdf"):
        record_conclusion(db, sitting.slug, sitting.version, paper, by=clerk, now=now)


@pytest.mark.parametrize(
    ("values", "faults"),
    [
        ({"number": " "}, [("conclusions.number-missing", "number")]),
        ({"signer": ""}, [("conclusions.signer-missing", "signer")]),
        ({"signed_on": None}, [("conclusions.day-missing", "signed_on")]),
        ({"signed_on": date(2026, 11, 17)}, [("conclusions.day-outside", "signed_on")]),
        ({"signed_on": date(2026, 11, 23)}, [("conclusions.day-outside", "signed_on")]),
        ({"items": ()}, [("conclusions.items-missing", "items")]),
        ({"nothing_to_do": True}, [("conclusions.nothing-and-items", "nothing_to_do")]),
    ],
)
def test_a_notice_that_lacks_something(
    db: Db,
    sitting: Occurrence,
    department: Unit,
    now: datetime,
    values: dict[str, object],
    faults: list[tuple[str, str]],
) -> None:
    clerk = make_actor(db, sitting.unit)
    with pytest.raises(Faults) as refused:
        record_conclusion(db, sitting.slug, sitting.version, given(department, **values), by=clerk, now=now)
    assert [(fault.key, fault.place) for fault in refused.value.faults] == faults
    assert sitting.state == "held"


def test_an_item_without_unit_or_deadline(db: Db, sitting: Occurrence, department: Unit, now: datetime) -> None:
    ended = make_unit(db, name="Phòng cũ", parent=sitting.unit, valid_to=date(2025, 6, 30))
    good = ItemGiven("A", department.id, 5)
    items = (
        replace(good, text=" "),
        replace(good, lead_unit_id=None),
        replace(good, lead_unit_id=999_999),
        replace(good, lead_unit_id=ended.id),
        replace(good, working_days=None),
        replace(good, working_days=0),
        replace(good, working_days=251),
        replace(good, co_unit_ids=(department.id,)),
        replace(good, co_unit_ids=(999_999,)),
    )
    clerk = make_actor(db, sitting.unit)
    with pytest.raises(Faults) as refused:
        record_conclusion(db, sitting.slug, sitting.version, given(department, items=items), by=clerk, now=now)
    assert [(fault.key.partition(".")[2], fault.place) for fault in refused.value.faults] == [
        ("text-missing", "items.0.text"),
        ("unit-missing", "items.1.lead_unit"),
        ("unit-missing", "items.2.lead_unit"),
        ("unit-ended", "items.3.lead_unit"),
        ("deadline-missing", "items.4.working_days"),
        ("deadline-missing", "items.5.working_days"),
        ("deadline-missing", "items.6.working_days"),
        ("wrong-co-unit", "items.7.co_units"),
        ("wrong-co-unit", "items.8.co_units"),
    ]


def test_only_a_held_sitting_by_who_may_and_once(db: Db, sitting: Occurrence, department: Unit, now: datetime) -> None:
    paper, version = given(department), sitting.version
    approver = make_actor(db, sitting.unit, "approver")
    with pytest.raises(NotAllowed):
        record_conclusion(db, sitting.slug, version, paper, by=approver, now=now)
    clerk = make_actor(db, sitting.unit)
    assert conclusion_of_sitting(db, sitting.id) is None
    record_conclusion(db, sitting.slug, version, paper, by=clerk, now=now)
    with pytest.raises(Stale):
        record_conclusion(db, sitting.slug, version, paper, by=clerk, now=now)
    with pytest.raises(RuleBroken, match="wrong-step"):
        record_conclusion(db, sitting.slug, sitting.version, paper, by=clerk, now=now)


def test_a_sitting_is_closed_when_all_its_tasks_are_accepted(
    db: Db, sitting: Occurrence, department: Unit, now: datetime
) -> None:
    clerk = make_actor(db, sitting.unit)
    with pytest.raises(RuleBroken, match="not-yet"):  # no conclusion, and people may have come
        close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now)
    made = record_conclusion(db, sitting.slug, sitting.version, given(department), by=clerk, now=now)
    with pytest.raises(RuleBroken, match="tasks-open"):  # not even a task yet
        close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now)
    task = compile_task(db, made.items[0].id, by=COMMAND_LINE, now=now)
    assert task is not None
    report_done(db, task.slug, Report(task.version, "Văn bản 5/KT", COMMAND_LINE, now))
    assert len(open_items(db, sitting.id)) == 1
    with pytest.raises(RuleBroken, match="tasks-open"):
        close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now)
    accept_task(db, task.slug, Report(task.version, "", clerk, now))
    assert close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now).state == "closed"
    assert db.query(Entry).filter_by(deed="occurrence.closed").count() == 1


def test_nothing_to_do_closes_at_once(db: Db, sitting: Occurrence, department: Unit) -> None:
    now = datetime(2026, 11, 22, 2, tzinfo=UTC)
    clerk = make_actor(db, sitting.unit)
    paper = given(department, items=(), nothing_to_do=True)
    record_conclusion(db, sitting.slug, sitting.version, paper, by=clerk, now=now)
    assert close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now).state == "closed"
    with pytest.raises(RuleBroken, match="wrong-step"):
        close_occurrence(db, sitting.slug, sitting.version, by=clerk, now=now)
    with pytest.raises(Stale):
        close_occurrence(db, sitting.slug, 1, by=clerk, now=now)
