"""The working-day calendar as one value: which days are worked, why one is not, and how to count over them.

A day is off when a row says so or when it is a Saturday or Sunday that no row names; the table of the next working
day by index is built once, so that settling a date costs one look.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any, Literal

from scheduler.rules.feasts import LEANING_KINDS, kind_of

SATURDAY = 5
WEEK = 7

Cause = Literal["weekend", "holiday"]
Reason = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Day:
    """One row of the calendar: a day that is named, off or worked.

    `basis` is the law or decision, `source` where it was read; `state` is "confirmed", "expected" (computed or
    second hand) or "proposed" (not decided, never applied).
    """

    day: date
    off: bool
    name: str
    basis: str = ""
    source: str = ""
    state: str = "confirmed"

    @property
    def kind(self) -> str:
        """One of `feasts.KINDS`."""
        return kind_of(self.name)


@dataclass(frozen=True, slots=True)
class Break:
    """A run of days off, both ends included, and the named days that make it one."""

    first: date
    last: date
    named: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why a day is not worked: its cause, the row that names it, and the run of days off it lies in."""

    day: date
    cause: Cause
    named: Day | None
    run: Break


class Calendar:
    """Named days over ordinary weeks. Never changes once made; `with_days` gives another one."""

    __slots__ = ("_base", "_days", "_next", "_previous", "_rank", "_working", "proposed")

    def __init__(self, days: Iterable[Day] = ()) -> None:
        rows = list(days)
        self._days: dict[date, Day] = {row.day: row for row in rows if row.state != "proposed"}
        self.proposed: dict[date, Day] = {
            row.day: row for row in rows if row.state == "proposed" and row.day not in self._days
        }
        years = [day.year for day in self._days] or [2000]
        self._base = date(max(min(years) - 1, 1), 1, 1).toordinal()
        self._build(date(max(years) + 2, 1, 1).toordinal() - self._base)

    @classmethod
    def from_rows(cls, rows: Iterable[Any]) -> "Calendar":
        """A calendar of stored rows: anything with the attributes of `Day`."""
        return cls(Day(row.day, row.off, row.name, row.basis, row.source, row.state) for row in rows)

    @property
    def days(self) -> Mapping[date, Day]:
        """Every named day, worked or off."""
        return self._days

    def with_days(self, days: Iterable[Day]) -> "Calendar":
        """The same calendar with these days on top: a row here outranks the one below."""
        on_top = list(days)
        return Calendar([*self._days.values(), *self.proposed.values(), *on_top]) if on_top else self

    def is_working(self, day: date) -> bool:
        """Whether the public service works on this day."""
        row = self._days.get(day)
        return day.weekday() < SATURDAY if row is None else not row.off

    def next_working(self, day: date) -> date:
        """The first working day after this one."""
        index = day.toordinal() - self._base
        if 0 <= index < len(self._next):
            return date.fromordinal(self._next[index])
        return self._stepped(day, 1)

    def previous_working(self, day: date) -> date:
        """The last working day before this one."""
        index = day.toordinal() - self._base
        if 0 <= index < len(self._previous):
            return date.fromordinal(self._previous[index])
        return self._stepped(day, -1)

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after this one; a negative n counts back, 0 is the day itself.

        The day itself is never counted, worked or not (Bộ luật Dân sự 2015, art. 147: a period begins on the day
        that follows).
        """
        index = day.toordinal() - self._base
        if n and 0 <= index < len(self._rank):
            before = self._rank[index] - self.is_working(day)
            place = self._rank[index] + n - 1 if n > 0 else before + n
            if 0 <= place < len(self._working):
                return date.fromordinal(self._working[place])
        for _ in range(abs(n)):
            day = self.next_working(day) if n > 0 else self.previous_working(day)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days lie after `first` and up to `last`, that day included; 0 when last is not later."""
        low, high = first.toordinal() - self._base, last.toordinal() - self._base
        if low >= 0 and high < len(self._rank):
            return max(self._rank[high] - self._rank[low], 0) if low < high else 0
        days = range(first.toordinal() + 1, last.toordinal() + 1)
        return sum(self.is_working(date.fromordinal(ordinal)) for ordinal in days)

    def why_off(self, day: date) -> DayOff | None:
        """Why this day is not worked, or None when it is.

        A day a row names is a holiday, also on a Saturday or Sunday; every other Saturday and Sunday is a weekend.
        """
        if self.is_working(day):
            return None
        row = self._days.get(day)
        return DayOff(day, "weekend" if row is None else "holiday", row, self.break_around(day))

    def break_around(self, day: date) -> Break:
        """The unbroken run of days off which holds this day off."""
        first = date.fromordinal(self.previous_working(day).toordinal() + 1)
        last = date.fromordinal(self.next_working(day).toordinal() - 1)
        inside = (date.fromordinal(ordinal) for ordinal in range(first.toordinal(), last.toordinal() + 1))
        return Break(first, last, tuple(self._days[one] for one in inside if one in self._days))

    def _build(self, length: int) -> None:
        """Fills the tables: next and previous working day, and the number of working days so far, by index."""
        base = self._base
        worked = [(base + index - 1) % WEEK < SATURDAY for index in range(length)]
        for day, row in self._days.items():
            worked[day.toordinal() - base] = not row.off
        self._working = [base + index for index in range(length) if worked[index]]
        self._rank = list(accumulate(worked))
        before = self._stepped(date.fromordinal(base), -1).toordinal()
        after = self._stepped(date.fromordinal(base + length - 1), 1).toordinal()
        self._previous = list(accumulate(self._working_or_none(worked), _latest, initial=before))[:-1]
        ahead = accumulate(reversed(list(self._working_or_none(worked))), _latest, initial=after)
        self._next = list(ahead)[:-1][::-1]

    def _working_or_none(self, worked: list[bool]) -> Iterable[int]:
        return (self._base + index if is_worked else 0 for index, is_worked in enumerate(worked))

    def _stepped(self, day: date, step: int) -> date:
        ordinal = day.toordinal() + step
        while not self.is_working(date.fromordinal(ordinal)):
            ordinal += step
        return date.fromordinal(ordinal)


def _latest(seen: int, ordinal: int) -> int:
    return ordinal or seen


def day_off_reason(why: DayOff) -> Reason:
    """The reason in plain facts, for storing and for rendering: which day, how it is named, in which break."""
    feasts = [row for row in why.run.named if row.off and row.kind not in LEANING_KINDS]
    facts: dict[str, Any] = {"day": why.day.isoformat(), "cause": why.cause}
    if why.named is not None:
        facts |= {"kind": why.named.kind, "name": why.named.name}
    if feasts and why.run.first != why.run.last:
        facts |= {"first": why.run.first.isoformat(), "last": why.run.last.isoformat()}
        facts["feasts"] = [list(pair) for pair in dict.fromkeys((row.kind, row.name) for row in feasts)]
    row = why.named or (feasts[0] if feasts else None)
    if row is not None:
        facts |= {"source": row.basis or row.source, "state": row.state}
    return "why.day-off", facts
