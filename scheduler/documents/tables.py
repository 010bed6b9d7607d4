"""A report's table as text, CSV, spreadsheet and JSON: the same rows, the same headings, the same words."""

import csv
import io
from typing import Any

from xlsxwriter import Workbook

from scheduler.language import knows, say
from scheduler.language.dates import table_date
from scheduler.language.numbers import count_words, rate_words
from scheduler.reports.frame import Column, Remark, Row, Table, rate

FORMATS = ("table", "json", "csv", "xlsx")
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A cell that begins so would be a formula to a spreadsheet: it gets an apostrophe in front."""


def heading(table: Table, column: Column, language: str) -> str:
    """The column's heading."""
    return say(language, f"reports.{table.report}-{column.key.replace('_', '-')}")


def cell_words(row: Row, column: Column, language: str) -> str:
    """One cell as pages and the terminal write it."""
    if column.shape == "rate":
        return rate_words(language, *(row.cells[name] for name in column.of))
    value = row.cells[column.key]
    if column.shape == "number":
        return count_words(language, value)
    return say(language, value) if column.shape == "word" and knows(value) else str(value)


def remark_words(remark: Remark, language: str) -> str:
    """A sentence of the report in words, with days, numbers, rates and names as the language writes them."""
    facts = dict(remark.facts)
    words: dict[str, Any] = {}
    for name, value in facts.items():
        if isinstance(value, bool) or value is None:
            words[name] = value
        elif isinstance(value, int):
            words[name] = count_words(language, value)
        elif hasattr(value, "isoformat"):
            words[name] = table_date(value)
        else:
            words[name] = say(language, value) if knows(value) else value
    if "duty" in words and "who" in words:
        words["who"] = words["who"] or say(language, "reports.heads-of-units", duty=words["duty"], units=words["n"])
    for part, whole in (("met", "due"), ("on_time", "settled")):
        if part in facts and whole in facts:
            words["rate"] = rate_words(language, facts[part], facts[whole])
    return say(language, remark.key, **words)


def summary(table: Table, language: str) -> list[str]:
    """The report's sentences, ready to copy."""
    return [remark_words(sentence, language) for sentence in table.sentences]


def notes(table: Table, language: str) -> list[str]:
    """What the numbers rest on: laws, what was left out."""
    return [remark_words(note, language) for note in table.notes]


def as_text(table: Table, language: str) -> str:
    """The table for a terminal: sentence first, figures to the right."""
    if not table.rows:
        return "\n".join([*summary(table, language), say(language, "reports.nothing")])
    rows = [*table.rows, *table.totals]
    lines = [[heading(table, column, language) for column in table.columns]]
    lines += [[cell_words(row, column, language) for column in table.columns] for row in rows]
    widths = [max(len(line[place]) for line in lines) for place in range(len(table.columns))]
    shown = [_ruled(line, widths, table.columns) for line in lines]
    rule = "-" * len(shown[0])
    body = [shown[0], rule, *shown[1 : 1 + len(table.rows)], rule, *shown[1 + len(table.rows) :]]
    return "\n".join([*summary(table, language), "", *body, "", *notes(table, language)])


def as_csv(table: Table, language: str) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet reads it; figures bare, rates as shares from 0 to 1."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(heading(table, column, language)) for column in table.columns])
    for row in (*table.rows, *table.totals):
        writer.writerow([_csv_cell(row, column, language) for column in table.columns])
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Table, language: str) -> bytes:
    """A workbook: the table with its figures as figures, and a sheet with the sentences and notes."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold, share = book.add_format({"bold": True, "text_wrap": True}), book.add_format({"num_format": "0.0%"})
        sheet = book.add_worksheet(say(language, f"reports.{table.report}")[:31])
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, heading(table, column, language), bold)
        for line, row in enumerate((*table.rows, *table.totals), 1):
            for place, column in enumerate(table.columns):
                value = _value(row, column, language)
                if isinstance(value, str):
                    sheet.write_string(line, place, value)
                elif value is not None:
                    sheet.write_number(line, place, value, share if column.shape == "rate" else None)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 40)
        words = book.add_worksheet(say(language, "reports.notes")[:31])
        for line, text in enumerate([*summary(table, language), *notes(table, language)]):
            words.write_string(line, 0, text)
    return out.getvalue()


def as_json(table: Table, language: str) -> dict[str, Any]:
    """The table for programs: keys as they are, days as ISO text, rates with their parts, None of nothing."""
    return {
        "report": table.report,
        "from": table.period.first.isoformat(),
        "to": table.period.last.isoformat(),
        "unit": table.unit,
        "summary": summary(table, language),
        "rows": [_json_row(table, row) for row in table.rows],
        "totals": [_json_row(table, row) for row in table.totals],
        "notes": notes(table, language),
    }


def guarded(text: str) -> str:
    """The text as a CSV cell may hold it: never a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _csv_cell(row: Row, column: Column, language: str) -> str | float | int:
    value = _value(row, column, language)
    if value is None:
        return ""
    if column.shape == "rate":
        return f"{value:.4f}"
    return guarded(value) if isinstance(value, str) else value


def _value(row: Row, column: Column, language: str) -> str | float | int | None:
    if column.shape == "rate":
        part, whole = (row.cells[name] for name in column.of)
        return rate(part, whole)
    if column.shape == "number":
        return int(row.cells[column.key])
    return cell_words(row, column, language)


def _json_row(table: Table, row: Row) -> dict[str, Any]:
    cells = {column.key: row.cells[column.key] for column in table.columns if column.shape != "rate"}
    shares = {column.key: rate(*(row.cells[name] for name in column.of)) for column in table.columns if column.of[0]}
    return {"key": row.key, **cells, **shares}


def _ruled(line: list[str], widths: list[int], columns: tuple[Column, ...]) -> str:
    cells = [
        cell.ljust(width) if column.shape in ("text", "word") else cell.rjust(width)
        for cell, width, column in zip(line, widths, columns, strict=True)
    ]
    return "  ".join(cells).rstrip()
