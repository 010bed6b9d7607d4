"""Weekly schedules as offices write them: whose time they take, and what is not understood is said."""

from datetime import date

import pytest

from scheduler.intake.week_owners import Owners
from scheduler.intake.week_text import WeekRead, read_week
from scheduler.queries.busy import Whose

TODAY = date(2026, 11, 22)
UNIT = "UBND phường Hoàn Kiếm"
OWNERS = Owners(
    [
        Whose(1, "Chủ tịch UBND", UNIT, "Nguyễn Văn An", post_id=1),
        Whose(1, "Phó Chủ tịch UBND", UNIT, "Trần Thị Bình", post_id=2),
        Whose(2, "Chủ tịch HĐND", "HĐND phường Hoàn Kiếm", "Lê Văn Cường", post_id=3),
        Whose(3, "Bí thư Đảng ủy", "Đảng ủy phường Hoàn Kiếm", "Lê Văn Cường", post_id=4),
    ],
    own_unit=1,
)


def read(text: str) -> WeekRead:
    return read_week(text, OWNERS, today=TODAY)


def seen(found: WeekRead) -> list[tuple[str, str, str, str, tuple[str, ...]]]:
    return [(f"{one.day:%d/%m}", f"{one.start}-{one.end}", one.what, one.place, one.owners) for one in found.lines]


def test_the_sentence_of_a_day() -> None:
    found = read("Thứ Hai, 23/11: Sáng: 8h00 Chủ tịch UBND họp giao ban, tại Phòng họp số 1. Thành phần: các phòng")
    assert seen(found) == [("23/11", "08:00-10:00", "Chủ tịch UBND họp giao ban", "Phòng họp số 1", ("post-1",))]
    assert (found.lines[0].attend, found.lines[0].guessed_end, found.unread) == ("các phòng", True, [])


def test_several_things_under_one_day() -> None:
    found = read(
        "LỊCH CÔNG TÁC TUẦN\n(Từ ngày 23/11/2026 đến ngày 27/11/2026)\n\n"
        "Thứ Ba, ngày 24/11/2026\n"
        "* Sáng:\n"
        "- 7 giờ 30 - 9 giờ: Đ/c Nguyễn Văn An dự họp Thành ủy\n  về quy hoạch; tại Thành ủy Hà Nội\n"
        "- 10:00: Phó Chủ tịch UBND phường Hoàn Kiếm kiểm tra trật tự đô thị.\n"
        "* Chiều: 14h00-16h30: Bí thư Đảng ủy phường làm việc với Ban Thường vụ\n"
    )
    assert seen(found) == [
        ("24/11", "07:30-09:00", "Đ/c Nguyễn Văn An dự họp Thành ủy về quy hoạch", "Thành ủy Hà Nội", ("post-1",)),
        ("24/11", "10:00-11:30", "Phó Chủ tịch UBND phường Hoàn Kiếm kiểm tra trật tự đô thị", "", ("post-2",)),
        ("24/11", "14:00-16:30", "Bí thư Đảng ủy phường làm việc với Ban Thường vụ", "", ("post-4",)),
    ]
    assert found.unread == []
    assert found.days == [date(2026, 11, 24)]


def test_a_table_pasted_from_word() -> None:
    found = read(
        "Thứ Tư\n25/11\tSáng\t08h00\tChủ tịch họp trực tuyến\tHội trường\n\tChiều\t14h30\tPhó Chủ tịch tiếp đoàn"
    )
    assert [one[:3] for one in seen(found)] == [
        ("25/11", "08:00-10:00", "Chủ tịch họp trực tuyến Hội trường"),
        ("25/11", "14:30-16:30", "Phó Chủ tịch tiếp đoàn"),
    ]
    assert [one.owners for one in found.lines] == [("post-1",), ("post-2",)]


def test_two_things_in_one_line_and_a_half_day_without_hours() -> None:
    found = read("Thứ 5 (26/11): Sáng: 8h00: Chủ tịch họp A; 10h00: Chủ tịch họp B; Chiều: Chủ tịch đi cơ sở")
    assert [one[1:3] for one in seen(found)] == [
        ("08:00-10:00", "Chủ tịch họp A"),
        ("10:00-11:30", "Chủ tịch họp B"),
        ("13:30-17:00", "Chủ tịch đi cơ sở"),
    ]


def test_hours_in_the_middle_of_a_sentence_begin_nothing() -> None:
    found = read("T6, 27/11\nSáng: 8h00 Chủ tịch họp, giải lao lúc 9h30, tại tầng 2")
    assert seen(found) == [("27/11", "08:00-10:00", "Chủ tịch họp, giải lao lúc 9h30", "tầng 2", ("post-1",))]


def test_who_is_named_more_than_once_or_not_at_all() -> None:
    found = read("Thứ Hai, 23/11\n8h00 Chủ tịch UBND, Phó Chủ tịch UBND dự hội nghị\n14h00 Họp cơ quan")
    assert [one.owners for one in found.lines] == [("post-1", "post-2"), ()]
    # Who joins is not who is busy by it, and a name two posts share says nothing.
    found = read("Thứ Hai, 23/11\n8h00 Chủ tịch UBND họp. Thành phần: Phó Chủ tịch UBND\n14h00 Lê Văn Cường họp")
    assert [one.owners for one in found.lines] == [("post-1",), ()]


def test_what_is_free_takes_no_time() -> None:
    found = read("Thứ Hai, 23/11\nSáng: Làm việc tại cơ quan\nChiều: Nghỉ")
    assert (found.lines, [text for _, text in found.free]) == ([], ["Làm việc tại cơ quan", "Nghỉ"])
    assert found.days == [date(2026, 11, 23)]


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("Thứ Hai, 24/11\n8h00 Họp", [(1, "Thứ Hai, 24/11", "week.wrong-weekday"), (2, "Họp", "week.no-day")]),
        ("Thứ Hai, 31/11\n8h00 Họp", [(1, "Thứ Hai, 31/11", "week.bad-day"), (2, "Họp", "week.no-day")]),
        ("8h00 Họp", [(1, "Họp", "week.no-day")]),
        ("Thứ Hai, 23/11\nHọp giao ban", [(2, "Họp giao ban", "week.no-hours")]),
        ("Thứ Hai, 23/11\n25h00 Họp", [(2, "25h00", "week.bad-hours"), (2, "Họp", "week.no-hours")]),
        ("Thứ Hai, 23/11\n10h00-9h00 Họp", [(2, "10h00-9h00", "week.bad-hours"), (2, "Họp", "week.no-hours")]),
        ("Nơi nhận: Văn phòng", [(1, "Nơi nhận: Văn phòng", "week.no-day")]),
        ("Thứ Hai, 23/11\nChiều: Nghỉ\nNơi nhận: Văn phòng", [(3, "Nơi nhận: Văn phòng", "week.no-day")]),
    ],
)
def test_what_is_not_understood_is_listed(text: str, unread: list[tuple[int, str, str]]) -> None:
    found = read(text)
    assert (found.lines, found.unread) == ([], unread)


def test_a_day_without_year_is_the_nearest_one() -> None:
    assert read_week("Thứ Hai, 4/1\n8h00 Họp", OWNERS, today=date(2026, 12, 30)).days == [date(2027, 1, 4)]
    assert read_week("Thứ Tư, 30/12\n8h00 Họp", OWNERS, today=date(2027, 1, 3)).days == [date(2026, 12, 30)]


@pytest.mark.parametrize(
    "text", ["", "\n" * 5_000, "8h" * 20_000, ";" * 50_000, "Thứ " * 15_000, " " * 50_000, "\t8h\t" * 9_000]
)
def test_nothing_takes_long(text: str) -> None:
    read(text)
