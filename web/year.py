"""A year as small months, each a grid of weeks from Monday on, with the sittings in their days."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.models import Occurrence
from scheduler.queries.agenda import status_of
from scheduler.rules.working_days import Calendar

WEIGHT = ("scheduled", "moved", "held", "postponed", "cancelled")
"""Where several sittings share a day, the first of these is the one that is marked."""


@dataclass(frozen=True)
class Cell:
    """One day: whether it is off, and what takes place."""

    day: date
    off: bool
    sittings: tuple[Occurrence, ...]
    classes: str = ""

    @property
    def status(self) -> str:
        """The status that is marked, blank for a day without a sitting."""
        return min((status_of(sitting) for sitting in self.sittings), key=WEIGHT.index, default="")


@dataclass(frozen=True)
class Month:
    """A month: weeks of seven cells, None where the day belongs to another month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]

    @property
    def marked(self) -> bool:
        """Whether anything takes place in it."""
        return any(cell is not None and cell.sittings for week in self.weeks for cell in week)


def year_of(
    year: int, sittings: Iterable[Occurrence], working: Calendar, *, months: Iterable[int], today: date
) -> list[Month]:
    """The given months of the year with their sittings, a postponed one on the day it was planned for."""
    by_day: dict[date, list[Occurrence]] = defaultdict(list)
    for sitting in sittings:
        by_day[shown_day(sitting)].append(sitting)
    grid = Grid(by_day, working, today)
    return [grid.month(date(year, month, 1)) for month in months]


def has_day(sitting: Occurrence) -> bool:
    """Whether it has a day, or was ever told for one: one of so many a quarter has none until it is set."""
    return (
        sitting.day is not None
        or sitting.published_day is not None
        or any(change.before.get("day") for change in sitting.changes)
    )


def shown_day(sitting: Occurrence) -> date:
    """The day under which a list shows it: its own, or the last one it was told for."""
    if sitting.day is not None:
        return sitting.day
    told = [change.before["day"] for change in sitting.changes if change.before.get("day")]
    return date.fromisoformat(told[-1]) if told else sitting.planned_day


@dataclass(frozen=True)
class Grid:
    """What all months share: the sittings by their day, the working days, and today."""

    by_day: dict[date, list[Occurrence]]
    working: Calendar
    today: date

    def month(self, first: date) -> Month:
        """The month that begins on this day."""
        weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
        return Month(first, tuple(tuple(self._cell(day, first.month) for day in week) for week in weeks))

    def _cell(self, day: date, month: int) -> Cell | None:
        if day.month != month:
            return None
        off = not self.working.is_working(day)
        marks = (("off", off), ("past", day < self.today), ("is-today", day == self.today))
        classes = " ".join(name for name, holds in marks if holds)
        return Cell(day, off, tuple(self.by_day.get(day, ())), classes)
