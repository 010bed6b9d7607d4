"""The life of a sitting: its states, and the steps that lead from one to the next."""

from dataclasses import dataclass

from scheduler.errors import RuleBroken

STATES = (
    "void",  # a date by the rule on which there is no sitting: skipped, or merged into another
    "draft",
    "submitted",
    "approved",
    "published",
    "postponed",
    "cancelled",
    "held",
    "concluded",
    "closed",
)
PUBLIC = ("published", "postponed", "cancelled", "held", "concluded", "closed")
TAKEN_PLACE = ("held", "concluded", "closed")
BEFORE_PUBLIC = ("draft", "submitted", "approved")


@dataclass(frozen=True)
class Transition:
    """One step: from which states, to which (None: it stays), by whose right, and what must be given."""

    step: str
    sources: tuple[str, ...]
    target: str | None
    act: str
    needs: tuple[str, ...] = ()
    public: bool = False  # told to everyone: history, feeds, letters


TRANSITIONS = (
    Transition("edit", BEFORE_PUBLIC, "draft", "plan"),
    Transition("submit", ("draft",), "submitted", "submit"),
    Transition("return", ("submitted", "approved"), "draft", "approve", ("reason",)),
    Transition("approve", ("submitted",), "approved", "approve"),
    Transition("approve_on_paper", ("draft", "submitted"), "approved", "submit", ("paper",)),
    Transition("publish", ("approved",), "published", "publish", public=True),
    Transition("move", ("published", "postponed"), "published", "change", ("reason", "day"), public=True),
    Transition("postpone", ("published",), "postponed", "change", ("reason", "told_by"), public=True),
    Transition("cancel", ("published", "postponed"), "cancelled", "change", ("reason",), public=True),
    Transition("restore", ("cancelled",), "published", "change", ("reason",), public=True),
    Transition("change_place", ("published",), None, "change", ("reason", "place"), public=True),
    Transition("change_hours", ("published",), None, "change", ("reason", "hours"), public=True),
    Transition("change_chair", ("published",), None, "change", ("reason", "chair"), public=True),
    Transition("change_details", ("published", "postponed"), None, "change", ("reason",), public=True),
    # Its unit ended by a resolution: another one receives on the same day.
    Transition("hand_over", ("published", "postponed"), None, "change", ("reason",), public=True),
    Transition("hold", ("published",), "held", "record"),
    Transition("correct_record", ("held", "concluded"), None, "record"),
    Transition("conclude", ("held",), "concluded", "conclude"),
    Transition("close", ("held", "concluded"), "closed", "conclude"),
)
TRANSITION = {transition.step: transition for transition in TRANSITIONS}


def next_state(state: str, step: str) -> str:
    """The state after the step. Raises RuleBroken("workflow.wrong-step") where the step is not open."""
    transition = TRANSITION[step]
    if state not in transition.sources:
        raise RuleBroken("workflow.wrong-step", step=step, state=state)
    return transition.target or state


def require_given(step: str, **given: object) -> None:
    """Raise RuleBroken("workflow.needs-…") for the first thing the step asks and nobody gave."""
    for need in TRANSITION[step].needs:
        value = given.get(need)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise RuleBroken(f"workflow.needs-{need.replace('_', '-')}")


def require_other_person(drafters: tuple[int | None, ...], approver: int | None) -> None:
    """Who drafted or submitted does not approve. Raises RuleBroken("workflow.own-draft")."""
    if approver is not None and approver in drafters:
        raise RuleBroken("workflow.own-draft")


def require_no_chain(stand_in_already: bool, stands_in: bool) -> None:
    """No stand-in for a stand-in (law.md 3). Raises RuleBroken("workflow.stand-in-chain")."""
    if stand_in_already and stands_in:
        raise RuleBroken("workflow.stand-in-chain")


def public_status(state: str, *, moved: bool, dated: bool) -> str:
    """The contract's status: scheduled, moved, postponed, cancelled or held."""
    if state in TAKEN_PLACE:
        return "held"
    if state == "cancelled":
        return "cancelled"
    if state == "postponed" or not dated:
        return "postponed"
    return "moved" if moved else "scheduled"
