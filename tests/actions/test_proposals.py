"""Each kind of proposal, accepted: it is done by the same steps as on the pages, and told."""

from datetime import date

import pytest
from sqlalchemy import select

from scheduler.actions.days import set_day
from scheduler.actions.proposals import accept_proposal, propose
from scheduler.actions.schedule_edits import edit_schedule, end_schedule
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Occurrence, OccurrenceChange, Proposal, Schedule, Unit
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.working_days import Day
from tests.build import make_actor, make_office, make_post, make_published
from tests.conftest import NOW

SERIES = {
    "key": "chu-tich",
    "kind": "periodic_reception",
    "host": "Chủ tịch UBND",
    "rule": {"every": "month", "days": [15]},
    "starts": "2027-01-01",
    "until": "2027-06-30",
    "hours": ["07:30-11:30"],
    "place": "126 Hàng Trống",
}


@pytest.fixture
def unit(db: Db) -> Unit:
    office, _ = make_office(db)
    return office


@pytest.fixture
def approver(db: Db, unit: Unit) -> Actor:
    return make_actor(db, unit, "approver")


def public_schedule(db: Db, unit: Unit) -> Schedule:
    schedule = create_schedule(db, unit.id, SERIES, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, schedule.id, domain="lich.example.vn", by=COMMAND_LINE, now=NOW)
    for row in rows_of(db):
        row.state, row.published_at, row.published_day = "published", NOW, row.day
    db.flush()
    return schedule


def rows_of(db: Db) -> list[Occurrence]:
    return list(db.scalars(select(Occurrence).order_by(Occurrence.planned_day)))


def open_ones(db: Db) -> list[Proposal]:
    return list(db.scalars(select(Proposal).where(Proposal.state == "open").order_by(Proposal.id)))


def changed(db: Db, schedule: Schedule, **keys: object) -> list[Proposal]:
    """Give the schedule other keys; what is proposed."""
    by = make_actor(db, schedule.unit)
    edit_schedule(db, schedule.id, schedule.version, SERIES | keys, by=by, now=NOW)
    return open_ones(db)


@pytest.mark.parametrize(
    ("keys", "step", "value"),
    [
        ({"place": "Nhà văn hóa"}, "change_place", ("place", "Nhà văn hóa")),
        ({"hours": ["13:30-16:30"]}, "change_hours", ("hours", ["13:30-16:30"])),
        ({"content": "Đất đai"}, "change_details", ("content", "Đất đai")),
        ({"attend": ["Thanh tra"], "area": ["TDP 1"]}, "change_details", ("attend", ["Thanh tra"])),
        ({"register_by": {"working_days": 3}}, "change_details", ("register_by", date(2027, 1, 12))),
        ({"rule": {"every": "month", "nth": [1], "weekday": "TH"}}, "cancel", ("state", "cancelled")),
        (
            {"changes": [{"date": "2027-01-15", "action": "move", "to": "2027-01-19"}]},
            "move",
            ("day", date(2027, 1, 19)),
        ),
    ],
)
def test_what_the_plan_says_otherwise_is_done_when_accepted(
    db: Db, unit: Unit, approver: Actor, keys: dict[str, object], step: str, value: tuple[str, object]
) -> None:
    first = changed(db, public_schedule(db, unit), **keys)[0]
    accept_proposal(db, first.id, by=approver, now=NOW)
    sitting = first.occurrence
    assert sitting is not None
    assert getattr(sitting, value[0]) == value[1]
    (change,) = db.scalars(select(OccurrenceChange).where(OccurrenceChange.occurrence_id == sitting.id))
    assert (change.step, change.by_id, sitting.sequence) == (step, approver.account_id, 1)
    assert change.reason


def test_another_host_takes_the_place_of_the_first(db: Db, unit: Unit, approver: Actor) -> None:
    deputy = make_post(db, unit, "Phó Chủ tịch UBND", duty="", is_head=False)
    first = changed(db, public_schedule(db, unit), host="Phó Chủ tịch UBND")[0]
    assert first.proposed == {"hosts": [deputy.id]}
    accept_proposal(db, first.id, reason="Phân công lại.", by=approver, now=NOW)
    assert first.occurrence is not None
    assert [host.post_id for host in first.occurrence.hosts] == [deputy.id]
    assert first.occurrence.hosts[0].starts_at == first.occurrence.starts_at
    assert first.occurrence.change_reason == "Phân công lại."


def test_who_is_reminded_changes_without_a_public_change(db: Db, unit: Unit, approver: Actor) -> None:
    first = changed(db, public_schedule(db, unit), notify=["a@example.vn"])[0]
    accept_proposal(db, first.id, by=approver, now=NOW)
    assert first.occurrence is not None
    assert (first.occurrence.notify, first.occurrence.sequence) == (["a@example.vn"], 0)


def test_several_changes_at_once_are_all_done(db: Db, unit: Unit, approver: Actor) -> None:
    keys = {"hours": ["13:30-16:30"], "place": "Nhà văn hóa", "content": "Đất đai"}
    moved = {"changes": [{"date": "2027-01-15", "action": "move", "to": "2027-01-19"}]}
    first = changed(db, public_schedule(db, unit), **keys, **moved)[0]
    accept_proposal(db, first.id, by=approver, now=NOW)
    sitting = first.occurrence
    assert sitting is not None
    assert (sitting.day, sitting.hours, sitting.place) == (date(2027, 1, 19), ["13:30-16:30"], "Nhà văn hóa")
    assert sitting.content == "Đất đai"
    assert [change.step for change in sitting.changes] == ["move", "change_details"]


@pytest.mark.parametrize(("told_by", "expected"), [(None, date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 1))])
def test_a_day_to_be_announced_puts_the_sitting_off(
    db: Db, unit: Unit, approver: Actor, told_by: date | None, expected: date
) -> None:
    public_schedule(db, unit)
    make_published(db, unit, day=date(2027, 2, 1))
    sitting = rows_of(db)[0]
    proposal = propose(db, sitting, {"state": "postponed"}, cause="plan", why=[], by=COMMAND_LINE, now=NOW)
    assert proposal is not None
    db.flush()
    accept_proposal(db, proposal.id, told_by=told_by, by=approver, now=NOW)
    assert (sitting.state, sitting.day, sitting.to_be_told_by) == ("postponed", None, expected)


def test_the_calendar_keeps_what_the_plan_had_proposed(db: Db, unit: Unit, approver: Actor) -> None:
    changed(db, public_schedule(db, unit), place="Nhà văn hóa")
    set_day(db, Day(date(2027, 1, 15), True, "Nghỉ", "QĐ"), by=COMMAND_LINE, now=NOW)
    newest = open_ones(db)[-1]
    assert newest.proposed == {"place": "Nhà văn hóa", "date": "2027-01-18"}
    accept_proposal(db, newest.id, by=approver, now=NOW)
    assert newest.occurrence is not None
    assert (newest.occurrence.day, newest.occurrence.place) == (date(2027, 1, 18), "Nhà văn hóa")


def test_a_last_day_to_register_follows_the_calendar(db: Db, unit: Unit) -> None:
    keys = SERIES | {"register_by": {"working_days": 3}}
    schedule = create_schedule(db, unit.id, keys, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
    sitting = rows_of(db)[0]
    assert sitting.register_by == date(2027, 1, 12)
    set_day(db, Day(date(2027, 1, 13), True, "Nghỉ", "QĐ"), by=COMMAND_LINE, now=NOW)
    assert (sitting.day, sitting.register_by) == (date(2027, 1, 15), date(2027, 1, 11))


def test_a_day_set_by_hand_goes_as_its_own_rule_says(db: Db, unit: Unit) -> None:
    keys = SERIES | {"day_off": "skip", "changes": [{"date": "2027-01-15", "action": "move", "to": "2027-01-19"}]}
    schedule = create_schedule(db, unit.id, keys, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
    kept = create_schedule(db, unit.id, keys | {"key": "khac", "day_off": "keep"}, by=COMMAND_LINE, now=NOW)
    extend_schedule(db, kept.id, by=COMMAND_LINE, now=NOW)
    for row in rows_of(db):
        row.state = "published" if row.state == "draft" else row.state
    db.flush()
    set_day(db, Day(date(2027, 1, 19), True, "Nghỉ", "QĐ"), by=COMMAND_LINE, now=NOW)
    assert [(one.occurrence.schedule_id, one.proposed) for one in open_ones(db) if one.occurrence] == [
        (schedule.id, {"state": "cancelled"})
    ]


def test_a_schedule_keeps_its_key_and_ends_once(db: Db, unit: Unit) -> None:
    schedule = public_schedule(db, unit)
    by = make_actor(db, unit)
    with pytest.raises(BadInput, match=r"schedules\.key-stays"):
        edit_schedule(db, schedule.id, schedule.version, SERIES | {"key": "khac"}, by=by, now=NOW)
    assert edit_schedule(db, schedule.id, schedule.version, SERIES, by=by, now=NOW).changed == 0
    assert len(end_schedule(db, schedule.id, schedule.version, by=by, now=NOW).proposals) == 6
    with pytest.raises(RuleBroken, match=r"schedules\.ended-already"):
        end_schedule(db, schedule.id, schedule.version, by=by, now=NOW)
