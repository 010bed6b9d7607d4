"""When a sitting is reminded of: some days before, and on the working day before. Wall times of Vietnam."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from scheduler.rules.working_days import Calendar

NIGHT_ENDS, NIGHT_BEGINS = time(6, 30), time(21, 0)
"""No letter is planned for the hours between."""

WINDOW_DAYS = 21
"""Reminders of a sitting are planned when it is this near: later, holders of posts may have changed."""

PUBLISH_WARNINGS = (5, 2, 0)
"""Working days before the last day for publishing on which the secretariat is urged."""


@dataclass(frozen=True)
class ReminderTimes:
    """An office's choice: so many days before at one hour, and on the working day before at another."""

    days_before: int = 7
    first_hour: time = time(8, 0)
    last_hour: time = time(16, 30)


def reminder_times(day: date, calendar: Calendar, times: ReminderTimes) -> list[tuple[str, datetime]]:
    """The two reminders of a sitting on `day` as (name, naive wall time), in order of time."""
    wanted = [
        ("days-before", datetime.combine(day - timedelta(days=times.days_before), awake(times.first_hour))),
        ("day-before", datetime.combine(calendar.previous_working(day), awake(times.last_hour))),
    ]
    return sorted(wanted, key=lambda reminder: reminder[1])


def awake(hour: time) -> time:
    """The hour itself, or the nearest one at which people are awake."""
    return min(max(hour, NIGHT_ENDS), NIGHT_BEGINS)


def urging_day(last_day: date, today: date, calendar: Calendar) -> int | None:
    """Which warning (working days left) is due today for a last day of publishing, None when none is.

    A warning that was missed, because a sitting was planned late or the program stood still, is given at once.
    """
    left = calendar.working_days_between(today, last_day) if today <= last_day else -1
    due: Iterable[int] = (warning for warning in PUBLISH_WARNINGS if left <= warning)
    return None if left < 0 else min(due, default=None)
