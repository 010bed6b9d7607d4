"""Word templates: ours are whole, and what an office sends is looked at before it is kept or filled."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document as open_docx

from scheduler.documents.default_templates import draw_templates
from scheduler.documents.word import FILE_LIMIT, TEMPLATES, check_template, default_template, docx_of
from scheduler.errors import BadInput
from scheduler.rules.documents import WITH_TEMPLATE

FACTS: dict[str, Any] = {
    **dict.fromkeys(("above", "issuer_name", "nation", "motto", "number", "place_date", "signer", "title"), "x"),
    "summary": "{{7*7}} {% for x in y %} ${7*7} #eval(1) <w:t> & \u202e",
    "issuer": ["ỦY BAN NHÂN DÂN"], "powers": ["CHỦ TỊCH"], "recipients": ["- Lưu."], "bases": [], "after": ["Hết./."],
    "paragraphs": ["dòng một\ndòng hai"], "party": False, "rows": [],
}  # fmt: skip


def made_with(*texts: str) -> bytes:
    """A Word file with these paragraphs."""
    document = open_docx()
    for text in texts:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(name: str, content: bytes, *, find: bytes = b"") -> bytes:
    """A whole template with one more part, or with `find` replaced in one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(default_template("change"))) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            text = old.read(part)
            new.writestr(part, text.replace(find, content) if find and part.filename == name else text)
        if not find:
            new.writestr(name, content)
    return out.getvalue()


def led_outside(mode: bytes) -> bytes:
    """A template whose relationships name a part on another machine."""
    relation = (
        b'<Relationship Id="rX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        b'attachedTemplate" Target="http://a.example/hyperlink" %b/></Relationships>' % mode
    )
    return changed("word/_rels/document.xml.rels", relation, find=b"</Relationships>")


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * 30_000_000)
    return out.getvalue()


@pytest.mark.parametrize("kind", WITH_TEMPLATE)
def test_ours_are_whole_and_as_drawn(kind: str, tmp_path: Any) -> None:
    check_template(default_template(kind))
    draw_templates(tmp_path)
    with zipfile.ZipFile(tmp_path / f"{kind}.docx") as drawn, zipfile.ZipFile(TEMPLATES / f"{kind}.docx") as kept:
        for part in ("word/document.xml", "word/header1.xml"):
            assert drawn.read(part) == kept.read(part)


def test_what_somebody_typed_stays_as_typed() -> None:
    text = "\n".join(one.text for one in open_docx(io.BytesIO(docx_of(default_template("change"), FACTS))).paragraphs)
    assert "{{7*7}} {% for x in y %} ${7*7} #eval(1) <w:t> &" in text
    assert "49" not in text
    assert "dòng một\ndòng hai" in text


@pytest.mark.parametrize(
    ("content", "key", "named"),
    [
        (lambda: made_with("Số {{ so_van_ban }}"), "unknown-placeholder", "so_van_ban"),
        (lambda: made_with("{% for row in rows %}{{ row.ngay }}{% endfor %}"), "unknown-placeholder", "ngay"),
        (lambda: made_with("{{ title "), "broken-template", ""),
        (lambda: made_with("{% if motto %} x"), "broken-template", ""),
        (lambda: made_with("{{ title | attr('x') }}"), "broken-template", "attr"),
        (lambda: made_with("{{ ''.__class__.__mro__ }}"), "", ""),
        (lambda: made_with("{{ title * 1000000000 }}"), "broken-template", ""),
        (lambda: made_with("{% for i in range(9) %}{% endfor %}"), "broken-template", "for"),
        (lambda: made_with("{{ range }}"), "unknown-placeholder", "range"),
        (lambda: made_with("{{ title.zfill(30000000) }}"), "broken-template", "call"),
        (lambda: made_with("{{ '{:>30000000}'.format(title) }}"), "broken-template", "call"),
        (lambda: made_with("{% set x = title ~ title %}{% set x = x ~ x %}"), "broken-template", "assign"),
        (lambda: made_with("{% for i in [1, 2] %}x{% endfor %}"), "broken-template", ""),
        (lambda: made_with("{% for row in rows recursive %}{{ loop }}{% endfor %}"), "broken-template", "for"),
        (lambda: made_with("{{ " + "(" * 400 + "title" + ")" * 400 + " }}"), "broken-template", ""),
        (lambda: changed("docProps/core.xml", b"{{ ''.zfill(30000000) }}</dc:title>", find=b"</dc:title>"),
         "broken-template", "call"),
        (lambda: made_with("{% include 'x' %}"), "broken-template", "include"),
        (lambda: b"MZ\x90 an exe renamed", "not-a-docx", ""),
        (lambda: b"", "not-a-docx", ""),
        (bomb, "too-large", ""),
        (lambda: b"0" * (FILE_LIMIT + 1), "too-large", ""),
        (lambda: changed("word/vbaProject.bin", b"x"), "has-macros", ""),
        (lambda: changed("word/extra.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "not-a-docx", ""),
        (lambda: changed("word/document.xml", b"<w:broken", find=b"<w:body>"), "not-a-docx", ""),
        (lambda: led_outside(b'TargetMode="External"'), "outside-parts", ""),
        (lambda: led_outside(b"TargetMode = 'External'"), "outside-parts", ""),
        (lambda: led_outside(b'TargetMode="External" Id2="/hyperlink"'), "outside-parts", ""),
        (lambda: changed("word/extra.xml", "<?xml version='1.0'?><a/>".encode("utf-16")), "not-a-docx", ""),
        (lambda: changed("word/extra.xml", b"<?xml version='1.0' encoding='utf-7'?><a/>"), "not-a-docx", ""),
    ],
)  # fmt: skip
def test_a_template_that_would_fail_is_refused_with_its_fault_named(
    content: Callable[[], bytes], key: str, named: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        check_template(content())
    assert refusal.value.place == "file"
    assert refusal.value.key.startswith(f"documents.{key}")
    assert named in " ".join(str(fact) for fact in refusal.value.facts.values())


def test_a_template_changed_in_word_is_taken() -> None:
    check_template(made_with("{{ title }} {{ summary|upper }}", "{% for row in rows %}{{ row.who }}{% endfor %}"))
