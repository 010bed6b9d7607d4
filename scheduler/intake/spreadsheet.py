"""A workbook's cells as nodes, so that a plan in .xlsx is judged by the same readers as one in YAML.

Sheets: `unit`, `series`, and where needed `changes` and `days_off`; a cell that holds a list or a mapping is written in
YAML's short form.
"""

import io
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

from scheduler.errors import BadInput
from scheduler.intake.plan_faults import Node, Reading, cell, fault
from scheduler.intake.plan_yaml import read_text

MOST_WORKBOOK_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 50 * 1024 * 1024
MOST_PARTS = 200
MOST_ROWS, MOST_COLUMNS = 5000, 60
SHEETS = ("unit", "series", "changes", "days_off")
UNIT_KEYS = ("name", "level", "code", "year")
TOP_OF_UNIT = "year"  # stands with the unit in a workbook, beside it in YAML
# Keys whose cells may hold a list or mapping; elsewhere "[…" is a text that begins with a bracket.
STRUCTURED = (
    "rule",
    "months",
    "host",
    "rotation",
    "hours",
    "notify",
    "attend",
    "area",
    "seasons",
    "register_by",
    "notice",
    "day_off",
    "changes",
)
HEAD_OF_PART = 4096
MACROS = "vbaproject.bin"

Row = tuple[int, list[Node]]


def read_workbook(data: bytes, reading: Reading) -> Node:
    """The tree of a plan in a workbook; sheets and columns nobody knows are noted as faults.

    Raises BadInput when the bytes are no workbook or too large to open.
    """
    sheets = _sheets(data)
    for name in sheets:
        if name not in SHEETS:
            reading.note(fault("plans.unknown-sheet", f"{name}!", name=name, known=", ".join(SHEETS)))
    pairs = []
    if sheets.get("unit"):
        unit = _unit(reading, sheets["unit"])
        own = tuple(pair for pair in unit.pairs or () if pair[0].text != TOP_OF_UNIT)
        pairs.append((Node("unit!", text="unit"), Node(unit.place, pairs=own)))
        pairs += [pair for pair in unit.pairs or () if pair[0].text == TOP_OF_UNIT and not pair[1].is_nothing]
    for name in ("days_off", "series"):
        if sheets.get(name):
            rows = tuple(_records(reading, name, sheets[name]))
            pairs.append((Node(f"{name}!", text=name), Node(f"{name}!", items=rows)))
    root = Node("", pairs=tuple(pairs))
    return _with_changes(reading, root, sheets["changes"]) if sheets.get("changes") else root


def _sheets(data: bytes) -> dict[str, list[Row]]:
    """Every sheet that holds something, by its name in small letters."""
    _refuse_bombs(data)
    # Loading the package takes longer than reading most plans: only who reads a workbook pays for it.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    broken = (zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, OSError)
    try:
        with warnings.catch_warnings():
            # What the package leaves out (pictures, rules for entering data) is no part of a plan.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = {_folded(sheet.title): list(_rows(sheet)) for sheet in book.worksheets}
    except broken as error:
        raise BadInput("plans.not-a-workbook") from error
    return {name: rows for name, rows in sheets.items() if rows}


def _refuse_bombs(data: bytes) -> None:
    """Refuses what would unpack beyond measure, or declares entities of its own."""
    if len(data) > MOST_WORKBOOK_BYTES:
        raise BadInput("plans.too-large", megabytes=MOST_WORKBOOK_BYTES // 1024 // 1024)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if any(part.filename.lower().endswith(MACROS) for part in parts):
                raise BadInput("plans.with-macros")
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
                raise BadInput("plans.too-large", megabytes=MOST_UNPACKED_BYTES // 1024 // 1024)
            for part in parts:
                with packed.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(HEAD_OF_PART):
                        raise BadInput("plans.not-a-workbook")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadInput("plans.not-a-workbook") from error


def _rows(sheet: Any) -> Iterator[Row]:
    """The rows of a sheet that hold something, with their number and the nodes of their cells."""
    from openpyxl.utils import get_column_letter

    name = _folded(sheet.title)
    rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
    for number, values in enumerate(rows, 1):
        texts = [_text(value) for value in values]
        if not any(texts):
            continue
        if number > MOST_ROWS:
            raise BadInput("plans.too-many-rows", cell(name, "", number), most=MOST_ROWS)
        places = (cell(name, get_column_letter(index), number) for index in range(1, len(texts) + 1))
        yield number, [Node(place, text=text) for place, text in zip(places, texts, strict=True)]


def _text(value: Any) -> str:
    """A cell as a clerk sees it: whole numbers without a point, days as 2026-02-15."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()


def _records(reading: Reading, name: str, rows: list[Row]) -> Iterator[Node]:
    """Each row below the heads as a mapping of the heads to its cells."""
    heads = rows[0][1]
    for number, cells in rows[1:]:
        pairs = []
        for index, found in enumerate(cells):
            if not found.text:
                continue
            if index >= len(heads) or not heads[index].text:
                reading.note(fault("plans.cell-without-head", found))
                continue
            key = Node(heads[index].place, text=_folded(heads[index].text or ""))
            pairs.append((key, _structured(reading, key, found)))
        yield Node(cell(name, "", number), pairs=tuple(pairs))


def _structured(reading: Reading, key: Node, found: Node) -> Node:
    if key.text not in STRUCTURED or (found.text or "")[:1] not in ("[", "{"):
        return found
    try:
        return read_text(found.text or "", found.place)
    except BadInput as refusal:
        reading.note(refusal)
        return Node(found.place, text="")


def _unit(reading: Reading, rows: list[Row]) -> Node:
    """One row below its heads, or one key a row with its value beside it."""
    heads = [_folded(found.text or "") for found in rows[0][1] if found.text]
    if len(rows) > 1 and set(heads) <= set(UNIT_KEYS) and _folded(rows[1][1][0].text or "") not in UNIT_KEYS:
        records = list(_records(reading, "unit", rows))
        if len(records) > 1:
            reading.note(fault("plans.one-unit", records[1]))
        return records[0]
    pairs = [(cells[0], cells[1]) for _, cells in rows if len(cells) > 1]
    named = [(Node(key.place, text=_folded(key.text or "")), value) for key, value in pairs]
    return Node("unit!", pairs=tuple(named))


def _with_changes(reading: Reading, root: Node, rows: list[Row]) -> Node:
    """The tree with each row of `changes` put under the series that it names."""
    by_series: dict[str, list[Node]] = {}
    for record in _records(reading, "changes", rows):
        named = [value for key, value in record.pairs or () if key.text == "series"]
        rest = tuple(pair for pair in record.pairs or () if pair[0].text != "series")
        if named:
            by_series.setdefault(_key(named[0]), []).append(Node(record.place, pairs=rest))
        else:
            reading.note(fault("plans.missing-key", record, name="series", owner="changes"))
    pairs = []
    for key, value in root.pairs or ():
        if key.text == "series":
            value = Node(value.place, items=tuple(_changed(item, by_series) for item in value.items or ()))
        pairs.append((key, value))
    for name, changes in by_series.items():
        reading.note(fault("plans.no-such-series", changes[0], name=name))
    return Node(root.place, pairs=tuple(pairs))


def _changed(series: Node, by_series: dict[str, list[Node]]) -> Node:
    pairs = {key.text: (key, value) for key, value in series.pairs or ()}
    changes = by_series.pop(_key(pairs["key"][1]), []) if "key" in pairs else []
    if not changes:
        return series
    written = pairs.pop("changes")[1].items or () if "changes" in pairs else ()
    both = Node(changes[0].place, items=(*written, *changes))
    return Node(series.place, pairs=(*pairs.values(), (Node(both.place, text="changes"), both)))


def _key(node: Node) -> str:
    return unicodedata.normalize("NFC", node.text or "").strip()


def _folded(text: str) -> str:
    return text.strip().casefold()
