"""What followers are told: one letter for all that is new in a calendar, and one when a unit became another.

A letter and the moment up to which its reader knows all stand in one transaction, claimed by an update that must find
the reader as it was read: two processes write one letter, and a killed one writes none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from scheduler.actions.follower_words import Told, headline, led_line, news_lines, next_line
from scheduler.actions.followers import end_follower, list_name
from scheduler.actions.letters import Recipient, letter_row, queue_rows
from scheduler.clock import local_date, to_local
from scheduler.database import Db
from scheduler.language import say
from scheduler.links import new_slug
from scheduler.models import Follower, Occurrence
from scheduler.queries.feeds import Subject
from scheduler.queries.followers import (
    followed,
    followed_by,
    followers_to_tell,
    fresh_sittings,
    may_be_told,
    next_of,
    unreachable,
    within,
)
from scheduler.rules.followers import Change, Sitting, news_of, told_until


@dataclass
class Reading:
    """A calendar as one round reads it: once, however many follow it."""

    db: Db
    subject: Subject
    now: datetime
    since: datetime
    sittings: list[Occurrence] = field(default_factory=list)
    told: dict[tuple[str, datetime | None], list[Told]] = field(default_factory=dict)
    nexts: dict[str, Occurrence | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sittings = fresh_sittings(self.db, self.subject, since=self.since, today=local_date(self.now))
        self._judged = [(one, _judged(one)) for one in self.sittings]
        self._moments = [moment for one in self.sittings for moment in _moments(one)]

    def news_for(self, follower: Follower) -> list[Told]:
        """What this follower does not know yet. Who was told in the same lull is told the same, reckoned once."""
        assert follower.told_at is not None
        lull = max((moment for moment in self._moments if moment <= follower.told_at), default=None)
        key = (follower.kind, lull)
        if key not in self.told:
            self.told[key] = list(self._news(follower))
        return self.told[key]

    def _news(self, follower: Follower) -> Iterable[Told]:
        assert follower.told_at is not None
        wall = to_local(self.now).replace(tzinfo=None)
        for sitting, judged in self._judged:
            if follower.kind and sitting.kind != follower.kind:
                continue
            news = news_of(judged, since=follower.told_at, until=told_until(self.now), wall=wall)
            if news is not None:
                yield sitting, news

    def next_for(self, kind: str) -> Occurrence | None:
        """The next date this follower waits for."""
        if kind not in self.nexts:
            self.nexts[kind] = next_of(self.db, self.subject, kind, self.now)
        return self.nexts[kind]


def tell_followers(db: Db, feed: str, *, after: int, now: datetime) -> tuple[int, int, int]:
    """Tell the next followers of this calendar after that id what they do not know.

    Gives how many were looked at, how many letters were queued, and the id of the last one.
    """
    followers = followers_to_tell(db, feed, now, after=after)
    if not followers:
        return 0, 0, after
    last = followers[-1].id
    followers = _let_go(db, followers, now=now)
    since = min((follower.told_at for follower in followers if follower.told_at is not None), default=now)
    reading = Reading(db, followed(db, feed, local_date(now)), now, since)
    elsewhere = _told_elsewhere(db, followers, reading) if reading.sittings else {}
    news = {
        follower.id: [one for one in reading.news_for(follower) if one[0].id not in elsewhere.get(follower.id, ())]
        for follower in followers
    }
    claimed = _claim(db, followers, {one for one in news if news[one]}, now=now)
    letters = [
        _letter(db, follower, reading, news[follower.id])
        for follower in followers
        if follower.id in claimed and news[follower.id]
    ]
    queue_rows(db, letters)
    return len(followers), len(letters), last


def _let_go(db: Db, followers: list[Follower], *, now: datetime) -> list[Follower]:
    """Those who can still be reached; the addresses of the others are erased."""
    lost = unreachable(db, [follower.id for follower in followers])
    for follower in followers:
        if follower.id in lost:
            end_follower(db, follower, now=now)
    return [follower for follower in followers if follower.id not in lost]


def lead_follower(db: Db, follower_id: int, *, now: datetime) -> int:
    """Whoever follows a unit or post that ended follows what came after it, and is told so once; gives the letters.

    After a division that is each of those that follow, since only the reader knows the street.
    """
    follower = db.scalars(select(Follower).where(Follower.id == follower_id).with_for_update()).one()
    today = local_date(now)
    old = followed_by(db, follower, today)
    if follower.state == "ended" or not old.also:
        return 0
    heirs = [followed(db, f"{old.kind}:{one}", today) for one in old.also]
    letters = []
    for heir in heirs:
        led = _follow_on(db, follower, heir, last=heir is heirs[-1], now=now)
        if led is not None and led.state == "confirmed":
            letters.append(_letter_of_heir(db, led, old, heir, now=now))
    queue_rows(db, letters)
    return len(letters)


def _follow_on(db: Db, follower: Follower, heir: Subject, *, last: bool, now: datetime) -> Follower | None:
    """The row that follows this heir from now on: the old one for the last of them; None where one was there."""
    same = select(Follower).where(
        Follower.feed == heir.feed, Follower.kind == follower.kind, Follower.mark == follower.mark
    )
    if db.scalars(same).one_or_none() is not None:
        if last:
            end_follower(db, follower, now=now)
        return None
    led = follower
    if not last:
        kept = ("kind", "email", "mark", "language", "data_notice", "state", "asked_at", "confirmed_at")
        led = Follower(slug=new_slug(), **{name: getattr(follower, name) for name in kept})
        db.add(led)
    led.feed = heir.feed
    led.unit_id, led.post_id = (heir.id, None) if heir.kind == "unit" else (None, heir.id)
    led.told_at, led.written_at = (now, now) if led.state == "confirmed" else (None, None)
    db.flush()
    return led


def _letter_of_heir(db: Db, follower: Follower, old: Subject, heir: Subject, *, now: datetime) -> dict[str, Any]:
    """The one letter that says whose news come from now on."""
    language = follower.language
    line = led_line(language, old.name, heir.name)
    upcoming = next_line(language, next_of(db, heir, follower.kind, now))
    words = say(language, "follow.headline-led", old=old.name, heir=heir.name)
    return _row(db, follower, heir, {"headline_words": words, "lines": line, "next": upcoming}, now=now)


def _letter(db: Db, follower: Follower, reading: Reading, told: list[Told]) -> dict[str, Any]:
    language, subject = follower.language, reading.subject
    upcoming = next_line(language, reading.next_for(follower.kind))
    words = headline(language, told, subject.name)
    lines = "\n\n".join(news_lines(language, told))
    return _row(db, follower, subject, {"headline_words": words, "lines": lines, "next": upcoming}, now=reading.now)


def _row(db: Db, follower: Follower, subject: Subject, words: dict[str, str], *, now: datetime) -> dict[str, Any]:
    facts = words | {
        "followed": subject.name,
        "list": list_name(subject),
        "url": f"/{subject.kind}s/{subject.code}",
        "leave_url": f"/follow/{follower.slug}",
        "why_you": "follower",
    }
    to = Recipient("", language=follower.language, about=f"follower:{follower.id}")
    key = f"follow-news:{told_until(now).isoformat()}"
    return letter_row(db, "follow-news", to, facts, key=key, due_at=now, now=now, follower_id=follower.id)


def _claim(db: Db, followers: list[Follower], to_write: set[int], *, now: datetime) -> set[int]:
    """Those whom nobody else told since they were read; from now on they know all up to `told_until`."""
    claimed = set[int]()
    for writes in (True, False):
        ids = [follower.id for follower in followers if (follower.id in to_write) is writes]
        values: dict[str, Any] = {"told_at": told_until(now)} | ({"written_at": now} if writes else {})
        mine = update(Follower).where(Follower.id.in_(ids), *may_be_told(now)).values(values).returning(Follower.id)
        claimed |= set(db.scalars(mine, execution_options={"synchronize_session": False})) if ids else set()
    return claimed


def _told_elsewhere(db: Db, followers: list[Follower], reading: Reading) -> dict[int, set[int]]:
    """The sittings each follower was told of already by following another calendar that shows them too."""
    by_mark = {follower.mark: follower.id for follower in followers}
    others = select(Follower).where(
        Follower.mark.in_(by_mark), Follower.feed != reading.subject.feed, Follower.state == "confirmed"
    )
    found: dict[int, set[int]] = {}
    shown: dict[str, set[int]] = {}
    for other in db.scalars(others):
        if other.feed not in shown:
            calendar = followed(db, other.feed, local_date(reading.now))
            shown[other.feed] = within(db, calendar, [one.id for one in reading.sittings])
        told = {one.id for one in reading.sittings if one.id in shown[other.feed] and _was_told(other, one)}
        found.setdefault(by_mark[other.mark], set()).update(told)
    return found


def _was_told(follower: Follower, sitting: Occurrence) -> bool:
    """Whether the newest of it lies in the time of which this follower knows all by letters."""
    if follower.kind not in ("", sitting.kind) or follower.confirmed_at is None or follower.told_at is None:
        return False
    return follower.confirmed_at <= max(_moments(sitting)) <= follower.told_at


def _moments(sitting: Occurrence) -> list[datetime]:
    published = [sitting.published_at] if sitting.published_at is not None else []
    return published + [change.at for change in sitting.changes]


def _judged(sitting: Occurrence) -> Sitting:
    changes = (Change(one.at, one.step, one.before, one.after, one.reason) for one in sitting.changes)
    return Sitting(
        sitting.state,
        sitting.day,
        sitting.planned_day,
        tuple(sitting.hours),
        sitting.published_at,
        tuple(changes),
    )
