"""Decisions on days off as they are printed, read day by day."""

from datetime import date

import pytest

from scheduler.errors import BadInput
from scheduler.intake.pasted_decision import read_decision

YEAR_2026 = """THÔNG BÁO
Số: 9859/TB-BNV
Hà Nội, ngày 16 tháng 10 năm 2025
V/v nghỉ Tết Nguyên đán và nghỉ lễ Quốc khánh năm 2026
1. Dịp nghỉ Tết Nguyên đán Bính Ngọ năm 2026: cán bộ, công chức được nghỉ từ thứ Bảy, ngày 14/02/2026 đến hết Chủ nhật, ngày 22/02/2026.
2. Dịp nghỉ lễ Quốc khánh năm 2026: nghỉ 05 ngày, từ thứ Bảy ngày 29/8/2026 đến hết thứ Tư ngày 02/9/2026; hoán đổi ngày làm việc từ thứ Hai 31/8/2026 sang thứ Bảy 22/8/2026.
3. Bộ trưởng giao Văn phòng theo dõi từ ngày 01/10/2026.
"""  # noqa: E501
SWAP = "Hoán đổi ngày làm việc từ thứ Sáu, ngày 02/01/2026 sang thứ Bảy, ngày 10/01/2026."


def test_a_year_is_read_day_by_day() -> None:
    found = read_decision(YEAR_2026, 2026)
    off = [one.day for one in found.days if one.off]
    assert off == [
        *(date(2026, 2, day) for day in range(16, 21)),
        date(2026, 8, 31),
        date(2026, 9, 1),
        date(2026, 9, 2),
    ]
    assert [one.day for one in found.days if not one.off] == [date(2026, 8, 22)]
    assert {one.name for one in found.days if one.day.month == 2} == {"Tết Nguyên đán"}
    assert next(one for one in found.days if one.day == date(2026, 8, 31)).name == "Nghỉ hoán đổi"
    assert (found.number, found.signed_on) == ("9859/TB-BNV", date(2025, 10, 16))
    assert [line for line, _ in found.unread] == [7]
    assert all(one.printed is None for one in found.days)


def test_a_swap_is_a_day_off_and_a_day_worked() -> None:
    assert [(one.day, one.off) for one in read_decision(SWAP, 2026).days] == [
        (date(2026, 1, 2), True),
        (date(2026, 1, 10), False),
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Nghỉ bù thứ Hai ngày 27/4/2026.", [(date(2026, 4, 27), True, None)]),
        ("Nghỉ 01 ngày: thứ Năm 01/01/2026", [(date(2026, 1, 1), True, None)]),
        ("Làm bù vào thứ 7, 26/4/2025", [(date(2025, 4, 26), False, None)]),
        ("nghỉ thứ Tư ngày 24 tháng 11 năm 2026", [(date(2026, 11, 24), True, 2)]),  # it is a Tuesday
        (
            "Dịp 02/9/2026: nghỉ từ 31/8 đến hết 02/9/2026",
            [(date(2026, 8, 31), True, None), (date(2026, 9, 1), True, None), (date(2026, 9, 2), True, None)],
        ),
        (
            "Nghỉ thứ Sáu 02/01/2026 và hoán đổi sang thứ Bảy 10/01/2026",
            [(date(2026, 1, 2), True, None), (date(2026, 1, 10), False, None)],
        ),
        (
            "Nghỉ từ 01/01 đến 02/01/2026, hoán đổi ngày làm việc từ 02/01/2026 sang 10/01/2026",
            [(date(2026, 1, 1), True, None), (date(2026, 1, 2), True, None), (date(2026, 1, 10), False, None)],
        ),
        ("Dịp 30/4: nghỉ từ 30/4 đến hết 03/5/2026", [(date(2026, 4, 30), True, None), (date(2026, 5, 1), True, None)]),
    ],
)
def test_single_lines(text: str, days: list[tuple[date, bool, int | None]]) -> None:
    assert [(one.day, one.off, one.printed) for one in read_decision(text, 2026).days] == days


@pytest.mark.parametrize("text", ["", "  ", "…", "x" * 40_000])
def test_what_is_no_decision_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_decision(text, 2026)


NOTICES = {
    2024: (
        "Số: 5015/TB-LĐTBXH\n"
        "1. Dịp nghỉ tết Âm lịch năm 2024: nghỉ 07 ngày, từ thứ Năm ngày 08/02/2024 Dương lịch (tức ngày 29 tháng Chạp "
        "năm Quý Mão) đến hết thứ Tư ngày 14/02/2024 Dương lịch (tức ngày mùng 5 tháng Giêng năm Giáp Thìn).\n"
        "2. Dịp nghỉ lễ Quốc khánh năm 2024: nghỉ 04 ngày, từ thứ Bảy ngày 31/8/2024 đến hết thứ Ba ngày 03/9/2024.\n"
        "3. Hoán đổi ngày làm việc từ ngày thứ Hai (29/4/2024) sang ngày thứ Bảy (04/5/2024).",
        ["08/02", "09/02", "12/02", "13/02", "14/02", "29/04", "02/09", "03/09"],
        ["04/05"],
    ),
    2025: (
        "Số: 6150/TB-LĐTBXH\n"
        "1. Dịp nghỉ tết Âm lịch: nghỉ 09 ngày, từ thứ Bảy ngày 25/01/2025 Dương lịch (tức ngày 26 tháng Chạp năm Giáp "
        "Thìn) đến hết Chủ nhật ngày 02/02/2025 Dương lịch.\n"
        "2. Dịp nghỉ lễ Quốc khánh năm 2025: từ thứ Bảy ngày 30/8/2025 đến hết thứ Ba ngày 02/9/2025.\n"
        "3. Dịp 30/4 và 01/5/2025: hoán đổi ngày làm việc từ thứ Sáu ngày 02/5/2025 sang thứ Bảy ngày 26/4/2025; nghỉ "
        "05 ngày, từ thứ Tư ngày 30/4/2025 đến hết Chủ nhật ngày 04/5/2025.",
        ["27/01", "28/01", "29/01", "30/01", "31/01", "30/04", "01/05", "02/05", "01/09", "02/09"],
        ["26/04"],
    ),
}


@pytest.mark.parametrize("year", NOTICES)
def test_notices_of_earlier_years_give_the_days_that_were_off(year: int) -> None:
    text, off, worked = NOTICES[year]
    days = read_decision(text, year).days
    assert [f"{one.day:%d/%m}" for one in days if one.off] == off
    assert [f"{one.day:%d/%m}" for one in days if not one.off] == worked
    assert {one.day.year for one in days} == {year}
    assert all(one.printed is None for one in days)
