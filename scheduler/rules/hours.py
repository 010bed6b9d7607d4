"""Hours of a sitting as a clerk types them: "7:30-11:30, 13h30-16h30"."""

import re
from collections.abc import Sequence
from itertools import pairwise

from scheduler.errors import BadInput

SPAN = re.compile(
    r"\s*(\d{1,2})\s*(?:[:hg.]\s*(\d{2})?)?\s*(?:-|–|đến|to)\s*(\d{1,2})\s*(?:[:hg.]\s*(\d{2})?)?\s*", re.I
)


def read_hours(text: str, place: str = "hours") -> tuple[str, ...]:
    """Spans as the plan file writes them, ("07:30-11:30", "13:30-16:30"), in the order of the day.

    Raises BadInput for what is no span, for an end that is not after its start, and for spans that overlap.
    """
    spans = sorted(_span(part, place) for part in re.split(r"[,;\n]| và ", text) if part.strip())
    if not spans:
        raise BadInput("hours.missing", place)
    for one, later in pairwise(spans):
        if later[:5] < one[6:]:
            raise BadInput("hours.overlap", place)
    return tuple(spans)


def written_hours(spans: Sequence[str]) -> str:
    """The same spans as a form shows them."""
    return ", ".join(spans)


def _span(text: str, place: str) -> str:
    found = SPAN.fullmatch(text)
    numbers = [int(part or 0) for part in found.groups()] if found else [24]
    if max(numbers[::2]) > 23 or max(numbers[1::2], default=0) > 59:
        raise BadInput("hours.unreadable", place, text=text.strip()[:40])
    start, end = f"{numbers[0]:02}:{numbers[1]:02}", f"{numbers[2]:02}:{numbers[3]:02}"
    if end <= start:
        raise BadInput("hours.end-first", place, start=start, end=end)
    return f"{start}-{end}"
