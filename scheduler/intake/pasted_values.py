"""What a pasted notice says, as values: its days, its rules, its lines and the year it is of."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.intake.pasted_dates import PrintedDay
from scheduler.rules.day_off import DayOffRule
from scheduler.rules.recurrence import Rule

ASIDE = ("law", "frame", "not-periodic", "head")
"""Why a line is set aside: it cites a law, frames the document, is about other receptions, heads a table."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as pasted and what became of it: "dates", "rule", "not-held", "facts", one of ASIDE, or "unread"."""

    number: int
    text: str
    became: str


@dataclass(frozen=True, slots=True)
class FoundDay:
    """A day with the line it came from and who sits at what hours, as far as the line says."""

    line: int
    printed: PrintedDay
    host: str = ""
    person: str = ""
    hours: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FoundRule:
    """A rule as a sentence states it, in each of its readings."""

    line: int
    readings: tuple[Rule, ...]
    host: str = ""
    hours: tuple[str, ...] = ()


@dataclass(slots=True)
class PastedNotice:
    """All that a pasted text says. `not_held` are days on which it says that nobody receives.

    `end_supposed`: only the beginning of the hours is printed.
    """

    lines: list[Line] = field(default_factory=list)
    days: list[FoundDay] = field(default_factory=list)
    rules: list[FoundRule] = field(default_factory=list)
    not_held: list[FoundDay] = field(default_factory=list)
    host: str = ""
    hours: tuple[str, ...] = ()
    end_supposed: bool = False
    place: str = ""
    attend: str = ""
    stand_in: str = ""
    number: str = ""
    signed_on: date | None = None
    day_off: DayOffRule | None = None
    year: int | None = None

    def left(self, *became: str) -> list[Line]:
        """The lines that became one of these."""
        return [line for line in self.lines if line.became in became]


def likely_year(notice: PastedNotice, today: date) -> int:
    """The year of the notice: as printed, else the one near today in which the most weekdays agree."""
    if notice.year:
        return notice.year
    years = (today.year, today.year - 1, today.year + 1, today.year - 2)
    return max(years, key=lambda year: sum(agrees(one.printed, year) for one in notice.days))


def agrees(printed: PrintedDay, year: int) -> bool:
    """Whether the day falls on the weekday that is printed with it."""
    day = printed.in_year(year)
    return day is not None and printed.weekday is not None and day.weekday() == printed.weekday


def years_that_agree(printed: PrintedDay, year: int) -> list[int]:
    """Years near this one in which the day does fall on its printed weekday: the notice may be of another year."""
    return [other for other in range(year - 6, year + 7) if other != year and agrees(printed, other)]


def nearby_day(printed: PrintedDay, year: int) -> date | None:
    """The nearest day of the printed weekday: what may have been meant by a misprint."""
    day = printed.in_year(year)
    if day is None or printed.weekday is None:
        return None
    step = (printed.weekday - day.weekday() + 3) % 7 - 3
    return day + timedelta(days=step)
