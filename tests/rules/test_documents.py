"""Numbers, dates and signatures as Decree 30/2020/NĐ-CP and the party's guide write them."""

from datetime import date

import pytest

from scheduler.errors import BadInput
from scheduler.rules.documents import (
    DOCUMENTS,
    decree_date,
    decree_span,
    long_name,
    number_line,
    place_and_date,
    powers_of,
    recipient_lines,
    recipients_of,
)

UBND = {"unit_kind": "peoples_committee", "unit_name": "UBND phường Hoàn Kiếm"}
PARTY = {"unit_kind": "party_committee", "unit_name": "Đảng ủy phường Hoàn Kiếm"}


@pytest.mark.parametrize(
    ("number", "kind", "of", "line"),
    [
        ("5", "schedule", UBND, "Số: 05/TB-UBND"),
        ("12", "invitation", UBND, "Số: 12/GM-UBND"),
        ("12/TB-UBND", "schedule", UBND, "Số: 12/TB-UBND"),
        (" 126/UBND-VP ", "change", UBND, "Số: 126/UBND-VP"),
        ("12", "schedule", PARTY, "Số 12-TB/ĐU"),
        ("12-TB/ĐU", "schedule", PARTY, "Số 12-TB/ĐU"),
        ("7", "agenda", {"unit_kind": "department", "unit_name": "Văn phòng HĐND và UBND"}, "Số: 07/CTr-VP"),
        ("3", "change", {"unit_kind": "party_committee", "unit_name": "Thành ủy Hà Nội"}, "Số 03-TB/TU"),
        ("²", "schedule", UBND, "Số: ²"),
    ],
)
def test_numbers(number: str, kind: str, of: dict[str, str], line: str) -> None:
    assert number_line(number, kind=kind, **of) == line


def test_an_open_number_leaves_room() -> None:
    assert number_line("", kind="schedule", **UBND) == "Số: " + "\u00a0" * 6 + "/TB-UBND"
    assert place_and_date("Hà Nội", None).startswith("Hà Nội, ngày \u00a0")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2027, 1, 5), "ngày 05 tháng 01 năm 2027"),
        (date(2027, 2, 10), "ngày 10 tháng 02 năm 2027"),
        (date(2027, 3, 9), "ngày 09 tháng 3 năm 2027"),
        (date(2026, 11, 26), "ngày 26 tháng 11 năm 2026"),
    ],
)
def test_days_have_their_zeros(day: date, said: str) -> None:
    assert decree_date(day) == said


def test_spans() -> None:
    assert decree_span(["07:30-11:30", "13:30-16:30"]) == (
        "từ 07 giờ 30 phút đến 11 giờ 30 phút và từ 13 giờ 30 phút đến 16 giờ 30 phút"
    )
    assert decree_span([]) == ""


@pytest.mark.parametrize(
    ("form", "of", "lines"),
    [
        ("", UBND, ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"]),
        ("kt. chủ tịch / phó chủ tịch", UBND, ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"]),
        ("T/M ĐẢNG ỦY / PHÓ BÍ THƯ", PARTY, ["T/M ĐẢNG ỦY", "PHÓ BÍ THƯ"]),
        ("", PARTY, ["T/M ĐẢNG ỦY", "BÍ THƯ"]),
        ("", {"unit_kind": "party_committee", "unit_name": "Thành ủy Hà Nội"}, ["T/M THÀNH ỦY", "BÍ THƯ"]),
        ("", {"unit_kind": "department", "unit_name": "Sở X"}, ["THỦ TRƯỞNG ĐƠN VỊ"]),
    ],
)
def test_powers(form: str, of: dict[str, str], lines: list[str]) -> None:
    assert powers_of(form, *of.values()) == lines


def test_recipients_lose_their_dashes_and_get_them_back() -> None:
    found = recipients_of("- Như trên;\n\n  • Công an phường\nLưu: VT.")
    assert found == ["Như trên", "Công an phường", "Lưu: VT"]
    assert recipient_lines(found) == ["- Như trên;", "- Công an phường;", "- Lưu: VT."]
    for text in ("x\n" * 31, "x" * 201):
        with pytest.raises(BadInput):
            recipients_of(text)


def test_bodies_are_named_in_full() -> None:
    assert long_name("Chủ tịch HĐND, UBND phường") == "Chủ tịch Hội đồng nhân dân, Ủy ban nhân dân phường"
    assert long_name("UBNDX") == "UBNDX"


def test_every_document_is_of_something() -> None:
    assert {kind.of for kind in DOCUMENTS} == {"notice", "sitting", "unit"}
