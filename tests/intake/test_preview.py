"""What `plan preview` prints: rows, reasons, readings, warnings; and that warnings refuse nothing."""

from datetime import date

import pytest

from scheduler.intake.plan_warnings import days_off_differing
from scheduler.intake.preview import Preview, preview_plan
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.working_days import Calendar
from tests.intake.plans_text import parse_plan, plan, plan_text

UNIT = "unit: {name: UBND xã A, level: commune}"
SWAP = f"""{UNIT}
days_off:
- {{date: 2026-03-16, off: true, source: "hoán đổi với 21/03/2026"}}
- {{date: 2026-03-21, off: no}}"""


def preview(top: str = UNIT, today: date | None = None, **parts: str | None) -> Preview:
    return preview_plan(plan(top, **parts), today=today)


def test_the_shape_that_is_promised() -> None:
    rows = preview(months="[2]", hours='["07:30-11:30", "13:30-16:30"]').to_json()
    assert rows == [
        {
            "series": "a",
            "planned": "2026-02-15",
            "date": "2026-02-23",
            "hours": ["07:30-11:30", "13:30-16:30"],
            "hosts": ["Chủ tịch UBND"],
            "outcome": "shifted",
            "why": "Ngày 15/02/2026 là Chủ nhật, trong kỳ nghỉ Tết Nguyên đán (14/02 đến 22/02/2026). "
            "Ngày làm việc tiếp theo: thứ Hai, 23/02/2026. "
            "Căn cứ: Thông báo của Bộ Nội vụ về nghỉ Tết và Quốc khánh năm 2026.",
        }
    ]
    assert list(rows[0]) == ["series", "planned", "date", "hours", "hosts", "outcome", "why"]


def test_days_off_of_the_file_count_and_are_named() -> None:
    rows = preview(SWAP, rule="{every: month, days: [15, 21]}", months="[3]").to_json()
    assert [(row["planned"], row["date"], row["outcome"]) for row in rows] == [
        ("2026-03-15", "2026-03-17", "shifted"),
        ("2026-03-21", "2026-03-21", "scheduled"),
    ]
    named = preview(SWAP, rule="{every: month, days: [16]}", months="[3]").to_json()[0]["why"]
    assert named.startswith("Ngày 16/03/2026 là thứ Hai, ngày nghỉ (hoán đổi với 21/03/2026). ")


def test_an_installation_s_calendar_may_be_given() -> None:
    bare = preview_plan(plan(months="[4]", rule="{every: month, days: [30]}"), calendar=Calendar())
    assert bare.to_json()[0]["outcome"] == "scheduled"


def test_null_where_there_is_no_sitting_on_a_known_day() -> None:
    for way, outcome in (("skip", "skipped"), ("announce", "to_be_announced")):
        row = preview(months="[2]", day_off=way).to_json()[0]
        assert (row["date"], row["outcome"]) == (None, outcome)


WARNINGS = [
    ({"rule": "{every: year, month: [2], days: [30], short_month: skip}"}, ["Dòng 3: a: không có ngày nào."]),
    ({"hours": None}, ["Dòng 3: a: chưa ghi giờ (hours)."]),
    (
        {"rule": "{dates: [2025-12-31, 2026-01-07]}"},
        ["Dòng 3: a: bỏ các ngày ngoài starts, until và months: 31/12/2025."],
    ),
    (
        {"rule": "{dates: [2026-11-23, 2026-11-30]}"},
        [
            "Dòng 3: a: ngày 23/11/2026 có thể thay đổi, đang chờ quyết định: Nghỉ hoán đổi (làm bù ngày 28/11/2026) "
            "(Đề xuất hoán đổi dịp Ngày Văn hóa Việt Nam 2026)."
        ],
    ),
    ({}, []),
]


@pytest.mark.parametrize(("parts", "lines"), WARNINGS)
def test_warnings(parts: dict[str, str | None], lines: list[str]) -> None:
    found = preview(**parts)
    assert found.warning_lines("vi") == lines
    assert len(found.warning_lines("en")) == len(lines)


def test_days_gone_by_need_a_today() -> None:
    assert preview(months="[1, 2]").warning_lines() == []
    assert preview(months="[1, 2]", today=date(2026, 2, 1)).warning_lines() == [
        "Dòng 3: a: 1 buổi có ngày đã qua (từ 15/01/2026 đến 15/01/2026)."
    ]
    assert preview(today=date(2026, 1, 15)).warning_lines() == []
    assert preview(today=date(2027, 1, 1)).warning_lines("en") == [
        "Line 3: a: 12 sittings lie in the past (15/01/2026 to 15/12/2026)."
    ]


def second(hours: str, host: str = "Chủ tịch UBND", more: str = "") -> list[str]:
    line = f"- {{key: b, kind: dialogue, host: {host}, rule: {{every: month, days: [15]}}, starts: 2026-01-01, "
    text = plan_text(months="[1, 4]") + f"{line}until: 2026-06-30{hours and f', hours: {hours}'}{more}}}\n"
    return preview_plan(parse_plan(text.encode())).warning_lines()


def test_the_same_host_twice_at_one_time() -> None:
    clash = "Dòng 12: Chủ tịch UBND: cùng giờ ở a và b, 2 ngày, ngày đầu 15/01/2026."
    assert second('["11:00-12:00"]') == [clash]
    assert second('["08:00-09:00"]', "[Bí thư, Chủ tịch UBND]") == [clash]
    assert second('["11:30-12:00"]') == []
    assert second('["07:30-11:30"]', "Bí thư") == []
    assert second("")[-1] == clash


def test_lines_of_days_off_against_an_installation_s_calendar() -> None:
    days = plan(
        f"{UNIT}\ndays_off: [{{date: 2026-01-02}}, {{date: 2026-03-04}}, {{date: 2026-03-07, off: no}}]"
    ).days_off
    lines = [warned.words("vi") for warned in days_off_differing(days, default_calendar(2026, 2026))]
    assert lines == [
        "Ngày 04/03/2026: tệp ghi nghỉ, lịch làm việc của hệ thống là ngày làm việc. Tệp này theo days_off.",
        "Ngày 07/03/2026: tệp ghi làm việc, lịch làm việc của hệ thống là ngày nghỉ. Tệp này theo days_off.",
    ]


def test_the_table_for_a_terminal() -> None:
    text = preview(rule="{every: month, nth: [3], weekday: TU}", months="[2, 10]", day_off="skip").table()
    assert text.splitlines() == [
        "a | Tiếp công dân định kỳ | Chủ tịch UBND",
        "  Theo lịch: thứ Ba lần thứ 3 hằng tháng; chỉ trong tháng 2 và 10.",
        "  Hai cách đọc khác nhau, tháng 02/2026: lần thứ 3 trong tháng là 17/02/2026; "
        "tuần thứ 3 của tháng là 10/02/2026.",
        "  Hai cách đọc khác nhau, tháng 10/2026: lần thứ 3 trong tháng là 20/10/2026; "
        "tuần thứ 3 của tháng là 13/10/2026.",
        "  17/02/2026 | — | 07:30-11:30 | Chủ tịch UBND | không tổ chức",
        "      Ngày 17/02/2026 là thứ Ba, trong kỳ nghỉ Tết Nguyên đán (14/02 đến 22/02/2026). "
        "Theo lịch, trùng ngày nghỉ thì không tổ chức. "
        "Căn cứ: Thông báo của Bộ Nội vụ về nghỉ Tết và Quốc khánh năm 2026.",
        "  20/10/2026 | T3 20/10/2026 | 07:30-11:30 | Chủ tịch UBND | đúng lịch",
    ]
    assert "shifted from a day off" in preview(months="[2]").table("en")
    assert "none" in preview(rule="{every: month, weeks: [6], weekday: TU}", months="[3]").table("en")


def test_each_series_has_its_own_part_of_the_table() -> None:
    more = "- {key: b, kind: dialogue, host: B, rule: {dates: [2026-03-04]}}\n"
    text = preview_plan(parse_plan((plan_text(months="[4]") + more).encode())).table()
    first, second = text.strip().split("\n\n")
    assert "15/04/2026" in first
    assert "04/03/2026" not in first
    assert second.startswith("b | Hội nghị đối thoại | B\n")
