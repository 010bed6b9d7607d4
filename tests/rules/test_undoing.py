"""The way back from each public change, and when there is none."""

from datetime import date
from typing import Any

import pytest

from scheduler.errors import RuleBroken
from scheduler.rules.undoing import Inverse, inverse_of

TODAY = date(2026, 11, 23)
BEFORE: dict[str, Any] = {
    "day": "2026-12-03", "hours": ["07:30-11:30", "13:30-16:30"], "place": "126 Hàng Trống",
    "told_by": None, "stands_in": False, "chair": [None, ""],
}  # fmt: skip
BACK = {"day": "2026-12-03", "hours": "07:30-11:30, 13:30-16:30", "place": "126 Hàng Trống"}


@pytest.mark.parametrize(
    ("step", "before", "step_back", "given"),
    [
        ("move", {}, "move", BACK),
        ("postpone", {}, "move", BACK),
        ("move", {"day": None, "told_by": "2026-11-30"}, "postpone", {"told_by": "2026-11-30"}),
        ("move", {"day": None, "told_by": "2026-11-01"}, "postpone", {"told_by": ""}),
        ("cancel", {}, "restore", {}),
        ("restore", {}, "cancel", {}),
        ("change_place", {}, "change_place", {"place": "126 Hàng Trống"}),
        ("change_hours", {}, "change_hours", {"hours": "07:30-11:30, 13:30-16:30"}),
        ("change_chair", {}, "change_chair", {"back_to_head": "y"}),
        (
            "change_chair",
            {"stands_in": True, "chair": [7, "Lê Thị Phó"]},
            "change_chair",
            {"chair_post": "7", "chair": "Lê Thị Phó"},
        ),
    ],
)
def test_each_step_has_its_way_back(step: str, before: dict[str, Any], step_back: str, given: dict[str, str]) -> None:
    assert inverse_of(step, BEFORE | before, {}, today=TODAY) == Inverse(step_back, given)


@pytest.mark.parametrize(
    ("step", "before", "key"),
    [
        ("move", {"day": "2026-11-20"}, "changes.undo-day-past"),
        ("cancel", {"day": "2026-11-20"}, "changes.undo-day-past"),
        ("cancel", {"day": None}, "changes.undo-needs-day"),
        ("change_place", {"place": ""}, "changes.undo-by-hand"),
        ("change_details", {}, "changes.undo-by-hand"),
    ],
)
def test_what_can_no_longer_be_undone_is_refused(step: str, before: dict[str, Any], key: str) -> None:
    with pytest.raises(RuleBroken, match=key):
        inverse_of(step, BEFORE | before, {}, today=TODAY)
