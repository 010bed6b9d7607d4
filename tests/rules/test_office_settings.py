"""What an office set, from when on, and what holds where nobody set anything."""

from datetime import date
from typing import Any

import pytest

from scheduler.errors import BadInput
from scheduler.rules.office_settings import OFFICE_SETTINGS, Given, checked_value, value_on

GIVEN = (
    Given(None, "reminder_days_before", date(2026, 1, 1), 5),
    Given(1, "reminder_days_before", date(2026, 3, 1), 4),
    Given(1, "reminder_days_before", date(2026, 6, 1), 3),
    Given(2, "part_of_day_counts", date(2026, 7, 1), False),
)


@pytest.mark.parametrize(
    ("key", "units", "day", "value"),
    [
        ("reminder_days_before", (2, 1), date(2025, 12, 31), 7),  # the default of the table
        ("reminder_days_before", (2, 1), date(2026, 1, 1), 5),  # for everyone
        ("reminder_days_before", (2, 1), date(2026, 3, 1), 4),  # of the unit above
        ("reminder_days_before", (2, 1), date(2026, 12, 1), 3),  # its newer value
        ("reminder_days_before", (9,), date(2026, 12, 1), 5),
        ("part_of_day_counts", (2, 1), date(2026, 6, 30), True),
        ("part_of_day_counts", (2, 1), date(2026, 7, 1), False),
        ("part_of_day_counts", (1,), date(2026, 7, 1), True),
    ],
)
def test_the_value_that_holds(key: str, units: tuple[int, ...], day: date, value: Any) -> None:
    assert value_on(GIVEN, key, units, day) == value
    assert value_on(tuple(reversed(GIVEN)), key, units, day) == value


def test_every_default_has_the_shape_of_its_setting() -> None:
    for setting in OFFICE_SETTINGS:
        assert checked_value(setting.key, setting.default) == setting.default
        assert setting.source


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("colour", 1, "office_settings.unknown-key"),
        ("reminder_days_before", "7", "office_settings.wrong-value"),
        ("reminder_days_before", True, "office_settings.wrong-value"),
        ("reminder_days_before", -1, "office_settings.wrong-value"),
        ("reminder_days_before", 61, "office_settings.wrong-value"),
        ("part_of_day_counts", 1, "office_settings.wrong-value"),
        ("reminder_hour", "7:30", "office_settings.wrong-value"),
        ("reminder_hour", "25:00", "office_settings.wrong-value"),
        ("reminder_hour", 16, "office_settings.wrong-value"),
    ],
)
def test_other_shapes_are_refused(key: str, value: Any, fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        checked_value(key, value)
