"""Paper at the counter: when its kit goes out, which numbers are kept for it, and what its rows may say afterwards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.errors import BadInput, Faults
from scheduler.rules.counting import CONFERENCES
from scheduler.rules.kinds import KINDS
from scheduler.rules.registration_input import checked_count, checked_name, checked_words, denounces
from scheduler.rules.registrations import OPEN, TOPICS
from scheduler.rules.working_days import Calendar

KIT_HOUR = "16:00"
"""Of the working day before, in Vietnam: there is still somebody in the office to print it."""
MOST_ROWS = 60
RECEPTIONS = tuple(kind.key for kind in KINDS if kind.key not in CONFERENCES)
"""Kinds of sittings at which one after the other is received: those have a kit."""
COMES_FROM = (*OPEN, "absent")
"""States of somebody registered whose times the paper can tell."""
CLOCK = re.compile(r"\s*(\d{1,2})\s*[:hg.]\s*(\d{2})?\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row of the register on paper, as it was typed."""

    number: str = ""
    name: str = ""
    contact: str = ""
    topic: str = ""
    words: str = ""
    people: str = ""
    starts: str = ""
    ends: str = ""

    @property
    def blank(self) -> bool:
        """Whether nobody wrote in it: the number alone is printed."""
        return not (self.name or self.contact or self.words or self.starts or self.ends)


@dataclass(frozen=True, slots=True)
class PaperVisit:
    """A visit as a whole row tells it; `number` is None where the numbers kept for paper did not suffice."""

    number: int | None
    name: str
    contact: str  # as typed
    topic: str
    words: str
    people: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Block:
    """The numbers kept for paper, both included."""

    first: int
    last: int

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self.first <= number <= self.last


NO_BLOCK = Block(1, 0)
"""Of a sitting for which no numbers are kept."""


def kit_day(day: date, calendar: Calendar) -> date:
    """The working day before the sitting's: at KIT_HOUR its kit goes out."""
    return calendar.previous_working(day)


def read_rows(rows: Sequence[PaperRow], block: Block, *, latest: time | None) -> dict[int, PaperVisit]:
    """The visits by the place of their row; blank rows are left out. `latest` is the time by now, None once the day
    is over. Raises Faults, each with "rows.<place>" as its place.
    """
    visits: dict[int, PaperVisit] = {}
    faults: list[BadInput] = []
    seen: dict[int, int] = {}
    for place, row in enumerate(rows):
        if row.blank:
            continue
        try:
            visit = visits[place] = _visit(row, block, f"rows.{place}", latest)
        except Faults as found:
            faults += found.faults
            continue
        if visit.number is not None and visit.number in seen:
            first = seen[visit.number] + 1
            faults.append(BadInput("paper.number-twice", f"rows.{place}", number=visit.number, row=first))
        elif visit.number is not None:
            seen[visit.number] = place
    if faults:
        raise Faults(faults)
    return visits


def read_times(starts: str, ends: str, place: str, *, latest: time | None) -> tuple[time, time]:
    """From when to when somebody was received. Raises Faults."""
    faults: list[BadInput] = []
    span = _span(starts, ends, place, latest=latest, faults=faults)
    if span is None:
        raise Faults(faults)
    return span


def clock_time(text: str) -> time | None:
    """The time of "8:05", "8h05", "8 giờ" typed as "8h", or "8.05"; None for anything else."""
    found = CLOCK.fullmatch(text)
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _visit(row: PaperRow, block: Block, place: str, latest: time | None) -> PaperVisit:
    faults: list[BadInput] = []
    number = _number(row.number, block, place, faults)
    name, people = "", 1
    words = ""
    try:
        name = checked_name(row.name, place)
    except BadInput as fault:
        faults.append(fault)
    try:
        people = checked_count(row.people or "1", place)
    except BadInput as fault:
        faults.append(fault)
    try:
        words = checked_words(row.words, place)
    except BadInput as fault:
        faults.append(fault)
    if denounces(row.words, row.name):
        faults.append(BadInput("paper.denunciation", place))
    if row.topic and row.topic not in TOPICS:
        faults.append(BadInput("paper.unknown-topic", place))
    span = _span(row.starts, row.ends, place, latest=latest, faults=faults)
    if faults or span is None:
        raise Faults(faults)
    return PaperVisit(number, name, row.contact, row.topic, words, people, *span)


def _number(text: str, block: Block, place: str, faults: list[BadInput]) -> int | None:
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else -1
    if block == NO_BLOCK:
        faults.append(BadInput("paper.no-block", place))
    elif number not in block:
        faults.append(BadInput("paper.outside-block", place, number=text[:20], first=block.first, last=block.last))
    return number


def _span(
    starts: str, ends: str, place: str, *, latest: time | None, faults: list[BadInput]
) -> tuple[time, time] | None:  # fmt: skip
    first, last = clock_time(starts), clock_time(ends)
    if first is None or last is None:
        faults.append(BadInput("paper.no-hour", place))
        return None
    if last <= first:
        faults.append(BadInput("paper.ends-first", place, start=f"{first:%H:%M}", end=f"{last:%H:%M}"))
        return None
    if latest is not None and last > latest:
        faults.append(BadInput("paper.still-to-come", place, end=f"{last:%H:%M}"))
        return None
    return first, last
