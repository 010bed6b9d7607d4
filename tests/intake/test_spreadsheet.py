"""A plan in .xlsx gives the same values as in YAML, and its faults name the cell."""

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from scheduler.errors import Faults
from scheduler.intake.plan_file import parse_plan, read_plan
from scheduler.intake.preview import preview_plan
from scheduler.intake.spreadsheet import _text
from tests.intake.plans_text import plan, refused

Sheets = dict[str, list[list[Any]]]

HEADS = ["key", "kind", "host", "rule", "starts", "until", "hours", "place"]
ROW = [
    "a",
    "periodic_reception",
    "Chủ tịch UBND",
    "{every: month, days: [15]}",
    date(2026, 1, 1),
    "2026-12-31",
    '["07:30-11:30"]',
    "Trụ sở",
]
UNIT = [["name", "level", "code"], ["UBND xã A", "commune", None]]


def book(sheets: Sheets) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


def test_the_same_plan_as_in_yaml() -> None:
    assert parse_plan(book({"unit": UNIT, "series": [HEADS, ROW]})) == plan()


def test_all_four_sheets() -> None:
    found = parse_plan(
        book(
            {
                "unit": [["code"], [80]],
                "series": [[*HEADS, "day_off", "months"], [*ROW, "{weekend: skip}", "[1, 2, 3]"]],
                "changes": [
                    ["series", "date", "action", "to", "reason"],
                    ["a", date(2026, 1, 15), "move", datetime(2026, 1, 16), "bận"],  # noqa: DTZ001 (a cell's own type)
                    [None, None, None, None, None],
                    ["a", "2026-03-15", "skip", None, "họp"],
                ],
                "days_off": [
                    ["date", "off", "source"],
                    [date(2026, 2, 16), False, "làm bù"],
                    ["2026-02-25", True, "họp"],
                ],
            }
        )
    )
    same = plan(
        'unit: {code: "80"}\ndays_off: [{date: 2026-02-16, off: no, source: làm bù}, {date: 2026-02-25, source: họp}]',
        day_off="{weekend: skip}",
        months="[1, 2, 3]",
        changes="[{date: 2026-01-15, action: move, to: 2026-01-16, reason: bận},"
        " {date: 2026-03-15, action: skip, reason: họp}]",
    )
    assert found == same
    assert [row.outcome for row in preview_plan(found).rows] == ["moved", "skipped", "skipped"]
    assert found.places == {"a": "series!2"}


def test_changes_may_stand_in_their_cell_as_well() -> None:
    own = "[{date: 2026-02-15, action: skip}]"
    sheets: Sheets = {
        "unit": UNIT,
        "series": [[*HEADS, "changes"], [*ROW, own]],
        "changes": [["series", "date", "action"], ["a", "2026-03-15", "skip"]],
    }
    assert [change.day.month for change in parse_plan(book(sheets)).series[0].timing.changes] == [2, 3]


@pytest.mark.parametrize(
    "unit",
    [
        [["code", "80"]],
        [["name", "A"], ["level", "commune"]],
        [["code"], ["80"]],
        [["Name", "Level"], ["A", "commune"]],
    ],
)
def test_the_unit_across_or_down(unit: list[list[str]]) -> None:
    found = parse_plan(book({"unit": unit, "series": [HEADS, ROW]})).unit
    assert (found.code, found.name) in (("80", ""), ("", "A"))


def series(**cells: Any) -> bytes:
    """A workbook of one series, some cells exchanged; a new one gets its own column."""
    row = dict(zip(HEADS, ROW, strict=True)) | cells
    return book({"unit": UNIT, "series": [list(row), list(row.values())]})


def changed(*rows: list[Any]) -> bytes:
    """A workbook of one series with a sheet of changes."""
    return book({"unit": UNIT, "series": [HEADS, ROW], "changes": list(rows)})


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (series(starts="2026-02-31"), "Trang series, ô E2: starts: không có ngày 31/02/2026."),
        (series(hours='["11:30-07:30"]'), "Trang series, ô G2: hours: 11:30-07:30 kết thúc trước"),
        (series(rule="{every: month, days: [15"), "Trang series, ô D2: Không đúng cú pháp YAML"),
        (series(rule="{every: month, days: [32]}"), "Trang series, ô D2: days: cần số nguyên từ 1 đến 31"),
        (series(rule="[1]"), "Trang series, ô D2: rule: cần các khóa"),
        (series(plase="x"), "Trang series, ô I1: Không có khóa plase ở đây. Có phải là place?"),
        (series(months=3), "Trang series, ô I2: months: cần một danh sách, ví dụ [1, 2, 3]."),
        (series(host=None), "Trang series, hàng 2: Cần đúng một trong hai: host"),
        (
            book({"unit": UNIT, "series": [HEADS, ROW, ROW]}),
            "Trang series, ô A3: Khóa a đã dùng cho một series ở trên. Mỗi series một khóa riêng.",
        ),
        (book({"unit": UNIT, "series": [HEADS, [*ROW, "x"]]}), "Trang series, ô I2: Ô có nội dung"),
        (book({"unit": [*UNIT, ["B", "commune"]], "series": [HEADS, ROW]}), "Trang unit, hàng 3: Trang unit chỉ"),
        (book({"unit": UNIT, "series": [HEADS, ROW], "ghi chú": [["x"]]}), "Trang ghi chú: Không có trang"),
        (book({"unit": UNIT}), "Thiếu khóa series trong plan."),
        (book({"series": [HEADS, ROW]}), "Thiếu khóa unit trong plan."),
        (
            changed(["series", "date", "action"], ["b", "2026-01-15", "skip"]),
            "Trang changes, hàng 2: Không có series nào mang khóa b.",
        ),
        (
            changed(["date", "action"], ["2026-01-15", "skip"]),
            "Trang changes, hàng 2: Thiếu khóa series trong changes.",
        ),
        (
            changed(["series", "date", "action"], ["a", "2026-01-16", "skip"]),
            "Trang changes, hàng 2: changes: 2026-01-16 không phải ngày theo quy tắc của a.",
        ),
        (b"PK\x03\x04 not really", "Không đọc được tệp bảng tính. Cần tệp .xlsx."),
        (b"PK\x03\x04" + b"x" * (5 * 1024 * 1024), "Tệp quá lớn, tối đa 5 MB."),
        (book({"unit": [], "series": []}), "Thiếu khóa"),
    ],
)  # fmt: skip
def test_faults_name_their_cell(data: bytes, line: str) -> None:
    found = refused(data)
    assert any(one.startswith(line) for one in found), found
    assert refused(data, "en")


def test_an_empty_sheet_more_is_no_fault() -> None:
    assert refused(book({"unit": UNIT, "series": [HEADS, ROW], "Sheet1": []})) == []


def test_a_formula_without_its_value_is_an_empty_cell() -> None:
    assert refused(series(place="=A1")) == []


def zipped(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (zipped(a=b"0" * (51 * 1024 * 1024)), "Tệp quá lớn, tối đa 50 MB."),
        (zipped(**{f"part{n}": b"" for n in range(201)}), "Tệp quá lớn, tối đa 50 MB."),
        (zipped(a=b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'), "Không đọc được tệp bảng tính."),
        (zipped(a=b"plain"), "Không đọc được tệp bảng tính."),
    ],
)
def test_what_only_looks_like_a_workbook(data: bytes, line: str) -> None:
    assert refused(data)[0].startswith(line)


def test_too_many_rows() -> None:
    rows = [[f"s{n}", *ROW[1:]] for n in range(5001)]
    assert refused(book({"unit": UNIT, "series": [HEADS, *rows]})) == [
        "Trang series, hàng 5001: Trang có quá nhiều hàng, tối đa 5000."
    ]


def test_a_workbook_by_its_name(tmp_path: Path) -> None:
    good, bad = tmp_path / "plan.xlsx", tmp_path / "none.xlsx"
    good.write_bytes(book({"unit": UNIT, "series": [HEADS, ROW]}))
    bad.write_text("unit: {code: x}", encoding="utf-8")
    assert read_plan(good) == plan()
    assert refused(bad.read_bytes()) != []
    with pytest.raises(Faults):
        read_plan(bad)


def test_a_whole_number_kept_as_a_fraction_is_whole() -> None:
    assert [_text(value) for value in (80.0, 1.5, 80, " a ", True)] == ["80", "1.5", "80", "a", "true"]
