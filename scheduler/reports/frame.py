"""What every report is made of: a period, columns, rows of raw values, totals, and the sentences above and below."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Unit

Shape = Literal["text", "word", "number", "rate"]
LONGEST_YEARS = 15
EARLIEST = date(2014, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    """A time of a report, both days included. Raises BadInput for one that is upside down, too early or too long."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise BadInput("reports.upside-down", "to", first=self.first, last=self.last)
        if self.first < EARLIEST or self.last.year - self.first.year >= LONGEST_YEARS:
            raise BadInput("reports.too-long", "from", years=LONGEST_YEARS, first=EARLIEST)


@dataclass(frozen=True, slots=True)
class Column:
    """One column; its heading is `reports.<report>-<key>`.

    "word" is a key said in the reader's language, "rate" is computed from two number columns (part, whole) and is "—"
    where the whole is 0.
    """

    key: str
    shape: Shape
    of: tuple[str, str] = ("", "")
    opens: bool = False  # its numbers open to their rows


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `key` names it in addresses (a post's or unit's code, a duty of a total)."""

    key: str
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence of the report: a key of the catalogues and its facts (days as dates, words as keys in `say`)."""

    key: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A report that was run: who it is about, its rows, its totals (never added to each other) and what it says."""

    report: str
    period: Period
    unit: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    sentences: tuple[Remark, ...]
    notes: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """The branch a report is about, and the units the reader may read in (None: all)."""

    unit: Unit | None
    readable: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A row of REPORTS. `run` reads with a constant number of queries."""

    key: str
    columns: tuple[Column, ...]
    run: Callable[[Db, Period, Scope, date], Table]


def ended_units(units: Iterable[Unit]) -> list[Remark]:
    """A remark for each unit of the table that has ended and is followed by another: its rows stand under that one."""
    ended = {unit.id: unit for unit in units if unit.valid_to is not None and unit.successor is not None}
    return [
        Remark("reports.ended-unit", {"unit": unit.name, "day": unit.valid_to, "heir": unit.successor.name})
        for unit in sorted(ended.values(), key=lambda unit: unit.code)
        if unit.successor is not None
    ]


def rate(part: int, whole: int) -> float | None:
    """The share, or None of nothing."""
    return part / whole if whole else None
