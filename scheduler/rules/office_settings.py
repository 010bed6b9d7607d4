"""Settings of offices that change on a date: what each means, what holds where nobody set it, and who confirmed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Literal

from scheduler.errors import BadInput

Shape = Literal["yes_no", "days", "times", "numbers", "hour"]
WHOLE = ("days", "times", "numbers")
"""Shapes that are whole numbers."""
MOST_DAYS = 60


@dataclass(frozen=True, slots=True)
class OfficeKey:
    """One setting. `confirmed` is False where no law settles the default: an administrator should confirm it."""

    key: str
    shape: Shape
    default: Any
    source: str
    confirmed: bool = True
    by_level: str = ""  # only units of this level may give a value; those below follow it


@dataclass(frozen=True, slots=True)
class Given:
    """A value that a unit (None: everyone) gave from a day on."""

    unit_id: int | None
    key: str
    valid_from: date
    value: Any
    source: str = ""


OFFICE_SETTINGS = (
    # Whether a day counts for the head who sat only a part of it and left the rest to a stand-in.
    OfficeKey("part_of_day_counts", "yes_no", True, "chưa có văn bản quy định, quản trị viên xác nhận", False),
    OfficeKey("reminder_days_before", "days", 7, "thông lệ của văn phòng"),
    OfficeKey("reminder_hour", "hour", "16:30", "thông lệ của văn phòng"),
    # Who registered is reminded on the day before at this hour.
    OfficeKey("resident_reminder_hour", "hour", "08:00", "thông lệ của văn phòng"),
    OfficeKey("conclude_within_days", "days", 2, "thông lệ của văn phòng", False),
    # At least once a year by law; some provinces ask their communes for more.
    OfficeKey("dialogues_per_year", "times", 1, "Luật Tổ chức chính quyền địa phương 2025, điều 43"),
    # Whether somebody may still register on the day of the sitting, where its plan names no last day.
    OfficeKey("register_on_the_day", "yes_no", True, "thông lệ của văn phòng"),
    # Numbers kept for the paper kit of a reception; 0: the office wants none.
    OfficeKey("paper_numbers", "numbers", 20, "thông lệ của văn phòng"),
    # Rates against the required days on public pages; what was held is public always.
    OfficeKey("rates_public", "yes_no", False, "do tỉnh, thành phố quyết định", by_level="province"),
    OfficeKey("report_within_days", "days", 5, "chưa có văn bản quy định, quản trị viên xác nhận", False),
)
OFFICE_KEY = {setting.key: setting for setting in OFFICE_SETTINGS}


def value_on(given: Iterable[Given], key: str, units: Sequence[int], day: date) -> Any:
    """The value that holds in a unit on a day, the default of the table where nobody gave one."""
    holds = given_on(given, key, units, day)
    return OFFICE_KEY[key].default if holds is None else holds.value


def given_on(given: Iterable[Given], key: str, units: Sequence[int], day: date) -> Given | None:
    """What holds in a unit on a day: of the nearest unit that gave a value, its newest by then.

    `units` is the unit and those above it, nearest first; after them comes what was given for everyone.
    """
    by_unit: dict[int | None, Given] = {}
    for row in given:
        if row.key == key and row.valid_from <= day:
            kept = by_unit.get(row.unit_id)
            if kept is None or kept.valid_from <= row.valid_from:
                by_unit[row.unit_id] = row
    for unit_id in (*units, None):
        if unit_id in by_unit:
            return by_unit[unit_id]
    return None


def may_be_given(key: str, level: str) -> bool:
    """Whether a unit of this level decides the setting."""
    return OFFICE_KEY[key].by_level in ("", level)


def checked_value(key: str, value: Any) -> Any:
    """The value in the shape its setting has. Raises BadInput("office_settings.…") for any other."""
    setting = OFFICE_KEY.get(key)
    if setting is None:
        raise BadInput("office_settings.unknown-key", "key", given=key)
    if setting.shape == "yes_no" and isinstance(value, bool):
        return value
    if setting.shape in WHOLE and type(value) is int and 0 <= value <= MOST_DAYS:
        return value
    if setting.shape == "hour" and isinstance(value, str) and _is_hour(value):
        return value
    raise BadInput("office_settings.wrong-value", "value", given=str(value))


def read_value(key: str, text: str) -> Any:
    """The value a form gives as text: "yes" or "no", a number, an hour as 7:30. Raises BadInput as `checked_value`."""
    setting, text = OFFICE_KEY.get(key), text.strip()
    if setting is not None and setting.shape == "yes_no":
        return checked_value(key, {"yes": True, "no": False}.get(text, text))
    if setting is not None and setting.shape in WHOLE:
        return checked_value(key, int(text) if text.isascii() and text.isdigit() and len(text) < 4 else text)
    return checked_value(key, f"0{text}" if len(text) == 4 else text)


def _is_hour(text: str) -> bool:
    try:
        return len(text) == 5 and time.fromisoformat(text) is not None
    except ValueError:
        return False
