"""Tables inside pasted text: cells parted by tabs or bars, or one below the other as a web page gives them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from scheduler.intake.pasted_words import bare

HEADS = (
    ("number", re.compile(r"stt|tt|so tt")),
    ("month", re.compile(r"thang|thang/nam|cac thang")),
    ("day", re.compile(r"(?:thu,? ?)?(?:cac )?ngay(?:,? ?(?:thu|thang|nam|tiep|cong dan|dan|trong))*"
                       r"|lich tiep.*|thoi gian tiep.*|thoi gian")),
    ("weekday", re.compile(r"thu|thu trong tuan")),
    ("title", re.compile(r"chuc vu|chuc danh|chuc vu.*")),
    ("person", re.compile(r"(?:ho (?:va )?ten|nguoi|can bo|lanh dao|dong chi|thanh phan chu tri).*")),
    ("hours", re.compile(r"gio|gio tiep|thoi gian trong ngay|buoi|khung gio")),
    ("place", re.compile(r"(?:dia diem|noi tiep).*")),
    ("attend", re.compile(r"(?:phoi hop|thanh phan|nguoi cung|tham gia).*")),
    ("content", re.compile(r"noi dung.*")),
    ("note", re.compile(r"ghi chu.*")),
)  # fmt: skip
"""Columns of printed tables by what may stand at their head."""
CARRIED = ("month", "person", "title", "hours", "place", "attend")
"""Columns whose cells are often merged over several rows: an empty cell says what the one above says."""
CELLS = re.compile(r"\t|\s*\|\s*")
SECTION = re.compile(r"(?:\d{1,2}|[ivx]{1,4}|[a-d])\s*[./)]+\s*[a-z]|\*|-\s*[a-z]{4}")
FEWEST_HEADS = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells by column, and the numbers of the lines it was printed on."""

    lines: tuple[int, ...]
    cells: dict[str, str]


@dataclass(slots=True)
class Tables:
    """What is a table in a text: rows by the number of their first line, and lines that are heads."""

    rows: dict[int, Row] = field(default_factory=dict)
    heads: set[int] = field(default_factory=set)


def tables_in(lines: Sequence[str]) -> Tables:
    """The tables of a text's lines, counted from 1."""
    found = Tables()
    _side_by_side(lines, found)
    _one_below_the_other(lines, found)
    return found


def column_of(head: str) -> str:
    """The column a head names, "" for none."""
    text = " ".join(bare(head).split()).strip(" .:*")
    return next((column for column, pattern in HEADS if pattern.fullmatch(text)), "")


def cells_of(line: str) -> list[str]:
    """The cells of a line, at least two; empty for running text."""
    parts = [part.strip() for part in CELLS.split(line.strip("| \n"))]
    return parts if len([part for part in parts if part]) >= FEWEST_HEADS else []


def _side_by_side(lines: Sequence[str], found: Tables) -> None:
    columns: list[str] = []
    above: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        cells = [part.strip() for part in CELLS.split(line.strip("\n"))] if CELLS.search(line) else []
        if not any(cells):
            columns = columns if not line.strip() else []
            continue
        heads = [column_of(cell) for cell in cells]
        if sum(map(bool, heads)) >= FEWEST_HEADS and not any(map(str.isdigit, "".join(cells))):
            columns, above = heads, {}
            found.heads.add(number)
            continue
        row = _by_column(cells, columns, above)
        found.rows[number] = Row((number,), row)


def _by_column(cells: Sequence[str], columns: Sequence[str], above: dict[str, str]) -> dict[str, str]:
    """The cells by their column; without heads they are one text."""
    if not any(columns):
        return {"text": "  ".join(cell for cell in cells if cell)}
    row: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        if column and cell:
            row[column] = f"{row[column]} {cell}" if column in row else cell
    extra = [cell for cell in cells[len(columns) :] if cell]
    if extra:
        row["text"] = "  ".join(extra)
    for column in CARRIED:
        if column in row:
            above[column] = row[column]
        elif column in above and column in columns:
            row[column] = above[column]
    return row


def _one_below_the_other(lines: Sequence[str], found: Tables) -> None:
    """A table whose cells came as lines: heads one after the other, then as many lines a row."""
    filled = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    at = 0
    while at < len(filled):
        columns = list(_heads_from(filled, at))
        if len(columns) <= FEWEST_HEADS or not {"month", "day"} & set(columns):
            at += 1
            continue
        found.heads.update(number for number, _ in filled[at : at + len(columns)])
        at += len(columns)
        while len(filled) - at >= len(columns) and _is_row(filled[at : at + len(columns)], columns):
            cells = filled[at : at + len(columns)]
            row = {column: text for column, (_, text) in zip(columns, cells, strict=True) if column}
            found.rows[cells[0][0]] = Row(tuple(number for number, _ in cells), row)
            at += len(columns)


def _heads_from(filled: Sequence[tuple[int, str]], at: int) -> Iterator[str]:
    for _, text in filled[at:]:
        column = column_of(text)
        if not column or CELLS.search(text):
            return
        yield column


def _is_row(cells: Sequence[tuple[int, str]], columns: Sequence[str]) -> bool:
    """Whether these lines can be one row: a number where numbers stand, and no new section among them."""
    for column, (_, text) in zip(columns, cells, strict=True):
        digits = any(map(str.isdigit, text))
        if column in ("month", "day", "number") and not digits:
            return False
        if column not in ("month", "day", "number") and SECTION.match(bare(text)):
            return False
    return True
