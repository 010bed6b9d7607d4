"""Last year's series a year on: bounds, leap days, turns, keys, and lists that become rules or need new dates."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.rules.copied_series import copied_series
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.expansion import dates_by_rule
from scheduler.rules.schedules import series_from_plain

CALENDAR = default_calendar(2024, 2030)
PLAIN: dict[str, Any] = {
    "key": "chu-tich",
    "kind": "periodic_reception",
    "host": ["Chủ tịch UBND"],
    "rule": {"every": "month", "days": [15]},
    "starts": "2026-01-01",
    "until": "2026-12-31",
    "hours": ["07:30-11:30"],
    "place": "Trụ sở",
}


def copied(year: int = 2027, **more: Any) -> dict[str, Any]:
    made = copied_series(PLAIN | more, year, CALENDAR).series
    assert made is not None
    return made


def test_a_year_on_with_the_year_in_its_key() -> None:
    assert copied() == PLAIN | {"key": "chu-tich-2027", "starts": "2027-01-01", "until": "2027-12-31"}
    assert copied(2028, key="chu-tich-2027", starts="2027-01-01", until="2027-12-31")["key"] == "chu-tich-2028"


@pytest.mark.parametrize(
    ("starts", "until", "bounds"),
    [
        ("2028-02-29", "2028-12-31", ("2029-02-28", "2029-12-31")),
        ("2026-07-01", "2027-06-30", ("2027-07-01", "2028-06-30")),
        ("2025-01-01", "2026-12-31", ("2027-01-01", "2027-12-31")),
    ],
)
def test_the_copy_begins_after_the_old_one_ends(starts: str, until: str, bounds: tuple[str, str]) -> None:
    made = copied(starts=starts, until=until)
    assert (made["starts"], made["until"]) == bounds


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 400))
def test_no_copy_overlaps_its_original(starts: date, days: int) -> None:
    until = starts + timedelta(days=days)
    made = copied(starts=starts.isoformat(), until=until.isoformat())
    assert date.fromisoformat(made["starts"]) > until
    assert made["until"] >= made["starts"]


def test_what_was_decided_for_the_old_days_stays_behind_and_is_said() -> None:
    changes = [{"date": "2026-03-15", "action": "skip", "reason": "Họp"}]
    found = copied_series(PLAIN | {"changes": changes, "notice": {"number": "5/TB-UBND"}}, 2027, CALENDAR)
    assert found.series is not None
    assert found.series.keys() & {"changes", "notice"} == set()
    assert [key for key, _ in found.remarks] == ["schedules.copy-changes-left", "schedules.copy-notice-left"]


def test_turns_go_on_with_whose_turn_it_is() -> None:
    people = {name: value for name, value in PLAIN.items() if name != "host"} | {"rotation": ["A", "B", "C"]}
    found = copied_series(people | {"months": [1, 2, 3, 4]}, 2027, CALENDAR)
    assert found.series is not None
    assert found.series["rotation"] == ["B", "C", "A"]
    assert found.remarks == (("schedules.copy-turn", {"host": "B"}),)


def test_a_list_becomes_its_rule_or_needs_new_dates() -> None:
    thursdays = [date(2026, month, 1) for month in range(1, 13)]
    first_thursdays = [day + timedelta(days=(3 - day.weekday()) % 7) for day in thursdays]
    listed = {"rule": {"dates": [day.isoformat() for day in first_thursdays]}}
    found = copied_series(PLAIN | listed, 2027, CALENDAR)
    assert found.series is not None
    ruled = series_from_plain(found.series)
    assert all(day.weekday() == 3 and day.day <= 7 for day in dates_by_rule(ruled))
    assert found.remarks[0][0] == "schedules.copy-guessed"
    lonely = copied_series(PLAIN | {"rule": {"dates": ["2026-03-05"]}}, 2027, CALENDAR)
    assert lonely.series is None
    assert lonely.remarks == (("schedules.copy-needs-dates", {"n": 1}),)
