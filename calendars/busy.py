"""A leader's other calendar, read: when he is busy, and what of the file does not count and why."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from icalendar import vText

from calendars.busy_lines import RawEvent, read_lines
from calendars.busy_rules import Budget, StrangeRule, UnfitRule, starts_of
from calendars.busy_times import Times, Zones, fault, times_of, title_of, walls_of
from scheduler.clock import at_local, local_date
from scheduler.errors import BadInput
from scheduler.rules.busy import AHEAD, BACK, MOST_TIMES, BusySpan, ReadBusy

MIDNIGHT = "00:00"


@dataclass
class Event:
    """An event that takes time: its times, and where it replaces one date of another, which one."""

    raw: RawEvent
    times: Times
    uid: str
    sequence: int
    replaces: datetime | None = None

    @property
    def state(self) -> str:
        """ "busy", or why it does not count: "cancelled", "free"."""
        if self.raw.text("STATUS").upper() == "CANCELLED":
            return "cancelled"
        return "free" if self.raw.text("TRANSP").upper() == "TRANSPARENT" else "busy"


@dataclass
class Reading:
    """What goes with the reading of one file."""

    zones: Zones
    window: tuple[datetime, datetime]
    budget: Budget = field(default_factory=Budget)
    counts: Counter[str] = field(default_factory=Counter)


def read_busy(content: bytes, *, today: date) -> ReadBusy:
    """The busy spans of an .ics file from a week ago to thirteen months ahead, none longer than its day.

    Raises BadInput with the line or the event: nothing of a file that is wrong anywhere is taken over.
    """
    raw = read_lines(content)
    window = (at_local(today, MIDNIGHT) - BACK, at_local(today, MIDNIGHT) + AHEAD)
    reading = Reading(Zones(raw.zones), window)
    reading.counts.update(attachments=raw.dropped["ATTACH"], alarms=raw.dropped["VALARM"], extras=raw.dropped["X"])
    if raw.method == "CANCEL":
        reading.counts["cancelled"] = len(raw.events)
        return ReadBusy((), _notes(reading), raw.name)
    spans: set[BusySpan] = set()
    for span in _spans(_newest(raw.events, reading), reading):
        spans.add(span)
        if len(spans) > MOST_TIMES:
            raise BadInput("busy.too-many", "file", most=MOST_TIMES)
    return ReadBusy(tuple(sorted(spans)), _notes(reading), raw.name)


def _newest(raws: list[RawEvent], reading: Reading) -> list[Event]:
    """Each event once: of the same UID (and the same replaced date) the one of the highest SEQUENCE."""
    found: dict[tuple[str, datetime | None], Event] = {}
    for raw in raws:
        event = _event(raw, reading)
        key = (event.uid, event.replaces)
        if key in found:
            reading.counts["twice"] += 1
        if key not in found or event.sequence >= found[key].sequence:
            found[key] = event
    return list(found.values())


def _event(raw: RawEvent, reading: Reading) -> Event:
    times = times_of(raw, reading.zones)
    reading.counts["floating"] += times.floating
    number = raw.text("SEQUENCE")
    sequence = int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0
    replaced = walls_of(raw, "RECURRENCE-ID", times, reading.zones)
    replaces = times.moment(replaced[0]) if replaced else None
    return Event(raw, times, raw.text("UID") or f"line {raw.line}", sequence, replaces)


def _spans(events: list[Event], reading: Reading) -> Iterator[BusySpan]:
    replaced = {(event.uid, event.replaces) for event in events if event.replaces is not None}
    gone = {event.uid for event in events if event.replaces is None and event.state != "busy"}
    for event in events:
        if event.state != "busy" or event.uid in gone:
            reading.counts[event.state if event.state != "busy" else "cancelled"] += 1
            continue
        for wall in _starts(event, reading):
            start = event.times.moment(wall)
            if event.replaces is None and (event.uid, start) in replaced:
                continue
            yield from _by_day(event, wall, reading)


def _starts(event: Event, reading: Reading) -> list[datetime]:
    """The wall times at which it begins in the window, exceptions left out."""
    times, rule = event.times, event.raw.first("RRULE")
    if event.replaces is not None or (rule is None and "RDATE" not in event.raw.values):
        return [times.start]
    low, high = ((moment.astimezone(times.zone).replace(tzinfo=None)) for moment in reading.window)
    starts: set[datetime] = set()
    if rule is None:
        starts.add(times.start)
    else:
        try:
            window = (low - times.length, high)
            starts.update(starts_of(rule.text, times.start, window, zone=times.zone, budget=reading.budget))
        except UnfitRule:
            raise fault("busy.bad-rule", event.raw, rule.line) from None
        except StrangeRule:
            reading.counts["strange"] += 1
    starts.update(walls_of(event.raw, "RDATE", times, reading.zones))
    return sorted(starts.difference(walls_of(event.raw, "EXDATE", times, reading.zones)))


def _by_day(event: Event, wall: datetime, reading: Reading) -> Iterator[BusySpan]:
    """One of its dates within the window, a span for each day it touches."""
    start = event.times.moment(wall)
    end = event.times.moment(wall + event.times.length) if event.times.all_day else start + event.times.length
    start, end = max(start, reading.window[0]), min(end, reading.window[1])
    if start >= end:
        reading.counts["outside" if event.times.length else "instant"] += 1
        return
    title, place = title_of(event.raw), _place(event.raw)
    while start < end:
        midnight = at_local(local_date(start) + timedelta(days=1), MIDNIGHT)
        yield BusySpan(start.astimezone(UTC), min(end, midnight).astimezone(UTC), title, place)
        start = midnight


def _place(raw: RawEvent) -> str:
    return str(vText.from_ical(raw.text("LOCATION")))[:200].strip() if title_of(raw) else ""


NOTES = ("floating", "cancelled", "free", "twice", "outside", "instant", "strange", "attachments", "alarms", "extras")
"""What is told of a file, each as `busy.note-…` with its number."""


def _notes(reading: Reading) -> tuple[tuple[str, dict[str, object]], ...]:
    return tuple((f"busy.note-{what}", {"n": reading.counts[what]}) for what in NOTES if reading.counts[what])
