"""A letter from its kind and facts: subject, plain text and HTML that say the same.

A text is `<kind>/<language>.txt`: the subject, then paragraphs. A line one of whose blanks is empty is left out.
A line that begins with ">" is the one button, one with "<" the way to get no such letters any more (`leave_url`), one
that begins with "~" says why somebody gets the letter.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from scheduler.language import say
from scheduler.letters.blanks import MAY_BE_EMPTY, fill_blanks
from scheduler.letters.frame import Part, frame_html

FOLDER = Path(__file__).parent
KINDS = {">": "button", "<": "leave", "~": "why"}
LEADS_TO = {"button": "url", "leave": "leave_url"}
NO_LEAF = ("postpone", "cancel")
"""News after which the old day must not stand there as the answer."""


@dataclass(frozen=True)
class Rendered:
    """A letter in words. `text` has LF line ends; `html` is one whole document."""

    subject: str
    text: str
    html: str


def render(
    kind: str,
    facts: Mapping[str, Any],
    language: str,
    *,
    name: str = "",
    base_url: str = "",
    leaf: str = "",
    today: date | None = None,
) -> Rendered:
    """The letter of this kind. `name` is whom it greets, `leaf` the fact whose day stands on the leaf.

    `url` in the facts is a path, made whole with `base_url` and the language. Days left are counted from `today`
    where it is given. Raises KeyError for a kind, a blank or a choice of words that is not known.
    """
    words = fill_blanks(facts, language, name=name, base_url=base_url, today=today)
    subject, *lines = _lines(kind, language)
    parts = list(_parts(lines, words))
    subject = " ".join(subject.format_map(words).split())
    day = facts[leaf] if leaf and facts.get("step") not in NO_LEAF else None
    html = frame_html(
        parts,
        language,
        subject=subject,
        day=date.fromisoformat(day) if day else None,
        sender=say(language, "letters.sender"),
    )
    return Rendered(subject, _plain(parts), html)


def _parts(lines: list[str], words: Mapping[str, str]) -> Iterator[Part]:
    """The paragraphs with their blanks filled; a button only where there is somewhere to go."""
    for paragraph in "\n".join(lines).split("\n\n"):
        kept = [line for line in paragraph.strip().split("\n") if line and _whole(line, words)]
        if not kept:
            continue
        first = kept[0]
        kind = KINDS.get(first[0], "text")
        said = "\n".join(line.lstrip(f"{''.join(KINDS)} ").format_map(words).rstrip() for line in kept)
        url = words.get(LEADS_TO.get(kind, ""), "")
        if url or kind not in LEADS_TO:
            yield Part(kind, said, url)


def _whole(line: str, words: Mapping[str, str]) -> bool:
    return all(words[name] or name in MAY_BE_EMPTY for name in _blanks(line))


def _plain(parts: list[Part]) -> str:
    said = [f"{part.words}:\n{part.url}" if part.url else part.words for part in parts]
    return "\n\n".join(said) + "\n"


@cache
def _lines(kind: str, language: str) -> tuple[str, ...]:
    text = (FOLDER / kind / f"{language}.txt").read_text(encoding="utf-8")
    return tuple(line.rstrip() for line in text.splitlines())


@cache
def _blanks(line: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(line) if name)
