"""Which days a rule names: plain arithmetic on dates for every form that notices print.

A rule knows nothing of days off: it gives the dates by the rule, which `expansion` then settles.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SHORT_MONTH = ("last_day", "skip")
MONTHS_OF_QUARTER = 3
LONGEST_NTH = 5
LONGEST_WEEKS = 6
MOST_TIMES = 28
"""Sittings without a day in one period: each takes a day of its first month for its name."""
MONTHS_IN = {"month": 1, "quarter": MONTHS_OF_QUARTER, "year": 12}

ShortMonth = Literal["last_day", "skip"]


@dataclass(frozen=True, slots=True)
class ByDays:
    """Fixed days of a month; `short_month` says what a day becomes which the month does not have."""

    days: tuple[int, ...]
    short_month: ShortMonth = "last_day"


@dataclass(frozen=True, slots=True)
class ByNth:
    """The n-th weekday of a month (1 to 5, or -1 for the last); weekday 0 is Monday."""

    nth: tuple[int, ...]
    weekday: int


@dataclass(frozen=True, slots=True)
class ByWeeks:
    """A weekday of the n-th calendar week (1 to 6); week 1 holds day 1, weeks run Monday to Sunday."""

    weeks: tuple[int, ...]
    weekday: int


Pick = ByDays | ByNth | ByWeeks


@dataclass(frozen=True, slots=True)
class Weekly:
    """These weekdays (0 is Monday) of every `interval`-th week."""

    weekdays: tuple[int, ...]
    interval: int = 1


@dataclass(frozen=True, slots=True)
class Monthly:
    """The picked days of every `interval`-th month."""

    pick: Pick
    interval: int = 1


@dataclass(frozen=True, slots=True)
class Quarterly:
    """The picked days in the given months (1 to 3) of every quarter."""

    month: tuple[int, ...]
    pick: Pick


@dataclass(frozen=True, slots=True)
class Yearly:
    """The picked days in the given months (1 to 12) of every year."""

    month: tuple[int, ...]
    pick: Pick


@dataclass(frozen=True, slots=True)
class Listed:
    """Days as published, one by one."""

    dates: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """So many sittings in each month, quarter or year, their days set later.

    The n-th of a period is known by the period's n-th day; a period counts where these days lie between the bounds.
    """

    every: Literal["month", "quarter", "year"]
    times: int


Rule = Weekly | Monthly | Quarterly | Yearly | Listed | Counted


@dataclass(frozen=True, slots=True)
class Reading:
    """One month in which the n-th weekday and the weekday of the n-th calendar week are not the same day."""

    month: date
    n: int
    by_nth: date | None
    by_week: date | None


def rule_dates(rule: Rule, starts: date, last: date, months: Iterable[int] = ()) -> list[date]:
    """The dates by the rule from `starts` to `last`, both included, ascending, each once.

    Weeks are counted from the one that holds `starts`, months from its month; `months` leaves out and does not
    change the count.
    """
    if last < starts:
        return []
    ordinals = _ordinals(rule, starts, last)
    # Only the ends can lie outside: what comes from whole weeks and months is ascending.
    low, high = bisect_left(ordinals, starts.toordinal()), bisect_right(ordinals, last.toordinal())
    days = list(map(date.fromordinal, ordinals[low:high]))
    wanted = frozenset(months)
    return [day for day in days if day.month in wanted] if wanted else days


def two_readings(rule: Rule, starts: date, last: date, months: Iterable[int] = ()) -> list[Reading]:
    """Where "thứ Ba tuần thứ ba" read as n-th weekday and as n-th calendar week gives different days.

    Empty for every rule that is neither; the last weekday (-1) has one reading only.
    """
    pick = None if isinstance(rule, Weekly | Listed | Counted) else rule.pick
    if pick is None or isinstance(pick, ByDays) or last < starts:
        return []
    numbers = pick.nth if isinstance(pick, ByNth) else pick.weeks
    wanted = frozenset(months)
    found = []
    for year, month in _months_of(rule, starts, last):
        if wanted and month not in wanted:
            continue
        for n in sorted(n for n in set(numbers) if n > 0):
            readings = [_first(_picked(kind, year, month)) for kind in _both(n, pick.weekday)]
            if readings[0] != readings[1] and any(day and starts <= day <= last for day in readings):
                found.append(Reading(date(year, month, 1), n, readings[0], readings[1]))
    return found


def _both(n: int, weekday: int) -> tuple[Pick, Pick]:
    return ByNth((n,), weekday), ByWeeks((n,), weekday)


def _first(ordinals: Iterable[int]) -> date | None:
    return next((date.fromordinal(ordinal) for ordinal in ordinals), None)


def _ordinals(rule: Rule, starts: date, last: date) -> Sequence[int]:
    if isinstance(rule, Weekly):
        return _weekly(rule, starts, last)
    if isinstance(rule, Listed):
        return sorted({day.toordinal() for day in rule.dates})
    if isinstance(rule, Counted):
        return _counted(rule, starts, last)
    return _in_months(rule, starts, last)


def _weekly(rule: Weekly, starts: date, last: date) -> Sequence[int]:
    monday = starts.toordinal() - starts.weekday()
    step = 7 * rule.interval
    weekdays = sorted(set(rule.weekdays))
    end = last.toordinal() + 1
    if len(weekdays) == 1:
        return range(monday + weekdays[0], end, step)
    return [base + weekday for base in range(monday, end, step) for weekday in weekdays]


def _counted(rule: Counted, starts: date, last: date) -> list[int]:
    step = MONTHS_IN[rule.every]
    found: list[int] = []
    for index in range(starts.year * 12 + (starts.month - 1) // step * step, last.year * 12 + last.month, step):
        begins, _ = _bounds(index // 12, index % 12 + 1)
        found.extend(range(begins, begins + rule.times))
    return found


def _in_months(rule: Monthly | Quarterly | Yearly, starts: date, last: date) -> list[int]:
    found: list[int] = []
    pick = rule.pick
    for year, month in _months_of(rule, starts, last):
        found.extend(_picked(pick, year, month))
    return found


def _months_of(rule: Rule, starts: date, last: date) -> Iterator[tuple[int, int]]:
    first, end = starts.year * 12 + starts.month - 1, last.year * 12 + last.month
    if isinstance(rule, Monthly):
        for index in range(first, end, rule.interval):
            yield index // 12, index % 12 + 1
        return
    wanted = _yearly_months(rule)
    for index in range(first, end):
        if index % 12 + 1 in wanted:
            yield index // 12, index % 12 + 1


def _yearly_months(rule: Rule) -> frozenset[int]:
    if isinstance(rule, Quarterly):
        return frozenset(quarter + month for quarter in range(0, 12, MONTHS_OF_QUARTER) for month in rule.month)
    return frozenset(rule.month) if isinstance(rule, Yearly) else frozenset()


def _picked(pick: Pick, year: int, month: int) -> list[int]:
    first, length = _bounds(year, month)
    if isinstance(pick, ByDays):
        return _by_days(pick, first, length)
    # Ordinal 1 was a Monday.
    weekday_of_first = (first - 1) % 7
    if isinstance(pick, ByNth):
        return _by_nth(pick, first, length, weekday_of_first)
    monday = first - weekday_of_first
    days = {monday + 7 * (week - 1) + pick.weekday for week in pick.weeks}
    return sorted(day for day in days if first <= day < first + length)


def _by_days(pick: ByDays, first: int, length: int) -> list[int]:
    if pick.short_month == "skip":
        return sorted({first + day - 1 for day in pick.days if day <= length})
    return sorted({first + (day if day <= length else length) - 1 for day in pick.days})


def _by_nth(pick: ByNth, first: int, length: int, weekday_of_first: int) -> list[int]:
    earliest = first + (pick.weekday - weekday_of_first) % 7
    latest = earliest + (first + length - 1 - earliest) // 7 * 7
    days = {latest if n < 0 else earliest + 7 * (n - 1) for n in pick.nth}
    return sorted(day for day in days if day < first + length)


@lru_cache(maxsize=2048)
def _bounds(year: int, month: int) -> tuple[int, int]:
    """The ordinal of a month's first day, and its length."""
    first = date(year, month, 1).toordinal()
    return first, 31 if month == 12 else date(year, month + 1, 1).toordinal() - first
