"""The one HTML frame of all letters: the tear-off leaf, the sentences, one button, and why somebody gets it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape
from pathlib import Path

from scheduler.language.dates import lunar_words, month_name, weekday_name

FRAME = Path(__file__).parent / "frame.html"
LEAF = Path(__file__).parent / "leaf.html"
STYLES = {
    "text": "margin:0 0 16px;font-size:17px;line-height:1.5;color:#1d1b16",
    "why": "margin:24px 0 0;padding-top:12px;border-top:1px solid #ddd8cc;font-size:14px;line-height:1.5;color:#5c574b",
    "button": "margin:0 0 16px",
    "leave": "margin:24px 0 0;font-size:14px;line-height:1.5",
}
BUTTON = (
    "display:inline-block;padding:12px 20px;background:#9b1c1f;color:#ffffff;"
    "font-size:17px;font-weight:bold;text-decoration:none;border-radius:4px"
)

LINKS = {"button": BUTTON, "leave": "color:#5c574b"}
"""The paragraphs that are one link."""


@dataclass(frozen=True)
class Part:
    """A paragraph: "text", "button", "leave" or "why"; its words may hold several lines, two of them lead to `url`."""

    kind: str
    words: str
    url: str = ""


def frame_html(parts: Iterable[Part], language: str, *, subject: str, day: date | None, sender: str) -> str:
    """The letter as one HTML document; all words are escaped here and nowhere else."""
    body = "\n".join(_paragraph(part) for part in parts)
    blanks = {
        "language": language,
        "subject": escape(subject),
        "leaf": _leaf(language, day) if day else "",
        "body": body,
        "sender": escape(sender),
    }
    return _file(FRAME).format_map(blanks)


def _paragraph(part: Part) -> str:
    words = escape(part.words).replace("\n", "<br>\n")
    if part.url:
        words = f'<a href="{escape(part.url)}" style="{LINKS[part.kind]}">{words}</a>'
    return f'<p style="{STYLES[part.kind]}">{words}</p>'


def _leaf(language: str, day: date) -> str:
    blanks = {
        "month": escape(month_name(language, day.month)),
        "year": day.year,
        "number": day.day,
        "weekday": escape(_title(language, day)),
        "lunar": escape(lunar_words(language, day)),
    }
    return _file(LEAF).format_map(blanks)


def _title(language: str, day: date) -> str:
    """ "Thứ Năm": capitalize() would lower the second word."""
    name = weekday_name(language, day)
    return name[:1].upper() + name[1:]


@cache
def _file(path: Path) -> str:
    return path.read_text(encoding="utf-8")
