"""The life of a task that follows from a conclusion, and the steps by which a late one is urged upwards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.errors import RuleBroken
from scheduler.rules.working_days import Calendar

TASK_STATES = (
    "assigned",
    "in_progress",
    "done",  # the unit says so; the secretariat has not looked yet
    "accepted",
    "reopened",
)
WITH_UNIT = ("assigned", "in_progress", "reopened")
"""The states in which the unit in charge has to act, and is urged."""


@dataclass(frozen=True, slots=True)
class TaskStep:
    """One step of a task: from which states, to which (None: it stays), by whose right and in whose unit."""

    step: str
    sources: tuple[str, ...]
    target: str | None
    act: str
    side: str  # "unit" in charge, or "owner" (the sitting's unit)


TASK_STEPS = (
    TaskStep("progress", WITH_UNIT, "in_progress", "report_task", "unit"),
    TaskStep("ask_extension", WITH_UNIT, None, "report_task", "unit"),
    TaskStep("grant_extension", WITH_UNIT, None, "accept", "owner"),
    TaskStep("refuse_extension", WITH_UNIT, None, "accept", "owner"),
    TaskStep("report_done", WITH_UNIT, "done", "report_task", "unit"),
    TaskStep("accept", ("done",), "accepted", "accept", "owner"),
    TaskStep("reopen", ("done", "accepted"), "reopened", "accept", "owner"),
)
TASK_STEP = {step.step: step for step in TASK_STEPS}


@dataclass(frozen=True, slots=True)
class EscalationStep:
    """A step of urging: so many working days from the due day (before it: negative), and who is written to.

    `to` is "unit" (in charge), "owner" (the sitting's unit), or "above" (the unit above that one).
    """

    key: str
    working_days: int
    to: str
    letter: str


ESCALATION = (
    EscalationStep("soon", -3, "unit", "task-reminder"),
    EscalationStep("due", 0, "unit", "task-reminder"),
    EscalationStep("late", 1, "unit", "task-overdue"),
    EscalationStep("owner", 3, "owner", "task-overdue"),
    EscalationStep("above", 7, "above", "task-overdue"),
)
"""From a reminder three working days before to the unit above seven working days after."""
EARLIEST = min(step.working_days for step in ESCALATION)


def next_task_state(state: str, step: str) -> str:
    """The task's state after the step. Raises RuleBroken("followups.wrong-step") where the step is not open."""
    row = TASK_STEP[step]
    if state not in row.sources:
        raise RuleBroken("followups.wrong-step", step=step, state=state)
    return row.target or state


def open_task_steps(state: str, *, asked: bool) -> tuple[str, ...]:
    """The steps that lead on from this state; an extension is decided only while one is `asked`, and asked once."""
    waiting = {"grant_extension", "refuse_extension"}
    return tuple(
        row.step
        for row in TASK_STEPS
        if state in row.sources
        and not (row.step in waiting and not asked)
        and not (row.step == "ask_extension" and asked)
    )


def step_day(due_day: date, step: EscalationStep, calendar: Calendar) -> date:
    """The day from which the step is due."""
    return calendar.add_working_days(due_day, step.working_days)


def due_steps(
    due_day: date, *, since: date, today: date, calendar: Calendar, taken: Iterable[str]
) -> tuple[EscalationStep, ...]:
    """The steps to take today: for each addressee the newest that is due, unless it was taken.

    Older ones that were missed are not made up for: nobody gets two letters on one morning. A step whose day is not
    after `since`, the day the task was given, falls away, and on a day off nobody is urged.
    """
    if not calendar.is_working(today):
        return ()
    newest: dict[str, EscalationStep] = {}
    for step in ESCALATION:
        if since < step_day(due_day, step, calendar) <= today:
            newest[step.to] = step
    done = set(taken)
    return tuple(step for step in newest.values() if step.key not in done)


def days_late(due_day: date, on: date, calendar: Calendar) -> int:
    """How many working days after the due day; 0 up to and on it."""
    return calendar.working_days_between(due_day, on) if on > due_day else 0


def outcome_of(*, due_day: date, done_on: date | None, today: date) -> str:
    """What a task counts as: "on_time", "late", "overdue" or "open"; parts that add up to all tasks.

    By the day on which the unit reported it done, against the due day then in force (that day included).
    """
    if done_on is not None:
        return "on_time" if done_on <= due_day else "late"
    return "overdue" if today > due_day else "open"


def check_new_day(asked: date, *, due_day: date, today: date, calendar: Calendar) -> None:
    """Raise RuleBroken where an extension's day is not later than the due day and today, or is no working day."""
    if asked <= due_day or asked <= today:
        raise RuleBroken("followups.day-not-later")
    if not calendar.is_working(asked):
        raise RuleBroken("followups.day-off")
