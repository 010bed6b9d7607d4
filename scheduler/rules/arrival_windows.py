"""Arrival windows: a sitting's hours cut into spans in which so many are asked to come."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from scheduler.errors import BadInput

Span = tuple[datetime, datetime]
WINDOWED = ("periodic_reception", "adhoc_reception")
"""Kinds whose visitors come one after the other; to a conference everybody comes at its beginning."""
HALL = ("dialogue", "voter_meeting")
"""Kinds held in a hall, whose seats may end. Nobody is refused a reception for want of room (LTCD art. 4)."""
USUAL_MINUTES, USUAL_PLACES = 30, 3
LEAST_MINUTES, MOST_PLACES = 5, 200


def windows_between(spans: Iterable[Span], minutes: int) -> list[Span]:
    """The windows of these spans, in order; a remainder shorter than half a window belongs to the one before it.

    Raises BadInput("registrations.bad-minutes") for windows shorter than five minutes or longer than a span.
    """
    found: list[Span] = []
    length = timedelta(minutes=minutes)
    for starts_at, ends_at in spans:
        if minutes < LEAST_MINUTES or length > ends_at - starts_at:
            raise BadInput("registrations.bad-minutes", "minutes", least=LEAST_MINUTES)
        while starts_at < ends_at:
            until = starts_at + length
            if ends_at - until < length / 2:
                until = ends_at
            found.append((starts_at, until))
            starts_at = until
    return found
