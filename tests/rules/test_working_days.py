"""The calendar: days counted by hand over every break since 2014, causes, and the tables against plain stepping."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.days_seed import FIRST_YEAR, default_calendar, default_days
from scheduler.rules.feasts import KINDS, kind_of
from scheduler.rules.working_days import Calendar, Day, day_off_reason

CALENDAR = default_calendar(2014, 2027)

COUNTED = """
2025-12-31 1 2026-01-05 | New Year's Day and its swapped Friday
2025-12-31 2 2026-01-06
2025-12-31 5 2026-01-09
2025-12-31 6 2026-01-10 | Saturday worked for 02/01
2025-12-31 7 2026-01-12
2026-01-09 1 2026-01-10
2026-01-09 2 2026-01-12
2026-01-10 1 2026-01-12
2026-01-11 1 2026-01-12
2026-01-12 -1 2026-01-10
2026-01-12 -2 2026-01-09
2026-01-11 -1 2026-01-10
2026-01-05 -1 2025-12-31
2026-02-12 2 2026-02-23 | Tết Bính Ngọ, 14 to 22 February
2026-02-13 1 2026-02-23
2026-02-13 2 2026-02-24
2026-02-14 1 2026-02-23
2026-02-14 -1 2026-02-13
2026-02-17 -1 2026-02-13
2026-02-23 -1 2026-02-13
2026-02-23 -5 2026-02-09
2026-04-24 1 2026-04-28 | Giỗ Tổ on a Sunday, Monday in lieu
2026-04-24 2 2026-04-29
2026-04-24 3 2026-05-04 | 30/4, 1/5 and the weekend
2026-04-29 1 2026-05-04
2026-05-04 -1 2026-04-29
2026-05-04 -3 2026-04-24
2026-08-21 1 2026-08-22 | Saturday worked for 31/08
2026-08-21 2 2026-08-24
2026-08-28 1 2026-09-03 | National Day
2026-09-03 -1 2026-08-28
2026-09-03 -6 2026-08-22
2026-11-20 1 2026-11-23 | the proposed swap is not applied
2026-11-20 2 2026-11-25
2026-11-27 1 2026-11-30
2026-12-31 1 2027-01-04
2025-01-24 1 2025-02-03
2025-04-04 1 2025-04-08
2025-04-25 1 2025-04-26 | Saturday worked for 02/05
2025-04-25 2 2025-04-28
2025-04-29 1 2025-05-05
2025-08-29 1 2025-09-03
2024-02-07 1 2024-02-15
2024-04-17 1 2024-04-19
2024-04-26 1 2024-05-02
2024-04-26 3 2024-05-04 | Saturday worked for 29/04
2024-04-26 4 2024-05-06
2024-08-30 1 2024-09-04
2023-01-19 1 2023-01-27 | Friday after Tết was worked
2023-04-28 1 2023-05-04
2023-08-31 1 2023-09-05
2022-01-28 1 2022-02-07
2022-04-08 1 2022-04-12
2022-04-29 1 2022-05-04
2022-08-31 1 2022-09-05
2021-02-09 1 2021-02-17
2021-04-20 1 2021-04-22
2021-09-01 1 2021-09-06
2020-01-22 1 2020-01-30
2018-12-28 1 2019-01-02
2019-01-04 1 2019-01-05
2019-04-26 1 2019-05-02
2019-05-03 1 2019-05-04
2014-01-24 1 2014-01-25
2014-01-24 3 2014-02-06
2014-02-07 1 2014-02-08
2026-06-10 0 2026-06-10
2026-06-13 0 2026-06-13
"""


def counted() -> list[tuple[date, int, date]]:
    rows = [line.split("|")[0].split() for line in COUNTED.strip().splitlines()]
    return [(date.fromisoformat(start), int(n), date.fromisoformat(end)) for start, n, end in rows]


@pytest.mark.parametrize(("start", "n", "expected"), counted(), ids=[f"{s} {n:+}" for s, n, _ in counted()])
def test_days_counted_by_hand(start: date, n: int, expected: date) -> None:
    assert CALENDAR.add_working_days(start, n) == expected
    if n > 0:
        assert CALENDAR.working_days_between(start, expected) == n


CAUSES = {
    "2026-02-14": "weekend",
    "2026-02-15": "weekend",
    "2026-02-16": "holiday",
    "2026-02-21": "weekend",
    "2026-04-25": "weekend",
    "2026-04-26": "holiday",
    "2026-04-27": "holiday",
    "2026-01-02": "holiday",
    "2026-01-10": None,
    "2026-08-22": None,
    "2026-08-31": "holiday",
    "2026-11-23": None,
    "2026-11-24": "holiday",
    "2026-11-28": "weekend",
    "2022-01-01": "holiday",
    "2014-01-28": "holiday",
    "2014-02-05": "holiday",
    "2014-02-08": None,
    "2019-01-05": None,
}


@pytest.mark.parametrize(("day", "cause"), CAUSES.items())
def test_causes(day: str, cause: str | None) -> None:
    why = CALENDAR.why_off(date.fromisoformat(day))
    assert (why.cause if why else None) == cause
    assert CALENDAR.is_working(date.fromisoformat(day)) == (cause is None)


def test_the_break_around_a_weekend_is_named_by_its_feast() -> None:
    why = CALENDAR.why_off(date(2026, 2, 15))
    assert why is not None
    assert (why.run.first, why.run.last) == (date(2026, 2, 14), date(2026, 2, 22))
    key, facts = day_off_reason(why)
    assert key == "why.day-off"
    assert facts["feasts"] == [["tet", "Tết Nguyên đán"]]
    assert facts["state"] == "confirmed"


def test_a_line_by_hand_outranks_and_is_a_holiday() -> None:
    saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    own = CALENDAR.with_days(
        [Day(saturday, True, "họp"), Day(sunday, False, "làm bù"), Day(date(2026, 4, 30), False, "")]
    )
    why = own.why_off(saturday)
    assert why is not None
    assert why.cause == "holiday"
    assert own.is_working(sunday)
    assert own.is_working(date(2026, 4, 30))
    assert not CALENDAR.is_working(sunday)
    assert CALENDAR.with_days([]) is CALENDAR


def test_a_proposed_day_is_kept_but_never_applied() -> None:
    assert sorted(CALENDAR.proposed) == [date(2026, 11, 23), date(2026, 11, 28)]
    decided = CALENDAR.with_days([Day(date(2026, 11, 23), True, "Nghỉ hoán đổi")])
    assert date(2026, 11, 23) not in decided.proposed
    assert not decided.is_working(date(2026, 11, 23))


def test_a_calendar_of_stored_rows() -> None:
    row = SimpleNamespace(day=date(2026, 3, 4), off=True, name="Nghỉ", basis="QĐ 1", source="", state="confirmed")
    assert not Calendar.from_rows([row]).is_working(date(2026, 3, 4))
    assert Calendar().next_working(date(2026, 3, 6)) == date(2026, 3, 9)


@given(st.dates(date(2009, 1, 1), date(2035, 12, 31)), st.integers(-60, 60))
def test_tables_say_what_stepping_says(start: date, n: int) -> None:
    day, left = start, abs(n)
    while left:
        day += timedelta(days=1 if n > 0 else -1)
        left -= CALENDAR.is_working(day)
    assert CALENDAR.add_working_days(start, n) == day


@given(st.dates(date(2009, 1, 1), date(2035, 12, 31)), st.integers(-40, 90))
def test_counting_between_is_counting(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    days = [first + timedelta(days=one) for one in range(1, length + 1)]
    assert CALENDAR.working_days_between(first, last) == sum(map(CALENDAR.is_working, days))


def test_the_seed_is_sorted_unique_and_within_its_years() -> None:
    rows = default_days(FIRST_YEAR, 2027)
    days = [row.day for row in rows]
    assert days == sorted(set(days))
    assert {day.year for day in days} == set(range(2014, 2028))
    assert {row.state for row in rows} == {"confirmed", "expected", "proposed"}
    assert all(row.name and (row.basis or row.source) for row in rows)
    assert {row.kind for row in rows} == set(KINDS) - {"other"}


def test_a_worked_saturday_of_december_belongs_to_a_swap_in_january() -> None:
    assert [row.day for row in default_days(2014, 2014) if not row.off][-1] == date(2014, 12, 27)


def test_what_is_computed_or_second_hand_is_expected() -> None:
    states = {row.day: row.state for row in default_days(2014, 2027)}
    assert states[date(2026, 1, 2)] == states[date(2026, 2, 17)] == states[date(2026, 4, 27)] == "confirmed"
    assert states[date(2026, 11, 24)] == states[date(2027, 2, 8)] == states[date(2024, 4, 29)] == "expected"
    assert {row.state for row in default_days(2027, 2027)} == {"expected"}


def test_every_swap_of_the_seed_gives_and_takes_a_day() -> None:
    """A swapped day off stands on a weekday, the day worked for it on a Saturday, and each names the other."""
    rows = {row.day: row for row in default_days(2014, 2027) if row.kind == "swap"}
    for day, row in rows.items():
        assert (day.weekday() == 5) == (not row.off), day
        named = [other for other in rows if f"{other:%d/%m/%Y}" in row.name]
        assert [rows[other].off for other in named] == [not row.off], day


def test_kinds_are_known_by_name() -> None:
    assert kind_of("Nghỉ bù Giỗ Tổ Hùng Vương") == "in_lieu"
    assert kind_of("nghỉ hoán đổi") == "swap"
    assert kind_of("Tết Nguyên Đán Bính Ngọ") == "tet"
    assert kind_of("Ngày hội") == kind_of("") == "other"
