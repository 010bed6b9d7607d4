"""What a new unit needs before it can receive citizens: read from the data, or ticked by a person with its document."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Point:
    """One point. `by_hand`: a person ticks it with a date and a document; the others are seen from the data."""

    key: str
    by_hand: bool
    basis: str


POINTS = (
    Point("regulation", True, "Luật Tiếp công dân 42/2013/QH13, điều 18"),  # quy chế tiếp công dân
    Point("officer", True, "Luật Tiếp công dân 42/2013/QH13, điều 18"),  # who is in charge of receiving
    Point("place", False, "Luật Tiếp công dân 42/2013/QH13, điều 19"),
    Point("head", False, "Luật Tiếp công dân 42/2013/QH13, điều 18"),
    Point("schedule", False, "Luật Tiếp công dân 42/2013/QH13, điều 24"),
)
POINT = {point.key: point for point in POINTS}


@dataclass(frozen=True)
class Done:
    """A point that is in place: since when (None: not known), and the document or the person it rests on."""

    day: date | None
    words: str = ""
