"""The reception register on paper and as a workbook, in the columns of the form of each day; always in Vietnamese."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from xlsxwriter import Workbook

from scheduler.documents.frame import Facts, frame_of
from scheduler.documents.pdf import pdf_of
from scheduler.documents.tables import DANGEROUS
from scheduler.language import say
from scheduler.language.dates import moment_words, table_date
from scheduler.models import Unit
from scheduler.queries.register_book import BookRow, Noted
from scheduler.rules.documents import Head
from scheduler.rules.register_book import Part, RegisterForm, form_on, parts_of

LANGUAGE = "vi"
A4 = 9
MILLIMETRES_A_SIGN = 2.1
HERE, GUIDED = ("accepted",), ("guided", "returned")
OPEN = ("accepted", "received", "disputed")
"""States in which an answer or a deed is still owed."""


@dataclass(frozen=True)
class Sheet:
    """The rows of the days under one form; each row has the cells of the form's columns as text."""

    part: Part
    rows: Sequence[Sequence[str]]


def sheets_of(rows: Sequence[BookRow], first: date, last: date, language: str = LANGUAGE) -> list[Sheet]:
    """The register of these days, a sheet for each form. Raises BadInput for a span that is none."""
    return [
        Sheet(part, [cells_of(row, part.form, language) for row in rows if part.first <= row.day <= part.last])
        for part in parts_of(first, last)
    ]


def cells_of(row: BookRow, form: RegisterForm, language: str = LANGUAGE) -> list[str]:
    """One visit in the columns of the form."""
    assert form == form_on(row.day)
    return [CELLS[column.key](row, language) for column in form.columns]


def heading_of(form: RegisterForm, column: str, language: str = LANGUAGE) -> str:
    """What stands above a column: each form has its own words."""
    return say(language, f"register_book.{form.key}-{column}")


def register_pdf(unit: Unit, sheets: Sequence[Sheet], *, now: datetime) -> bytes:
    """The register on A4 across, a sheet for each form."""
    facts: Facts = {
        "title": _words("title"),
        "frame": frame_of(unit, "door", Head()),
        "version": _words("version", moment=moment_words(LANGUAGE, now)),
        "sheets": [
            {
                "title": _words("title").upper(),
                "form": _words(f"form-{sheet.part.form.key}"),
                "days": _days(sheet.part),
                "columns": [
                    {"head": heading_of(sheet.part.form, column.key), "width": column.width, "under": column.under}
                    for column in sheet.part.form.columns
                ],
                "under": _words("directions"),
                "rows": [list(row) for row in sheet.rows],
                "nothing": _words("nothing"),
            }
            for sheet in sheets
        ],
    }
    return pdf_of("register_book", facts, made_at=now)


def register_xlsx(unit: Unit, sheets: Sequence[Sheet]) -> bytes:
    """A workbook with a sheet for each form; every cell is text, never a formula."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        for sheet in sheets:
            _write(book, unit, sheet)
    return out.getvalue()


def _write(book: Workbook, unit: Unit, sheet: Sheet) -> None:
    form = sheet.part.form
    page = book.add_worksheet(_words(f"sheet-{form.key}"))
    framed = {"text_wrap": True, "valign": "top", "border": 1}
    head = book.add_format(framed | {"bold": True, "align": "center", "valign": "vcenter", "bg_color": "#f0ece2"})
    plain, quoted = book.add_format(framed), book.add_format(framed | {"quote_prefix": True})
    page.write_string(
        0, 0, f"{_words('title').upper()} – {unit.name}", book.add_format({"bold": True, "font_size": 14})
    )
    page.write_string(1, 0, f"{_words(f'form-{form.key}')}. {_days(sheet.part)}")
    under = [place for place, column in enumerate(form.columns) if column.under]
    if under:
        page.merge_range(2, under[0], 2, under[-1], _words("directions"), head)
    for place, column in enumerate(form.columns):
        if column.under or not under:
            page.write_string(3, place, heading_of(form, column.key), head)
        else:
            page.merge_range(2, place, 3, place, heading_of(form, column.key), head)
        page.write_string(4, place, str(place + 1), head)
        page.set_column(place, place, column.width / MILLIMETRES_A_SIGN)
    for line, row in enumerate(sheet.rows, 5):
        for place, cell in enumerate(row):
            page.write_string(line, place, cell, quoted if cell.startswith(DANGEROUS) else plain)
    page.freeze_panes(5, 1)
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.repeat_rows(2, 4)
    page.set_footer("&R&P/&N")


def _person(row: BookRow, language: str) -> str:
    if row.erased:
        return say(language, "register_book.erased")
    others = [name for name in row.representatives if name != row.name]
    with_them = say(language, "register_book.with", names="; ".join(others)) if others else ""
    return "\n".join(part for part in (row.name, with_them, row.home) if part)


def _matter(row: BookRow, language: str) -> str:
    told = _each(row, lambda one: one.summary) or row.words
    return told or (say(language, f"registrations.topic-{row.topic}") if row.topic else "")


def _kind(row: BookRow, language: str) -> str:
    return _each(row, lambda one: say(language, f"matters.kind-{one.kind}") if one.kind else "")


def _same_content(row: BookRow, language: str) -> str:
    told = _each(row, lambda one: str(one.same_content) if one.same_content else "")
    return told or (str(row.people) if row.people > 1 else "")


def _kind_and_people(row: BookRow, language: str) -> str:
    return " / ".join(part for part in (_kind(row, language), _same_content(row, language)) if part)


def _settled_by(row: BookRow, language: str) -> str:
    return _each(row, lambda one: one.settled_by)


def _here(row: BookRow, language: str) -> str:
    return "x" if any(one.direction in HERE for one in row.matters) else ""


def _guided(row: BookRow, language: str) -> str:
    return _each(row, lambda one: _sent_to(one, language) if one.direction in GUIDED else "")


def _transferred(row: BookRow, language: str) -> str:
    return _each(row, lambda one: _sent_to(one, language) if one.direction == "transferred" else "")


def _sent_to(one: Noted, language: str) -> str:
    if not one.document_number:
        return one.other_office
    day = table_date(one.document_day) if one.document_day else ""
    paper = say(
        language, "register_book.paper" if day else "register_book.paper-number", number=one.document_number, day=day
    )
    return ", ".join(part for part in (one.other_office, paper) if part)


def _result(row: BookRow, language: str) -> str:
    return _each(row, lambda one: _followed(one, language))


def _followed(one: Noted, language: str) -> str:
    days = {"answered": one.answered_on, "done": one.done_on, "settled": one.done_on or one.answered_on}
    on, state = days.get(one.state), say(language, f"matters.state-{one.state}")
    told = [f"{state} {table_date(on)}" if on else state]
    if one.state in OPEN:
        told += [one.in_charge, say(language, "register_book.due", day=one.due_day)]
    if one.refusal_ground:
        told.append(say(language, f"matters.ground-{one.refusal_ground}"))
    return "; ".join(part for part in told if part)


def _note(row: BookRow, language: str) -> str:
    return say(language, "register_book.from-paper") if row.on_paper else ""


def _each(row: BookRow, told: Callable[[Noted], str]) -> str:
    """What is told of each matter, one a line, numbered where the visit brought several."""
    said = [(number, told(one)) for number, one in enumerate(row.matters, 1)]
    if len(row.matters) < 2:
        return said[0][1] if said else ""
    return "\n".join(f"{number}) {text}" for number, text in said if text)


CELLS: dict[str, Callable[[BookRow, str], str]] = {
    "number": lambda row, language: str(row.number),
    "day": lambda row, language: table_date(row.day),
    "person": _person,
    # Identity papers are shown at the counter and written down by hand: the number is kept nowhere.
    "identity": lambda row, language: "",
    "matter": _matter,
    "kind": _kind,
    "kind-and-people": _kind_and_people,
    "same-content": _same_content,
    "settled-by": _settled_by,
    "accepted": _here,
    "competent": _here,
    "guided": _guided,
    "transferred": _transferred,
    "result": _result,
    "followed": _result,
    "note": _note,
}
"""What fills each column of either form."""


def _days(part: Part) -> str:
    return _words("days", first=table_date(part.first), last=table_date(part.last))


def _words(key: str, **facts: str) -> str:
    return say(LANGUAGE, f"register_book.{key}", **facts)
