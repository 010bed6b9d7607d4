"""Finding units, posts and holders by what people type."""

import unicodedata
from datetime import date, timedelta

import pytest

from scheduler.actions.people import PersonFacts, appoint
from scheduler.actions.units import create_unit
from scheduler.database import Db
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.queries.access import units_below
from scheduler.queries.search import search_holders, search_posts, search_units
from scheduler.queries.units import find_post, post_by_code, successor_of, unit_by_code, unit_label, units_named
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW

DAY = date(2026, 7, 1)


@pytest.fixture
def hanoi(db: Db) -> Db:
    load_vietnam(db, ["01"], by=COMMAND_LINE, now=NOW)
    return db


@pytest.mark.parametrize(
    "text",
    [
        "hoan kiem",
        "Hoàn Kiếm",
        "HOÀN KIẾM",
        unicodedata.normalize("NFD", "Hoàn Kiếm"),
        "  hoàn   kiếm ",
        "phường hoàn kiếm",
        "P. Hoàn Kiếm",
        "hoan kiem, ha noi",
        "hoan kie",
        "00070",
        "lịch tiếp công dân hoàn kiếm",
    ],
)
def test_the_place_comes_first(text: str, hanoi: Db) -> None:
    found = search_units(hanoi, text)
    assert found[0].code == "00070"
    assert [unit.code for unit in found[1:4]] == ["00070-hdnd", "00070-ubnd", "00070-du"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("ha noi", "Thành phố Hà Nội"),
        ("hn", None),
        ("ubnd hoan kiem", "UBND phường Hoàn Kiếm"),
        ("Ủy ban nhân dân phường Hoàn Kiếm", "UBND phường Hoàn Kiếm"),
        ("uy ban nhan dan hoan kiem", "UBND phường Hoàn Kiếm"),
        ("thanh uy", "Thành ủy Hà Nội"),
        ("ba", "Xã Ba Vì"),
        ("tay", "Phường Tây Hồ"),
        ("%", None),
        ("_", None),
        ("\\", None),
        ("", None),
        ("   ", None),
        ("|", None),
        ("không có nơi này", None),
        ("hoan kiem" + "x" * 200, None),
    ],
)
def test_what_comes_first(text: str, first: str | None, hanoi: Db) -> None:
    found = search_units(hanoi, text, 5)
    assert (found[0].name if found else None) == first


def test_a_percent_sign_is_a_letter_like_any_other(hanoi: Db) -> None:
    made = create_unit(
        hanoi,
        "Phòng 100% số",
        level="department",
        parent=unit_by_code(hanoi, "00070"),
        by=COMMAND_LINE,
        now=NOW,
    )
    assert search_units(hanoi, "100%") == [made]
    assert search_units(hanoi, "0%%") == []


def test_who_types_accents_means_them(hanoi: Db) -> None:
    city = unit_by_code(hanoi, "01")
    for code, name in (("90001", "Xã Tấn Thử"), ("90002", "Xã Tân Thử")):
        create_unit(hanoi, name, level="commune", kind="place", parent=city, code=code, by=COMMAND_LINE, now=NOW)
    assert [unit.name for unit in search_units(hanoi, "tân thử")] == ["Xã Tân Thử", "Xã Tấn Thử"]
    assert [unit.name for unit in search_units(hanoi, "tấn thử")] == ["Xã Tấn Thử", "Xã Tân Thử"]


def test_a_search_stays_within_a_branch(hanoi: Db) -> None:
    ward = unit_by_code(hanoi, "00070")
    found = search_units(hanoi, "phường", 500, within=units_below([ward.id]))
    assert {unit.code.split("-")[0] for unit in found} == {"00070"}
    posts = search_posts(hanoi, "chu tich", 500, within=units_below([ward.id]))
    assert len(posts) == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("chủ tịch phường hoàn kiếm", "00070-ubnd-chu-tich"),
        ("ct phuong hoan kiem", "00070-ubnd-chu-tich"),
        ("Chủ tịch Ủy ban nhân dân phường Hoàn Kiếm", "00070-ubnd-chu-tich"),
        ("gặp chủ tịch hoàn kiếm", "00070-ubnd-chu-tich"),
        ("bí thư phường cửa nam", "00073-du-bi-thu"),
        ("bí thư thành ủy", "01-du-bi-thu"),
        ("phó chủ tịch hoàn kiếm", "00070-ubnd-pho-chu-tich"),
        ("chủ tịch hđnd hoàn kiếm", "00070-hdnd-chu-tich"),
    ],
)
def test_posts_are_found_as_people_call_them(text: str, code: str, hanoi: Db) -> None:
    assert search_posts(hanoi, text)[0].code == code
    assert search_posts(hanoi, "") == []


def test_holders_are_found_by_name_and_address(hanoi: Db) -> None:
    chair = post_by_code(hanoi, "00070-ubnd-chu-tich")
    appoint(hanoi, chair, PersonFacts("Nguyễn Văn Thử", "thu@example.vn"), since=NOW.date(), by=COMMAND_LINE, now=NOW)
    for text in ("nguyen van thu", "Thử", "thu@example"):
        assert [one.person.name for one in search_holders(hanoi, text)] == ["Nguyễn Văn Thử"]
    assert search_holders(hanoi, "") == search_holders(hanoi, "ai đó") == []


@pytest.mark.parametrize(
    ("unit", "text", "code"),
    [
        ("00070", "Chủ tịch UBND", "00070-ubnd-chu-tich"),
        ("00070-ubnd", "chủ tịch ubnd", "00070-ubnd-chu-tich"),
        ("00070-hdnd", "Chủ tịch UBND", "00070-ubnd-chu-tich"),
        ("00070", "Chủ tịch Ủy ban nhân dân phường", "00070-ubnd-chu-tich"),
        ("00070", "Chủ tịch UBND phường Hoàn Kiếm", "00070-ubnd-chu-tich"),
        ("00070", "00070-du-bi-thu", "00070-du-bi-thu"),
        ("01", "Bí thư Thành ủy", "01-du-bi-thu"),
        ("00070", "Chủ tịch", None),
        ("00070", "Trưởng thôn", None),
        ("00070", "", None),
    ],
)
def test_a_notice_names_a_post(unit: str, text: str, code: str | None, hanoi: Db) -> None:
    found = find_post(hanoi, unit_by_code(hanoi, unit), text)
    assert (found.code if found else None) == code


def test_two_posts_of_one_name_are_not_guessed(hanoi: Db) -> None:
    from scheduler.actions.posts import create_post

    for unit in ("00070-ubnd", "00070-du"):
        create_post(hanoi, unit_by_code(hanoi, unit), "Chánh Văn phòng", by=COMMAND_LINE, now=NOW)
    assert find_post(hanoi, unit_by_code(hanoi, "00070"), "Chánh Văn phòng") is None
    own = find_post(hanoi, unit_by_code(hanoi, "00070-du"), "Chánh Văn phòng")
    assert own is not None
    assert own.unit.code == "00070-du"


def test_a_unit_with_its_province(hanoi: Db) -> None:
    labels = [unit_label(unit_by_code(hanoi, code)) for code in ("01", "01-du", "00070", "00070-ubnd")]
    assert labels == [
        "Thành phố Hà Nội",
        "Thành ủy Hà Nội",
        "Phường Hoàn Kiếm, Hà Nội",
        "UBND phường Hoàn Kiếm, Hà Nội",
    ]


def test_units_of_a_name(hanoi: Db) -> None:
    ward = unit_by_code(hanoi, "00070")
    assert units_named(hanoi, "ubnd phuong HOAN KIEM", within=[ward.id]) == [unit_by_code(hanoi, "00070-ubnd")]
    assert units_named(hanoi, "UBND phường") == []


def test_mergers_lead_on_to_the_last_and_never_for_ever(hanoi: Db) -> None:
    first, second, third = (unit_by_code(hanoi, code) for code in ("00070", "00073", "00004"))
    assert successor_of(first, DAY) is first
    first.successor, second.successor = second, third
    first.valid_to, second.valid_to = DAY - timedelta(days=1), DAY
    assert successor_of(first, DAY - timedelta(days=1)) is first
    assert successor_of(first, DAY) is second
    assert successor_of(first, DAY + timedelta(days=1)) is third
    third.successor, third.valid_to = first, DAY
    successor_of(first, DAY + timedelta(days=1))
