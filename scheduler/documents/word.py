"""Word documents from templates: ours, or one a unit put in its place after it was checked.

A template is somebody else's file. It is opened only after its size, its parts and its marks were looked at, and it
is filled in an environment that can do nothing but set text, loop over the facts and ask whether there are any.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError, meta, nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import LxmlError

from scheduler.errors import BadInput
from scheduler.rules.documents import WITH_TEMPLATE

TEMPLATES = Path(__file__).parent / "templates"
FILE_LIMIT = 2 * 1024 * 1024
UNPACKED_LIMIT = 20 * 1024 * 1024
MOST_PARTS = 300
DEEPEST = 2
"""Loops inside loops: the facts are a list of rows, no more."""
FILTERS = ("default", "join", "length", "lower", "trim", "upper")
FORBIDDEN_TEXT = (b"<!DOCTYPE", b"<!ENTITY")
LINES = ("issuer", "powers", "recipients", "bases", "paragraphs", "after")
TEXTS = ("above", "issuer_name", "nation", "motto", "number", "place_date", "signer", "title", "summary")
COLUMNS = ("n", "day", "weekday", "hours", "who", "name", "place")
PLACEHOLDERS = (*TEXTS, *LINES, "party", "rows")
"""All that a template may name; a row has COLUMNS."""


class _Marks(ImmutableSandboxedEnvironment):
    """The environment of templates: no globals, few filters, no arithmetic that makes long texts of short ones."""

    intercepted_binops = frozenset(["*", "**", "%", "+", "-", "/", "//"])

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"{operator} is not for templates")


def default_template(kind: str) -> bytes:
    """Our own template. Raises KeyError for a kind that has none."""
    if kind not in WITH_TEMPLATE:
        raise KeyError(kind)
    return (TEMPLATES / f"{kind}.docx").read_bytes()


def docx_of(template: bytes, facts: Mapping[str, Any]) -> bytes:
    """The template filled with the facts. Raises BadInput where the template is none that `check_template` passes."""
    try:
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(facts), _environment(), autoescape=True)
        out = io.BytesIO()
        document.save(out)
    except UndefinedError as unknown:
        raise BadInput("documents.unknown-placeholder", "file", name=_named(str(unknown))) from unknown
    except TemplateSyntaxError as broken:
        raise BadInput("documents.broken-template", "file", detail=str(broken.message)) from broken
    except (TemplateError, ValueError, TypeError, AttributeError) as broken:
        raise BadInput("documents.broken-template", "file", detail=str(broken)[:200]) from broken
    except (PackageNotFoundError, KeyError, LxmlError, zipfile.BadZipFile) as broken:
        raise BadInput("documents.not-a-docx", "file") from broken
    return out.getvalue()


def check_template(content: bytes) -> None:
    """Raise BadInput, naming what is wrong, unless the template can be filled with every fact and without any."""
    _check_parts(content)
    unknown = sorted(_names_in(content) - set(PLACEHOLDERS))
    if unknown:
        raise BadInput("documents.unknown-placeholder", "file", name=unknown[0])
    for facts in (_sample(full=True), _sample(full=False)):
        docx_of(content, facts)


def _check_parts(content: bytes) -> None:
    if len(content) > FILE_LIMIT:
        raise BadInput("documents.too-large", "file", megabytes=FILE_LIMIT // 1024**2)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                raise BadInput("documents.too-large", "file", megabytes=UNPACKED_LIMIT // 1024**2)
            if "word/document.xml" not in packed.namelist():
                raise BadInput("documents.not-a-docx", "file")
            for part in parts:
                _check_part(part.filename, packed.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as broken:
        raise BadInput("documents.not-a-docx", "file") from broken


def _check_part(name: str, text: bytes) -> None:
    if name.lower().endswith(("vbaproject.bin", "vbadata.xml")) or b"macroEnabled" in text[:20_000]:
        raise BadInput("documents.has-macros", "file")
    if name.endswith((".xml", ".rels")) and any(sign in text for sign in FORBIDDEN_TEXT):
        raise BadInput("documents.not-a-docx", "file")
    if name.endswith(".rels"):
        for one in re.findall(rb"<Relationship\b[^>]*>", text):
            if b'TargetMode="External"' in one and b"/hyperlink" not in one:
                raise BadInput("documents.outside-parts", "file")


def _names_in(content: bytes) -> set[str]:
    """The placeholders a template uses in its text, its headers and its footers."""
    try:
        document = DocxTemplate(io.BytesIO(content))
        document.init_docx()
        environment = _environment()
        texts = [document.patch_xml(document.get_xml())]
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            parts = document.get_headers_footers(uri)
            texts += [document.patch_xml(document.get_part_xml(part)) for _, part in parts]
        names: set[str] = set()
        for text in texts:
            names |= _checked_names(environment.parse(text))
    except TemplateSyntaxError as broken:
        raise BadInput("documents.broken-template", "file", detail=str(broken.message)) from broken
    except (PackageNotFoundError, KeyError, ValueError, LxmlError) as broken:
        raise BadInput("documents.not-a-docx", "file") from broken
    return names


def _checked_names(tree: nodes.Template) -> set[str]:
    if _depth(tree) > DEEPEST:
        raise BadInput("documents.broken-template", "file", detail=f"for > {DEEPEST}")
    if list(
        tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Macro, nodes.CallBlock))
    ):
        raise BadInput("documents.broken-template", "file", detail="include, import, extends, macro")
    return set(meta.find_undeclared_variables(tree))


def _depth(node: nodes.Node) -> int:
    below = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return below + isinstance(node, nodes.For)


def _environment() -> _Marks:
    environment = _Marks(undefined=StrictUndefined, autoescape=True)
    environment.globals.clear()
    environment.filters = {name: environment.filters[name] for name in FILTERS}
    return environment


def _named(message: str) -> str:
    """The placeholder a refusal of the library speaks of."""
    found = re.findall(r"'([^']+)'", message)
    return found[-1] if found else message[:80]


def _sample(*, full: bool) -> dict[str, Any]:
    lines = ["x", "y"] if full else []
    row = dict.fromkeys(COLUMNS, "x" if full else "")
    return {
        **dict.fromkeys(TEXTS, "x" if full else ""),
        **dict.fromkeys(LINES, lines),
        "party": full,
        "rows": [row, row] if full else [],
    }
