"""Where something stands in a plan file, and the faults found there: all at once, each with its place.

A place is plain text that no language has touched: "line:12", or "series!C4" for a cell of a spreadsheet.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from scheduler.errors import BadInput, Faults
from scheduler.language import say

Value = TypeVar("Value")

NOTHING = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Node:
    """A value as written, with its place: a text, a list or a mapping (pairs of key and value, in order)."""

    place: str
    text: str | None = None
    items: tuple["Node", ...] | None = None
    pairs: tuple[tuple["Node", "Node"], ...] | None = None
    quoted: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether the key stands there without a value."""
        return self.text in NOTHING and not self.quoted


@dataclass(slots=True)
class Reading:
    """What was found wrong so far; a file is read to its end before anything is refused."""

    faults: list[BadInput] = field(default_factory=list)

    def note(self, found: BadInput) -> None:
        """Keeps a fault and goes on."""
        self.faults.append(found)

    def take(self, read: Callable[["Reading", Node, str], Value | None], node: Node, name: str) -> Value | None:
        """The value, or None with its fault noted."""
        try:
            return read(self, node, name)
        except BadInput as found:
            self.note(found)
            return None

    def raise_faults(self) -> None:
        """Raises Faults, in the order of their places, when there are any."""
        if self.faults:
            raise Faults(sorted(self.faults, key=lambda found: _order(found.place)))


def fault(key: str, at: Node | str, **facts: Any) -> BadInput:
    """A fault at a node or a place."""
    return BadInput(key, at if isinstance(at, str) else at.place, **facts)


def line(number: int) -> str:
    """The place of a line, counted from 1."""
    return f"line:{number}"


def cell(sheet: str, column: str, row: int) -> str:
    """The place of a spreadsheet's cell, or of its row where `column` is ""."""
    return f"{sheet}!{column}{row}"


def place_words(language: str, place: str) -> str:
    """A place for people: "Dòng 12", "Trang series, ô C4"; "" for the file as a whole."""
    if place.startswith("line:"):
        return say(language, "plans.at-line", n=place.removeprefix("line:"))
    sheet, bang, where = place.partition("!")
    if not bang:
        return place
    if not where:
        return say(language, "plans.at-sheet", sheet=sheet)
    return say(language, "plans.at-row" if where.isdigit() else "plans.at-cell", sheet=sheet, where=where)


def fault_lines(language: str, refusal: BadInput | Faults) -> Iterator[str]:
    """One line a fault, its place first."""
    for found in refusal.faults if isinstance(refusal, Faults) else [refusal]:
        words, where = say(language, found.key, **found.facts), place_words(language, found.place)
        yield f"{where}: {words}" if where else words


def _order(place: str) -> tuple[str, int, str]:
    if place.startswith("line:"):
        return "", int(place.removeprefix("line:")), ""
    sheet, _, where = place.partition("!")
    column = where.rstrip("0123456789")
    return sheet, int(where[len(column) :] or 0), column.rjust(3)
