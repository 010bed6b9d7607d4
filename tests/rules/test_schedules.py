"""A series as JSON and back, and what holds where a series says nothing."""

from datetime import date

import pytest
from hypothesis import given

from scheduler.rules.day_off import DayOffRule
from scheduler.rules.deadlines import RegisterBy
from scheduler.rules.expansion import Change, Season, Series
from scheduler.rules.recurrence import ByDays, ByNth, ByWeeks, Listed, Monthly, Quarterly, Rule, Weekly, Yearly
from scheduler.rules.recurrence_forms import rule_from_plain, rule_to_plain
from scheduler.rules.schedules import (
    day_off_from_plain,
    day_off_to_plain,
    days_from_plain,
    days_to_plain,
    default_day_off,
    register_by_from_plain,
    register_by_to_plain,
    series_from_plain,
    series_to_plain,
)
from tests.rules.test_recurrence import RULES

NEXT, KEEP = DayOffRule(), DayOffRule("keep", "keep")
MONTHLY, LISTED = Monthly(ByDays((15,))), Listed((date(2026, 1, 7),))

FORMS: list[tuple[Rule, dict[str, object]]] = [
    (Weekly((3,)), {"every": "week", "weekdays": ["TH"]}),
    (Weekly((0, 3), 2), {"every": "week", "weekdays": ["MO", "TH"], "interval": 2}),
    (MONTHLY, {"every": "month", "days": [15]}),
    (Monthly(ByDays((31,), "skip"), 3), {"every": "month", "days": [31], "short_month": "skip", "interval": 3}),
    (Monthly(ByNth((1, -1), 1)), {"every": "month", "nth": [1, -1], "weekday": "TU"}),
    (Quarterly((2,), ByWeeks((3,), 1)), {"every": "quarter", "month": [2], "weeks": [3], "weekday": "TU"}),
    (Yearly((3, 9), ByDays((1,))), {"every": "year", "month": [3, 9], "days": [1]}),
    (LISTED, {"dates": ["2026-01-07"]}),
]


@pytest.mark.parametrize(("rule", "plain"), FORMS)
def test_rules_as_a_plan_file_writes_them(rule: Rule, plain: dict[str, object]) -> None:
    assert rule_to_plain(rule) == plain
    assert rule_from_plain(plain) == rule


@given(RULES)
def test_every_rule_comes_back(rule: Rule) -> None:
    assert rule_from_plain(rule_to_plain(rule)) == rule


@pytest.mark.parametrize(
    ("plain", "rule", "expected"),
    [
        (None, MONTHLY, NEXT),
        (None, LISTED, KEEP),
        ("skip", LISTED, DayOffRule("skip", "skip")),
        ({"weekend": "skip"}, MONTHLY, DayOffRule("skip", "next_working_day")),
        ({"holiday": "skip"}, LISTED, DayOffRule("next_working_day", "skip")),
        ({"same_month": True}, MONTHLY, DayOffRule(same_month=True)),
    ],
)
def test_what_is_left_out(plain: object, rule: Rule, expected: DayOffRule) -> None:
    found = day_off_from_plain(plain, rule)  # type: ignore[arg-type]
    assert found == expected
    assert day_off_from_plain(day_off_to_plain(found, rule), rule) == expected


def test_defaults_are_not_written() -> None:
    assert day_off_to_plain(NEXT, MONTHLY) == day_off_to_plain(KEEP, LISTED) == ""
    assert day_off_to_plain(NEXT, LISTED) == "next_working_day"
    assert default_day_off(LISTED) == KEEP


def test_a_whole_series_comes_back() -> None:
    series = Series(
        "a",
        MONTHLY,
        date(2026, 1, 1),
        date(2026, 12, 31),
        months=(1, 2),
        day_off=DayOffRule("skip", "keep", same_month=True),
        rotation=("A", "B"),
        hours=("07:30-11:30", "13:30-16:30"),
        seasons=(Season((10, 16), (4, 15), ("08:00-11:00",)),),
        changes=(
            Change(date(2026, 1, 15), "move", date(2026, 1, 16), "bận"),
            Change(date(2026, 2, 15), "skip"),
        ),
    )
    assert series_from_plain(series_to_plain(series)) == series
    several = Series("b", LISTED, date(2026, 1, 7), hosts=("A", "B"))
    assert series_to_plain(several)["host"] == ["A", "B"]
    assert series_from_plain(series_to_plain(several)) == several
    assert series_from_plain({**series_to_plain(several), "host": "A", "place": "…"}).hosts == ("A",)


def test_lines_of_days_off_and_register_by_come_back() -> None:
    lines = [
        {"date": "2026-01-02", "off": True, "source": "hoán đổi"},
        {"date": "2026-01-10", "off": False},
    ]
    assert days_to_plain(days_from_plain(lines)) == lines
    for by in (RegisterBy(working_days=3), RegisterBy(day=20)):
        assert register_by_from_plain(register_by_to_plain(by)) == by
