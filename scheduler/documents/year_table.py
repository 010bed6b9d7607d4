"""A year of sittings as a file: the rows a page shows, as CSV and as a workbook that prints on A4."""

import csv
import io
from collections.abc import Sequence
from datetime import date

from xlsxwriter import Workbook

from scheduler.documents.tables import DANGEROUS, guarded
from scheduler.language.dates import table_date

A4 = 9
Cell = str | date
LONGEST_NAME = 31
WIDTHS = (12, 12, 16, 22, 44, 30, 40, 18, 60)


def year_csv(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """UTF-8 with its mark, days as 26/11/2026, nothing that a spreadsheet takes for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (heads, *rows):
        writer.writerow([table_date(cell) if isinstance(cell, date) else guarded(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def year_xlsx(title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook: landscape A4, one page wide, its head on each page; days as days, all else as text."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#f0ece2"})
        text = {"text_wrap": True, "valign": "top", "border": 1}
        plain, quoted = book.add_format(text), book.add_format(text | {"quote_prefix": True})
        day = book.add_format(text | {"num_format": "dd/mm/yyyy", "align": "left"})
        sheet.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        for place, head in enumerate(heads):
            sheet.write_string(1, place, head, bold)
        for line, row in enumerate(rows, 2):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                else:
                    sheet.write_string(line, place, cell, quoted if cell.startswith(DANGEROUS) else plain)
        for place, width in enumerate(WIDTHS[: len(heads)]):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(2, 1)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(1)
        sheet.set_footer("&R&P/&N")
    return out.getvalue()
