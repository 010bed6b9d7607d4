"""Due days, days to register and the facts that explain them."""

from datetime import date

import pytest

from scheduler.language.why import render_why
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.deadlines import RegisterBy, due_day, last_day_before, register_day

CALENDAR = default_calendar(2014, 2027)


def test_a_due_day_shows_what_was_left_out_and_what_was_counted() -> None:
    due = due_day(date(2025, 12, 31), 6, CALENDAR)
    assert due.day == date(2026, 1, 10)
    assert [key for key, _ in due.reasons] == ["why.due", "why.due-left-out", "why.due-counted"]
    assert render_why("vi", due.reasons) == (
        "Hạn: hết ngày thứ Bảy, 10/01/2026 (6 ngày làm việc từ 31/12/2025). "
        "Không tính: 01/01/2026 (Tết Dương lịch), 02/01/2026 (Nghỉ hoán đổi (làm bù ngày 10/01/2026)). "
        "Có tính ngày làm bù: 10/01/2026 (Làm bù cho ngày 02/01/2026)."
    )
    assert "10/01/2026" in render_why("en", due.reasons)


def test_a_plain_due_day_says_no_more() -> None:
    due = due_day(date(2026, 9, 3), 10, CALENDAR)
    assert due.day == date(2026, 9, 17)
    assert [key for key, _ in due.reasons] == ["why.due"]
    assert due_day(date(2026, 9, 3), 0, CALENDAR).day == date(2026, 9, 3)


@pytest.mark.parametrize(
    ("sitting", "last"), [("2026-11-30", "2026-11-20"), ("2026-01-12", "2026-01-06"), ("2026-02-23", "2026-02-09")]
)
def test_five_working_days_before(sitting: str, last: str) -> None:
    """30/11: 27, 26, 25, then over Culture Day 23 and 20; 12/01: the worked Saturday counts."""
    assert last_day_before(date.fromisoformat(sitting), 5, CALENDAR) == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("by", "sitting", "last"),
    [
        (RegisterBy(working_days=3), "2026-02-23", "2026-02-11"),
        (RegisterBy(working_days=0), "2026-02-23", "2026-02-23"),
        (RegisterBy(day=20), "2026-03-25", "2026-03-20"),
        (RegisterBy(day=20), "2026-03-15", "2026-02-20"),
        (RegisterBy(day=20), "2026-03-20", "2026-02-20"),
        (RegisterBy(day=31), "2026-03-15", "2026-02-28"),
        (RegisterBy(day=20), "2026-01-05", "2025-12-20"),
    ],
)
def test_the_last_day_to_register(by: RegisterBy, sitting: str, last: str) -> None:
    assert register_day(date.fromisoformat(sitting), by, CALENDAR) == date.fromisoformat(last)
