"""A head's time that another calendar or a weekly schedule takes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LARGEST = 5 * 1024 * 1024
"""Bytes of a calendar that are read."""
MOST_TIMES = 5_000
"""Busy times of one calendar that are kept."""
BACK, AHEAD = timedelta(days=7), timedelta(days=400)
"""How far before and after today a calendar is read."""
BEAT = timedelta(minutes=30)
"""How often an address is read; after failures more seldom."""
LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, order=True)
class BusySpan:
    """Busy from one moment to another (aware, UTC)."""

    starts_at: datetime
    ends_at: datetime
    title: str = ""
    place: str = ""
    attend: str = ""


@dataclass(frozen=True)
class ReadBusy:
    """What a calendar or a pasted text says: the spans in their order, and notes ((key, facts), …) on the rest."""

    spans: tuple[BusySpan, ...] = ()
    notes: tuple[tuple[str, dict[str, object]], ...] = ()
    name: str = ""


def next_read(now: datetime, failures: int) -> datetime:
    """When an address is read again: after half an hour, and twice as long after each failure in a row."""
    pause: timedelta = min(BEAT * 2 ** min(failures, 10), LONGEST_PAUSE)
    return now + pause
