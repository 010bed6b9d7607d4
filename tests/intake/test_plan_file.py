"""What a plan file may say, and every fault with its line and what was expected, in both languages."""

from datetime import date

import pytest

from scheduler.errors import BadInput, Faults
from scheduler.intake.plan_faults import fault_lines, place_words
from scheduler.intake.plan_file import dump_plan, node_of, parse_plan, plan_of, read_plan
from scheduler.intake.plan_values import PlanNotice, PlanUnit
from scheduler.language import say
from scheduler.rules.day_off import DayOffRule
from scheduler.rules.deadlines import RegisterBy
from scheduler.rules.recurrence import Counted, Listed
from tests.intake.plans_text import plan, plan_text, refused

MONTHLY, WEEKLY = "{{every: month, {}}}", "{{every: week, {}}}"
WEEK = WEEKLY.format("weekdays: [TH]")
SKIP = "[{date: 2026-01-15, action: skip}]"

# (what, part, its value, line, words of the fault)
ONE_FAULT = [
    ("an unknown key", "plase", "x", 11, "Không có khóa plase ở đây. Có phải là place?"),
    ("an unknown key far from all", "xyzzy", "x", 11, "Không có khóa xyzzy ở đây. Dùng được: area, attend"),
    ("31 February", "starts", "2026-02-31", 7, "starts: không có ngày 31/02/2026."),
    ("the 13th month", "until", "2026-13-01", 8, "until: không có ngày 01/13/2026."),
    ("a day the other way round", "starts", "31/02/2026", 7, "cần ngày dạng 2026-02-15"),
    ("a week date", "starts", "2026-W03-2", 7, "cần ngày dạng 2026-02-15"),
    ("a list for a day", "starts", "[2026-01-01]", 7, "cần ngày dạng 2026-02-15"),
    ("too early", "starts", "1999-12-31", 7, "nằm ngoài các năm 2000 đến 2100"),
    ("too late", "until", "2101-01-01", 8, "nằm ngoài các năm 2000 đến 2100"),
    ("the end before the start", "until", "2025-12-31", 8, "until (2025-12-31) trước starts (2026-01-01)"),
    ("interval 0", "rule", WEEKLY.format("weekdays: [TH], interval: 0"), 6, "interval: cần số nguyên từ 1 đến 999"),
    ("interval of a quarter", "rule", "{every: quarter, month: [1], days: [3], interval: 2}", 6, "không đi cùng"),
    ("days and nth", "rule", MONTHLY.format("days: [1], nth: [1], weekday: TH"), 6, "cần đúng một trong bốn"),
    ("no pick", "rule", "{every: month}", 6, "cần đúng một trong bốn"),
    ("days with a weekday", "rule", MONTHLY.format("days: [1], weekday: TH"), 6, "weekday không đi cùng days"),
    ("sittings to be dated, and days", "rule", MONTHLY.format("times: 2, days: [3]"), 6, "days không đi cùng times"),
    ("no sitting to be dated", "rule", "{every: quarter, times: 0}", 6, "times: cần số nguyên từ 1 đến 28"),
    ("weekly sittings to be dated", "rule", "{every: week, weekdays: [TH], times: 2}", 6, "times không đi cùng every"),
    ("nth 0", "rule", MONTHLY.format("nth: [0], weekday: TH"), 6, "cần một số từ 1 đến 5"),
    ("nth 6", "rule", MONTHLY.format("nth: [6], weekday: TH"), 6, "cần một số từ 1 đến 5"),
    ("nth -2", "rule", MONTHLY.format("nth: [-2], weekday: TH"), 6, "cần một số từ 1 đến 5"),
    ("nth a list", "rule", MONTHLY.format("nth: [[1]], weekday: TH"), 6, "cần một số từ 1 đến 5"),
    ("weeks 7", "rule", MONTHLY.format("weeks: [7], weekday: TH"), 6, "weeks: cần số nguyên từ 1 đến 6"),
    ("an unknown weekday", "rule", MONTHLY.format("nth: [1], weekday: T5"), 6, "Cần một trong: MO, TU, WE"),
    ("an unknown weekday of a week", "rule", WEEKLY.format("weekdays: [Thu]"), 6, "Cần một trong: MO, TU, WE"),
    ("nth without a weekday", "rule", MONTHLY.format("nth: [1]"), 6, "Thiếu khóa weekday trong rule"),
    ("short_month of weeks", "rule", MONTHLY.format("weeks: [1], weekday: MO, short_month: skip"), 6, "short_month"),
    ("an unknown short_month", "rule", MONTHLY.format("days: [31], short_month: first"), 6, "last_day, skip"),
    ("a week without weekdays", "rule", "{every: week}", 6, "Thiếu khóa weekdays trong rule"),
    ("a week with days", "rule", WEEKLY.format("weekdays: [MO], days: [1]"), 6, "days không đi cùng every: week"),
    ("a quarter without month", "rule", "{every: quarter, days: [1]}", 6, "Thiếu khóa month trong rule"),
    ("month 4 of a quarter", "rule", "{every: quarter, month: [4], days: [1]}", 6, "từ 1 đến 3, không phải 4"),
    ("month 13 of a year", "rule", "{every: year, month: [13], days: [1]}", 6, "từ 1 đến 12, không phải 13"),
    ("day 32", "rule", MONTHLY.format("days: [32]"), 6, "days: cần số nguyên từ 1 đến 31, không phải 32"),
    ("day -1", "rule", MONTHLY.format("days: [-1]"), 6, "days: cần số nguyên từ 1 đến 31, không phải -1"),
    ("a day in words", "rule", MONTHLY.format("days: [true]"), 6, "không phải true"),
    ("half a day", "rule", MONTHLY.format("days: [1.5]"), 6, "không phải 1.5"),
    ("a full-width day", "rule", MONTHLY.format("days: [５]"), 6, "cần số nguyên"),  # noqa: RUF001
    ("days not listed", "rule", MONTHLY.format("days: 15"), 6, "days: cần một danh sách, ví dụ [10, 25]"),
    ("no days", "rule", MONTHLY.format("days: []"), 6, "days: cần một danh sách"),
    ("an unknown every", "rule", "{every: day}", 6, "Cần một trong: week, month, quarter, year"),
    ("a rule without form", "rule", "{interval: 2}", 6, "rule: cần every (week, month, quarter, year) hoặc dates"),
    ("a rule of one word", "rule", "weekly", 6, "rule: cần các khóa"),
    ("a list and a pattern", "rule", "{every: month, dates: [2026-01-07]}", 6, "every không đi cùng dates"),
    ("an impossible listed day", "rule", "{dates: [2026-01-07, 2026-02-30]}", 6, "không có ngày 30/02/2026"),
    ("hours end first", "hours", '["11:30-07:30"]', 9, "hours: 11:30-07:30 kết thúc trước hoặc đúng lúc bắt đầu"),
    ("hours end as they begin", "hours", '["07:30-07:30"]', 9, "kết thúc trước hoặc đúng lúc bắt đầu"),
    ("hours of no clock", "hours", '["25:00-26:00"]', 9, "cần giờ dạng 07:30-11:30"),
    ("minutes of no clock", "hours", '["07:60-08:00"]', 9, "cần giờ dạng 07:30-11:30"),
    ("24:00", "hours", '["08:00-24:00"]', 9, "cần giờ dạng 07:30-11:30"),
    ("hours in words", "hours", "[sáng]", 9, "cần giờ dạng 07:30-11:30"),
    ("hours not listed", "hours", "07:30-11:30", 9, "hours: cần một danh sách"),
    ("hours overlap", "hours", '["07:30-11:30", "10:00-12:00"]', 9, "các khung giờ chồng lên nhau"),
    ("an unknown kind", "kind", "meeting", 4, "Cần một trong: periodic_reception, adhoc_reception"),
    ("an unknown way", "day_off", "tomorrow", 11, "day_off: không dùng được tomorrow. Cần một trong: next_working_day"),
    ("an unknown way for a cause", "day_off", "{weekend: tomorrow}", 11, "weekend: không dùng được tomorrow"),
    ("an unknown cause", "day_off", "{sunday: skip}", 11, "Không có khóa sunday ở đây"),
    ("no yes or no", "day_off", "{same_month: maybe}", 11, "same_month: không dùng được maybe. Cần một trong"),
    ("host and rotation", "rotation", "[A, B]", 11, "Cần đúng một trong hai: host (cùng tiếp) hoặc rotation"),
    ("neither", "host", None, 3, "Cần đúng một trong hai: host (cùng tiếp) hoặc rotation"),
    ("a host twice", "host", "[A, A]", 5, "host: một người ghi hai lần"),
    ("a host as a mapping", "host", "{a: b}", 5, "host: cần một danh sách"),
    ("an empty host", "host", '" "', 5, "host: còn để trống"),
    ("month 0", "months", "[0]", 11, "months: cần số nguyên từ 1 đến 12"),
    ("no key", "key", None, 3, "Thiếu khóa key trong series"),
    ("no kind", "kind", None, 3, "Thiếu khóa kind trong series"),
    ("no rule", "rule", None, 3, "Thiếu khóa rule trong series"),
    ("no starts", "starts", None, 3, "Thiếu khóa starts trong series"),
    ("starts without a value", "starts", "", 3, "Thiếu khóa starts trong series"),
    ("no address", "notify", "[a@b]", 11, "notify: a@b không phải địa chỉ thư điện tử"),
    ("an address with a second line", "notify", '["a@b.vn\\r\\nBcc: c@d.vn"]', 11, "ký tự điều khiển"),
    ("a place that is a list", "place", "[a]", 10, "place: cần một dòng chữ"),
    ("a place without end", "place", "x" * 201, 10, "place: quá dài, tối đa 200 ký tự"),
    ("a sign that turns text", "place", '"a\\u202Eb"', 10, "place: có ký tự điều khiển"),
    ("a zero byte", "place", '"a\\0b"', 10, "place: có ký tự điều khiển"),
    ("two ways to register", "register_by", "{working_days: 3, day: 20}", 11, "cần đúng một trong hai: working_days"),
    ("no way to register", "register_by", "{}", 11, "cần đúng một trong hai: working_days"),
    ("register on day 32", "register_by", "{day: 32}", 11, "từ 1 đến 31"),
    ("an impossible season", "seasons", '[{from: "02-30", until: "10-15", hours: ["07:00-11:00"]}]', 11, "30/02"),
    ("a season in words", "seasons", '[{from: hè, until: "10-15", hours: ["07:00-11:00"]}]', 11, "tháng và ngày dạng"),
    ("a season without hours", "seasons", '[{from: "04-16", until: "10-15"}]', 11, "Thiếu khóa hours trong seasons"),
    ("seasons overlap", "seasons",
     '[{from: "04-16", until: "10-15", hours: ["07:00-11:00"]}, {from: "10-15", until: "04-15", hours: ["08:00-09:00"]}'
     "]", 11, "seasons: hai mùa có ngày chung"),
    ("a notice of an impossible day", "notice", "{number: 1, date: 2026-02-30}", 11, "không có ngày 30/02/2026"),
    ("a change of no date by the rule", "changes", "[{date: 2026-01-16, action: skip}]", 11,
     "changes: 2026-01-16 không phải ngày theo quy tắc của a"),
    ("a change beyond the end", "changes", "[{date: 2027-01-15, action: skip}]", 11, "không phải ngày theo quy tắc"),
    ("a change twice", "changes", "[{date: 2026-01-15, action: skip}, {date: 2026-01-15, action: skip}]", 11,
     "changes: ngày 2026-01-15 ghi hai lần"),
    ("a move to nowhere", "changes", "[{date: 2026-01-15, action: move}]", 11, "action move cần có to"),
    ("a skip to somewhere", "changes", "[{date: 2026-01-15, action: skip, to: 2026-01-16}]", 11,
     "action skip không đi cùng to"),
    ("a change without action", "changes", "[{date: 2026-01-15}]", 11, "Thiếu khóa action trong changes"),
    ("an unknown action", "changes", "[{date: 2026-01-15, action: cancel}]", 11, "Cần một trong: skip, move"),
    ("an impossible change", "changes", "[{date: 2026-02-31, action: move, to: 2026-03-02}]", 11, "31/02/2026"),
    ("an impossible skip", "changes", "[{date: 2026-02-31, action: skip}]", 11, "31/02/2026"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "value", "line", "words"), [case[1:] for case in ONE_FAULT], ids=[case[0] for case in ONE_FAULT]
)
def test_one_fault_is_one_line_with_its_place(part: str, value: str | None, line: int, words: str) -> None:
    text = plan_text(**{part: value})
    lines = refused(text)
    assert len(lines) == 1
    assert lines[0].startswith(f"Dòng {line}: ")
    assert words in lines[0]
    assert refused(text, "en")[0].startswith(f"Line {line}: ")


WHOLE_FILES = [
    ("", "Tệp không có nội dung. Cần có unit và series."),
    ("# nothing\n", "Tệp không có nội dung. Cần có unit và series."),
    ("~", "Tệp không có nội dung. Cần có unit và series."),
    ("Lịch tiếp công dân năm 2026", "Dòng 1: plan: cần các khóa, dùng được: unit, year, days_off, series."),
    ("- a\n- b", "Dòng 1: plan: cần các khóa"),
    ("unit: [a\nseries: b", "Dòng 2: Không đúng cú pháp YAML"),
    ("unit:\n\tname: x", "Dòng 2: Không đúng cú pháp YAML"),
    ("a: 1\n---\nb: 2", "Dòng 3: Tệp có nhiều phần ngăn bằng ---"),
    ("a: \x07", "Tệp có ký tự không đọc được"),
    (b"unit: a\nname: \xff\xfe", "Dòng 2: Tệp không phải UTF-8"),
    ("unit: a".encode("utf-16"), "Tệp không phải UTF-8"),
    ("[" * 40, "Dòng 1: Các mục lồng nhau quá sâu, tối đa 12 cấp."),
    ("a: &a [*a]", "Dòng 1: Không có mục nào mang tên &a ở phía trên."),
    ("x" * (1024 * 1024 + 1), "Tệp quá lớn, tối đa 1 MB."),
    ("? [a]\n: b\nunit: {code: x}\nseries: []", "Dòng 1: Không có khóa […] ở đây"),
]


@pytest.mark.parametrize(("data", "words"), WHOLE_FILES, ids=range(len(WHOLE_FILES)))
def test_what_is_no_plan_at_all(data: str | bytes, words: str) -> None:
    assert words in refused(data)[0]
    assert refused(data, "en")


def test_aliases_do_not_multiply_without_end() -> None:
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    bomb += [f"{name}: &{name} [{', '.join([f'*{below}'] * 10)}]" for below, name in zip("abcde", "bcdef", strict=True)]
    assert "quá nhiều giá trị" in refused("\n".join(bomb))[0]


def test_an_alias_in_its_place_is_read() -> None:
    text = plan_text(hours='&h ["07:30-11:30"]', seasons='[{from: "04-16", until: "10-15", hours: *h}]')
    assert parse_plan(text.encode()).series[0].timing.seasons[0].hours == ("07:30-11:30",)


def test_every_fault_at_once_in_the_order_of_the_lines() -> None:
    text = plan_text("unit: {nam: x}", starts="2026-02-31", hours='["12:00-11:00"]', xyzzy="1", notify="[a@b]")
    lines = refused(text)
    assert [line.split(":")[0] for line in lines] == ["Dòng 1", "Dòng 1", "Dòng 7", "Dòng 9", "Dòng 11", "Dòng 12"]


def test_two_series_of_one_key_and_a_key_twice() -> None:
    text = (
        plan_text() + "- {key: a, kind: dialogue, host: B, rule: {every: week, weekdays: [MO]}, starts: 2026-01-01}\n"
    )
    assert refused(text) == ["Dòng 11: Khóa a đã dùng cho một series ở trên. Mỗi series một khóa riêng."]
    assert refused(plan_text() + "  place: B\n") == ["Dòng 11: Khóa place ghi hai lần."]


@pytest.mark.parametrize(
    ("top", "words"),
    [
        ("x: 1", "Thiếu khóa unit trong plan"),
        ("unit: A", "unit: cần các khóa"),
        ("unit: {name: A}", "unit: cần code, hoặc name và level"),
        ("unit: {level: commune}", "unit: cần code, hoặc name và level"),
        ("unit: {name: A, level: village}", "Cần một trong: central, province, district, commune, department"),
        ("unit: {code: '1'}\ndays_off: [{off: true}]", "Thiếu khóa date trong days_off"),
        ("unit: {code: '1'}\ndays_off: [{date: 2026-01-02, off: 7}]", "off: không dùng được 7"),
        (
            "unit: {code: '1'}\ndays_off: [{date: 2026-01-02}, {date: 2026-01-02}]",
            "days_off: ngày 2026-01-02 ghi hai lần",
        ),
        ("unit: {code: '1'}\ndays_off: {date: 2026-01-02}", "days_off: cần một danh sách"),
    ],
)
def test_faults_above_the_series(top: str, words: str) -> None:
    assert any(words in line for line in refused(plan_text(top)))


def test_a_plan_without_series() -> None:
    assert refused("unit: {code: '1'}") == ["Dòng 1: Thiếu khóa series trong plan."]
    assert "series: cần một danh sách" in refused("unit: {code: '1'}\nseries: []")[0]
    assert "series: cần các khóa" in refused("unit: {code: '1'}\nseries: [a]")[0]


def test_the_whole_of_a_plan() -> None:
    text = plan_text(
        "unit: {code: 01}\ndays_off:\n- {date: 2026-01-10, off: no}\n"
        '- {date: "2026-01-02", off: true, source: hoán đổi}',
        host=None,
        rotation="[Phó Chủ tịch A, Phó Chủ tịch B]",
        months="[3, 1, 1]",
        hours="[13:30-16:30, 7:30 – 11:30]",
        notify="[van.phong@example.vn, van.phong@example.vn]",
        attend="[Thanh tra thành phố]",
        content='"[Dự kiến] đất đai"',
        stand_in="Phó Chủ tịch UBND",
        register_by="{working_days: 3}",
        area="[Tổ dân phố 1, Tổ dân phố 2]",
        seasons='[{from: "04-16", until: "10-15", hours: ["07:00-11:00"]}]',
        notice='{number: 12/TB-UBND, date: 2026-01-05, signer: "Nguyễn Văn A"}',
        day_off="{weekend: skip, holiday: nearest_working_day, same_month: true}",
        changes="[{date: 2026-03-15, action: skip, reason: họp}, {date: 2026-01-15, action: move, to: 2026-01-16}]",
    )
    found = parse_plan(text.encode())
    series = found.series[0]
    assert found.unit == PlanUnit(code="01")
    assert [(day.day, day.off, day.name) for day in found.days_off] == [
        (date(2026, 1, 2), True, "hoán đổi"),
        (date(2026, 1, 10), False, ""),
    ]
    assert series.timing.months == (1, 3)
    assert series.timing.hours == ("07:30-11:30", "13:30-16:30")
    assert series.timing.day_off == DayOffRule("skip", "nearest_working_day", same_month=True)
    assert [change.day for change in series.timing.changes] == [date(2026, 1, 15), date(2026, 3, 15)]
    assert series.notify == ("van.phong@example.vn",)
    assert series.register_by == RegisterBy(working_days=3)
    assert series.notice == PlanNotice("12/TB-UBND", date(2026, 1, 5), "Nguyễn Văn A")
    assert found.places == {"a": "line:6"}
    assert parse_plan(dump_plan(found).encode()) == found


def test_several_heads_sit_together() -> None:
    assert plan(host="[Bí thư, Chủ tịch]").series[0].timing.hosts == ("Bí thư", "Chủ tịch")


def test_keys_without_a_value_and_empty_lists_are_left_out() -> None:
    found = plan(until="", months="[]", notify="[]", changes="~", place="null", day_off="")
    assert found.series[0].timing.until is None
    assert found == plan(until=None, place=None)


def test_a_list_needs_no_bounds() -> None:
    found = plan(rule="{dates: [2026-03-04, 2026-01-07]}", starts=None, until=None).series[0].timing
    assert found.rule == Listed((date(2026, 1, 7), date(2026, 3, 4)))
    assert (found.starts, found.until) == (date(2026, 1, 7), date(2026, 3, 4))
    assert found.day_off == DayOffRule("keep", "keep")


def test_text_is_kept_in_one_form() -> None:
    assert plan(place="Tru\u0323 s\u01a1\u0309").series[0].place == "Trụ sở"


def test_sittings_to_be_dated_are_a_rule() -> None:
    assert plan(rule="{every: quarter, times: 2}").series[0].timing.rule == Counted("quarter", 2)


def test_plain_values_make_the_same_plan_as_the_file() -> None:
    found = plan(changes=SKIP)
    assert plan_of(node_of(found.to_plain())) == found


def test_a_file_that_is_not_there(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Faults) as refusal:
        read_plan(tmp_path / "none.yaml")
    assert list(fault_lines("vi", refusal.value)) == ["Không mở được tệp none.yaml."]
    big = tmp_path / "big.yaml"
    big.write_bytes(b"x" * (6 * 1024 * 1024))
    with pytest.raises(Faults) as refusal:
        read_plan(big)
    assert list(fault_lines("en", refusal.value)) == ["The file is too large; at most 5 MB."]
    small = tmp_path / "a.yaml"
    small.write_text(plan_text(), encoding="utf-8-sig")
    assert read_plan(small) == plan()


def test_places_in_words() -> None:
    assert place_words("vi", "series!C4") == "Trang series, ô C4"
    assert place_words("vi", "series!4") == "Trang series, hàng 4"
    assert place_words("en", "series!") == "Sheet series"
    assert place_words("en", "name") == "name"
    alone = BadInput("plans.empty-file")
    assert list(fault_lines("vi", alone)) == [say("vi", "plans.empty-file")]
