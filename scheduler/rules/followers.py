"""What a follower is told and when: which changes are news, what a half hour adds up to, how often a letter goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from scheduler.rules.workflow import PUBLIC, TAKEN_PLACE

STATES = ("asked", "confirmed", "ended")
CONFIRM_LIFE = timedelta(hours=72)
"""How long somebody may take to confirm an address; afterwards it is erased."""

PACE = timedelta(minutes=30)
"""The news of so long go into one letter."""
PAUSE = timedelta(hours=1)
"""No follower gets a second letter sooner."""
SETTLE = timedelta(minutes=2)
"""A change made just now may not be committed yet; it waits for the next letter instead of being lost."""

ASKS_AN_HOUR = 5
"""How often one client, or for one address, may ask for a letter of confirmation."""

REFUSALS = 3
"""After so many letters in a row that no server would take, nobody reads there any more."""

DATA_NOTICE = "2026-11"
"""The version of what is said of the address before it is sent."""

NEW = "new"
SILENT = ("hand_over",)
"""Steps that are told otherwise: who follows a unit that ended is led on by itself."""


@dataclass(frozen=True)
class Change:
    """A public change as its history keeps it: the states before and after (actions.change_history.state_of)."""

    at: datetime
    step: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True)
class Sitting:
    """What of a public sitting decides whether it is news; `hours` are "07:30-11:30" spans in order."""

    state: str
    day: date | None
    planned_day: date
    hours: tuple[str, ...]
    published_at: datetime | None
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class News:
    """What a follower does not know yet of one sitting: NEW, or the steps that lead from `before` to `after`."""

    steps: tuple[str, ...]
    at: datetime
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def told_until(now: datetime) -> datetime:
    """The moment up to which a letter written now would tell."""
    return now - SETTLE


def half_hour(now: datetime) -> datetime:
    """The last full half hour; who was told of something since then waits for the next one."""
    until = told_until(now)
    seconds = int(PACE.total_seconds())
    return until - timedelta(seconds=until.timestamp() % seconds)


def news_of(sitting: Sitting, *, since: datetime, until: datetime, wall: datetime) -> News | None:
    """What happened to the sitting after `since` and up to `until`, added up; None where nothing is left of it.

    Nothing that is over by `wall`, the naive wall time, is news, and a change that was undone is none.
    """
    if sitting.published_at is None or sitting.state not in PUBLIC or sitting.state in TAKEN_PLACE:
        return None
    if sitting.published_at > until:
        return None
    if sitting.published_at > since:
        return _fresh(sitting, wall)
    changes = [change for change in sitting.changes if since < change.at <= until and change.step not in SILENT]
    if not changes:
        return None
    before, after = changes[0].before, changes[-1].after
    steps = steps_between(before, after)
    if not steps or _over(before, after, wall):
        return None
    return News(steps, changes[-1].at, before, after, changes[-1].reason)


def _fresh(sitting: Sitting, wall: datetime) -> News | None:
    """A date nobody was told of yet; what was published and cancelled in one breath says nothing."""
    if sitting.state != "published" or _end(sitting.day or sitting.planned_day, sitting.hours) <= wall:
        return None
    assert sitting.published_at is not None
    return News((NEW,), sitting.published_at)


def steps_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The steps a reader must know of to get from one state to the other, the weightiest first; () where none."""
    if after["state"] != before["state"] or not before["day"] or not after["day"]:
        return _other_state(before, after)
    if after["state"] != "published":
        return ()
    steps = [step for step, differs in DIFFERENCES if differs(before, after)]
    # A letter of a new day tells hours and place anyway.
    return tuple(step for step in steps if "move" not in steps or step in ("move", "change_chair"))


def _other_state(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    if after["state"] == "cancelled":
        return ("cancel",) if before["state"] != "cancelled" else ()
    if not after["day"]:
        return ("postpone",) if before["day"] else ()
    if before["state"] == "cancelled" and before["day"]:
        return ("restore",)
    return ("move",)


def _over(before: Mapping[str, Any], after: Mapping[str, Any], wall: datetime) -> bool:
    """Whether both the sitting that was told and the one that holds now lie behind."""
    ends = [_end(date.fromisoformat(state["day"]), state["hours"]) for state in (before, after) if state["day"]]
    return bool(ends) and max(ends) <= wall


def _end(day: date, hours: Sequence[str]) -> datetime:
    last = time.fromisoformat(hours[-1].rpartition("-")[2]) if hours else time.max
    return datetime.combine(day, last)


def _unlike(*names: str) -> Any:
    return lambda before, after: any(before.get(name) != after.get(name) for name in names)


DIFFERENCES = (
    ("move", _unlike("day")),
    ("change_hours", _unlike("hours")),
    ("change_place", _unlike("place")),
    ("change_chair", _unlike("chair", "stands_in")),
    ("change_details", _unlike("kind", "hosts", "content", "area")),
)
"""What a resident wants to know of, and by which values it shows. Who attends or may stand in is none of it."""
