"""Every way to meet a day off, by hand over the calendar of 2026, and what `same_month` makes of it."""

from datetime import date

import pytest

from scheduler.rules.day_off import WAYS, DayOffRule, settle
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.working_days import Day

CALENDAR = default_calendar(2014, 2027)

# 15/02/2026 Sunday before Tết (break 14/02 to 22/02); 30/04 Thursday (break to 03/05); 10/05 Sunday; 09/05 Saturday;
# 26/04 Giỗ Tổ on a Sunday (break 25/04 to 27/04); 24/11 Tuesday alone; 02/01 swapped Friday; 17/02 Tết Tuesday.
MOVED = """
next_working_day                2026-02-15 2026-02-23
next_working_day                2026-04-30 2026-05-04
next_working_day                2026-01-02 2026-01-05
next_working_day                2026-08-16 2026-08-17
previous_working_day            2026-02-15 2026-02-13
previous_working_day            2026-05-03 2026-04-29
previous_working_day            2026-01-11 2026-01-10
nearest_working_day             2026-05-09 2026-05-08
nearest_working_day             2026-05-10 2026-05-11
nearest_working_day             2026-02-15 2026-02-13
nearest_working_day             2026-02-18 2026-02-23
nearest_working_day             2026-02-17 2026-02-13
nearest_working_day             2026-11-24 2026-11-25
nearest_working_day             2026-04-26 2026-04-28
nearest_working_day             2026-05-02 2026-05-04
first_working_day_of_next_week  2026-05-10 2026-05-11
first_working_day_of_next_week  2026-11-24 2026-11-30
first_working_day_of_next_week  2026-02-15 2026-02-23
first_working_day_of_next_week  2026-02-17 2026-02-23
first_working_day_of_next_week  2026-04-26 2026-04-28
first_working_day_of_next_week  2026-04-30 2026-05-04
same_weekday_next_week          2026-02-17 2026-02-24
same_weekday_next_week          2026-04-30 2026-05-07
same_weekday_next_week          2026-05-10 2026-05-11
same_weekday_next_week          2026-01-03 2026-01-10
same_weekday_next_week          2026-08-08 2026-08-22
same_weekday_next_week          2026-10-10 2026-10-12
"""


def moved() -> list[tuple[str, date, date]]:
    rows = [line.split() for line in MOVED.strip().splitlines()]
    return [(way, date.fromisoformat(planned), date.fromisoformat(found)) for way, planned, found in rows]


@pytest.mark.parametrize(("way", "planned", "found"), moved(), ids=lambda value: str(value))
def test_where_a_way_leads(way: str, planned: date, found: date) -> None:
    settled = WAYS[way](planned, CALENDAR)
    assert (settled.date, settled.outcome) == (found, "shifted")
    assert settled.reason[1]["to"] == found.isoformat()


def test_at_equal_distance_the_later() -> None:
    """Tuesday 02/06 off: Monday and Wednesday are both one day away."""
    calendar = CALENDAR.with_days([Day(date(2026, 6, 2), True, "họp")])
    assert WAYS["nearest_working_day"](date(2026, 6, 2), calendar).date == date(2026, 6, 3)


def test_the_same_weekday_is_tried_eight_times() -> None:
    wednesdays = [date(2026, 6, 3), date(2026, 6, 10), date(2026, 6, 17), date(2026, 6, 24)]
    wednesdays += [date(2026, 7, 1), date(2026, 7, 8), date(2026, 7, 15), date(2026, 7, 22)]
    off = CALENDAR.with_days(Day(day, True, "họp") for day in wednesdays)
    assert WAYS["same_weekday_next_week"](wednesdays[0], off).date == date(2026, 7, 29)
    longer = off.with_days([Day(date(2026, 7, 29), True, "họp")])
    settled = WAYS["same_weekday_next_week"](wednesdays[0], longer)
    assert settled.date == date(2026, 6, 4)
    assert settled.reason == ("why.same-weekday-never", {"to": "2026-06-04", "n": 8})


@pytest.mark.parametrize(
    ("way", "outcome", "held"),
    [("skip", "skipped", False), ("keep", "scheduled", True), ("announce", "to_be_announced", False)],
)
def test_ways_that_do_not_move(way: str, outcome: str, held: bool) -> None:
    sunday = date(2026, 5, 10)
    settled = WAYS[way](sunday, CALENDAR)
    assert (settled.date, settled.outcome) == (sunday if held else None, outcome)


def test_causes_apart() -> None:
    rule = DayOffRule(weekend="skip", holiday="previous_working_day")
    assert settle(date(2026, 2, 15), rule, CALENDAR, "weekend").outcome == "skipped"
    assert settle(date(2026, 4, 26), rule, CALENDAR, "holiday").date == date(2026, 4, 24)


SAME_MONTH = """
next_working_day                2026-05-31 2026-05-29
next_working_day                2026-01-31 2026-01-30
next_working_day                2026-05-10 2026-05-11
next_working_day                2026-04-30 2026-04-29
previous_working_day            2026-03-01 2026-03-02
previous_working_day            2026-05-01 2026-05-04
previous_working_day            2026-01-01 2026-01-05
nearest_working_day             2026-05-31 2026-05-29
nearest_working_day             2026-08-01 2026-08-03
nearest_working_day             2026-02-28 2026-02-27
first_working_day_of_next_week  2026-08-30 2026-08-28
first_working_day_of_next_week  2026-11-24 2026-11-30
same_weekday_next_week          2026-04-30 2026-04-29
same_weekday_next_week          2026-10-31 2026-10-30
"""


@pytest.mark.parametrize(("way", "planned", "found"), [line.split() for line in SAME_MONTH.strip().splitlines()])
def test_same_month_stays_in_the_month(way: str, planned: str, found: str) -> None:
    day = date.fromisoformat(planned)
    settled = settle(day, DayOffRule(way, way, same_month=True), CALENDAR, "holiday")
    assert (settled.date, settled.outcome) == (date.fromisoformat(found), "shifted")


def test_a_month_without_any_working_day_waits_for_an_announcement() -> None:
    june = [Day(date(2026, 6, one), True, "nghỉ") for one in range(1, 31)]
    settled = settle(date(2026, 6, 15), DayOffRule(same_month=True), CALENDAR.with_days(june), "holiday")
    assert (settled.date, settled.outcome) == (None, "to_be_announced")


@pytest.mark.parametrize("way", ["skip", "keep", "announce"])
def test_same_month_has_nothing_to_say_where_nothing_moves(way: str) -> None:
    sunday = date(2026, 5, 31)
    assert settle(sunday, DayOffRule(way, way, same_month=True), CALENDAR, "weekend") == WAYS[way](sunday, CALENDAR)
