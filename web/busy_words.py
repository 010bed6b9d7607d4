"""Busy times in words, for the pages that show them."""

from datetime import datetime
from typing import Protocol

from flask import Flask

from scheduler.clock import local_date, to_local
from web.filters import span_words
from web.language import say

MIDNIGHT = "00:00"


class Span(Protocol):
    """Whatever begins and ends within one day."""

    @property
    def starts_at(self) -> datetime:
        """When it begins."""

    @property
    def ends_at(self) -> datetime:
        """When it ends."""


def install(app: Flask) -> None:
    """Give templates `busy_hours` and `local_day`."""
    app.add_template_global(busy_hours)
    app.add_template_global(local_date, "local_day")


def busy_hours(span: Span) -> str:
    """ "8 giờ đến 10 giờ", or "cả ngày"."""
    start, end = (f"{to_local(moment):%H:%M}" for moment in (span.starts_at, span.ends_at))
    if start == end == MIDNIGHT:
        return say("busy.all-day")
    return span_words([f"{start}-{'24:00' if end == MIDNIGHT else end}"])
