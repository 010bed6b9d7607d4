"""The catalogues and the keys that code and templates use, as `test_words` compares them."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from tests.house.source import ROOT, called, calls, name_of, python_files, tree

LANGUAGES = ("vi", "en")
KEY = re.compile(r"[a-z_]+\.[a-z0-9]+(?:[-_][a-z0-9]+)*")
QUOTED = re.compile(r"""["']([a-z_]+\.[a-z0-9_-]+)["']""")
SAID = re.compile(r"""\bsay\(\s*["']([^"'{]+)["']\s*[,)]""")
BEGINNING = re.compile(r"([a-z_]+\.[a-z0-9_-]*)")
BEGUN = re.compile(r"""["']([a-z_]+\.[a-z0-9_-]*)["']\s*~""")
SPEAKING = {"say", "tell", "Refusal", "Finding"}
"""What is called with a key as its first text."""
REFUSING = {
    "HouseError", "NotFound", "NotAllowed", "SignInNeeded", "RuleBroken", "Stale", "TooMany", "BadInput",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One key of a catalogue with all its forms."""

    key: str
    file: str
    forms: tuple[str, ...]
    plural: bool
    fuzzy: bool


@cache
def entries(language: str) -> tuple[Entry, ...]:
    """All entries of a language, in the order of the files."""
    found: list[Entry] = []
    for path in sorted((ROOT / "scheduler" / "language" / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, abort_invalid=True)
        for message in catalogue:
            if not message.id:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string
            forms = (text,) if isinstance(text, str) else tuple(text or ())
            found.append(Entry(key, path.stem, forms, not isinstance(message.id, str), message.fuzzy))
    return tuple(found)


def keys(language: str) -> set[str]:
    """All keys of a language."""
    return {entry.key for entry in entries(language)}


def raw_keys(language: str) -> list[str]:
    """The keys as they stand in the files, doubled ones too."""
    pattern = re.compile(r'^msgid "([^"]+)"', re.MULTILINE)
    folder = ROOT / "scheduler" / "language" / language
    return [key for path in sorted(folder.glob("*.po")) for key in pattern.findall(path.read_text("utf-8"))]


def templates() -> list[Path]:
    """The files that speak besides Python: pages and letters."""
    found = [*(ROOT / "web" / "templates").rglob("*"), *(ROOT / "scheduler" / "letters").rglob("*")]
    return sorted(path for path in found if path.suffix in (".html", ".txt", ".xml", ".js", ".svg"))


def mentioned() -> set[str]:
    """Every text anywhere that could be a key: enough to call a key used."""
    found = {text for path in python_files() for text in _constants(path) if KEY.fullmatch(text)}
    for path in templates():
        found.update(QUOTED.findall(path.read_text(encoding="utf-8")))
    return found


def spoken() -> Iterator[tuple[str, str]]:
    """(key, place) of every key that is surely said: by `say`, by a refusal, or given as `key=`."""
    for path in python_files():
        for call in calls(path):
            for text in _keys_of(call):
                yield text, f"{name_of(path)}:{call.lineno}"
    for path in templates():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for text in SAID.findall(line):
                yield text, f"{name_of(path)}:{number}"


@cache
def beginnings() -> dict[str, str]:
    """Beginnings of keys that are put together with something from a table, and where: "kinds.", "desk.list-"."""
    features = {entry.file for entry in entries("vi")}
    found: dict[str, str] = {}
    for path in python_files():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.JoinedStr) and len(node.values) > 1 and isinstance(node.values[0], ast.Constant):
                found.setdefault(str(node.values[0].value), f"{name_of(path)}:{node.lineno}")
    for path in templates():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            for text in BEGUN.findall(line):
                found.setdefault(text, f"{name_of(path)}:{number}")
    return {
        text: place for text, place in found.items() if BEGINNING.fullmatch(text) and text.partition(".")[0] in features
    }


def _constants(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _keys_of(call: ast.Call) -> Iterator[str]:
    name = called(call)
    if name in SPEAKING | REFUSING:
        texts = [node.value for node in call.args[: 1 if name in REFUSING else 2] if isinstance(node, ast.Constant)]
        yield from [text for text in texts if isinstance(text, str) and text not in LANGUAGES][:1]
    given = [keyword.value for keyword in call.keywords if keyword.arg == "key"]
    texts = [value.value for value in given if isinstance(value, ast.Constant)]
    yield from (text for text in texts if isinstance(text, str) and KEY.fullmatch(text))
