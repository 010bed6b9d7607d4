"""Dates by the rule: a table of hand-counted cases for each form, and dateutil as the judge over ten years."""

import calendar
from collections.abc import Iterable
from datetime import date, datetime

import pytest
from dateutil.rrule import MONTHLY, WEEKLY, rrule, rruleset, weekday
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.recurrence import (
    ByDays,
    ByNth,
    ByWeeks,
    Counted,
    Listed,
    Monthly,
    Quarterly,
    Reading,
    Rule,
    Weekly,
    Yearly,
    rule_dates,
    two_readings,
)

MO, TU, WE, TH, FR, SA, SU = range(7)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def days(text: str) -> list[date]:
    return [date.fromisoformat(one) for one in text.split()]


CASES = [
    ("a week's day", Weekly((TH,)), "2026-01-01", "2026-01-22", (), "2026-01-01 2026-01-08 2026-01-15 2026-01-22"),
    ("two days a week", Weekly((FR, MO)), "2026-01-06", "2026-01-16", (), "2026-01-09 2026-01-12 2026-01-16"),
    # 01/01/2026 is a Thursday: its week is the first of the count though its Tuesday lies before `starts`.
    ("every second week", Weekly((TU,), 2), "2026-01-01", "2026-02-01", (), "2026-01-13 2026-01-27"),
    ("every second week, from its own day", Weekly((TH,), 2), "2026-01-01", "2026-01-31", (),
     "2026-01-01 2026-01-15 2026-01-29"),
    ("every second week, Sunday start", Weekly((MO,), 2), "2026-01-04", "2026-01-31", (), "2026-01-12 2026-01-26"),
    ("months leave out, the count goes on", Weekly((TH,), 2), "2026-01-22", "2026-03-31", (3,),
     "2026-03-05 2026-03-19"),
    ("fixed days", Monthly(ByDays((10, 25))), "2026-01-11", "2026-03-10", (),
     "2026-01-25 2026-02-10 2026-02-25 2026-03-10"),
    ("the 31st, else the last day", Monthly(ByDays((31,))), "2026-01-01", "2026-04-30", (),
     "2026-01-31 2026-02-28 2026-03-31 2026-04-30"),
    ("the 31st or not at all", Monthly(ByDays((31,), "skip")), "2026-01-01", "2026-04-30", (),
     "2026-01-31 2026-03-31"),
    ("30 and 31 are one day in a short month", Monthly(ByDays((30, 31))), "2026-01-01", "2026-04-30", (),
     "2026-01-30 2026-01-31 2026-02-28 2026-03-30 2026-03-31 2026-04-30"),
    ("29 February in a leap year", Monthly(ByDays((30,))), "2028-02-01", "2028-02-29", (), "2028-02-29"),
    ("every second month", Monthly(ByDays((5,)), 2), "2026-02-10", "2026-08-31", (),
     "2026-04-05 2026-06-05 2026-08-05"),
    ("every second month, months left out", Monthly(ByDays((5,)), 2), "2026-01-01", "2026-12-31", (2, 3, 4, 7),
     "2026-03-05 2026-07-05"),
    ("first and third", Monthly(ByNth((1, 3), TH)), "2026-01-01", "2026-02-28", (),
     "2026-01-01 2026-01-15 2026-02-05 2026-02-19"),
    ("the last", Monthly(ByNth((-1,), FR)), "2026-01-01", "2026-02-28", (), "2026-01-30 2026-02-27"),
    ("a fifth where there is one", Monthly(ByNth((5,), TH)), "2026-01-01", "2026-04-30", (), "2026-01-29 2026-04-30"),
    ("fifth and last are one day", Monthly(ByNth((5, -1), TH)), "2026-01-01", "2026-02-28", (),
     "2026-01-29 2026-02-26"),
    # January 2026: week 1 is 29/12 to 04/01, so its Tuesday lies in December and is left out.
    ("first calendar week", Monthly(ByWeeks((1,), TU)), "2026-01-01", "2026-03-31", (), ""),
    ("third calendar week", Monthly(ByWeeks((3,), TU)), "2026-01-01", "2026-03-31", (),
     "2026-01-13 2026-02-10 2026-03-10"),
    # March 2026 begins on a Sunday: its sixth calendar week is 30/03 to 05/04.
    ("sixth calendar week", Monthly(ByWeeks((6,), TU)), "2026-01-01", "2026-03-31", (), "2026-03-31"),
    ("sixth calendar week, outside", Monthly(ByWeeks((6,), TH)), "2026-01-01", "2026-03-31", (), ""),
    ("month two of the quarter", Quarterly((2,), ByDays((31,))), "2026-01-01", "2026-12-31", (),
     "2026-02-28 2026-05-31 2026-08-31 2026-11-30"),
    ("months one and three of the quarter", Quarterly((3, 1), ByNth((1,), MO)), "2026-02-01", "2026-07-31", (),
     "2026-03-02 2026-04-06 2026-06-01 2026-07-06"),
    ("a month of the year", Yearly((2,), ByDays((30,), "skip")), "2026-01-01", "2028-12-31", (), ""),
    ("months of the year", Yearly((9, 3), ByWeeks((2,), WE)), "2026-01-01", "2026-12-31", (),
     "2026-03-04 2026-09-09"),
    ("a list", Listed(tuple(days("2026-03-01 2026-01-07 2026-01-07 2025-12-31"))), "2026-01-01", "2026-12-31", (),
     "2026-01-07 2026-03-01"),
    ("a list in some months", Listed(tuple(days("2026-03-01 2026-01-07"))), "2026-01-01", "2026-12-31", (1,),
     "2026-01-07"),
    ("so many a month, known by its first days", Counted("month", 2), "2026-01-01", "2026-02-28", (),
     "2026-01-01 2026-01-02 2026-02-01 2026-02-02"),
    ("so many a quarter", Counted("quarter", 3), "2026-01-01", "2026-06-30", (),
     "2026-01-01 2026-01-02 2026-01-03 2026-04-01 2026-04-02 2026-04-03"),
    ("a period whose first days lie before the start does not count", Counted("quarter", 1), "2026-02-01",
     "2026-12-31", (), "2026-04-01 2026-07-01 2026-10-01"),
    ("once a year", Counted("year", 1), "2026-01-01", "2027-12-31", (), "2026-01-01 2027-01-01"),
    ("the end before the start", Weekly((TH,)), "2026-01-01", "2025-12-31", (), ""),
    ("one day only", Weekly((TH,)), "2026-01-01", "2026-01-01", (), "2026-01-01"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "starts", "last", "months", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_dates_by_the_rule(rule: Rule, starts: str, last: str, months: tuple[int, ...], expected: str) -> None:
    assert rule_dates(rule, date.fromisoformat(starts), date.fromisoformat(last), months) == days(expected)


def test_where_the_two_readings_differ() -> None:
    found = two_readings(Monthly(ByNth((3,), TU)), date(2026, 1, 1), date(2026, 3, 31))
    assert found == [
        Reading(date(2026, month, 1), 3, date(2026, month, nth), date(2026, month, week))
        for month, nth, week in ((1, 20, 13), (2, 17, 10), (3, 17, 10))
    ]
    assert found == two_readings(Monthly(ByWeeks((3,), TU)), date(2026, 1, 1), date(2026, 3, 31))


def test_readings_agree_where_the_month_begins_on_or_before_the_weekday() -> None:
    """June 2026 begins on a Monday, October on a Thursday: for a Thursday both readings name the same days."""
    assert two_readings(Monthly(ByNth((1, 2, 3), TH)), date(2026, 10, 1), date(2026, 10, 31)) == []
    assert two_readings(Yearly((6,), ByWeeks((1,), MO)), *YEAR) == []


def test_readings_keep_to_months_and_bounds() -> None:
    assert [one.month.month for one in two_readings(Monthly(ByNth((3,), TU)), *YEAR, (2, 3))] == [2, 3]
    sixth = two_readings(Monthly(ByWeeks((6,), TU)), date(2026, 3, 1), date(2026, 3, 31))
    assert sixth == [Reading(date(2026, 3, 1), 6, None, date(2026, 3, 31))]
    assert two_readings(Monthly(ByNth((3,), TU)), date(2026, 1, 21), date(2026, 1, 31)) == []


@pytest.mark.parametrize(
    "rule",
    [
        Weekly((TH,)),
        Listed((date(2026, 1, 7),)),
        Monthly(ByDays((15,))),
        Monthly(ByNth((-1,), FR)),
        Counted("month", 1),
    ],
)
def test_other_rules_have_one_reading(rule: Rule) -> None:
    assert two_readings(rule, *YEAR) == []


def test_no_reading_before_the_start() -> None:
    assert two_readings(Monthly(ByNth((3,), TU)), date(2026, 2, 1), date(2026, 1, 1)) == []


WEEKDAYS = st.integers(0, 6)
STARTS = st.dates(date(2014, 1, 1), date(2030, 12, 31))
MONTHS = st.lists(st.integers(1, 12), max_size=4).map(tuple)
PICKS = st.one_of(
    st.builds(
        ByDays, st.lists(st.integers(1, 31), min_size=1, max_size=4).map(tuple), st.sampled_from(["last_day", "skip"])
    ),
    st.builds(ByNth, st.lists(st.sampled_from([1, 2, 3, 4, 5, -1]), min_size=1, max_size=3).map(tuple), WEEKDAYS),
    st.builds(ByWeeks, st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple), WEEKDAYS),
)
RULES = st.one_of(
    st.builds(Weekly, st.lists(WEEKDAYS, min_size=1, max_size=4).map(tuple), st.integers(1, 9)),
    st.builds(Monthly, PICKS, st.integers(1, 15)),
    st.builds(Quarterly, st.lists(st.integers(1, 3), min_size=1, max_size=3).map(tuple), PICKS),
    st.builds(Yearly, st.lists(st.integers(1, 12), min_size=1, max_size=5).map(tuple), PICKS),
    st.builds(Counted, st.sampled_from(["month", "quarter", "year"]), st.integers(1, 28)),
)


@given(RULES, STARTS, MONTHS)
def test_dateutil_judges_ten_years(rule: Rule, starts: date, months: tuple[int, ...]) -> None:
    last = starts.replace(year=starts.year + 10, day=28)
    assert rule_dates(rule, starts, last, months) == judged(rule, starts, last, months)


def judged(rule: Rule, starts: date, last: date, months: Iterable[int]) -> list[date]:
    """The same by dateutil; calendar weeks by the standard library's month calendar."""
    begin, end = (datetime(day.year, day.month, day.day) for day in (starts, last))  # noqa: DTZ001 (wall days)
    found = rruleset()
    if isinstance(rule, Weekly):
        found.rrule(rrule(WEEKLY, begin, rule.interval, wkst=0, byweekday=rule.weekdays, until=end))
        return _in_months(found, months)
    assert not isinstance(rule, Listed)
    if isinstance(rule, Counted):
        first, step = begin.replace(month=1, day=1), {"month": 1, "quarter": 3, "year": 12}[rule.every]
        found.rrule(rrule(MONTHLY, first, step, until=end, bymonthday=range(1, rule.times + 1)))
        return [day for day in _in_months(found, months) if day >= starts]
    options = {"interval": rule.interval} if isinstance(rule, Monthly) else {"bymonth": _months_of(rule)}
    pick = rule.pick
    if isinstance(pick, ByWeeks):
        firsts = rrule(MONTHLY, begin.replace(day=1), until=end, bymonthday=1, **options)
        weeks = (_of_week(first.date(), week, pick.weekday) for first in firsts for week in pick.weeks)
        return sorted({day for day in weeks if day and starts <= day <= last and (not months or day.month in months)})
    for choice in _choices(pick):
        found.rrule(rrule(MONTHLY, begin, until=end, **options, **choice))
    return _in_months(found, months)


def _choices(pick: ByDays | ByNth) -> Iterable[dict[str, object]]:
    if isinstance(pick, ByNth):
        return [{"byweekday": weekday(pick.weekday, n)} for n in pick.nth]
    if pick.short_month == "skip":
        return [{"bymonthday": day} for day in pick.days]
    return [{"bymonthday": tuple(range(min(day, 28), day + 1)), "bysetpos": -1} for day in pick.days]


def _months_of(rule: Quarterly | Yearly) -> list[int]:
    return [m for m in range(1, 13) if (m in rule.month if isinstance(rule, Yearly) else (m - 1) % 3 + 1 in rule.month)]


def _of_week(first: date, week: int, day: int) -> date | None:
    rows = calendar.Calendar(0).monthdayscalendar(first.year, first.month)
    found = rows[week - 1][day] if week <= len(rows) else 0
    return first.replace(day=found) if found else None


def _in_months(found: Iterable[datetime], months: Iterable[int]) -> list[date]:
    wanted = set(months)
    return sorted({moment.date() for moment in found if not wanted or moment.month in wanted})
