"""A thousand rules over five years, beside dateutil and beside `holidays`; the counts must be equal."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import holidays
from dateutil.rrule import FR, MO, MONTHLY, TH, TU, WE, WEEKLY, rrule

from scheduler.rules.days_seed import default_calendar
from scheduler.rules.expansion import Series, expand
from scheduler.rules.recurrence import ByDays, ByNth, Monthly, Rule, Weekly, rule_dates

STARTS, LAST = date(2025, 1, 1), date(2029, 12, 31)
BEGIN, END = datetime(2025, 1, 1), datetime(2029, 12, 31)  # noqa: DTZ001 (dateutil counts wall days here)
RULES = 1000
DAYS = (MO, TU, WE, TH, FR)
ROUNDS = 3


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside."""
    rules = [_rule(index) for index in range(RULES)]
    ours = _best(lambda: [rule_dates(rule, STARTS, LAST) for rule, _ in rules])
    theirs = _best(lambda: [list(judge) for _, judge in rules])
    count = sum(len(dates) for dates in ours[1])
    if count != sum(len(dates) for dates in theirs[1]):
        raise AssertionError("dateutil counts otherwise")
    calendar = default_calendar(2014, 2030)
    series = [Series(str(index), rule, STARTS, LAST) for index, (rule, _) in enumerate(rules)]
    whole = _best(lambda: [expand(one, calendar) for one in series])
    return [
        _row(f"dates of {RULES} rules over 5 years", ours[0], "s", theirs[0] / ours[0], "dateutil rrule"),
        _row("  the same, dates a second", count / ours[0], "1/s", theirs[0] / ours[0], "dateutil rrule"),
        _row(
            "  settled over days off, with reasons", whole[0], "s", theirs[0] / whole[0], "dateutil rrule, dates only"
        ),
        *_shifts(),
    ]


def _shifts() -> list[dict[str, Any]]:
    days = [STARTS + timedelta(days=index) for index in range((LAST - STARTS).days)]
    calendar = default_calendar(2014, 2030)
    country = holidays.country_holidays("VN", years=range(2025, 2031))
    ours = _best(lambda: [calendar.next_working(day) for day in days])
    theirs = _best(lambda: [country.get_nth_working_day(day, 1) for day in days])
    made = _best(lambda: default_calendar.__wrapped__(2014, 2030))
    return [
        _row("next working day", len(days) / ours[0], "1/s", theirs[0] / ours[0], "holidays, get_nth_working_day"),
        _row("the calendar of 17 years made anew", made[0], "s", None, ""),
    ]


def _rule(index: int) -> tuple[Rule, Any]:
    weekday = index % 5
    if index % 3 == 0:
        return Weekly((weekday,)), rrule(WEEKLY, dtstart=BEGIN, until=END, byweekday=DAYS[weekday])
    if index % 3 == 1:
        day = index % 28 + 1
        return Monthly(ByDays((day,))), rrule(MONTHLY, dtstart=BEGIN, until=END, bymonthday=day)
    nth = index % 4 + 1
    return Monthly(ByNth((nth,), weekday)), rrule(MONTHLY, dtstart=BEGIN, until=END, byweekday=DAYS[weekday](nth))


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    times, made = [], None
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        made = work()
        times.append(time.perf_counter() - begun)
    return min(times), made


def _row(name: str, value: float, unit: str, ratio: float | None, beside: str) -> dict[str, Any]:
    shown = round(value, 4) if value < 100 else round(value)
    return {"name": name, "value": shown, "unit": unit, "ratio": ratio and round(ratio, 1), "beside": beside}
