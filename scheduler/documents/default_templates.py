"""Draws our own Word templates: `python -m scheduler.documents.default_templates` writes them into `templates/`.

They are files that an office may take, change and put back; this program only spares drawing four frames by hand.
The layout is that of Decree 30/2020/NĐ-CP, Appendix I.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from scheduler.rules.documents import WITH_TEMPLATE

FOLDER = Path(__file__).parent / "templates"
FONT = "Times New Roman"
CENTRE, LEFT, BOTH = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
COLUMNS = (
    ("TT", 11, "{{ row.n }}"),
    ("Ngày", 31, "{{ row.weekday }}\n{{ row.day }}"),
    ("Giờ", 29, "{{ row.hours }}"),
    ("Người tiếp", 48, "{{ row.who }}\n{{ row.name }}"),
    ("Địa điểm", 46, "{{ row.place }}"),
)
"""Head, width in mm and content of the schedule's columns."""


def draw_templates(folder: Path = FOLDER) -> None:
    """Write a template for each kind of document that has one."""
    folder.mkdir(exist_ok=True)
    for kind in WITH_TEMPLATE:
        document = Document()
        _page(document)
        _heading(document)
        _text(document, with_table=kind == "schedule")
        _signature(document)
        document.core_properties.author = "Lịch Dân"
        document.core_properties.title = kind
        document.save(str(folder / f"{kind}.docx"))


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(0)
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = number.add_run()
        run.font.size = Pt(13)
        sign = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            sign.set(qn("w:fldCharType"), kind)
        else:
            sign.text = text
        run._r.append(sign)


def _heading(document: Any) -> None:
    table = document.add_table(rows=2, cols=2)
    _widths(table, (65, 100))
    _narrow_margins(table)
    left, right = table.rows[0].cells
    _line(left.paragraphs[0], "{%p if above %}", size=12)
    _line(left.add_paragraph(), "{{ above }}", size=12)
    _line(left.add_paragraph(), "{%p endif %}", size=12)
    _line(left.add_paragraph(), "{%p for line in issuer %}", size=12.5)
    _line(left.add_paragraph(), "{{ line }}", size=12.5, bold=True)
    _line(left.add_paragraph(), "{%p endfor %}", size=12.5)
    _line(left.add_paragraph(), "{%p if party %}")
    _line(left.add_paragraph(), "*", size=13)
    _line(left.add_paragraph(), "{%p else %}")
    _ruled(_line(left.add_paragraph(), "", size=4), Mm(21))
    _line(left.add_paragraph(), "{%p endif %}")
    _line(right.paragraphs[0], "{{ nation }}", size=12.5, bold=True)
    _line(right.add_paragraph(), "{%p if motto %}")
    _line(right.add_paragraph(), "{{ motto }}", size=13.5, bold=True)
    _line(right.add_paragraph(), "{%p endif %}")
    _ruled(_line(right.add_paragraph(), "", size=4), Mm(23))
    left, right = table.rows[1].cells
    _line(left.paragraphs[0], "{{ number }}", size=13)
    _line(right.paragraphs[0], "{{ place_date }}", size=13.5, italic=True)


def _text(document: Any, *, with_table: bool) -> None:
    _line(document.add_paragraph(), "{{ title }}", bold=True, before=14)
    _line(document.add_paragraph(), "{{ summary }}", bold=True)
    _ruled(_line(document.add_paragraph(), "", size=4, after=8), Mm(62))
    _each(document, "bases", italic=True)
    _each(document, "paragraphs")
    if with_table:
        _schedule(document)
        document.add_paragraph().paragraph_format.space_after = Pt(0)
    _each(document, "after")


def _each(document: Any, name: str, *, italic: bool = False) -> None:
    """A paragraph for each line of a list, its first line in by 1.27 cm."""
    document.add_paragraph(f"{{%p for line in {name} %}}")
    line = _line(document.add_paragraph(), "{{ line }}", italic=italic, align=BOTH, after=6, indent=True)
    # A signature never stands alone on a page.
    line.paragraph_format.keep_with_next = name == "after" or None
    document.add_paragraph("{%p endfor %}")


def _schedule(document: Any) -> None:
    table = document.add_table(rows=4, cols=len(COLUMNS))
    table.style = "Table Grid"
    _widths(table, [width for _, width, _ in COLUMNS])
    _keep_rows(table)
    table.rows[1].cells[0].text = "{%tr for row in rows %}"
    table.rows[3].cells[0].text = "{%tr endfor %}"
    for place, (head, _, content) in enumerate(COLUMNS):
        _line(table.rows[0].cells[place].paragraphs[0], head, size=12, bold=True)
        cell = table.rows[2].cells[place]
        for number, line in enumerate(content.split("\n")):
            paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
            _line(paragraph, line, size=12, italic="name" in line, align=CENTRE if place < 3 else LEFT)


def _signature(document: Any) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=2)
    _widths(table, (75, 90))
    _keep_rows(table)
    left, right = table.rows[0].cells
    _line(left.paragraphs[0], "{%p if recipients %}", size=12)
    _line(left.add_paragraph(), "Nơi nhận:", size=12, bold=True, italic=True, align=LEFT)
    _line(left.add_paragraph(), "{%p for line in recipients %}", size=11)
    _line(left.add_paragraph(), "{{ line }}", size=11, align=LEFT)
    _line(left.add_paragraph(), "{%p endfor %}", size=11)
    _line(left.add_paragraph(), "{%p endif %}", size=11)
    _line(right.paragraphs[0], "{%p for line in powers %}")
    _line(right.add_paragraph(), "{{ line }}", bold=True)
    _line(right.add_paragraph(), "{%p endfor %}")
    _line(right.add_paragraph(), "{{ signer }}", bold=True, before=75)


def _line(
    paragraph: Any, text: str, *, size: float = 14, bold: bool = False, italic: bool = False,
    align: WD_ALIGN_PARAGRAPH = CENTRE, before: float = 0, after: float = 0, indent: bool = False,
) -> Any:  # fmt: skip
    run = paragraph.add_run(text)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold or None, italic or None
    paragraph.alignment = align
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    if indent:
        paragraph.paragraph_format.first_line_indent = Mm(12.7)
    return paragraph


def _ruled(paragraph: Any, inset: Any) -> None:
    """A line under the words above, shorter than its cell by `inset` on both sides."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = inset
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    paragraph._p.get_or_add_pPr().append(borders)


def _widths(table: Any, millimetres: Any) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for place, width in enumerate(millimetres):
        table.columns[place].width = Mm(width)
        for cell in table.columns[place].cells:
            cell.width = Mm(width)


def _narrow_margins(table: Any) -> None:
    """The heading's longest lines fit into one line only where the cells keep no room beside them."""
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "20")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _keep_rows(table: Any) -> None:
    """The first row is repeated on every page; no row is torn in two."""
    for place, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if place == 0 and len(table.rows) > 1:
            properties.append(OxmlElement("w:tblHeader"))


if __name__ == "__main__":
    draw_templates()
