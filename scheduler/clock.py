"""The only file that reads a clock, and the only one that turns moments local.

Moments are aware and in UTC everywhere; days and hours of the calendar are wall time of Vietnam (no summer time,
UTC+7 since 1975).
"""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE_NAME = "Asia/Ho_Chi_Minh"
ZONE = ZoneInfo(ZONE_NAME)
WRITTEN_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2000, 2100
"""The years this product can be in."""


def utc_now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def to_local(moment: datetime) -> datetime:
    """The same moment on a Vietnamese clock. Refuses naive moments with ValueError."""
    if moment.tzinfo is None:
        raise ValueError("naive moment")
    return moment.astimezone(ZONE)


def local_date(moment: datetime) -> date:
    """The Vietnamese day on which the moment falls."""
    return to_local(moment).date()


def at_local(day: date, hours: str | time) -> datetime:
    """The UTC moment of a Vietnamese wall time; `hours` is "07:30" or a time."""
    wall = time.fromisoformat(hours) if isinstance(hours, str) else hours
    return datetime.combine(day, wall, tzinfo=ZONE).astimezone(UTC)


def parse_day(text: str) -> date:
    """A day as 2026-12-10. Raises ValueError for anything else: weeks (2026-W50-4) are an ISO form too, but no day."""
    if not WRITTEN_DAY.fullmatch(text):
        raise ValueError("not a day")
    return date.fromisoformat(text)


def parse_moment(text: str) -> datetime:
    """An ISO moment as typed on a command line; without an offset it is Vietnamese wall time.

    Raises ValueError when it is none, or one in a year this product cannot be in.
    """
    moment = datetime.fromisoformat(text)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError("year out of range")
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)
