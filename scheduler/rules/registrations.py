"""Registrations: the states of one visit and the steps between them, the ways it comes in, and its topics."""

from dataclasses import dataclass

from scheduler.errors import RuleBroken

STATES = (
    "booked",
    "arrived",
    "called",  # its number stands on the screen
    "inside",
    "received",
    "absent",
    "withdrawn",
)
OPEN = ("booked", "arrived", "called", "inside")
"""States in which somebody is still to be received."""


@dataclass(frozen=True)
class Step:
    """One step of a visit at the counter: from which states, to which."""

    step: str
    sources: tuple[str, ...]
    target: str


STEPS = (
    Step("arrive", ("booked",), "arrived"),
    Step("call", ("booked", "arrived", "called"), "called"),
    Step("begin", ("booked", "arrived", "called"), "inside"),
    Step("end", ("inside",), "received"),
    Step("miss", ("booked", "arrived", "called"), "absent"),
    Step("come_back", ("absent",), "arrived"),
    Step("withdraw", ("booked",), "withdrawn"),
)
STEP = {step.step: step for step in STEPS}

WAYS = ("web", "phone", "counter", "officer", "door", "paper")
"""How it came in; "officer" is a commune's officer on behalf of a resident, "door" somebody who came without."""

TOPICS = (
    "land",
    "construction",
    "environment",
    "benefits",
    "civil-status",
    "security",
    "officials",
    "other",
)
"""What a resident may choose (words.md 7); at most eight."""

DATA_NOTICE = "2026-11"
"""The version of the notice on personal data that a resident reads before sending."""


def next_registration_state(state: str, step: str) -> str:
    """The state after the step. Raises RuleBroken("registrations.wrong-step") where the step is not open."""
    found = STEP[step]
    if state not in found.sources:
        raise RuleBroken("registrations.wrong-step", step=step, state=state)
    return found.target
