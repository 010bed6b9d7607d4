"""The times of a foreign event: its zone by whatever name, its start, its length, and its exceptions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Timezone, vDDDTypes, vDuration, vText
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from calendars.busy_lines import RawEvent, Value
from scheduler.clock import ZONE
from scheduler.errors import BadInput

OURS = ("SE Asia Standard Time", "Asia/Saigon", "Asia/Ho_Chi_Minh")
"""Outlook's one name for Bangkok, Hà Nội and Jakarta, and the old name of ours."""
OFFSET = re.compile(r"(?:GMT|UTC)\s*([+-])(\d{1,2})(?::?(\d{2}))?", re.I)
LONGEST_ZONE = 10_000
MOST_DATES = 2_000
LONGEST_EVENT = timedelta(days=400)


@dataclass(frozen=True)
class Times:
    """`start` is the naive wall time in `zone`; `floating` where the file names no zone, so that ours is meant."""

    start: datetime
    length: timedelta
    zone: tzinfo
    all_day: bool
    floating: bool

    def moment(self, wall: datetime) -> datetime:
        """The wall time in UTC."""
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


def fault(key: str, event: RawEvent, line: int = 0) -> BadInput:
    """A refusal that names the event and the line."""
    return BadInput(key, "file", event=title_of(event) or "?", line=line or event.line)


def title_of(event: RawEvent) -> str:
    """Its subject; blank where it is marked as private."""
    if event.text("CLASS").upper() in ("PRIVATE", "CONFIDENTIAL"):
        return ""
    return str(vText.from_ical(event.text("SUMMARY")))[:200].strip()


class Zones:
    """Zones by the names of one file, each looked up once."""

    def __init__(self, blocks: dict[str, str]) -> None:
        self.blocks = blocks
        self.known: dict[str, tzinfo | None] = {}

    def zone(self, name: str) -> tzinfo | None:
        """The zone, or None where nobody knows it: neither the world, nor Windows, nor the file itself."""
        if name not in self.known:
            self.known[name] = _known_zone(name) or self._of_file(name)
        return self.known[name]

    def _of_file(self, name: str) -> tzinfo | None:
        block = self.blocks.get(name, "")
        seldom = all(freq == "YEARLY" for freq in re.findall(r"FREQ=(\w+)", block, re.I))
        if not block or len(block) > LONGEST_ZONE or not seldom:
            return None
        try:
            zone: tzinfo = Timezone.from_ical(block).to_tz()  # type: ignore[attr-defined]
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return None
        return zone


def _known_zone(name: str) -> tzinfo | None:
    if name in OURS:
        return ZONE
    offset = OFFSET.fullmatch(name.strip())
    if offset:
        sign, hours, minutes = offset.groups()
        span = timedelta(hours=int(hours), minutes=int(minutes or 0))
        return timezone(-span if sign == "-" else span) if span < timedelta(hours=15) else None
    try:
        return ZoneInfo(WINDOWS_TO_OLSON.get(name, name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def times_of(event: RawEvent, zones: Zones) -> Times:
    """Start and length. Raises BadInput, the event named."""
    value = event.first("DTSTART")
    if value is None:
        raise fault("busy.bad-value", event)
    wall, zone, floating, all_day = _read(value, event, zones)
    length = _length(event, zones, wall.replace(tzinfo=zone), all_day=all_day)
    if length < timedelta(0):
        raise fault("busy.end-first", event)
    if length > LONGEST_EVENT:
        raise fault("busy.too-long", event)
    return Times(wall, length, zone, all_day, floating)


def _length(event: RawEvent, zones: Zones, start: datetime, *, all_day: bool) -> timedelta:
    end, duration = event.first("DTEND"), event.first("DURATION")
    if end is not None:
        until, their_zone, _, _ = _read(end, event, zones)
        return until.replace(tzinfo=their_zone).astimezone(UTC) - start.astimezone(UTC)
    if duration is not None:
        try:
            return vDuration.from_ical(duration.text)  # type: ignore[no-any-return, no-untyped-call]
        except (ValueError, TypeError, OverflowError):
            raise fault("busy.bad-value", event, duration.line) from None
    return timedelta(days=1) if all_day else timedelta(0)


def _read(value: Value, event: RawEvent, zones: Zones) -> tuple[datetime, tzinfo, bool, bool]:
    """(wall time, zone, whether the file names none, whether it is a whole day)."""
    return next(_read_all(value, event, zones))


def _read_all(value: Value, event: RawEvent, zones: Zones) -> Iterator[tuple[datetime, tzinfo, bool, bool]]:
    texts = value.text.split(",")
    if len(texts) > MOST_DATES:
        raise fault("busy.bad-value", event, value.line)
    for text in texts:
        found = _parsed(text, event, value.line)
        if isinstance(found, datetime):
            if found.tzinfo is not None:
                yield found.replace(tzinfo=None), UTC, False, False
                continue
            name = value.parameters.get("TZID", "")
            zone = zones.zone(name) if name else ZONE
            if zone is None:
                raise BadInput("busy.unknown-zone", "file", zone=name[:80], line=value.line)
            yield found, zone, not name, False
        elif isinstance(found, date):
            yield datetime.combine(found, time()), ZONE, False, True
        else:
            raise fault("busy.bad-value", event, value.line)


def _parsed(text: str, event: RawEvent, line: int) -> object:
    try:
        found: object = vDDDTypes.from_ical(text.strip())  # type: ignore[no-untyped-call]
    except (ValueError, TypeError, OverflowError):
        raise fault("busy.bad-value", event, line) from None
    if isinstance(found, date) and found.year in (date.min.year, date.max.year):
        raise fault("busy.bad-value", event, line)  # another zone may have no such day
    return found


def walls_of(event: RawEvent, name: str, times: Times, zones: Zones) -> list[datetime]:
    """The dates of EXDATE, RDATE or RECURRENCE-ID as wall times of the event's own zone.

    A bare day means the hour at which the event begins. Raises BadInput.
    """
    found = []
    for value in event.values.get(name, []):
        for wall, zone, _, whole in _read_all(value, event, zones):
            if whole:
                found.append(datetime.combine(wall.date(), times.start.time()))
            else:
                found.append(wall.replace(tzinfo=zone).astimezone(times.zone).replace(tzinfo=None))
    return found
