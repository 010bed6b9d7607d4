"""Moments are aware and in UTC; days and hours are Vietnam's, whatever the machine's zone."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from scheduler import clock


@pytest.fixture(params=["UTC", "Asia/Ho_Chi_Minh", "America/New_York", "Pacific/Kiritimati"])
def machine_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_day_begins_at_seventeen_utc(machine_zone: None) -> None:
    assert clock.local_date(datetime(2026, 11, 22, 16, 59, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert clock.local_date(datetime(2026, 11, 22, 17, 0, tzinfo=UTC)) == date(2026, 11, 23)


def test_wall_time_becomes_a_moment(machine_zone: None) -> None:
    assert clock.at_local(date(2026, 11, 26), "07:30") == datetime(2026, 11, 26, 0, 30, tzinfo=UTC)


def test_a_moment_typed_without_a_zone_is_wall_time(machine_zone: None) -> None:
    assert clock.parse_moment("2026-11-26T07:30") == datetime(2026, 11, 26, 0, 30, tzinfo=UTC)
    assert clock.parse_moment("2026-11-26T00:30:00+00:00") == datetime(2026, 11, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "0001-01-01T00:00Z", "9999-12-31T23:59:59Z", "2026-02-31T07:00"])
def test_a_moment_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        clock.parse_moment(text)


@pytest.mark.parametrize("text", ["2026-W48-2", "20261126", "2026-11-26T07:30", "\uff12026-11-26", "2026-02-31", ""])
def test_only_year_month_day_is_a_day(text: str) -> None:
    assert clock.parse_day("2026-11-26") == date(2026, 11, 26)
    with pytest.raises(ValueError, match=r"."):
        clock.parse_day(text)


def test_now_is_aware_and_in_utc(machine_zone: None) -> None:
    now = clock.utc_now()
    assert now.utcoffset() == timedelta(0)
    assert abs(now.timestamp() - time.time()) < 5


def test_naive_moments_are_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        clock.to_local(datetime(2026, 11, 22))  # noqa: DTZ001 (what is refused)
