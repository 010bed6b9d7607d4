"""Since when a change is news on the public pages."""

from datetime import datetime, timedelta

from scheduler.clock import at_local
from web.request_cycle import today

NEWS_DAYS = 30


def news_since() -> datetime:
    """The beginning of the day so many days ago."""
    return at_local(today() - timedelta(days=NEWS_DAYS), "00:00")
