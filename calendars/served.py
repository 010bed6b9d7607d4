"""Calendars as they are asked for: kept ready by version, language and day, and built only when one of these is new."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import structlog

from calendars.components import Audience, EventFacts, deadline_of, event_of
from calendars.feeds import (
    FEED,
    MOST_BYTES,
    MOST_EVENTS,
    UNWRITABLE,
    WIDE_BYTES,
    FeedHead,
    KeptFeed,
    build_feed,
    color_of,
    is_wide,
    modified_at,
    window_of,
)
from calendars.kept import Shelf
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.language import say
from scheduler.models import Occurrence
from scheduler.queries.feeds import Subject, pulse_of, sittings_of, version_of
from scheduler.queries.private_feeds import Owner, due_days_of, due_days_stamp, sittings_told_to

HELD = 32_000_000
"""Bytes of calendars kept ready in one process."""
log = structlog.get_logger("feeds")


@dataclass(frozen=True)
class Wish:
    """What is asked of a public calendar: its language, some kinds only (none: all), the units below as well."""

    language: str = "vi"
    kinds: tuple[str, ...] = ()
    below: bool = False


class Calendars:
    """The calendars of one installation, for one process."""

    def __init__(self, base_url: str, feed_domain: str, held: int = HELD) -> None:
        self.base_url = base_url
        self.feed_domain = feed_domain
        self._kept: Shelf[KeptFeed] = Shelf(held, lambda feed: len(feed.body) + len(feed.packed))

    def public_feed(self, db: Db, subject: Subject, wish: Wish, *, source: str, now: datetime) -> KeptFeed:
        """The public calendar of a unit or a post: one cheap question for its version, no more while it is kept."""
        today = local_date(now)
        version, changed_at = version_of(db, subject)
        key = (subject, wish, source, version, today)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._build_public(
                db, subject, wish, source=source, modified=modified_at([changed_at], now), today=today
            )
            self._kept.put(key, kept)
        return kept

    def private_feed(self, db: Db, owner: Owner, *, now: datetime) -> KeptFeed:
        """The calendar behind a private address."""
        today = local_date(now)
        version, changed_at = pulse_of(db)
        key = (owner, version, due_days_stamp(db, owner), today)
        kept = self._kept.get(key)
        if kept is None:
            kept = self._build_private(db, owner, changed_at, now=now, today=today)
            self._kept.put(key, kept)
        return kept

    def single(self, occurrence: Occurrence, *, language: str, now: datetime) -> KeptFeed:
        """One public sitting as a file to keep."""
        events = self._facts([occurrence], language, Audience())
        head = FeedHead(say(language, "feeds.name-unit", name=occurrence.unit.name), color_of([occurrence.kind]))
        return build_feed(head, events, modified=min(occurrence.content_changed_at, now).replace(microsecond=0))

    def _build_public(
        self, db: Db, subject: Subject, wish: Wish, *, source: str, modified: datetime, today: date
    ) -> KeptFeed:
        feed = FEED[subject.kind]
        first, last = window_of(feed, today, level=subject.level, below=wish.below)
        rows = sittings_of(
            db, subject, first, last, today=today, limit=MOST_EVENTS + 1, kinds=wish.kinds, below=wish.below
        )
        wide = is_wide(subject.level, below=wish.below)
        audience = Audience(posts=(subject.id,) if subject.kind == "post" else (), brief=wide)
        head = FeedHead(say(wish.language, feed.name_key, name=subject.name), color_of(wish.kinds), source)
        events = self._facts(rows, wish.language, audience)
        return build_feed(head, events, modified=modified, most_bytes=WIDE_BYTES if wide else MOST_BYTES)

    def _build_private(
        self, db: Db, owner: Owner, changed_at: datetime | None, *, now: datetime, today: date
    ) -> KeptFeed:
        feed = FEED["private"]
        first, last = window_of(feed, today)
        rows = sittings_told_to(db, owner, first, last, today=today, limit=MOST_EVENTS + 1)
        events = self._facts(rows, owner.language, Audience(private=True, posts=owner.posts))
        tasks = due_days_of(db, owner, first, last, now=now)
        events += [
            deadline_of(
                task,
                changed_at=at,
                language=owner.language,
                base_url=self.base_url,
                feed_domain=self.feed_domain,
            )
            for task, at in tasks
        ]
        modified = modified_at([changed_at, *(at for _, at in tasks)], now)
        return build_feed(FeedHead(say(owner.language, feed.name_key, name=owner.name)), events, modified=modified)

    def _facts(self, rows: Iterable[Occurrence], language: str, audience: Audience) -> list[EventFacts]:
        """The rows' events; a row that makes no sense is left out and logged, the others stand."""
        found: list[EventFacts] = []
        for row in rows:
            try:
                found.append(event_of(row, language=language, audience=audience, base_url=self.base_url))
            except UNWRITABLE as fault:
                log.error("feed.sitting-left-out", occurrence=row.id, fault=repr(fault))
        return found
