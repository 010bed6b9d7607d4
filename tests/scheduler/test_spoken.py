"""Vietnamese read aloud: numbers as people say them, days, hours, and text without a digit or an abbreviation."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.language.spoken import day_words, number_words, spelled_out, spoken_date, spoken_hour, told_hour


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (4, "bốn"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (25, "hai mươi lăm"),
        (100, "một trăm"),
        (105, "một trăm linh năm"),
        (111, "một trăm mười một"),
        (121, "một trăm hai mươi mốt"),
        (1005, "một nghìn không trăm linh năm"),
        (2026, "hai nghìn không trăm hai mươi sáu"),
        (4723, "bốn nghìn bảy trăm hai mươi ba"),
        (10_000, "mười nghìn"),
        (1_000_005, "một triệu không trăm linh năm"),
        (3_000_000_123, "ba tỷ một trăm hai mươi ba"),
    ],
)
def test_numbers_are_said_as_people_say_them(number: int, words: str) -> None:
    assert number_words(number) == words


@given(st.integers(min_value=0, max_value=10**12))
def test_every_number_has_words_without_a_digit(number: int) -> None:
    words = number_words(number)
    assert words.strip() == words
    assert words.replace(" ", "").isalpha()


def test_no_two_numbers_below_ten_thousand_sound_alike() -> None:
    assert len({number_words(number) for number in range(10_000)}) == 10_000


def test_days_and_hours() -> None:
    day = date(2026, 11, 27)
    assert spoken_date(day) == "thứ Sáu, ngày hai mươi bảy tháng mười một"
    assert day_words(date(2027, 4, 5), year=True) == "ngày mùng năm tháng tư năm hai nghìn không trăm hai mươi bảy"
    assert spoken_hour("07:30") == "bảy giờ ba mươi phút"
    assert spoken_hour("14:00") == "mười bốn giờ"
    told = [told_hour(hour) for hour in ("07:30", "12:00", "13:30", "19:15")]
    assert told == ["bảy giờ rưỡi sáng", "mười hai giờ trưa", "một giờ rưỡi chiều", "bảy giờ mười lăm phút tối"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("126 Hàng Trống", "một trăm hai mươi sáu Hàng Trống"),
        ("Số 12/5 đường Láng, P. Đống Đa", "Số mười hai trên năm đường Láng, phường Đống Đa"),
        ("P.Hoàn Kiếm, TP. Hà Nội", "phường Hoàn Kiếm, thành phố Hà Nội"),
        ("họp HĐND ngày 25/11", "họp Hội đồng nhân dân ngày hai mươi lăm tháng mười một"),
        ("Văn phòng HĐND/UBND.", "Văn phòng Hội đồng nhân dân, Ủy ban nhân dân."),
        ("từ 7h30 đến 9 giờ", "từ bảy giờ ba mươi phút đến chín giờ"),
        ("024 3825 0001", "không hai bốn ba tám hai năm không không không một"),
        ("1.200 hộ, 15% số hộ", "một nghìn hai trăm hộ, mười lăm phần trăm số hộ"),
        ("Quý III, tầng 2", "Quý ba, tầng hai"),
        ("Phòng KT, HT và ĐT", "Phòng kinh tế, hạ tầng và đô thị"),
    ],
)
def test_what_somebody_wrote_is_read_in_words(written: str, read: str) -> None:
    assert spelled_out(written) == read


@given(st.text(alphabet=st.sampled_from("aá 0123456789/.,:-&%hgP()TPUBND"), max_size=40))
def test_nothing_written_leaves_a_digit_or_a_slash(text: str) -> None:
    assert not re.search(r"[0-9/&%]", spelled_out(text))
