"""What a sitting's page says at its moment: whether one may register, what to do instead, who really sat, what changed.

Registrations themselves are never told here: how many seats are left stands on the form alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from markupsafe import Markup

from scheduler.language.numbers import rate_words
from scheduler.models import Notice, Occurrence, OccurrenceChange, Record
from scheduler.queries.agenda import status_of
from scheduler.queries.registrations import cut_off_passed, may_be_registered_for
from scheduler.rules.kinds import KIND
from scheduler.rules.short_codes import short_code
from web.language import language, say
from web.sittings import hour_of, result_words, say_with, turn_words

MAKES_A_DAY = ("move", "restore", "postpone", "cancel")
"""Steps that say on which day it takes place, or that it does not."""


@dataclass(frozen=True)
class Standing:
    """How a sitting stands now. `phase`: "coming", "now", "over" (its result is not written yet), "told" or "".

    `register` is the sitting the main button leads to: this one, a later one after the cut-off, or none.
    """

    phase: str
    late: bool = False
    register: Occurrence | None = None
    following: Occurrence | None = None


def standing_of(sitting: Occurrence, later: Iterable[Occurrence], *, now: datetime, today: date) -> Standing:
    """The standing of a public sitting; `later` are the next ones of its heads, by day."""
    coming = list(later)
    following = coming[0] if coming else None
    phase = _phase(sitting, now)
    if not may_be_registered_for(sitting, now=now):
        return Standing(phase, following=following)
    if not cut_off_passed(sitting, today):
        return Standing(phase, register=sitting, following=following)
    alike = [one for one in coming if one.kind == sitting.kind]
    instead = next((one for one in alike if not cut_off_passed(one, today)), None)
    return Standing(phase, late=True, register=instead, following=following)


def _phase(sitting: Occurrence, now: datetime) -> str:
    status = status_of(sitting)
    if status == "held":
        return "told"
    if status not in ("scheduled", "moved") or sitting.starts_at is None or sitting.ends_at is None:
        return ""
    if sitting.ends_at <= now:
        return "over"
    return "now" if sitting.starts_at <= now else "coming"


def is_reception(sitting: Occurrence) -> bool:
    """Whether people are received one by one, rather than meeting together."""
    return KIND[sitting.kind].counts_for_duty


def status_words(sitting: Occurrence) -> str:
    """Its public status in words; a meeting is held, a reception receives."""
    status = status_of(sitting)
    meeting = status == "held" and not is_reception(sitting)
    return say("sitting_page.held-meeting") if meeting else say(f"statuses.{status}")


def news_of(sitting: Occurrence) -> list[OccurrenceChange]:
    """The changes that stand at the top: the newest, and before it the one that made the day where that is another."""
    if not sitting.changes:
        return []
    newest = sitting.changes[-1]
    about_day = next((change for change in reversed(sitting.changes) if change.step in MAKES_A_DAY), None)
    return [about_day, newest] if about_day is not None and about_day is not newest else [newest]


def held_lines(sitting: Occurrence, record: Record | None) -> list[Markup]:
    """What happened, as facts: how many came, who sat from when to when; of a meeting what became of its opinions."""
    if record is None or is_reception(sitting):
        return [result_words(sitting, record), *(turn_words(record) if record else [])]
    lines = [result_words(sitting, record)]
    answered, opinions = record.answered_on_the_spot, record.opinions
    if opinions:
        rate = rate_words(language(), answered, opinions)
        key = "sitting_page.answered" if answered < opinions else "sitting_page.answered-all"
        lines.append(say_with(key, {}, answered=answered, opinions=opinions, rate=rate, rest=opinions - answered))
    for turn in record.turns:
        first, last = hour_of(turn.starts_at), hour_of(turn.ends_at)
        lines.append(say_with("sitting_page.presided", {"name": turn.name}, first=first, last=last))
    return lines


def postings_of(notice: Notice | None) -> list[tuple[datetime, str]]:
    """When and where the paper was posted, places of one minute in one line."""
    by_minute: dict[datetime, list[str]] = {}
    for posting in notice.postings if notice else ():
        at = posting.posted_at.replace(second=0, microsecond=0)
        by_minute.setdefault(at, []).append(say(f"public.posted-{posting.where}"))
    return [(at, ", ".join(places)) for at, places in sorted(by_minute.items())]


def short_path(sitting: Occurrence) -> str:
    """The path of its short address, in Vietnamese."""
    return f"/b/{short_code(sitting.id)}"
