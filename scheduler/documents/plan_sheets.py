"""A plan as a workbook that the import reads back: one row a series, and an empty one to begin with.

Every cell is written as text or as a day; nothing a person typed can become a formula.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from scheduler.documents.tables import DANGEROUS
from scheduler.errors import BadInput
from scheduler.language import say

UNIT_COLUMNS = ("code", "name", "level", "year")
CHANGE_COLUMNS = ("series", "date", "action", "to", "reason")
DAY_OFF_COLUMNS = ("date", "off", "source")
OWN_SHEETS = ("changes",)
DAYS = ("starts", "until", "date", "to")
WIDE = {"rule": 36, "content": 36, "place": 28, "host": 26, "attend": 26, "hours": 24, "day_off": 26, "reason": 30}
USUAL_WIDTH, LAST_ROW = 15, 200
LONGEST_CELL = 32_767
NEVER_A_BREAK = 10**9
STRUCTURES = ("[", "{")
"""A cell that begins so is read as a list or a mapping."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet that is being written, with the formats of its cells."""

    sheet: Worksheet
    columns: tuple[str, ...]
    text: Format
    quoted: Format
    day: Format

    def row(self, line: int, values: Mapping[str, Any], style: Format | None = None) -> None:
        for place, column in enumerate(self.columns):
            value = values.get(column)
            if value in (None, "", []):
                continue
            if column in DAYS and isinstance(value, str):
                self.sheet.write_datetime(line, place, date.fromisoformat(value), self.day)
                continue
            text = cell_text(column, value)
            if len(text) > LONGEST_CELL:
                raise BadInput("plan_sheets.cell-too-long", "", column=column)
            quoted = self.quoted if text.startswith(DANGEROUS) else self.text
            self.sheet.write_string(line, place, text, style or quoted)


def plan_workbook(plan: Mapping[str, Any], columns: Sequence[str]) -> bytes:
    """The workbook of a plan in the plain form of plan files; `columns` are the keys a series may have."""
    out = io.BytesIO()
    with _book(out) as book:
        own = tuple(column for column in columns if column not in OWN_SHEETS)
        _sheet(book, "unit", UNIT_COLUMNS).row(1, dict(plan["unit"]) | {"year": plan.get("year")})
        series = _sheet(book, "series", own)
        for line, one in enumerate(plan["series"], 1):
            series.row(line, one)
        changes = [{"series": one["key"]} | change for one in plan["series"] for change in one.get("changes", ())]
        for name, heads, rows in (
            ("changes", CHANGE_COLUMNS, changes),
            ("days_off", DAY_OFF_COLUMNS, plan.get("days_off", ())),
        ):
            if rows:
                sheet = _sheet(book, name, heads)
                for line, row in enumerate(rows, 1):
                    sheet.row(line, row)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Template:
    """What an empty workbook offers: columns of a series, choices of some of them, and a row to go by."""

    unit: Mapping[str, Any]
    columns: Sequence[str]
    choices: Mapping[str, Sequence[str]]
    example: Mapping[str, Any]


def template_workbook(template: Template, language: str) -> bytes:
    """A workbook with one example row, choices to pick from, and a note at the head of each column."""
    out = io.BytesIO()
    with _book(out) as book:
        example = book.add_format({"italic": True, "font_color": "#555555", "text_wrap": True, "valign": "top"})
        own = tuple(column for column in template.columns if column not in OWN_SHEETS)
        unit = _sheet(book, "unit", UNIT_COLUMNS)
        unit.row(1, template.unit)
        series = _sheet(book, "series", own)
        series.row(1, template.example, example)
        series.sheet.write_comment(1, 0, say(language, "plan_sheets.example-row"), {"x_scale": 2})
        changes, days_off = _sheet(book, "changes", CHANGE_COLUMNS), _sheet(book, "days_off", DAY_OFF_COLUMNS)
        for sheet in (unit, series, changes, days_off):
            _helped(sheet, template.choices, language)
    return out.getvalue()


def cell_text(column: str, value: Any) -> str:
    """A value as one cell holds it: a text as it is, a single host by its name, all else in YAML's short form."""
    if isinstance(value, str):
        return value
    if column == "host" and len(value) == 1 and value[0][:1] not in STRUCTURES:
        return str(value[0])
    plain = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=NEVER_A_BREAK, sort_keys=False)
    return str(plain).removesuffix("\n...\n").strip()


@contextmanager
def _book(out: io.BytesIO) -> Iterator[Workbook]:
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        yield book


def _sheet(book: Workbook, name: str, columns: Sequence[str]) -> _Sheet:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#f0ece2"})
    text = {"text_wrap": True, "valign": "top", "num_format": "@"}
    plain, quoted = book.add_format(text), book.add_format(text | {"quote_prefix": True})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column, head)
        sheet.set_column(place, place, WIDE.get(column, USUAL_WIDTH))
    sheet.freeze_panes(1, 1)
    return _Sheet(sheet, tuple(columns), plain, quoted, day)


def _helped(sheet: _Sheet, choices: Mapping[str, Sequence[str]], language: str) -> None:
    """A note at each head, and a list to pick from where there is one; anything else can still be typed."""
    for place, column in enumerate(sheet.columns):
        note = say(language, f"plan_sheets.column-{column.replace('_', '-')}")
        sheet.sheet.write_comment(0, place, note, {"x_scale": 2})
        if column in choices:
            pick = {"validate": "list", "source": list(choices[column]), "error_type": "information"}
            sheet.sheet.data_validation(1, place, LAST_ROW, place, pick)
