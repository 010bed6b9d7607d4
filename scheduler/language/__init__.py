"""One translator for pages, letters, feeds and documents: gettext catalogues, one a feature and language.

A key is "<feature>.<words>"; its feature is the catalogue's file name. Vietnamese comes first.
"""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")
DEFAULT = "vi"
FOLDER = Path(__file__).parent


def say(language: str, key: str, /, **facts: Any) -> str:
    """The sentence of `key`, its blanks filled with `facts`; `n` chooses the plural where there is one.

    A bare day is written 10/12/2026; whoever wants its weekday says it with `dates` beforehand.

    Raises KeyError for a key without words: the house tests find those before a reader does.
    """
    forms = words_of(language)[key]
    form = forms[0] if len(forms) == 1 or facts.get("n") == 1 else forms[1]
    if not facts:
        return form
    return form.format_map({name: f"{fact:%d/%m/%Y}" if type(fact) is date else fact for name, fact in facts.items()})


def knows(key: str) -> bool:
    """Whether the catalogues have words for this key."""
    return key in words_of(DEFAULT)


@cache
def words_of(language: str) -> dict[str, tuple[str, ...]]:
    """All words of a language by key: one form, or singular and plural."""
    words: dict[str, tuple[str, ...]] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        words.update(_read(path))
    return words


def _read(path: Path) -> dict[str, tuple[str, ...]]:
    with path.open("rb") as file:
        catalogue = read_po(file)
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        text = message.string or ""
        found[key] = (text,) if isinstance(text, str) else tuple(part for part in text if part)
    return found
