"""Whole calendars: head, time zone and the kept texts of their events, as bytes that are the same everywhere."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

import structlog

from calendars.components import EventFacts, write_event
from calendars.kept import Shelf
from calendars.timezone import TIMEZONE
from scheduler.clock import ZONE_NAME, at_local, local_date
from scheduler.rules.kinds import KIND

log = structlog.get_logger("feeds")


@dataclass(frozen=True)
class FeedKind:
    """A kind of calendar: how far it looks back and ahead, who may keep a copy, and the key of its name."""

    key: str
    back: timedelta
    ahead: timedelta
    private: bool
    cache_control: str
    name_key: str


FEEDS = (
    FeedKind("unit", timedelta(days=31), timedelta(days=180), False, "public, max-age=300", "feeds.name-unit"),
    FeedKind("post", timedelta(days=31), timedelta(days=180), False, "public, max-age=300", "feeds.name-post"),
    FeedKind(
        "private",
        timedelta(days=92),
        timedelta(days=366),
        True,
        "private, max-age=0, must-revalidate",
        "feeds.name-private",
    ),
)
FEED = {feed.key: feed for feed in FEEDS}

WIDE_LEVELS = ("central", "province")
WIDE_BACK, WIDE_AHEAD = timedelta(days=3), timedelta(days=60)
"""A province with all below it looks less far, and its events are brief: its offices fill a calendar in a month."""
MOST_EVENTS = 1_000
MOST_BYTES, WIDE_BYTES = 700_000, 490_000
"""Clients drop what is larger than a megabyte without a word; what does not fit is cut at the far end."""
REFRESH = timedelta(hours=1)
COLOR = "firebrick"
PRODUCT = "-//Lich Dan//Lich Dan//VI"
END = b"END:VCALENDAR\r\n"
UNWRITABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)

TEXTS: Shelf[bytes] = Shelf(16_000_000, len)
"""The texts of events by the digest of their facts: written once for each change, audience and language."""


@dataclass(frozen=True)
class FeedHead:
    """What stands above the events. `source` is the calendar's own address, blank where that is a secret."""

    name: str
    color: str = COLOR
    source: str = ""


@dataclass(frozen=True)
class KeptFeed:
    """A calendar ready to send: plain and packed, its tag, when it changed last, and how many events it has."""

    body: bytes
    packed: bytes
    etag: str
    modified: datetime
    events: int


def window_of(feed: FeedKind, today: date, *, level: str = "", below: bool = False) -> tuple[date, date]:
    """First and last day that stand in the calendar, both included."""
    if is_wide(level, below=below):
        return today - WIDE_BACK, today + WIDE_AHEAD
    return today - feed.back, today + feed.ahead


def is_wide(level: str, *, below: bool) -> bool:
    """Whether the calendar gathers a whole province or more."""
    return below and level in WIDE_LEVELS


def color_of(kinds: Sequence[str]) -> str:
    """The colour of a calendar that shows one kind only, else the house's."""
    return KIND[kinds[0]].color if len(kinds) == 1 else COLOR


def modified_at(changes: Iterable[datetime | None], now: datetime) -> datetime:
    """When the calendar changed last: by a change, or by its window that moved at midnight; never in the future."""
    known = [moment for moment in changes if moment is not None]
    turned = at_local(local_date(now), "00:00")
    return min(max([turned, *known]), now).replace(microsecond=0)


def build_feed(
    head: FeedHead, events: Iterable[EventFacts], *, modified: datetime, most_bytes: int = MOST_BYTES
) -> KeptFeed:
    """Join the calendar. An event that cannot be written is left out and logged; the others stand."""
    ordered = sorted(events, key=lambda facts: (str(facts.start), facts.uid))
    # A zone nobody refers to is noise; in an empty calendar some readers complain of it.
    timed = any(isinstance(facts.start, datetime) for facts in ordered)
    top = head_of(head) + (TIMEZONE if timed else b"")
    written = [text for text in map(text_of_event, ordered[:MOST_EVENTS]) if text is not None]
    texts = written[: _fitting(written, most_bytes - len(top) - len(END))]
    if len(texts) < len(written) or len(ordered) > MOST_EVENTS:
        log.warning("feed.cut", name=head.name, shown=len(texts), until=str(ordered[len(texts) - 1].start))
    body = b"".join((top, *texts, END))
    etag = hashlib.sha256(body).hexdigest()[:32]
    return KeptFeed(body, gzip.compress(body, 6, mtime=0), etag, modified, len(texts))


def _fitting(texts: list[bytes], room: int) -> int:
    """How many of the texts, from the first on, fit into so many bytes."""
    for count, size in enumerate(accumulate(map(len, texts))):
        if size > room:
            return count
    return len(texts)


def text_of_event(facts: EventFacts) -> bytes | None:
    """The event's text, written at most once while it is kept; None for one that cannot be written."""
    digest = facts.digest()
    text = TEXTS.get(digest)
    if text is None:
        try:
            text = write_event(facts)
        except UNWRITABLE as fault:
            log.error("feed.event-left-out", uid=facts.uid, fault=repr(fault))
            return None
        TEXTS.put(digest, text)
    return text


def head_of(head: FeedHead) -> bytes:
    """The lines above the events; some clients read the name only when it comes before them (Radicale#697)."""
    # Loading the library takes a while; a process that serves no calendar does without.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", head.name)
    calendar.add("x-wr-calname", head.name)
    calendar.add("x-wr-timezone", ZONE_NAME)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("color", head.color)
    if head.source:
        calendar.add("source", head.source, parameters={"VALUE": "URI"})
    written: bytes = calendar.to_ical(sorted=False)
    return written.removesuffix(END)
