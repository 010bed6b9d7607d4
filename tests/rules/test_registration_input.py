"""What people type when they register, read into one form; how hours become windows."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.errors import BadInput
from scheduler.rules.arrival_windows import windows_between
from scheduler.rules.registration_input import (
    checked_code,
    checked_count,
    checked_line,
    checked_phone,
    checked_representatives,
    denounces,
    most_representatives,
    shown_code,
)

BEGIN = datetime(2026, 11, 26, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0912 345 678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("+84 (0)91 234 5678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0084 912 345 678", "0912345678"),
        ("(024) 3825-0001", "02438250001"),
        ("+1 202 555 0123", "+12025550123"),
        ("001 202 555 0123", "+12025550123"),
    ],
)
def test_a_number_is_read_however_it_is_written(typed: str, number: str) -> None:
    assert checked_phone(typed) == number


@pytest.mark.parametrize(
    "typed", ["", "12", "0112345678", "091234567", "09123456789", "0912x45678", "٠٩١٢٣٤٥٦٧٨", "+0912"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="no-phone"):
        checked_phone(typed)


@pytest.mark.parametrize(("people", "most"), [(1, 1), (4, 4), (5, 2), (10, 2), (11, 5), (40, 5)])
def test_how_many_speak(people: int, most: int) -> None:
    assert most_representatives(people) == most
    names = "\n".join(f"Người {n}" for n in range(most))
    assert len(checked_representatives(names, people, "Lan")) == (0 if people == 1 else most)
    if people > 1:
        assert checked_representatives(" \n\u200b", people, "Lan") == ("Lan",)
        with pytest.raises(BadInput, match="too-many"):
            checked_representatives(f"{names}\nThừa", people, "Lan")


@pytest.mark.parametrize(
    "text",
    [
        "tố cáo", "TỐ CÁO", "Đơn tố  cáo ông A", "tố-cáo", "tố\u200bcáo", "tốcáo", "t\u00f4\u0301 ca\u0301o",
        "to cao ong A", "TO CAO", "I denounce him", "a denunciation",
    ],
)  # fmt: skip
def test_a_denunciation_is_recognised(text: str) -> None:
    assert denounces("Lan", text)


@pytest.mark.parametrize("text", ["", "nhà to cao tầng che nắng, đề nghị kiểm tra", "tố giác", "cáo tố", "Toàn cảnh"])
def test_other_words_are_not(text: str) -> None:
    assert not denounces(text)


def test_a_code_is_read_with_its_space() -> None:
    assert [checked_code(text) for text in ("482 615", "482615", " 482-615 ", "48261", "4826150", "abcdef", "")] == [
        "482615", "482615", "482615", "", "", "", "",
    ]  # fmt: skip
    assert (shown_code("482615"), shown_code("")) == ("482 615", "")


def test_lines_lose_what_nobody_sees() -> None:
    assert checked_line(" a\u200b \t b\u202e ", "name") == "a b"
    for text in ("a\x00", "a\x1b", "a\ud800"):
        with pytest.raises(BadInput, match="odd-signs"):
            checked_line(text, "name")


def test_counts() -> None:
    assert checked_count(" 12 ") == 12
    for text in ("0", "1001", "1 2", "", "²"):
        with pytest.raises(BadInput, match="no-count"):
            checked_count(text)


def test_hours_are_cut_into_windows() -> None:
    def minutes(*spans: tuple[int, int], length: int) -> list[tuple[int, int]]:
        moments = [(BEGIN + timedelta(minutes=since), BEGIN + timedelta(minutes=until)) for since, until in spans]
        found = windows_between(moments, length)
        return [(int((a - BEGIN).seconds / 60), int((b - BEGIN).seconds / 60)) for a, b in found]

    assert minutes((0, 60), (90, 120), length=30) == [(0, 30), (30, 60), (90, 120)]
    assert minutes((0, 70), length=30) == [(0, 30), (30, 70)]
    assert minutes((0, 75), length=30) == [(0, 30), (30, 60), (60, 75)]
    for length in (0, 4, 61):
        with pytest.raises(BadInput, match="bad-minutes"):
            minutes((0, 60), length=length)
