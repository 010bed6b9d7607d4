"""When a sitting must be made public, where its notice must hang, and what the public cannot do without.

Luật Tiếp công dân 42/2013/QH13 art. 24: posted at the office, at the reception place and on the website, at the latest
five working days before the day. Publishing later is possible with a reason and stays visible as a finding.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from scheduler.rules.kinds import KIND
from scheduler.rules.working_days import Calendar

POSTING_PLACES = ("office", "reception_place", "website", "loudspeaker", "zalo", "press")
REQUIRED_PLACES = ("office", "reception_place", "website")
"""The three that the law asks for (art. 24(2)); the line is met when all three hang the notice."""


def publish_by(day: date, kind: str, calendar: Calendar) -> date:
    """The last day on which a sitting of this kind on `day` is published in time, that day included."""
    rule = KIND[kind]
    if rule.working:
        return calendar.add_working_days(day, -rule.notice_days)
    return day - timedelta(days=rule.notice_days)


def notice_days(published_on: date, day: date, kind: str, calendar: Calendar) -> int:
    """How many days of notice there are: from the day of publishing, included, to the sitting, not included.

    Working days or calendar days as the kind asks; negative when it was published after the day.
    """
    if not KIND[kind].working:
        return (day - published_on).days
    one = timedelta(days=1)
    if published_on > day:
        return -calendar.working_days_between(day, published_on)
    return calendar.working_days_between(published_on - one, day - one)


def is_late(published_on: date, day: date | None, kind: str, calendar: Calendar) -> bool:
    """Whether publishing on this day leaves less notice than the kind asks; an open date is never late."""
    return day is not None and notice_days(published_on, day, kind, calendar) < KIND[kind].notice_days


def came_too_late(known_on: date, day: date, kind: str, calendar: Calendar) -> bool:
    """Whether a decision that became known on this day left nobody the time to publish `day` with full notice."""
    return known_on > publish_by(day, kind, calendar)


def posted_everywhere(postings: Iterable[tuple[str, datetime]]) -> datetime | None:
    """The moment from which all three required places hang the notice, or None while one is missing."""
    first: dict[str, datetime] = {}
    for where, at in postings:
        if where in REQUIRED_PLACES and (where not in first or at < first[where]):
            first[where] = at
    return max(first.values()) if len(first) == len(REQUIRED_PLACES) else None


def missing_places(places: Iterable[str]) -> tuple[str, ...]:
    """The required places where the notice does not hang yet."""
    hanging = set(places)
    return tuple(where for where in REQUIRED_PLACES if where not in hanging)


def fingerprint(content: dict[str, Any]) -> str:
    """What an approval is tied to: another value means that the content changed since."""
    whole = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(whole.encode()).hexdigest()
