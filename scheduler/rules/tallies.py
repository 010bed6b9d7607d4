"""A head's days over a time: what the law asked and what became of it, what was planned and what became of that.

Both sums always add up: required = due + open and due = met + stood_in + missing; planned is the sum of DAY_RESULTS.
Every number is the sum of its pieces, and each piece names the sittings behind it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.rules.counting import DAY_RESULTS, Sat, day_result, held_by
from scheduler.rules.duties import Span
from scheduler.rules.workflow import BEFORE_PUBLIC, TAKEN_PLACE

LAW_COLUMNS = ("required", "open", "so_far", "due", "met", "stood_in", "missing")
PLAN_COLUMNS = ("planned", "published", "in_time", *DAY_RESULTS)
COLUMNS = (*LAW_COLUMNS, *PLAN_COLUMNS)
"""`open` is what is required in weeks and months that have not ended, `so_far` what of it the head has held already;
`due` is what was required in those that have ended: the denominator of the rate."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting as one head's post counts it; `result` is one of DAY_RESULTS."""

    id: int
    day: date
    result: str
    published: bool
    in_time: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """What makes up a number: `n` days between two days, both included, and the sittings that show it."""

    first: date
    last: date
    n: int
    sittings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """The pieces of each column."""

    pieces: Mapping[str, tuple[Piece, ...]]

    def number(self, column: str) -> int:
        """The column's number: the sum of its pieces."""
        return sum(piece.n for piece in self.pieces.get(column, ()))


def result_of(
    state: str, *, day: date | None, post_id: int, turns: Iterable[Sat], part_counts: bool, today: date
) -> str:
    """What a sitting that is not void comes to for one of its heads: one of DAY_RESULTS."""
    if state in TAKEN_PLACE:
        return held_by(post_id, tuple(turns), part_counts=part_counts)
    if state in BEFORE_PUBLIC:
        return "unpublished"
    if state == "published" and day is not None:
        return "unrecorded" if day < today else "to_come"
    return "cancelled" if state == "cancelled" else "postponed"


def tally(spans: Iterable[Span], sittings: Iterable[Sitting], *, today: date) -> Tally:
    """Count a head's days. `spans` are the law's weeks and months, pieces of one left out by themselves.

    A day counts once however many sittings it has. A week or month met by more days than asked counts as asked: a day
    too many in March makes up for none in April. A span that has not ended is open, never missing.
    """
    by_day: dict[date, list[Sitting]] = defaultdict(list)
    for sitting in sittings:
        by_day[sitting.day].append(sitting)
    pieces: dict[str, list[Piece]] = {column: [] for column in COLUMNS}
    for day in sorted(by_day):
        _count_day(pieces, day, by_day[day])
    for span in spans:
        if span.whole:
            _count_span(pieces, span, {day: by_day[day] for day in by_day if span.first <= day <= span.last}, today)
    return Tally({column: tuple(found) for column, found in pieces.items()})


def _count_day(pieces: dict[str, list[Piece]], day: date, sittings: list[Sitting]) -> None:
    public = [sitting for sitting in sittings if sitting.published]
    piece = Piece(day, day, 1, tuple(sitting.id for sitting in sittings))
    pieces["planned"].append(piece)
    pieces[day_result([sitting.result for sitting in sittings])].append(piece)
    if public:
        shown = Piece(day, day, 1, tuple(sitting.id for sitting in public))
        pieces["published"].append(shown)
        if all(sitting.in_time for sitting in public):
            pieces["in_time"].append(shown)


def _count_span(pieces: dict[str, list[Piece]], span: Span, by_day: Mapping[date, list[Sitting]], today: date) -> None:
    results = {day: day_result([sitting.result for sitting in by_day[day]]) for day in sorted(by_day)}
    head = [day for day, result in results.items() if result == "head"]
    other = [day for day, result in results.items() if result in ("stand_in", "part")]
    rest = [day for day in results if day not in head and day not in other]
    met = min(len(head), span.required)
    stood_in = min(len(other), span.required - met)
    counted = [("required", span.required, list(results))]
    if span.last < today:
        counted += [
            ("due", span.required, list(results)),
            ("met", met, head[:met]),
            ("stood_in", stood_in, other[:stood_in]),
            ("missing", span.required - met - stood_in, rest),
        ]
    else:
        counted += [("open", span.required, list(results)), ("so_far", met, head[:met])]
    for column, n, days in counted:
        if n:
            ids = tuple(sitting.id for day in days for sitting in by_day[day])
            pieces[column].append(Piece(span.first, span.last, n, ids))
