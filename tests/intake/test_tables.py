"""Tables as people save them: every delimiter, encoding and date a spreadsheet may write, and what is refused."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from openpyxl import Workbook

from scheduler.errors import BadInput, Faults
from scheduler.intake.people_file import read_people_file
from scheduler.intake.tables import MOST_ROWS, read_table

FIRST_OF_JULY = datetime.fromisoformat("2025-07-01")  # a workbook knows no time zone
COLUMNS = {"unit": ("đơn vị",), "name": ("họ tên",), "from": ("từ ngày",)}


def read(data: bytes | str):
    return read_table(data.encode() if isinstance(data, str) else data, COLUMNS, required=("unit", "name"))


def faults(data: bytes | str) -> list[tuple[str, str]]:
    with pytest.raises(Faults) as refusal:
        read(data)
    return [(fault.place, fault.key) for fault in refusal.value.faults]


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_in_all_its_forms(delimiter: str, end: str, encoding: str) -> None:
    lines = [("unit", "name", "from"), ("00070", "Nguyễn Thử", "01/07/2025"), ("", "", ""), ("00073", "Trần Thử", "")]
    text = end.join(delimiter.join(line) for line in lines)
    rows = read(text.encode(encoding))
    assert [(row.place, row["unit"], row["name"], row.day("from")) for row in rows] == [
        ("line:2", "00070", "Nguyễn Thử", date(2025, 7, 1)),
        ("line:4", "00073", "Trần Thử", None),
    ]
    assert rows[1]["nothing"] == ""


def test_quoted_cells_heads_in_vietnamese_and_decomposed_letters() -> None:
    text = 'Đơn vị;HỌ  TÊN;Từ ngày\n"00070";"Nguyê\u0303n; ""Thử""";2025-07-01\n'
    row = read(text)[0]
    assert (row["unit"], row["name"], row.day("from")) == ("00070", 'Nguyễn; "Thử"', date(2025, 7, 1))


def test_a_workbook_with_its_own_types() -> None:
    rows = read(workbook(("unit", "name", "from"), ("00070", " Thử ", FIRST_OF_JULY), (None,), (70.0, 5, "x")))
    assert (rows[0]["unit"], rows[0]["name"], rows[0].day("from")) == ("00070", "Thử", date(2025, 7, 1))
    assert (rows[1].place, rows[1]["unit"], rows[1]["name"]) == ("line:4", "70", "5")
    with pytest.raises(BadInput) as refusal:
        rows[1].day("from")
    assert (refusal.value.key, refusal.value.place) == ("tables.bad-day", "line:4")


def test_days_and_moments_of_a_workbook() -> None:
    rows = read(
        workbook(("unit", "name", "from"), ("1", "a", date(2025, 7, 1)), ("1", "a", FIRST_OF_JULY + timedelta(hours=8)))
    )
    assert rows[0].day("from") == date(2025, 7, 1)
    with pytest.raises(BadInput):
        rows[1].day("from")


@pytest.mark.parametrize("text", ["31/02/2026", "2026-02-31", "1/2", "hôm nay", "1/2/3/4", "a/b/c", "2026-1-1"])
def test_what_is_no_day(text: str) -> None:
    row = read(f"unit;name;from\n1;a;{text}\n")[0]
    with pytest.raises(BadInput) as refusal:
        row.day("from")
    assert refusal.value.facts == {"column": "from", "text": text}


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", [("", "tables.empty")]),
        ("\ufeff \n ; \n", [("", "tables.empty")]),
        ("unit;tên;name\n", [("line:1", "tables.unknown-column")]),
        ("unit;name;name\n", [("line:1", "tables.column-twice")]),
        ("\nunit\n", [("line:2", "tables.column-missing")]),
        ("unit;name\nNguyễn".encode()[:-2] + b"\xff", [("line:2", "tables.not-utf-8")]),
        ("unit;name\n1;Nguyễn".encode("cp1258", "replace") + b"\xea", [("line:2", "tables.not-utf-8")]),
        (b"unit;name\n1;\0\n", [("", "tables.not-a-table")]),
        ('unit;name\n1;"a\n2;b', [("line:3", "tables.not-a-table")]),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, [("", "tables.old-workbook")]),
        (b"PK\x03\x04 broken", [("", "tables.not-a-workbook")]),
        (b"unit;name\n" + b"1;a\n" * (MOST_ROWS + 1), [("", "tables.too-many-rows")]),
        (b"x" * (5 * 1024 * 1024 + 1), [("", "tables.too-large")]),
        (workbook(), [("", "tables.empty")]),
        (workbook(("unit", "x")), [("line:1", "tables.unknown-column"), ("line:1", "tables.column-missing")]),
    ],
    ids=[
        "nothing",
        "blanks",
        "unknown column",
        "column twice",
        "column missing",
        "not utf-8",
        "cp1258",
        "zeros",
        "open quote",
        "old excel",
        "broken zip",
        "too many rows",
        "too large",
        "empty workbook",
        "workbook with other columns",
    ],
)
def test_what_is_refused(data: bytes | str, found: list[tuple[str, str]]) -> None:
    assert faults(data) == found


def packed(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (packed(a=b"0" * (51 * 1024 * 1024)), "tables.too-large"),
        (packed(**{f"part{n}": b"" for n in range(201)}), "tables.too-large"),
        (packed(a=b'<!DOCTYPE x [<!ENTITY a "b">]>'), "tables.not-a-workbook"),
        (packed(a=b"hello"), "tables.not-a-workbook"),
    ],
    ids=["unpacks to too much", "too many parts", "declares entities", "no workbook"],
)
def test_a_workbook_that_would_do_harm(data: bytes, key: str) -> None:
    assert faults(data) == [("", key)]


def test_a_broken_part_of_a_workbook() -> None:
    whole = workbook(("unit", "name"), ("1", "a"))
    assert faults(whole[: len(whole) // 2]) == [("", "tables.not-a-workbook")]


def test_a_file_of_holders() -> None:
    rows = read_people_file(
        "Mã đơn vị,Chức danh,Họ và tên,E-mail,Từ ngày,Đến ngày\n00070,Chủ tịch UBND,Thử,a@b.vn,1/7/2025,\n".encode()
    )
    assert [(row.place, row.unit, row.post, row.name, row.email, row.since, row.until) for row in rows] == [
        ("line:2", "00070", "Chủ tịch UBND", "Thử", "a@b.vn", date(2025, 7, 1), None)
    ]
    with pytest.raises(Faults) as refusal:
        read_people_file(b"unit,post,name,from,to\n,,,31/02/2026,x\n1,a,b,,\n")
    assert [(fault.place, fault.key, fault.facts.get("column")) for fault in refusal.value.faults] == [
        ("line:2", "tables.cell-missing", "unit"),
        ("line:2", "tables.cell-missing", "post"),
        ("line:2", "tables.cell-missing", "name"),
        ("line:2", "tables.bad-day", "from"),
        ("line:2", "tables.bad-day", "to"),
    ]
