"""Due days in working days, each with the counting shown: which days were left out and which Saturdays counted."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.rules.working_days import SATURDAY, Calendar, Day, Reason

LONGEST = 250
"""Working days of a deadline: about a year; a longer one is a slip of the pen."""


@dataclass(frozen=True, slots=True)
class Due:
    """A due day, that day included, and the reasons that say how it was counted."""

    day: date
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class RegisterBy:
    """The last day to register: so many working days before the sitting, or the day of the month before it."""

    working_days: int | None = None
    day: int | None = None


def due_day(start: date, working_days: int, calendar: Calendar) -> Due:
    """The n-th working day after `start`; the start itself is not counted (Bộ luật Dân sự 2015, art. 147).

    `working_days` is at least 0; 0 is the start itself.
    """
    day = calendar.add_working_days(start, working_days)
    facts = {"start": start.isoformat(), "to": day.isoformat(), "n": working_days}
    named = named_between(calendar, start, day)
    reasons: list[Reason] = [("why.due", facts)]
    off = [row for row in named if row.off and row.day.weekday() < SATURDAY]
    worked = [row for row in named if not row.off and row.day.weekday() >= SATURDAY]
    if off:
        reasons.append(("why.due-left-out", {"days": [_named(row) for row in off]}))
    if worked:
        reasons.append(("why.due-counted", {"days": [_named(row) for row in worked]}))
    return Due(day, tuple(reasons))


def last_day_before(day: date, working_days: int, calendar: Calendar) -> date:
    """The last day that leaves at least so many working days before `day` (Luật Tiếp công dân 2013, art. 24).

    With five, the day on which a notice must be posted "chậm nhất là 05 ngày làm việc trước ngày tiếp".
    """
    return calendar.add_working_days(day, -working_days)


def register_day(sitting: date, by: RegisterBy, calendar: Calendar) -> date:
    """The last day to register for a sitting: counted back in working days, or the latest such day before it.

    A day the month does not have is its last day.
    """
    if by.working_days is not None:
        return last_day_before(sitting, by.working_days, calendar)
    wanted = by.day or 1
    found = _day_of_month(sitting, wanted)
    return found if found < sitting else _day_of_month(sitting.replace(day=1) - timedelta(days=1), wanted)


def named_between(calendar: Calendar, start: date, last: date) -> list[Day]:
    """The named days after `start` up to `last`, by date."""
    ordinals = range(start.toordinal() + 1, last.toordinal() + 1)
    days = (date.fromordinal(ordinal) for ordinal in ordinals)
    return [calendar.days[day] for day in days if day in calendar.days]


def _named(row: Day) -> list[str]:
    return [row.day.isoformat(), row.kind, row.name]


def _day_of_month(month: date, day: int) -> date:
    first_of_next = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(month.replace(day=1) + timedelta(days=day - 1), first_of_next - timedelta(days=1))
