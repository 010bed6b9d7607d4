"""Steps of a task, and when which step of urging is due."""

from datetime import date, timedelta

import pytest

from scheduler.errors import RuleBroken
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.followups import (
    ESCALATION,
    TASK_STATES,
    TASK_STEPS,
    WITH_UNIT,
    check_new_day,
    days_late,
    due_steps,
    next_task_state,
    open_task_steps,
    outcome_of,
)
from scheduler.rules.permissions import PERMISSIONS

CALENDAR = default_calendar(2014, 2027)
GIVEN = date(2026, 9, 3)
DUE = date(2026, 9, 17)  # a Thursday


def steps_on(today: date, taken: tuple[str, ...] = ()) -> list[str]:
    return [step.key for step in due_steps(DUE, since=GIVEN, today=today, calendar=CALENDAR, taken=taken)]


@pytest.mark.parametrize(
    ("state", "step", "after"),
    [
        ("assigned", "progress", "in_progress"),
        ("reopened", "progress", "in_progress"),
        ("in_progress", "ask_extension", "in_progress"),
        ("assigned", "grant_extension", "assigned"),
        ("in_progress", "report_done", "done"),
        ("done", "accept", "accepted"),
        ("done", "reopen", "reopened"),
        ("accepted", "reopen", "reopened"),
    ],
)
def test_a_step_leads_on(state: str, step: str, after: str) -> None:
    assert next_task_state(state, step) == after


def test_every_other_step_is_refused() -> None:
    open_ = {(state, row.step) for row in TASK_STEPS for state in row.sources}
    for state in TASK_STATES:
        for row in TASK_STEPS:
            if (state, row.step) not in open_:
                with pytest.raises(RuleBroken, match=r"followups\.wrong-step"):
                    next_task_state(state, row.step)


def test_steps_are_asked_of_roles_that_exist() -> None:
    assert all(row.act in PERMISSIONS and row.side in ("unit", "owner") for row in TASK_STEPS)
    assert all(row.target in (None, *TASK_STATES) for row in TASK_STEPS)


def test_an_extension_is_asked_once_and_decided_when_asked() -> None:
    assert open_task_steps("assigned", asked=False) == ("progress", "ask_extension", "report_done")
    assert open_task_steps("assigned", asked=True) == (
        "progress",
        "grant_extension",
        "refuse_extension",
        "report_done",
    )
    assert open_task_steps("done", asked=False) == ("accept", "reopen")
    assert open_task_steps("accepted", asked=False) == ("reopen",)


@pytest.mark.parametrize(
    ("today", "steps"),
    [
        (date(2026, 9, 11), []),
        (date(2026, 9, 14), ["soon"]),  # three working days before
        (date(2026, 9, 16), ["soon"]),
        (date(2026, 9, 17), ["due"]),
        (date(2026, 9, 18), ["late"]),
        (date(2026, 9, 19), []),  # a Saturday: nobody is urged
        (date(2026, 9, 21), ["late"]),
        (date(2026, 9, 22), ["late", "owner"]),
        (date(2026, 9, 28), ["late", "owner", "above"]),
    ],
)
def test_the_step_of_the_day(today: date, steps: list[str]) -> None:
    assert steps_on(today) == steps


def test_each_step_is_taken_once_over_a_whole_month() -> None:
    taken: tuple[str, ...] = ()
    told: list[tuple[date, str]] = []
    for ahead in range(40):
        today = GIVEN + timedelta(days=ahead)
        for step in steps_on(today, taken):
            taken += (step,)
            told.append((today, step))
    assert told == [
        (date(2026, 9, 14), "soon"),
        (date(2026, 9, 17), "due"),
        (date(2026, 9, 18), "late"),
        (date(2026, 9, 22), "owner"),
        (date(2026, 9, 28), "above"),
    ]


def test_a_step_before_the_task_was_given_falls_away() -> None:
    since = date(2026, 9, 15)
    assert due_steps(DUE, since=since, today=since, calendar=CALENDAR, taken=()) == ()
    assert [row.key for row in due_steps(DUE, since=since, today=DUE, calendar=CALENDAR, taken=())] == ["due"]


def test_steps_go_up_in_order() -> None:
    assert [step.working_days for step in ESCALATION] == sorted(step.working_days for step in ESCALATION)
    assert ESCALATION[0].to == "unit"
    assert ESCALATION[-1].to == "above"


def test_days_late_are_working_days() -> None:
    assert days_late(DUE, DUE, CALENDAR) == 0
    assert days_late(DUE, date(2026, 9, 1), CALENDAR) == 0
    assert days_late(DUE, date(2026, 9, 21), CALENDAR) == 2


@pytest.mark.parametrize(
    ("done_on", "today", "outcome"),
    [
        (DUE, date(2026, 12, 1), "on_time"),
        (date(2026, 9, 18), date(2026, 12, 1), "late"),
        (None, DUE, "open"),
        (None, date(2026, 9, 18), "overdue"),
    ],
)
def test_what_a_task_counts_as(done_on: date | None, today: date, outcome: str) -> None:
    assert outcome_of(due_day=DUE, done_on=done_on, today=today) == outcome


@pytest.mark.parametrize(
    ("asked", "today", "fault"),
    [
        (DUE, GIVEN, "followups.day-not-later"),
        (date(2026, 9, 16), GIVEN, "followups.day-not-later"),
        (date(2026, 9, 24), date(2026, 9, 24), "followups.day-not-later"),
        (date(2026, 9, 20), GIVEN, "followups.day-off"),
    ],
)
def test_days_that_are_no_extension(asked: date, today: date, fault: str) -> None:
    with pytest.raises(RuleBroken, match=fault):
        check_new_day(asked, due_day=DUE, today=today, calendar=CALENDAR)


def test_a_later_working_day_is_an_extension() -> None:
    check_new_day(date(2026, 9, 24), due_day=DUE, today=GIVEN, calendar=CALENDAR)
    assert "done" not in WITH_UNIT
