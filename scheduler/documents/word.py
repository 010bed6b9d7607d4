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
from lxml.etree import LxmlError, XMLParser, fromstring

from scheduler.errors import BadInput
from scheduler.rules.documents import WITH_TEMPLATE

TEMPLATES = Path(__file__).parent / "templates"
FILE_LIMIT = 2 * 1024 * 1024
UNPACKED_LIMIT = 20 * 1024 * 1024
MOST_PARTS = 300
DEEPEST = 2
"""Loops inside loops: the facts are a list of rows, no more."""
FILTERS = ("default", "join", "length", "lower", "trim", "upper")
FORBIDDEN_TEXT = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")
ENCODING = re.compile(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)")
MARKS = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.CondExpr, nodes.Name, nodes.NSRef,
    nodes.Const, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Keyword, nodes.Test, nodes.Tuple,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Concat, nodes.BinExpr, nodes.UnaryExpr,
)  # fmt: skip
"""What a template may be made of: no calls, no variables of its own, nothing that makes long texts of short ones."""
LOOPED = (nodes.Name, nodes.Getattr, nodes.Getitem)
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

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Every text that is filled comes by here: body, headers, footers, footnotes, properties."""
        try:
            tree = super()._parse(source, name, filename)
            _require_plain(tree)
        except RecursionError:
            raise TemplateSyntaxError("((…))", 1) from None
        return tree


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
    except (TemplateError, ValueError, TypeError, AttributeError, RecursionError) as broken:
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
    name = name.lower()
    if name.endswith(("vbaproject.bin", "vbadata.xml")) or b"macroEnabled" in text[:20_000]:
        raise BadInput("documents.has-macros", "file")
    if not name.endswith((".xml", ".rels")):
        return
    encoding = ENCODING.match(text.removeprefix(b"\xef\xbb\xbf"))
    if any(sign in text for sign in FORBIDDEN_TEXT) or (encoding and encoding[1].lower() != b"utf-8"):
        raise BadInput("documents.not-a-docx", "file")
    if name.endswith(".rels"):
        _check_relations(text)


def _check_relations(text: bytes) -> None:
    """Nothing of the document may be fetched from elsewhere when it is opened; a link to be pressed may stay."""
    try:
        found = fromstring(text, XMLParser(resolve_entities=False, no_network=True))
    except LxmlError as broken:
        raise BadInput("documents.not-a-docx", "file") from broken
    for one in found.iter():
        if one.get("TargetMode", "").lower() == "external" and not one.get("Type", "").endswith("/hyperlink"):
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
            names |= meta.find_undeclared_variables(environment.parse(text))
    except (TemplateSyntaxError, RecursionError) as broken:
        raise BadInput("documents.broken-template", "file", detail=str(broken)[:200]) from broken
    except (PackageNotFoundError, KeyError, ValueError, LxmlError) as broken:
        raise BadInput("documents.not-a-docx", "file") from broken
    return names


def _require_plain(tree: nodes.Template) -> None:
    """Raise TemplateSyntaxError for anything but MARKS, loops over anything but facts, and loops too deep."""
    if _depth(tree) > DEEPEST:
        raise TemplateSyntaxError(f"for > {DEEPEST}", 1)
    for node in tree.find_all(nodes.Node):
        strange = not isinstance(node, MARKS)
        if isinstance(node, nodes.For):
            strange = node.recursive or not isinstance(node.iter, LOOPED)
        if strange:
            raise TemplateSyntaxError(type(node).__name__.lower(), node.lineno or 1)


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
