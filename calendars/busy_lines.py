"""The lines of a foreign calendar: checked as a whole before any value in them is looked at (RFC 5545 3.1)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline

from scheduler.errors import BadInput
from scheduler.rules.busy import LARGEST

DEEPEST = 4
LONGEST_LINE = 100_000
MOST_EVENTS = 5_000
KEPT = (
    "UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "LOCATION",
    "TRANSP", "STATUS", "SEQUENCE", "CLASS",
)  # fmt: skip
"""What is read of an event; everything else (attachments, people, alarms, X-…) is dropped unseen."""
TOLD = ("ATTACH", "VALARM")


@dataclass(frozen=True)
class Value:
    """One property: its text as written, its parameters, and the line it stands on."""

    text: str
    parameters: dict[str, str]
    line: int


@dataclass
class RawEvent:
    """The properties of one event by name; a name may stand several times."""

    line: int
    values: dict[str, list[Value]] = field(default_factory=dict)

    def first(self, name: str) -> Value | None:
        """The property, if it is there."""
        return self.values[name][0] if name in self.values else None

    def text(self, name: str) -> str:
        """Its text, blank where it is not there."""
        value = self.first(name)
        return value.text.strip() if value else ""


@dataclass
class RawCalendar:
    """The events of a file, its time zones as written, and how much of what was dropped."""

    events: list[RawEvent] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    name: str = ""
    method: str = ""
    dropped: Counter[str] = field(default_factory=Counter)


def read_lines(content: bytes) -> RawCalendar:
    """Raises BadInput for what is too large, is not UTF-8, or is no whole iCalendar file, with the line."""
    if len(content) > LARGEST:
        raise BadInput("busy.too-large", "file", megabytes=LARGEST // 1024**2)
    if b"\x00" in content[:200]:
        raise _no_calendar(1)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise BadInput("busy.encoding", "file", line=content.count(b"\n", 0, fault.start) + 1) from None
    return _Reader().read(text)


class _Reader:
    """Walks the lines once; knows in which components it stands."""

    def __init__(self) -> None:
        self.found = RawCalendar()
        self.stack: list[str] = []
        self.zone: list[str] = []

    def read(self, text: str) -> RawCalendar:
        last = 0
        for number, line in _unfolded(text):
            last = number
            if not self.stack and line.upper() != "BEGIN:VCALENDAR":
                raise _no_calendar(number)
            name, _, rest = line.partition(":")
            if name.upper() == "BEGIN":
                self._begin(rest.strip().upper(), number)
            elif name.upper() == "END":
                self._end(rest.strip().upper(), number)
            else:
                self._property(line, number)
            if "VTIMEZONE" in self.stack or line.upper() == "END:VTIMEZONE":
                self._of_zone(line)
        if self.stack or not last:
            raise _no_calendar(last + 1)
        return self.found

    def _begin(self, name: str, number: int) -> None:
        if len(self.stack) >= DEEPEST:
            raise BadInput("busy.too-deep", "file", line=number)
        self.stack.append(name)
        if self.stack == ["VCALENDAR", "VEVENT"]:
            self.found.events.append(RawEvent(number))
            if len(self.found.events) > MOST_EVENTS:
                raise BadInput("busy.too-many", "file", most=MOST_EVENTS)
        elif name in TOLD:
            self.found.dropped[name] += 1

    def _end(self, name: str, number: int) -> None:
        if self.stack[-1] != name:
            raise _no_calendar(number)
        self.stack.pop()

    def _property(self, line: str, number: int) -> None:
        if self.stack == ["VCALENDAR"]:
            name, _, value = line.partition(":")
            if name.upper() == "METHOD":
                self.found.method = value.strip().upper()
            elif name.upper() == "X-WR-CALNAME":
                self.found.name = value.strip()[:120]
        elif self.stack == ["VCALENDAR", "VEVENT"]:
            self._of_event(line, number)

    def _of_event(self, line: str, number: int) -> None:
        name = line.split(":", 1)[0].split(";", 1)[0].upper()
        if name not in KEPT:
            self.found.dropped["ATTACH" if name == "ATTACH" else "X" if name.startswith("X-") else "-"] += 1
            return
        try:
            name, parameters, text = Contentline(line).parts()  # type: ignore[no-untyped-call]
        except ValueError:
            raise _no_calendar(number) from None
        plain = {str(key).upper(): str(value) for key, value in parameters.items()}
        event = self.found.events[-1]
        event.values.setdefault(str(name).upper(), []).append(Value(str(text), plain, number))

    def _of_zone(self, line: str) -> None:
        self.zone.append(line)
        if line.upper() != "END:VTIMEZONE":
            return
        block, self.zone = self.zone, []
        name = next((one.partition(":")[2].strip() for one in block if one.upper().startswith("TZID")), "")
        self.found.zones[name] = "\r\n".join(block)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) with its folded parts put together; blank lines are left out."""
    whole, began = "", 0
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line[:1] in (" ", "\t") and whole:
            whole += line[1:]
        else:
            if whole.strip():
                yield began, whole
            whole, began = line, number
        if len(whole) > LONGEST_LINE:
            raise BadInput("busy.line-too-long", "file", line=began)
    if whole.strip():
        yield began, whole


def _no_calendar(line: int) -> BadInput:
    return BadInput("busy.not-icalendar", "file", line=line)
