"""Registrations: the states of one visit and the steps between them, the ways it comes in, and its topics."""

from dataclasses import dataclass
from datetime import date

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

COME_ALREADY = ("door", "paper")
"""Whoever came in these ways stands in the queue, and takes neither a seat nor a window from who registers."""

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

FOLLOWED_BY = {"adhoc_reception": "periodic_reception"}
"""Kinds whose late registrations go to a sitting of another kind; every other one goes to the next of its own."""

HOURLY, CLIENT_HOURLY = 5, 40
"""Registrations an hour of one contact from one network address, and of one network address in all."""
OPEN_A_MONTH = 3
"""Open registrations that one contact may have made in a month."""
WRONG_CODES = 10
"""Wrong codes in a quarter of an hour, of one network address and for one contact."""
LEAST_SECONDS = 2
"""Nobody reads and fills in the form faster."""
KEPT_DAYS = 365
"""So long after its sitting a registration keeps who came and what was said; the count stays for ever."""


def asked_too_late(last_day: date | None, day: date, today: date, *, on_the_day: bool) -> bool:
    """Whether today is past the last day to register. Without one, the sitting's own day counts if `on_the_day`."""
    if last_day is not None:
        return today > last_day
    return today > day or (today == day and not on_the_day)


def next_registration_state(state: str, step: str) -> str:
    """The state after the step. Raises RuleBroken("registrations.wrong-step") where the step is not open."""
    found = STEP[step]
    if state not in found.sources:
        raise RuleBroken("registrations.wrong-step", step=step, state=state)
    return found.target
