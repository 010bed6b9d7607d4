"""A public change is undone by another change, never by erasing: which step leads back, and with what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scheduler.errors import RuleBroken


@dataclass(frozen=True)
class Inverse:
    """The step that leads back to the state before, and what it is given, by the names of the change's form."""

    step: str
    given: dict[str, str] = field(default_factory=dict)


def inverse_of(step: str, before: Mapping[str, Any], after: Mapping[str, Any], *, today: date) -> Inverse:
    """The way back from `after` to `before`, the states a change keeps.

    Raises RuleBroken: the old day has passed, the sitting had no day then, or the step has no way back of its own.
    """
    if step in WAYS_BACK:
        return WAYS_BACK[step](before, after, today)
    raise RuleBroken("changes.undo-by-hand")


def _move_back(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> Inverse:
    if not before["day"]:
        told_by = before.get("told_by") or ""
        return Inverse("postpone", {"told_by": told_by if told_by >= today.isoformat() else ""})
    if date.fromisoformat(before["day"]) < today:
        raise RuleBroken("changes.undo-day-past", day=date.fromisoformat(before["day"]))
    return Inverse("move", {"day": before["day"], "hours": ", ".join(before["hours"]), "place": before["place"]})


def _hold_after_all(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> Inverse:
    if not before["day"]:
        raise RuleBroken("changes.undo-needs-day")
    if date.fromisoformat(before["day"]) < today:
        raise RuleBroken("changes.undo-day-past", day=date.fromisoformat(before["day"]))
    return Inverse("restore")


def _back_to_place(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> Inverse:
    if not before["place"]:
        raise RuleBroken("changes.undo-by-hand")
    return Inverse("change_place", {"place": before["place"]})


def _back_to_chair(before: Mapping[str, Any], after: Mapping[str, Any], today: date) -> Inverse:
    if not before.get("stands_in"):
        return Inverse("change_chair", {"back_to_head": "y"})
    post_id, name = before["chair"]
    return Inverse("change_chair", {"chair_post": str(post_id or ""), "chair": name})


WAYS_BACK = {
    "move": _move_back,
    "postpone": _move_back,
    "cancel": _hold_after_all,
    "restore": lambda before, after, today: Inverse("cancel"),
    "change_place": _back_to_place,
    "change_hours": lambda before, after, today: Inverse("change_hours", {"hours": ", ".join(before["hours"])}),
    "change_chair": _back_to_chair,
}
"""For each step what undoes it; what is not here is changed by hand."""
