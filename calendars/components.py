"""One event of a calendar: its facts as plain values, and those written out by the icalendar library."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from calendars.wording import known_day, one_line, place_of, shortened, standing_of, text_of, title_of
from scheduler.clock import at_local, to_local
from scheduler.language import say
from scheduler.models import Occurrence, Task
from scheduler.rules.workflow import TAKEN_PLACE

if TYPE_CHECKING:
    from icalendar import Alarm, Event

ALARMS = (timedelta(days=-1), timedelta(hours=-1))
"""Before the start, in private calendars only. Many clients drop them: letters are the real reminder."""
LONGEST_TEXT = 2_000
STATUSES = {"cancelled": "CANCELLED", "postponed": "TENTATIVE", "no-day": "TENTATIVE"}


@dataclass(frozen=True)
class Audience:
    """Who reads: everybody, or (private) whoever has the address. `posts` are those whose own calendar it is.

    `brief` leaves out all but the news, the hours and the link, for calendars of very many events.
    """

    private: bool = False
    posts: tuple[int, ...] = ()
    brief: bool = False


@dataclass(frozen=True)
class EventFacts:
    """All that stands in one event. Days instead of moments make it last whole days; `end` is not included."""

    uid: str
    changed_at: datetime
    created_at: datetime
    sequence: int
    status: str  # RFC 5545 3.8.1.11; "" in the letter that takes one person off
    start: datetime | date
    end: datetime | date
    title: str
    text: str
    place: str
    url: str
    categories: tuple[str, ...]
    private: bool = False
    transparent: bool = False
    alarms: tuple[timedelta, ...] = ()

    def digest(self) -> bytes:
        """A name for exactly these facts."""
        return hashlib.sha256(repr(self).encode("utf-8", "surrogatepass")).digest()


def event_of(occurrence: Occurrence, *, language: str, audience: Audience, base_url: str) -> EventFacts:
    """The sitting as this audience reads it (RFC 5545; DTSTAMP is the row's last change, never the clock)."""
    standing = standing_of(occurrence)
    replaced = _replaced(occurrence, audience)
    start, end = _span(occurrence)
    link = link_to(occurrence, language=language, base_url=base_url)
    calm = standing in STATUSES or replaced
    return EventFacts(
        uid=occurrence.uid,
        changed_at=occurrence.content_changed_at,
        created_at=occurrence.created_at,
        sequence=occurrence.sequence,
        status=STATUSES.get(standing, "CONFIRMED"),
        start=start,
        end=end,
        title=title_of(occurrence, language, replaced=replaced),
        text=shortened_text(text_of(occurrence, language, link=link, brief=audience.brief), link),
        place=place_of(occurrence),
        url=f"{base_url}/desk/occurrences/{occurrence.slug}" if audience.private else link,
        categories=(say(language, f"kinds.{occurrence.kind}"), say(language, f"levels.{occurrence.unit.level}")),
        private=audience.private,
        transparent=calm,
        alarms=ALARMS if audience.private and not calm and occurrence.state not in TAKEN_PLACE else (),
    )


def deadline_of(task: Task, *, changed_at: datetime, language: str, base_url: str, feed_domain: str) -> EventFacts:
    """A task's due day as a whole day. It names the conclusion and the unit, never what a resident asked for."""
    number = task.item.conclusion.number
    done = task.closed_at is not None
    key = "feeds.deadline-done" if done else "feeds.deadline"
    title = say(language, key, number=number, position=task.item.position, unit=task.unit.name)
    link = f"{base_url}/desk/tasks/{task.slug}"
    return EventFacts(
        uid=f"han-{task.slug}@{feed_domain}",
        changed_at=changed_at,
        created_at=task.made_at,
        sequence=task.version - 1,
        status="CONFIRMED",
        start=task.due_day,
        end=task.due_day + timedelta(days=1),
        title=shortened(one_line(title), 120),
        text="\n".join((say(language, "feeds.deadline-text", owner=task.owner_unit.name), link)),
        place="",
        url=link,
        categories=(say(language, "feeds.deadline-category"),),
        private=True,
        transparent=True,
    )


def link_to(occurrence: Occurrence, *, language: str, base_url: str) -> str:
    """The sitting's public page in this language."""
    return f"{base_url}{'/en' if language == 'en' else ''}/occurrences/{occurrence.slug}"


def shortened_text(text: str, link: str) -> str:
    """The text, cut before its link where it is longer than calendars take; the link always stays."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{shortened(text, LONGEST_TEXT - len(link) - 1)}\n{link}"


def write_event(facts: EventFacts) -> bytes:
    """The whole VEVENT. Raises ValueError or TypeError for facts that no calendar can hold."""
    written: bytes = component_of(facts).to_ical(sorted=False)
    return written


def component_of(facts: EventFacts) -> "Event":
    """The event as the library's component, in the order of RFC 5545 3.6.1; DTSTAMP = LAST-MODIFIED."""
    # Loading the library takes a while; a process that serves no calendar does without.
    from icalendar import Event

    if not facts.start < facts.end:  # both are days, or both are moments
        raise ValueError("an event that ends before it begins")
    event = Event()
    event.add("uid", facts.uid)
    event.add("dtstamp", facts.changed_at)
    event.add("last-modified", facts.changed_at)
    event.add("created", facts.created_at)
    event.add("sequence", facts.sequence)
    if facts.status:
        event.add("status", facts.status)
    event.add("dtstart", _wall(facts.start))
    event.add("dtend", _wall(facts.end))
    event.add("summary", facts.title)
    if facts.place:
        event.add("location", facts.place)
    event.add("description", facts.text)
    event.add("url", facts.url)
    event.add("categories", list(facts.categories))
    event.add("class", "PRIVATE" if facts.private else "PUBLIC")
    event.add("transp", "TRANSPARENT" if facts.transparent else "OPAQUE")
    for number, before in enumerate(facts.alarms, 1):
        event.add_component(_alarm(facts, number, before))
    return event


def _alarm(facts: EventFacts, number: int, before: timedelta) -> "Alarm":
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("uid", f"{number}-{facts.uid}")
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", before)
    alarm.add("description", facts.title)
    return alarm


def _wall(moment: datetime | date) -> datetime | date:
    return to_local(moment) if isinstance(moment, datetime) else moment


def _span(occurrence: Occurrence) -> tuple[datetime | date, datetime | date]:
    """From the first hour to the last; whole days where the day or its hours are open."""
    day = known_day(occurrence)
    if standing_of(occurrence) == "no-day" or not occurrence.hours:
        return day, day + timedelta(days=1)
    first, last = occurrence.hours[0].split("-")[0], occurrence.hours[-1].split("-")[1]
    return at_local(day, first), at_local(day, last)


def _replaced(occurrence: Occurrence, audience: Audience) -> bool:
    """Whether the sitting was theirs, by the plan or until a change, and somebody else presides now."""
    own = set(audience.posts)
    hosting = any(host.post_id in own for host in occurrence.hosts)
    presided = any(change.before.get("chair", [None])[0] in own for change in occurrence.changes)
    presides = occurrence.chair_post_id in own if occurrence.chair_stands_in else hosting
    return (hosting or presided) and not presides
