"""A series into its planned dates: the contract's sentences one by one, and what must hold for every rule."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.language.why import render_why
from scheduler.rules.day_off import WAYS, DayOffRule
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.expansion import (
    OUTCOMES,
    Change,
    PlannedDate,
    Season,
    Series,
    expand,
    is_date_by_rule,
)
from scheduler.rules.recurrence import ByDays, ByWeeks, Counted, Listed, Monthly, Rule, Weekly
from scheduler.rules.schedules import series_from_plain, series_to_plain
from tests.rules.test_recurrence import MONTHS, RULES, STARTS

CALENDAR = default_calendar(2014, 2042)
THURSDAYS = Weekly((3,))


def day(text: str) -> date:
    return date.fromisoformat(text)


def series(rule: Rule, starts: str = "2026-01-01", until: str | None = "2026-12-31", **more: Any) -> Series:
    return Series("a", rule, day(starts), day(until) if until else None, **{"hosts": ("CT",), **more})


def by_planned(rows: list[PlannedDate]) -> dict[str, tuple[str | None, str]]:
    return {f"{row.planned}": (f"{row.date}" if row.date else None, row.outcome) for row in rows}


def test_the_example_of_the_contract() -> None:
    changes = (
        Change(day("2026-03-15"), "skip", None, "…"),
        Change(day("2026-01-15"), "move", day("2026-01-16"), "…"),
    )
    rows = by_planned(expand(series(Monthly(ByDays((15,))), months=(1, 2, 3), changes=changes), CALENDAR))
    assert rows == {
        "2026-01-15": ("2026-01-16", "moved"),
        "2026-02-15": ("2026-02-23", "shifted"),
        "2026-03-15": (None, "skipped"),
    }


def test_so_many_a_quarter_have_no_day_until_a_decision_gives_one() -> None:
    changes = (
        Change(day("2026-01-02"), "move", day("2026-02-12"), "Thông báo số 5"),
        Change(day("2026-04-01"), "skip", None, "Đã đối thoại cùng tỉnh"),
    )
    rows = expand(series(Counted("quarter", 2), until="2026-06-30", changes=changes), CALENDAR)
    assert by_planned(rows) == {
        "2026-01-01": (None, "to_be_announced"),
        "2026-01-02": ("2026-02-12", "moved"),
        "2026-04-01": (None, "skipped"),
        "2026-04-02": (None, "to_be_announced"),
    }
    assert render_why("vi", rows[0].reasons) == "Ngày sẽ thông báo: buổi 1 trong 2 của quý I/2026."
    assert render_why("en", rows[3].reasons) == "Day to be announced: 2 of 2 in quarter 2 of 2026."
    assert render_why("vi", rows[1].reasons).endswith("Ngày đã ấn định: thứ Năm, 12/02/2026. Lý do: Thông báo số 5.")


def test_tra_vinh_2024_in_the_third_calendar_week() -> None:
    """ "Thứ Ba, tuần thứ 3", a day off goes to the same weekday of the next week: 7 of 12 are the second Tuesday."""
    way = "same_weekday_next_week"
    ruled = series(Monthly(ByWeeks((3,), 1)), "2024-01-01", "2024-12-31", day_off=DayOffRule(way, way))
    held = [row.date for row in expand(ruled, CALENDAR) if row.date]
    assert len(held) == 12
    assert date(2024, 2, 20) in held
    assert sum((one.day + 6) // 7 == 2 for one in held) == 7


def test_without_an_end_to_the_end_of_the_year_after() -> None:
    rows = expand(series(Monthly(ByDays((15,))), "2026-03-01", None), CALENDAR)
    assert (rows[0].planned, rows[-1].planned) == (day("2026-03-15"), day("2027-12-15"))
    assert expand(series(THURSDAYS, until=None), CALENDAR, last=day("2026-01-08"))[-1].planned == day("2026-01-08")


def test_a_window_never_goes_beyond_the_end() -> None:
    assert expand(series(THURSDAYS, until="2026-01-08"), CALENDAR, last=day("2027-01-01"))[-1].planned == day(
        "2026-01-08"
    )


def test_starts_until_and_months_bound_the_date_by_the_rule_only() -> None:
    """15/02/2026 is the last date by the rule; shifted and moved dates beyond the end stand."""
    ruled = series(
        Monthly(ByDays((15,))),
        "2026-01-15",
        "2026-02-15",
        changes=(Change(day("2026-01-15"), "move", day("2027-05-05")),),
    )
    assert by_planned(expand(ruled, CALENDAR)) == {
        "2026-01-15": ("2027-05-05", "moved"),
        "2026-02-15": ("2026-02-23", "shifted"),
    }


def test_a_list_is_held_as_published() -> None:
    ruled = series(Listed((day("2026-02-15"), day("2026-02-17"))), day_off=DayOffRule("keep", "keep"))
    assert by_planned(expand(ruled, CALENDAR)) == {
        "2026-02-15": ("2026-02-15", "scheduled"),
        "2026-02-17": ("2026-02-17", "scheduled"),
    }


def test_the_earlier_date_keeps_the_day() -> None:
    """Saturday 14 and Sunday 15/03/2026 both go to Monday 16, which the rule gives too: one sitting."""
    assert by_planned(expand(series(Monthly(ByDays((14, 15, 16))), months=(3,)), CALENDAR)) == {
        "2026-03-14": ("2026-03-16", "shifted"),
        "2026-03-15": (None, "merged"),
        "2026-03-16": (None, "merged"),
    }


def test_a_later_date_that_comes_back_is_merged() -> None:
    way = DayOffRule("previous_working_day", "previous_working_day")
    assert by_planned(expand(series(Monthly(ByDays((13, 14))), months=(3,), day_off=way), CALENDAR)) == {
        "2026-03-13": ("2026-03-13", "scheduled"),
        "2026-03-14": (None, "merged"),
    }


def test_by_hand_keeps_the_day_too_and_may_lose_it() -> None:
    first, second = day("2026-01-15"), day("2026-01-22")
    ruled = series(THURSDAYS, until="2026-01-31")
    onto = replace(ruled, changes=(Change(first, "move", second),))
    assert by_planned(expand(onto, CALENDAR))["2026-01-15"] == ("2026-01-22", "moved")
    assert by_planned(expand(onto, CALENDAR))["2026-01-22"] == (None, "merged")
    back = replace(ruled, changes=(Change(second, "move", first),))
    assert by_planned(expand(back, CALENDAR))["2026-01-22"] == (None, "merged")
    freed = replace(ruled, changes=(Change(first, "skip"), Change(second, "move", first)))
    assert by_planned(expand(freed, CALENDAR))["2026-01-22"] == ("2026-01-15", "moved")


def test_by_hand_onto_a_day_off_or_the_same_day_is_moved() -> None:
    sunday = day("2026-03-15")
    ruled = series(Monthly(ByDays((15,))), months=(3,))
    for to in (sunday, day("2026-03-14")):
        rows = expand(replace(ruled, changes=(Change(sunday, "move", to),)), CALENDAR)
        assert [(row.date, row.outcome) for row in rows] == [(to, "moved")]


def test_turns_go_with_the_dates_by_the_rule() -> None:
    """Sundays are skipped by the rule and 12/03 by hand: each uses its turn."""
    ruled = series(
        Weekly((3, 6)),
        "2026-03-05",
        "2026-03-19",
        hosts=(),
        rotation=("A", "B", "C"),
        day_off=DayOffRule("skip", "skip"),
        changes=(Change(day("2026-03-12"), "skip"),),
    )
    rows = expand(ruled, CALENDAR)
    assert [(row.planned.day, row.hosts, row.outcome) for row in rows] == [
        (5, ("A",), "scheduled"),
        (8, ("B",), "skipped"),
        (12, ("C",), "skipped"),
        (15, ("A",), "skipped"),
        (19, ("B",), "scheduled"),
    ]
    assert expand(ruled, CALENDAR, first=day("2026-03-12")) == rows[2:]


def test_hours_of_a_season_follow_the_day_it_is_held() -> None:
    summer = Season((4, 16), (10, 15), ("07:00-11:00",))
    ruled = series(Monthly(ByDays((15,))), months=(4, 11, 10, 5), hours=("07:30-11:30",), seasons=(summer,))
    assert [row.hours for row in expand(ruled, CALENDAR)] == [
        ("07:30-11:30",), ("07:00-11:00",), ("07:00-11:00",), ("07:30-11:30",)
    ]  # fmt: skip
    moved = replace(ruled, changes=(Change(day("2026-04-15"), "move", day("2026-04-16")),))
    assert expand(moved, CALENDAR)[0].hours == ("07:00-11:00",)


def test_a_season_may_run_over_the_turn_of_the_year() -> None:
    winter = Season((10, 16), (4, 15), ("07:30-11:30",))
    assert [winter.holds(day(f"2026-{one}")) for one in ("10-15", "10-16", "01-01", "04-15", "04-16")] == [
        False, True, True, True, False
    ]  # fmt: skip


def test_what_is_a_date_by_the_rule() -> None:
    ruled = series(Monthly(ByDays((15,))), until=None, months=(2, 3))
    assert is_date_by_rule(ruled, day("2049-03-15"))
    assert not is_date_by_rule(ruled, day("2026-04-15"))
    assert not is_date_by_rule(ruled, day("2025-03-15"))
    assert not is_date_by_rule(series(Monthly(ByDays((15,))), until="2026-02-28"), day("2026-03-15"))


@pytest.mark.parametrize(
    ("day_off", "outcome"), [("keep", "scheduled"), ("announce", "to_be_announced"), ("skip", "skipped")]
)
def test_a_day_off_is_always_explained(day_off: str, outcome: str) -> None:
    row = expand(series(Monthly(ByDays((15,))), months=(2,), day_off=DayOffRule(day_off, day_off)), CALENDAR)[0]
    assert row.outcome == outcome
    assert row.reasons[0][0] == "why.day-off"


WAY = st.sampled_from(sorted(WAYS))
DAY_OFF = st.builds(DayOffRule, WAY, WAY, st.booleans())
PEOPLE = st.lists(st.sampled_from("ABCD"), min_size=1, max_size=4, unique=True).map(tuple)


@st.composite
def any_series(draw: st.DrawFn) -> Series:
    starts = draw(STARTS)
    until = draw(st.one_of(st.none(), st.just(starts.replace(year=starts.year + 10, day=28))))
    people = {draw(st.sampled_from(["hosts", "rotation"])): draw(PEOPLE)}
    return Series("a", draw(RULES), starts, until, draw(MONTHS), draw(DAY_OFF), **people)


@settings(max_examples=200, deadline=None)
@given(any_series())
def test_what_holds_over_ten_years(ruled: Series) -> None:
    rows = expand(ruled, CALENDAR)
    held = [row.date for row in rows if row.date]
    planned = [row.planned for row in rows]
    assert len(held) == len(set(held)), "never two on a day"
    assert planned == sorted(set(planned))
    assert {row.outcome for row in rows} <= set(OUTCOMES) - {"moved"}
    for row in rows:
        _holds(ruled, row)


def _holds(ruled: Series, row: PlannedDate) -> None:
    why = CALENDAR.why_off(row.planned)
    way = ruled.day_off.way(why.cause) if why else ""
    assert (row.date is None) == (row.outcome in ("skipped", "merged", "to_be_announced"))
    if row.date is None:
        return
    assert CALENDAR.is_working(row.date) or way == "keep", "never on a day off"
    assert (row.outcome == "scheduled") == (row.date == row.planned)
    if ruled.day_off.same_month and row.outcome == "shifted":
        assert (row.date.year, row.date.month) == (row.planned.year, row.planned.month)


@settings(max_examples=60, deadline=None)
@given(any_series(), st.integers(0, 1500), st.integers(0, 400))
def test_a_later_window_gives_the_same_rows(ruled: Series, skip: int, length: int) -> None:
    first = ruled.starts + timedelta(days=skip)
    last = first + timedelta(days=length)
    whole = expand(ruled, CALENDAR, last=ruled.until or last)
    assert expand(ruled, CALENDAR, first, last) == [row for row in whole if first <= row.planned <= last]


@settings(max_examples=100, deadline=None)
@given(any_series(), st.data())
def test_by_hand_outranks_and_survives(ruled: Series, data: st.DataObject) -> None:
    rows = expand(ruled, CALENDAR)
    if not rows:
        return
    chosen = data.draw(st.sampled_from(rows)).planned
    to = data.draw(st.dates(chosen, chosen + timedelta(days=40)))
    changed = replace(ruled, changes=(Change(chosen, "move", to, "x"),))
    again = {row.planned: row for row in expand(changed, CALENDAR)}
    assert again.keys() == {row.planned for row in rows}
    assert (again[chosen].date, again[chosen].outcome) in ((to, "moved"), (None, "merged"))
    assert list(again.values()) == expand(changed, CALENDAR)
    assert series_from_plain(series_to_plain(changed)) == changed
