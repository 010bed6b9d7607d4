"""A workbook handed back with its faults marked: the cell in colour, the sentence in a comment, all else as it was."""

import io
import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from scheduler.errors import BadInput

MOST_BYTES = 1024 * 1024
MOST_UNPACKED = 12 * 1024 * 1024
COLOUR = "FFF4C7C3"
AUTHOR = "Lịch Dân"
WIDTH, LINE_HEIGHT, LETTERS = 360, 22, 45
CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,6})")
ROW = re.compile(r"[0-9]{1,6}")
FIRST_CELL = "A1"


def can_be_marked(data: bytes) -> bool:
    """Whether the workbook is small enough to be opened as a whole."""
    if len(data) > MOST_BYTES:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return sum(part.file_size for part in packed.infolist()) <= MOST_UNPACKED
    except zipfile.BadZipFile:
        return False


def marked_copy(data: bytes, faults: Iterable[tuple[str, str]]) -> bytes:
    """The workbook with each (place, sentence) at its cell; what has no cell stands at the first one.

    A place is "series!C4", "series!4" for a row, "series!" for a sheet. Raises BadInput for what cannot be opened.
    """
    if not can_be_marked(data):
        raise BadInput("plan_sheets.too-large-to-mark", megabytes=MOST_BYTES // 1024 // 1024)
    book = _opened(data)
    sheets = {sheet.title.strip().casefold(): sheet for sheet in book.worksheets}
    said: dict[tuple[str, str], list[str]] = defaultdict(list)
    rows: set[tuple[str, int]] = set()
    for place, sentence in faults:
        name, _, where = place.partition("!")
        name = name if name in sheets else next(iter(sheets))
        if ROW.fullmatch(where):
            rows.add((name, int(where)))
            where = f"A{where}"
        said[name, where if CELL.fullmatch(where) else FIRST_CELL].append(sentence)
    for name, number in rows:
        for cell in sheets[name][number]:
            _colour(cell)
    for (name, where), sentences in said.items():
        _mark(sheets[name][where], sentences)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, SyntaxError, KeyError, ValueError, TypeError, OSError) as error:
        raise BadInput("plans.not-a-workbook") from error
    if not book.worksheets:
        raise BadInput("plans.not-a-workbook")
    return book


def _colour(cell: Any) -> None:
    from openpyxl.styles import PatternFill

    if type(cell).__name__ != "MergedCell":
        cell.fill = PatternFill("solid", fgColor=COLOUR)


def _mark(cell: Any, sentences: Sequence[str]) -> None:
    from openpyxl.comments import Comment

    _colour(cell)
    if type(cell).__name__ == "MergedCell":
        return
    before = [cell.comment.text] if cell.comment else []
    text = "\n".join([*sentences, *before])
    lines = sum(len(line) // LETTERS + 1 for line in text.split("\n"))
    cell.comment = Comment(text, AUTHOR, height=LINE_HEIGHT * (lines + 1), width=WIDTH)
