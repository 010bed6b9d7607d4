"""The only file that reads a clock, and the only one that turns moments local.

Moments are aware and in UTC everywhere; days and hours of the calendar are wall time of Vietnam (no summer time,
UTC+7 since 1975).
"""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ZONE_NAME = "Asia/Ho_Chi_Minh"
ZONE = ZoneInfo(ZONE_NAME)


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


def parse_moment(text: str) -> datetime:
    """An ISO moment as typed on a command line; without an offset it is Vietnamese wall time.

    Raises ValueError when it is none.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(UTC)
