"""Hours that a sitting could take later on its day: the choices offered when a head is called away in the morning."""

from collections.abc import Iterable, Sequence
from itertools import starmap

HALVES = (("07:30", "11:30"), ("13:30", "17:00"))
"""The two halves of an office's day; a sitting that is offered does not run through the break at noon."""
SHORTEST = 60
"""Minutes below which a rest of a half is not worth offering."""
STEP = 30
MOST_OFFERED = 4


def later_spans(hours: Sequence[str], *, after: str, taken: Iterable[tuple[str, str]] = ()) -> list[str]:
    """Spans ("13:30-16:30") later than `after` ("09:10") that are as long as the sitting, or what is left of the half.

    `hours` are the sitting's own; `taken` are the beginnings and ends at which its heads are not free. One span for
    each beginning, the earliest first, at most MOST_OFFERED.
    """
    length = sum(starmap(_length, (span.split("-") for span in hours)))
    begins = _minutes(after) + STEP
    busy = [(_minutes(start), _minutes(end)) for start, end in taken]
    found = []
    for half_start, half_end in HALVES:
        first = max(_minutes(half_start), -(-begins // STEP) * STEP)
        for start in range(first, _minutes(half_end), STEP * 2):
            end = min(start + length, _minutes(half_end))
            free = all(end <= one or other <= start for one, other in busy)
            if end - start >= min(SHORTEST, length) and free:
                found.append(f"{_clock(start)}-{_clock(end)}")
    return [span for span in found if [span] != list(hours)][:MOST_OFFERED]


def _length(start: str, end: str) -> int:
    return _minutes(end) - _minutes(start)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
