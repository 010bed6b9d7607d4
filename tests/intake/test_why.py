"""Reasons in words: every rule form said back, every kind of day off, in both languages."""

from datetime import date
from typing import Any

import pytest

from scheduler.intake.preview import preview_plan
from scheduler.language.why import render_why
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.recurrence import ByDays, ByNth, ByWeeks, Listed, Monthly, Quarterly, Rule, Weekly, Yearly
from scheduler.rules.recurrence_forms import rule_reason
from scheduler.rules.working_days import Day, day_off_reason
from tests.intake.plans_text import plan

CALENDAR = default_calendar(2014, 2027)

RULES: list[tuple[Rule, tuple[int, ...], str, str]] = [
    (Weekly((3,)), (), "thứ Năm hằng tuần", "Thursday every week"),
    (Weekly((0, 1, 3), 2), (), "thứ Hai, thứ Ba và thứ Năm, 2 tuần một lần",
     "Monday, Tuesday and Thursday, every 2 weeks"),
    (Monthly(ByDays((15,))), (), "ngày 15 hằng tháng", "day 15 of every month"),
    (Monthly(ByDays((10, 25)), 3), (1, 4), "ngày 10 và 25, 3 tháng một lần; chỉ trong tháng 1 và 4",
     "day 10 and 25, every 3 months; only in month 1 and 4"),
    (Monthly(ByDays((31,))), (), "ngày 31 hằng tháng; tháng thiếu ngày này thì lấy ngày cuối tháng",
     "day 31 of every month; in a shorter month the last day"),
    (Monthly(ByDays((31,), "skip")), (), "ngày 31 hằng tháng; tháng thiếu ngày này thì không tiếp",
     "day 31 of every month; none in a shorter month"),
    (Monthly(ByNth((-1, 1), 3)), (), "thứ Năm lần thứ 1 và lần cuối hằng tháng",
     "the 1st and last Thursday of every month"),
    (Quarterly((2,), ByWeeks((3,), 1)), (),
     "thứ Ba của tuần thứ 3, tháng thứ 2 của mỗi quý (tuần thứ nhất là tuần có ngày 1, tính từ thứ Hai)",
     "Tuesday of calendar week 3 in month 2 of every quarter (weeks run from Monday, week 1 holds day 1)"),
    (Yearly((3, 9), ByDays((1,))), (), "ngày 1, tháng 3 và 9 hằng năm", "day 1 in March and September of every year"),
    (Listed((date(2026, 1, 7),)), (), "ngày ấn định trong danh sách đã công bố", "a day of the list as published"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "months", "vi", "en"), RULES)
def test_a_rule_said_back(rule: Rule, months: tuple[int, ...], vi: str, en: str) -> None:
    assert render_why("vi", [rule_reason(rule, months)]) == f"Theo lịch: {vi}."
    assert render_why("en", [rule_reason(rule, months)]) == f"By the schedule: {en}."


DAYS_OFF = [
    ("2026-03-15", "Ngày 15/03/2026 là Chủ nhật, ngày nghỉ hằng tuần."),
    ("2026-02-17", "Ngày 17/02/2026 là thứ Ba, trong kỳ nghỉ Tết Nguyên đán (14/02 đến 22/02/2026). "
     "Căn cứ: Thông báo của Bộ Nội vụ về nghỉ Tết và Quốc khánh năm 2026."),
    ("2026-01-02", "Ngày 02/01/2026 là thứ Sáu, nghỉ hoán đổi (làm bù ngày 10/01/2026), "
     "trong kỳ nghỉ Tết Dương lịch (01/01 đến 04/01/2026). Căn cứ: Công văn 12729/VPCP-KGVX ngày 25/12/2025."),
    ("2026-04-27", "Ngày 27/04/2026 là thứ Hai, nghỉ bù Giỗ Tổ Hùng Vương, "
     "trong kỳ nghỉ Giỗ Tổ Hùng Vương (25/04 đến 27/04/2026). Căn cứ: Bộ luật Lao động 2019, điều 111 khoản 3."),
    ("2026-05-01", "Ngày 01/05/2026 là thứ Sáu, nghỉ Ngày Quốc tế Lao động 1/5, trong kỳ nghỉ Ngày Chiến thắng 30/4 "
     "và Ngày Quốc tế Lao động 1/5 (30/04 đến 03/05/2026). Căn cứ: Bộ luật Lao động 2019, điều 112."),
    ("2026-11-24", "Ngày 24/11/2026 là thứ Ba, nghỉ Ngày Văn hóa Việt Nam 24/11. "
     "Căn cứ: Nghị quyết 28/2026/QH16 (dự kiến, chờ thông báo chính thức)."),
    ("2018-12-31", "Ngày 31/12/2018 là thứ Hai, nghỉ hoán đổi (làm bù ngày 05/01/2019), trong kỳ nghỉ Tết Dương lịch "
     "(29/12/2018 đến 01/01/2019). "
     "Căn cứ: Lịch nghỉ lễ, Tết năm 2019 (theo đề xuất) (dự kiến, chờ thông báo chính thức)."),
]  # fmt: skip


@pytest.mark.parametrize(("day", "words"), DAYS_OFF)
def test_a_day_off_and_its_source(day: str, words: str) -> None:
    why = CALENDAR.why_off(date.fromisoformat(day))
    assert why is not None
    assert render_why("vi", [day_off_reason(why)]) == words


@pytest.mark.parametrize(
    ("name", "vi", "en"),
    [
        ("họp HĐND", "ngày nghỉ (họp HĐND).", "a day off (họp HĐND)."),
        ("", "ngày nghỉ ghi thêm trong lịch.", "a day off added to the calendar."),
        ("Nghỉ bù", "nghỉ bù.", "a day off in lieu (nghỉ bù)."),
        ("Nghỉ hoán đổi", "nghỉ hoán đổi.", "a day off by a swap (nghỉ hoán đổi)."),
        ("Tết Nguyên đán", "nghỉ Tết Nguyên đán.", "a day off for Lunar New Year (Tết)."),
    ],
)
def test_a_named_day_alone(name: str, vi: str, en: str) -> None:
    why = CALENDAR.with_days([Day(date(2026, 3, 4), True, name, source=name)]).why_off(date(2026, 3, 4))
    assert why is not None
    assert render_why("vi", [day_off_reason(why)]) == f"Ngày 04/03/2026 là thứ Tư, {vi}"
    assert render_why("en", [day_off_reason(why)]) == f"04/03/2026 is a Wednesday, {en}"


WAYS: list[tuple[dict[str, str], str]] = [
    ({"day_off": "previous_working_day"}, "Ngày làm việc liền trước: thứ Sáu, 13/02/2026."),
    ({"day_off": "nearest_working_day"}, "Ngày làm việc gần nhất: thứ Sáu, 13/02/2026 (cách 2 ngày)."),
    ({"day_off": "first_working_day_of_next_week"},
     "Tuần sau nghỉ cả tuần. Ngày làm việc đầu tiên sau đó: thứ Hai, 23/02/2026."),
    ({"day_off": "same_weekday_next_week"},
     "Lùi 8 tuần vẫn trùng ngày nghỉ. Ngày làm việc tiếp theo: thứ Hai, 23/02/2026."),
    ({"day_off": "keep"}, "Theo lịch, trùng ngày nghỉ vẫn tổ chức."),
    ({"day_off": "announce"}, "Theo lịch, trùng ngày nghỉ thì ngày mới sẽ được thông báo."),
    ({"changes": "[{date: 2026-02-15, action: skip, reason: Họp.}]"},
     "Buổi ngày 15/02/2026 không tổ chức theo quyết định. Lý do: Họp."),
    ({"changes": "[{date: 2026-02-15, action: move, to: 2026-02-12}]"},
     "Đổi lịch theo quyết định: từ ngày 15/02/2026 sang thứ Năm, 12/02/2026."),
    ({"changes": "[{date: 2026-02-15, action: move, to: 2026-02-15}]"},
     "Theo quyết định, vẫn tổ chức đúng ngày 15/02/2026: Chủ nhật, 15/02/2026. Ngày 15/02/2026 là Chủ nhật"),
]  # fmt: skip


@pytest.mark.parametrize(("parts", "words"), WAYS)
def test_what_a_day_off_or_a_decision_did(parts: dict[str, Any], words: str) -> None:
    row = preview_plan(plan(months="[2]", **parts)).to_json()[0]
    assert words in row["why"]


def test_the_other_side_of_the_month_and_a_merger() -> None:
    rows = preview_plan(
        plan(rule="{every: month, days: [29, 31]}", months="[5]", day_off="{same_month: true}")
    ).to_json()
    assert rows[1]["outcome"] == "merged"
    assert rows[1]["why"] == (
        "Ngày 31/05/2026 là Chủ nhật, ngày nghỉ hằng tuần. Ngày tìm được là 01/06/2026, đã sang tháng khác. "
        "Ngày làm việc liền trước, trong cùng tháng: thứ Sáu, 29/05/2026. "
        "Cùng rơi vào thứ Sáu, 29/05/2026 với buổi theo lịch ngày 29/05/2026, nên gộp làm một buổi."
    )


def test_no_reasons_no_words() -> None:
    assert render_why("vi", []) == ""
    with pytest.raises(KeyError):
        render_why("vi", [("why.unheard-of", {})])
