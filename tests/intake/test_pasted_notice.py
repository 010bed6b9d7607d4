"""Notices as offices print them, pasted: the same days as were published, and every line accounted for."""

import json
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from scheduler.errors import BadInput
from scheduler.intake.pasted_notice import read_notice
from scheduler.intake.pasted_plan import NotHeld, Printed, Proposal, Sitting, proposals_of, series_of
from scheduler.intake.pasted_values import PastedNotice, agrees, likely_year, nearby_day, years_that_agree
from scheduler.intake.plan_file import node_of, plan_of
from scheduler.intake.preview import preview_plan
from scheduler.rules.day_off import DayOffRule
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.recurrence import ByDays, ByNth, ByWeeks, Monthly, Quarterly, Weekly

TODAY = date(2026, 11, 22)
CALENDAR = default_calendar(2018, 2030)
NOTICES = sorted((Path(__file__).parent / "notices").glob("*.txt"))
HOURS = ("08:00-11:30",)


def expected(path: Path) -> list[list[str]]:
    found = json.loads((path.parent.parent / "plans" / f"{path.stem}.expected.json").read_text())
    return sorted(sorted(days) for days in found.values())


def proposed(notice: PastedNotice, year: int) -> list[Proposal]:
    sittings = [Sitting(day, one.host, one.hours or HOURS) for one in notice.days if (day := one.printed.in_year(year))]
    off = [NotHeld(day, one.host, one.reason) for one in notice.not_held if (day := one.printed.in_year(year))]
    return proposals_of(sittings, notice.rules, CALENDAR, day_off=notice.day_off, not_held=off)


def dates_of(series: dict[str, Any]) -> list[str]:
    plan = plan_of(node_of({"unit": {"code": "x"}, "series": [series]}))
    return sorted(row.date.isoformat() for row in preview_plan(plan, calendar=CALENDAR).rows if row.date)


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
def test_a_real_notice_gives_the_dates_that_were_published(path: Path) -> None:
    notice = read_notice(path.read_text())
    year = likely_year(notice, TODAY)
    days = defaultdict(list)
    for one in notice.days:
        days[one.host].append(str(one.printed.in_year(year)))
    assert sorted(sorted(found) for found in days.values()) == expected(path)
    assert not [one for one in notice.days if one.printed.weekday is not None and not agrees(one.printed, year)]
    assert len(notice.lines) == sum(bool(line.strip()) for line in path.read_text().splitlines())


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.stem)
@pytest.mark.parametrize("choice", ["dates", "0"])
def test_taken_as_dates_or_as_a_rule_the_year_is_the_same(path: Path, choice: str) -> None:
    notice = read_notice(path.read_text())
    year = likely_year(notice, TODAY)
    proposals = proposed(notice, year)
    assert all(one.guesses and one.guesses[0].misfits == 0 for one in proposals)
    series = [series_of(one, choice, year, Printed(year, {})) for one in proposals]
    assert sorted(map(dates_of, series)) == expected(path)


def test_there_are_four_notices() -> None:
    assert len(NOTICES) == 4


def test_what_stands_around_the_days_is_read_too() -> None:
    notice = read_notice((Path(__file__).parent / "notices" / "tayson-gialai-2025.txt").read_text())
    assert (notice.host, notice.hours) == ("Chủ tịch UBND xã", ("08:00-11:30",))
    assert notice.place == "Phòng tiếp công dân của UBND xã"
    assert notice.day_off == DayOffRule("next_working_day", "next_working_day")
    assert notice.rules[0].readings == (Weekly((3,)),)
    assert {one.person for one in notice.days} == {"Nguyễn Thị Thử"}
    assert [line.text for line in notice.left("unread")] == ["Giao Công an xã phối hợp thực hiện."]


def test_days_on_which_nobody_receives_are_no_days_but_decisions() -> None:
    notice = read_notice((Path(__file__).parent / "notices" / "tayninh-2021.txt").read_text())
    assert [(one.printed.day, one.printed.month) for one in notice.not_held] == [(11, 2), (11, 3), (8, 7)]
    deputies = next(one for one in proposed(notice, 2021) if one.host.startswith("Đoàn ĐBQH"))
    changes = series_of(deputies, "0", 2021, Printed(2021, {}))["changes"]
    assert [(change["date"], change["action"]) for change in changes] == [
        ("2021-02-11", "skip"),
        ("2021-03-11", "skip"),
    ]
    assert changes[1]["reason"].startswith("tham dự kỳ họp thứ 11")


def test_into_another_year_go_the_rule_and_nothing_decided_by_hand() -> None:
    notice = read_notice((Path(__file__).parent / "notices" / "tayninh-2021.txt").read_text())
    deputies = next(one for one in proposed(notice, 2021) if one.host.startswith("Đoàn ĐBQH"))
    series = series_of(deputies, "0", 2027, Printed(2021, {"notice": {"number": "1/TB"}, "place": "Trụ sở"}))
    assert series["rule"] == {"every": "month", "nth": [2], "weekday": "TH"}
    assert (series["starts"], series["until"], series["place"]) == ("2027-01-01", "2027-12-31", "Trụ sở")
    assert "changes" not in series
    assert "notice" not in series


RULES = (
    ("Chủ tịch tiếp ngày 10 và 25 hằng tháng", [Monthly(ByDays((10, 25)))]),
    ("định kỳ vào ngày 15 hàng tháng (nếu ngày 15 trùng ngày nghỉ thì chuyển ngày sau)", [Monthly(ByDays((15,)))]),
    ("sáng thứ Ba hàng tuần", [Weekly((1,))]),
    ("thứ Hai, thứ Tư hằng tuần, từ 8h00 đến 11h30", [Weekly((0, 2))]),
    ("thứ Năm tuần thứ nhất và thứ ba hằng tháng", [Monthly(ByNth((1, 3), 3)), Monthly(ByWeeks((1, 3), 3))]),
    ("thứ Sáu tuần thứ 2 và thứ Sáu tuần thứ 4 hàng tháng", [Monthly(ByNth((2, 4), 4)), Monthly(ByWeeks((2, 4), 4))]),
    ("thứ Ba tuần thứ 2 và thứ Ba tuần thứ 4 hàng tháng", [Monthly(ByNth((2, 4), 1)), Monthly(ByWeeks((2, 4), 1))]),
    ("vào ngày thứ sáu của tuần lễ cuối tháng", [Monthly(ByNth((-1,), 4))]),
    ("thứ Năm đầu tiên của tháng", [Monthly(ByNth((1,), 3))]),
    ("ngày 15 tháng cuối quý", [Quarterly((3,), ByDays((15,)))]),
    ("THU NAM HANG TUAN", [Weekly((3,))]),
    ("đăng ký trước ngày 15 hàng tháng", []),
    ("mỗi tháng một lần", []),
)


@pytest.mark.parametrize(("text", "readings"), RULES, ids=[text for text, _ in RULES])
def test_a_rule_said_in_a_sentence(text: str, readings: list[Any]) -> None:
    assert [list(one.readings) for one in read_notice(text).rules] == ([readings] if readings else [])


DAYS = (
    ("Tháng 7: Ngày 03; 10; 17 (Thứ 5)", [(3, 7, None, 3), (10, 7, None, 3), (17, 7, None, 3)]),
    ("03/7/2026, 10/7/2026 (thứ Sáu)", [(3, 7, 2026, 4), (10, 7, 2026, 4)]),
    ("thứ Hai, ngày 17 tháng 01 năm 2022 lúc 7 giờ 30", [(17, 1, 2022, 0)]),
    ("CN 05/7 và thứ 2 ngày 06/7/2026", [(5, 7, None, 6), (6, 7, 2026, 0)]),
    ("ngày 5, 12, 19 và 26 tháng 3 năm 2026, 8h30-11h", [(day, 3, 2026, None) for day in (5, 12, 19, 26)]),
    ("7.30 ngày 07-01-2026", [(7, 1, 2026, None)]),
    ("Căn cứ Luật Tiếp công dân ngày 25/11/2013;", []),
    ("theo Quyết định số 12/QĐ-UBND ngày 05/01/2026", []),
    ("từ ngày 14/02 đến ngày 22/02/2026", []),
    ("Ngày 11/3/2026 Chủ tịch không tiếp công dân", []),
    ("Điện thoại 024 3825 1234, phòng 12", []),
)


@pytest.mark.parametrize(("text", "days"), DAYS, ids=[text for text, _ in DAYS])
def test_days_in_one_line(text: str, days: list[Any]) -> None:
    found = [one.printed for one in read_notice(text).days]
    assert [(one.day, one.month, one.year, one.weekday) for one in found] == days


def test_a_misprinted_weekday_may_be_a_wrong_day_or_another_year() -> None:
    printed = read_notice("Ngày 03/7 (Thứ 5)").days[0].printed
    assert not agrees(printed, 2026)
    assert nearby_day(printed, 2026) == date(2026, 7, 2)
    assert 2025 in years_that_agree(printed, 2026)
    assert likely_year(read_notice("Ngày 03/7 (Thứ 5); ngày 10/7 (Thứ 5)"), TODAY) == 2025


def test_a_table_with_merged_cells_people_and_hours() -> None:
    rows = (
        "STT\tTháng\tNgày\tNgười tiếp\tThời gian trong ngày\tĐịa điểm",
        "1\t7/2026\t02, 16\tĐồng chí Nguyễn Văn Thử - Chủ tịch UBND\t7g30 - 11g30\tHội trường",
        "2\t\t30\t\t\t",
        "3\t8/2026\t06 (Thứ 5)\tĐ/c Trần Thị Mẫu, Phó Chủ tịch UBND\t13 giờ 30 phút đến 16 giờ 30 phút\tHội trường",
    )
    notice = read_notice("\n".join(rows))
    assert [(str(one.printed.in_year(2026)), one.host, one.person, one.hours) for one in notice.days] == [
        ("2026-07-02", "Chủ tịch UBND", "Nguyễn Văn Thử", ("07:30-11:30",)),
        ("2026-07-16", "Chủ tịch UBND", "Nguyễn Văn Thử", ("07:30-11:30",)),
        ("2026-07-30", "Chủ tịch UBND", "Nguyễn Văn Thử", ("07:30-11:30",)),
        ("2026-08-06", "Phó Chủ tịch UBND", "Trần Thị Mẫu", ("13:30-16:30",)),
    ]
    assert notice.place == "Hội trường"


def test_number_and_day_of_the_notice() -> None:
    notice = read_notice("Số: 12/TB-UBND\nTây Sơn, ngày 05 tháng 01 năm 2026\nNgày 15/01: 7h30")
    assert (notice.number, notice.signed_on) == ("12/TB-UBND", date(2026, 1, 5))
    assert notice.days[0].hours == ("07:30-11:30",)
    assert notice.end_supposed


@pytest.mark.parametrize("text", ["", " \n\u200b\n", "x" * 60_001, "a\n" * 2_000, "ngày 1/1\n" * 500])
def test_a_text_that_is_no_notice_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_notice(text)


@pytest.mark.parametrize("sign", ["ngày ", "1;", "(", "thứ ", "trùng ", "tuần thứ ", "\t|", "7h"])
def test_a_hostile_text_is_read_in_no_time(sign: str) -> None:
    notice = read_notice("\n".join(["a" + sign * 150] * 30))
    assert len(notice.lines) >= 30


def test_a_line_beyond_measure_is_cut_and_nothing_of_it_lost() -> None:
    text = "Chủ tịch tiếp ngày 15/7/2026. " * 60
    notice = read_notice(text)
    assert len(notice.days) == 60
    assert "".join(line.text for line in notice.lines).count("15/7/2026") == 60
