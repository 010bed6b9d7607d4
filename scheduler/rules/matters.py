"""What becomes of a resident's matter: where it goes, which steps are open, and the state its facts add up to.

Answered, carried out and settled for good are three different things; none of them is taken for another.
"""

from dataclasses import dataclass
from datetime import date

from scheduler.errors import BadInput, RuleBroken
from scheduler.rules.deadlines import Due, due_day
from scheduler.rules.working_days import Calendar

KINDS = ("complaint", "recommendation", "feedback")
"""Kinds entered here (register, column 6). A denunciation is not: its register is closed to the ward's accounts."""

ANSWER_WITHIN = 10
"""Working days from receiving the content in which the resident is told what is done with it (LTCD art. 28(1))."""

REFUSAL_GROUNDS = ("not-in-control", "threat", "settled-rightly", "other-law")
"""The four cases of LTCD art. 9; refused for none other."""

SCORES = (3, 2, 1)
"""Content, neither, not content."""
FEW = 5
"""Ratings are counted only where there are at least so many: fewer could point to one person."""

TEXT = 4000
"""Characters of an answer or of a resident's words."""


@dataclass(frozen=True, slots=True)
class Direction:
    """Where a matter goes. `ends`: the direction itself is the answer, nothing more is owed here.

    `needs` are the fields without which it says nothing.
    """

    key: str
    ends: bool
    needs: tuple[str, ...]


DIRECTIONS = (
    Direction("accepted", False, ("in_charge",)),
    Direction("guided", True, ("other_office",)),
    Direction("transferred", True, ("other_office", "document_number", "document_day")),
    Direction("returned", True, ("other_office",)),
    Direction("refused", True, ("refusal_ground",)),
)
MISSING = {
    "in_charge": "matters.in-charge-missing",
    "other_office": "matters.other-office-missing",
    "document_number": "matters.document-number-missing",
    "document_day": "matters.document-day-missing",
    "refusal_ground": "matters.refusal-ground-missing",
}
"""What is said where a direction lacks a field."""
DIRECTION = {direction.key: direction for direction in DIRECTIONS}

STATES = (
    "received",
    "accepted",
    "guided",
    "transferred",
    "returned",
    "refused",
    "answered",
    "disputed",  # answered, or said to be done, and the resident says no
    "done",
    "settled",
)


MATTER_STEPS = ("direct", "answer", "done", "settle", "link", "correct")
"""In the order in which they come: the first that is open and not taken is the next one."""
DISPUTABLE = ("accepted", "answered", "done", "settled")


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """What the state follows from. `task_done_on`: the day its task was accepted as done, None while it is not."""

    direction: str = ""
    answered_on: date | None = None
    done_on: date | None = None
    settled_on: date | None = None
    task_done_on: date | None = None
    disputed: bool = False

    @property
    def carried_out_on(self) -> date | None:
        """The day from which it counts as carried out: noted by hand, or by its task."""
        return self.done_on or self.task_done_on


def state_of(facts: MatterFacts) -> str:
    """One of STATES. An open dispute outranks what the office says: the matter counts as not done."""
    if facts.disputed:
        return "disputed"
    if facts.settled_on is not None:
        return "settled"
    if facts.carried_out_on is not None:
        return "done"
    if facts.answered_on is not None:
        return "answered"
    return facts.direction or "received"


def open_matter_steps(facts: MatterFacts) -> tuple[str, ...]:
    """The steps that are open, the next one first; with an open dispute none comes before its answer."""
    state, ours = state_of(facts), facts.direction == "accepted"
    going = ours and state != "settled"
    open_ = {
        "direct": facts.answered_on is None and state in (*DIRECTION, "received"),
        "answer": going,
        "done": going and state in ("accepted", "answered"),
        "settle": state == "done" and facts.answered_on is not None,
        "link": going,
        "correct": True,
    }
    taken = {"direct": bool(facts.direction), "answer": facts.answered_on is not None}
    found = [step for step in MATTER_STEPS if open_[step]]
    return tuple(sorted(found, key=lambda step: taken.get(step, False)))


def require_step(facts: MatterFacts, step: str) -> None:
    """Raise RuleBroken where the step is not open."""
    if step not in open_matter_steps(facts):
        raise RuleBroken("matters.wrong-step")


def answer_due(received_on: date, calendar: Calendar) -> Due:
    """The last day to tell the resident, with the sum (LTCD art. 28(1))."""
    return due_day(received_on, ANSWER_WITHIN, calendar)


def is_late(facts: MatterFacts, due: date, today: date) -> bool:
    """Whether an answer is owed and its day is past."""
    owed = facts.answered_on is None and not (facts.direction and DIRECTION[facts.direction].ends)
    return owed and today > due


def may_dispute(facts: MatterFacts, due: date, today: date) -> bool:
    """Whether the resident may say that it was not done: something was promised, and nobody is looking into it yet."""
    state = state_of(facts)
    if state == "received":
        return today > due
    return state in DISPUTABLE


def may_rate_answer(facts: MatterFacts, *, rated: bool) -> bool:
    """Whether there is an answer to rate that was not rated yet."""
    told = facts.answered_on is not None or bool(facts.direction and DIRECTION[facts.direction].ends)
    return told and not rated


def direction_faults(direction: str, values: dict[str, str | date | None], *, today: date) -> list[BadInput]:
    """What a direction lacks, field by field; its document's day is no later than today."""
    if direction not in DIRECTION:
        return [BadInput("matters.direction-missing", "direction")]
    missing = [BadInput(MISSING[name], name) for name in DIRECTION[direction].needs if not values.get(name)]
    day = values.get("document_day")
    if isinstance(day, date) and day > today:
        missing.append(BadInput("matters.day-ahead", "document_day"))
    return missing
