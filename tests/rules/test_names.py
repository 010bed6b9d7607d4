"""How places, bodies and posts are named, and how their codes are made."""

import pytest

from scheduler.rules.codes import code_of, free_code, is_code
from scheduler.rules.names import (
    BODIES,
    body_name,
    core_name,
    guessed_duty,
    inside_sentence,
    post_in_words,
    post_title,
    post_word,
    shortened,
    spoken_names,
)


@pytest.mark.parametrize(
    ("place", "level", "party", "council", "committee"),
    [
        (
            "Phường Hoàn Kiếm",
            "commune",
            "Đảng ủy phường Hoàn Kiếm",
            "HĐND phường Hoàn Kiếm",
            "UBND phường Hoàn Kiếm",
        ),
        ("Xã Sóc Sơn", "commune", "Đảng ủy xã Sóc Sơn", "HĐND xã Sóc Sơn", "UBND xã Sóc Sơn"),
        ("Đặc khu Cô Tô", "commune", "Đảng ủy đặc khu Cô Tô", "HĐND đặc khu Cô Tô", "UBND đặc khu Cô Tô"),
        ("Thành phố Hà Nội", "province", "Thành ủy Hà Nội", "HĐND thành phố Hà Nội", "UBND thành phố Hà Nội"),
        ("Tỉnh Tây Ninh", "province", "Tỉnh ủy Tây Ninh", "HĐND tỉnh Tây Ninh", "UBND tỉnh Tây Ninh"),
        (
            "Thành phố Hồ Chí Minh",
            "province",
            "Thành ủy Thành phố Hồ Chí Minh",
            "HĐND Thành phố Hồ Chí Minh",
            "UBND Thành phố Hồ Chí Minh",
        ),
    ],
)
def test_bodies_of_a_place(place: str, level: str, party: str, council: str, committee: str) -> None:
    assert [body_name(body.kind, place, level) for body in BODIES] == [party, council, committee]


@pytest.mark.parametrize(
    ("title", "unit", "words"),
    [
        ("Chủ tịch UBND", "UBND phường Hoàn Kiếm", "Chủ tịch UBND phường Hoàn Kiếm"),
        ("Chủ tịch UBND tỉnh", "UBND tỉnh Tây Ninh", "Chủ tịch UBND tỉnh Tây Ninh"),
        ("Bí thư Thành ủy", "Thành ủy Hà Nội", "Bí thư Thành ủy Hà Nội"),
        ("Chủ tịch UBND xã Ba Vì", "UBND xã Ba Vì", "Chủ tịch UBND xã Ba Vì"),
        ("Trưởng ban", "Ban Tiếp công dân tỉnh", "Trưởng ban Tiếp công dân tỉnh"),
        ("Chánh Văn phòng", "UBND xã Ba Vì", "Chánh Văn phòng, UBND xã Ba Vì"),
        ("Thủ trưởng UBND xã Ba Vì cũ", "UBND xã Ba Vì", "Thủ trưởng UBND xã Ba Vì cũ"),
    ],
)
def test_a_post_with_its_unit_says_nothing_twice(title: str, unit: str, words: str) -> None:
    assert post_in_words(title, unit) == words


@pytest.mark.parametrize(
    ("title", "level", "duty"),
    [
        ("Chủ tịch UBND", "province", "province_chairman"),
        ("Chủ tịch UBND tỉnh", "province", "province_chairman"),
        ("Chủ tịch Ủy ban nhân dân phường", "commune", "commune_chairman"),
        ("Bí thư Đảng ủy, Chủ tịch HĐND phường", "commune", "commune_secretary"),
        ("Bí thư Tỉnh ủy", "province", "province_secretary"),
        ("Bí thư Thành ủy", "province", "province_secretary"),
        ("Chủ tịch HĐND xã", "commune", ""),
        ("Giám đốc Sở Xây dựng", "department", "department_head"),
        ("Phó Giám đốc Sở Xây dựng", "department", ""),
        ("Phó Chủ tịch UBND", "commune", ""),
        ("Chủ tịch UBND huyện", "district", ""),
        ("Chủ tịch UBNDX", "commune", ""),
    ],
)
def test_a_title_tells_its_duty(title: str, level: str, duty: str) -> None:
    assert guessed_duty(title, level) == duty


def test_words_around_a_name() -> None:
    assert [core_name(name) for name in ("Thị trấn Sóc Sơn", "Đặc khu Cô Tô", "UBND xã")] == [
        "Sóc Sơn",
        "Cô Tô",
        "UBND xã",
    ]
    assert inside_sentence("Xã Ba Vì") == "xã Ba Vì"
    assert inside_sentence("Ban Tiếp công dân") == "Ban Tiếp công dân"
    assert shortened("Chủ tịch  uỷ ban nhân dân xã") == "Chủ tịch UBND xã"
    assert spoken_names("Chủ tịch UBND", "phường Hoàn Kiếm") == ["Chủ tịch phường Hoàn Kiếm", "Chủ tịch Hoàn Kiếm"]
    assert spoken_names("Trưởng ban", "phường Hoàn Kiếm") == []
    assert post_title(BODIES[0].posts[0], "Thành phố Hà Nội", "province") == "Bí thư Thành ủy"


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Chủ tịch UBND tỉnh", "Chủ tịch"),
        ("Phó Chủ tịch Ủy ban nhân dân xã", "Phó Chủ tịch"),
        ("Chánh Văn phòng HĐND và UBND", "Chánh Văn phòng HĐND và UBND"),
        ("Trưởng ban", "Trưởng ban"),
    ],
)
def test_the_word_of_a_post(title: str, word: str) -> None:
    assert post_word(title) == word


def test_codes() -> None:
    assert code_of("Phòng Văn hóa - Xã hội") == "phong-van-hoa-xa-hoi"
    assert code_of("Đảng ủy") == "dang-uy"
    assert code_of("…") == "x"
    assert len(code_of("một hai ba " * 20)) <= 48
    assert code_of("a" * 100) == "a" * 48
    assert free_code("a", {"b"}) == "a"
    assert free_code("a", {"a", "a-2"}) == "a-3"
    assert [text for text in ("00070", "00070-ubnd", "A", "a--b", "-a", "a ", "ế", "a" * 97) if is_code(text)] == [
        "00070",
        "00070-ubnd",
    ]
