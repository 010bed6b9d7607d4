"""A table somebody made in a spreadsheet, as CSV or .xlsx: rows of texts by the name of their column, with places."""

import csv
import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from scheduler.clock import parse_day
from scheduler.errors import BadInput, Faults

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED = 50 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
MACROS = "vbaproject.bin"
DELIMITERS = ",;\t|"
ZIP_START = b"PK\x03\x04"
OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"

Columns = Mapping[str, tuple[str, ...]]
"""Each column's name, and what else may stand at its head."""


@dataclass(frozen=True)
class TableRow:
    """One row below the heads; a column that is not there, or an empty cell, is blank text."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def fault(self, key: str, **facts: object) -> BadInput:
        """A fault of this row."""
        return BadInput(key, self.place, **facts)

    def day(self, column: str) -> date | None:
        """The day of a cell: 2026-01-31 or 31/01/2026; None where it is blank. Raises BadInput."""
        text = self[column]
        if not text:
            return None
        try:
            return _read_day(text)
        except ValueError:
            raise self.fault("tables.bad-day", column=column, text=text) from None


def read_table(data: bytes, columns: Columns, *, required: Iterable[str]) -> list[TableRow]:
    """The rows of a table, CSV (comma, semicolon, tab or bar; UTF-8, with or without a mark) or the first sheet.

    Rows without any text are left out. Raises Faults for what is no table, a column that is missing or unknown, or a
    table that is too large.
    """
    if len(data) > MOST_BYTES:
        raise Faults([BadInput("tables.too-large", megabytes=MOST_BYTES // 1024 // 1024)])
    rows = _workbook_rows(data) if data.startswith(ZIP_START) else _csv_rows(data)
    rows = [(number, texts) for number, texts in rows if any(texts)]
    if not rows:
        raise Faults([BadInput("tables.empty")])
    if len(rows) > MOST_ROWS + 1:
        raise Faults([BadInput("tables.too-many-rows", most=MOST_ROWS)])
    names = _heads(rows[0], columns, tuple(required))
    return [
        TableRow(f"line:{number}", {name: text for name, text in zip(names, texts, strict=False) if name and text})
        for number, texts in rows[1:]
    ]


def _heads(head: tuple[int, list[str]], columns: Columns, required: tuple[str, ...]) -> list[str]:
    spellings = {_folded(name): name for name in columns}
    for name, others in columns.items():
        spellings |= {_folded(other): name for other in others}
    number, texts = head
    names = [spellings.get(_folded(text), "") for text in texts]
    faults = [
        BadInput("tables.unknown-column", f"line:{number}", name=text, known=", ".join(columns))
        for text, name in zip(texts, names, strict=True)
        if text and not name
    ]
    faults += [
        BadInput("tables.column-twice", f"line:{number}", name=name)
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]
    missing = [name for name in required if name not in names]
    faults += [BadInput("tables.column-missing", f"line:{number}", name=name) for name in missing]
    if faults:
        raise Faults(faults)
    return names


def _csv_rows(data: bytes) -> list[tuple[int, list[str]]]:
    if data.startswith(OLD_EXCEL_START):
        raise Faults([BadInput("tables.old-workbook")])
    text = _decoded(data)
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    try:
        for row in reader:
            rows.append((reader.line_num, [_tidy(cell) for cell in row[:MOST_COLUMNS]]))
    except csv.Error:
        raise Faults([BadInput("tables.not-a-table", f"line:{reader.line_num}")]) from None
    return rows


def _decoded(data: bytes) -> str:
    # "Unicode text" of older spreadsheets begins with one of these marks.
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Faults([BadInput("tables.not-utf-8", f"line:{line}")]) from None
    if "\0" in text:
        raise Faults([BadInput("tables.not-a-table")])
    return text


def _workbook_rows(data: bytes) -> list[tuple[int, list[str]]]:
    _refuse_bombs(data)
    # Loading the package takes longer than reading most tables: only who reads a workbook pays for it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, OSError)
    try:
        with warnings.catch_warnings():
            # What the package leaves out (pictures, rules for entering data) is no part of a table.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet = book.worksheets[0] if book.worksheets else None
            rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True) if sheet else iter(())
            return [(number, [_cell(value) for value in values]) for number, values in enumerate(rows, 1)]
    except broken:
        raise Faults([BadInput("tables.not-a-workbook")]) from None


def _refuse_bombs(data: bytes) -> None:
    """Refuse what would unpack beyond measure, or declares entities of its own."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if any(part.filename.lower().endswith(MACROS) for part in parts):
                raise Faults([BadInput("tables.with-macros")])
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Faults([BadInput("tables.too-large", megabytes=MOST_UNPACKED // 1024 // 1024)])
            for part in parts:
                with packed.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(4096):
                        raise Faults([BadInput("tables.not-a-workbook")])
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise Faults([BadInput("tables.not-a-workbook")]) from None


def _cell(value: Any) -> str:
    """A cell as a clerk sees it: whole numbers without a point, days as 2026-02-15."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return _tidy(value.isoformat() if isinstance(value, date) else str(value))


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()[:LONGEST_CELL]


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _read_day(text: str) -> date:
    if "/" in text:
        day, month, year = (int(part) for part in text.split("/"))
        return date(year, month, day)
    return parse_day(text)
