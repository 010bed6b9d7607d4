"""What an event says of a sitting: title, text and place, in plain words, by audience and language."""

import unicodedata
from datetime import date

from scheduler.language import say
from scheduler.language.dates import day_month, short_date, span_words
from scheduler.models import Occurrence
from scheduler.models.base import clean
from scheduler.queries.agenda import host_titles, is_moved, titled
from scheduler.rules.duties import STAND_IN_NEVER_COUNTS_FROM
from scheduler.rules.workflow import TAKEN_PLACE, public_status

LONGEST_TITLE = 120
RECEPTIONS = ("periodic_reception", "adhoc_reception")
MARKS = {
    "cancelled": ("feeds.mark-cancelled", "feeds.told-cancelled"),
    "postponed": ("feeds.mark-postponed", "feeds.told-postponed"),
    "no-day": ("feeds.mark-no-day", "feeds.told-no-day"),
}
"""Said before the title and first in the text, since some calendars show such an event like any other."""


def title_of(occurrence: Occurrence, language: str, *, replaced: bool = False) -> str:
    """The event's title, at most 120 characters. `replaced`: as the head reads it who gave the sitting away."""
    standing, kind = standing_of(occurrence), say(language, f"kinds.{occurrence.kind}")
    hosts, unit = ", ".join(host_titles(occurrence)), occurrence.unit.name
    who = hosts or unit
    if replaced:
        chair = chair_of(occurrence) if occurrence.chair_stands_in else who
        title = say(language, "feeds.title-handed-over", kind=kind, chair=chair)
    elif occurrence.chair_stands_in:
        title = say(language, "feeds.title-stand-in", kind=kind, chair=chair_of(occurrence), who=who)
    else:
        title = say(language, "feeds.title", kind=kind, who=who)
    before = say(language, MARKS[standing][0]) if standing in MARKS else ""
    after = ""
    if standing == "moved" and (old := moved_from(occurrence)) is not None:
        after = say(language, "feeds.moved-from", day=day_month(old))
    room = LONGEST_TITLE - len(before) - len(after)
    return before + shortened(one_line(title), room) + after


def text_of(occurrence: Occurrence, language: str, *, link: str, brief: bool = False) -> str:
    """The event's text: what changed and why, who sits, hours, what to know; it ends with the link."""
    details = _hours(occurrence, language) if brief else _details(occurrence, language)
    lines = [*_news(occurrence, language), *details, link]
    return "\n".join(clean(line).strip() for line in lines if line.strip())


def place_of(occurrence: Occurrence) -> str:
    """The place in one line, as published."""
    return one_line(occurrence.place)


def chair_of(occurrence: Occurrence) -> str:
    """Who stands in: the post with its unit, and the name where one was published."""
    post = titled(occurrence.chair_post) if occurrence.chair_post else ""
    return ", ".join(part for part in (occurrence.chair_name, post) if part)


def standing_of(occurrence: Occurrence) -> str:
    """scheduled, moved, postponed, no-day or cancelled. That it was held since is no news for a calendar."""
    state = "published" if occurrence.state in TAKEN_PLACE else occurrence.state
    standing = public_status(state, moved=is_moved(occurrence), dated=occurrence.day is not None)
    return "no-day" if standing == "postponed" and state != "postponed" else standing


def known_day(occurrence: Occurrence) -> date:
    """The day of the sitting; where it is open, the last day it had, else the date by the rule."""
    if occurrence.day is not None:
        return occurrence.day
    for change in reversed(occurrence.changes):
        if change.before.get("day"):
            return date.fromisoformat(change.before["day"])
    return occurrence.published_day or occurrence.planned_day


def moved_from(occurrence: Occurrence) -> date | None:
    """The day people knew before, where it is another one now."""
    for change in reversed(occurrence.changes):
        old = change.before.get("day")
        if old and date.fromisoformat(old) != occurrence.day:
            return date.fromisoformat(old)
    return None


def one_line(text: str) -> str:
    """The text on one line, in composed form and without control characters."""
    return " ".join(clean(text).split())


def shortened(text: str, room: int) -> str:
    """The text, cut between words with an ellipsis where it is longer than `room` characters."""
    if len(text) <= room:
        return text
    cut = text[: room - 1]
    cut = cut[: cut.rfind(" ")] if " " in cut[room // 2 :] else cut
    while cut and unicodedata.combining(text[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(" ,;:-–") + "…"


def _news(occurrence: Occurrence, language: str) -> list[str]:
    standing, lines = standing_of(occurrence), []
    if standing in MARKS:
        lines.append(say(language, MARKS[standing][1], day=short_date(language, known_day(occurrence))))
        if occurrence.to_be_told_by is not None:
            lines.append(say(language, "feeds.told-by", day=short_date(language, occurrence.to_be_told_by)))
    elif standing == "moved" and (old := moved_from(occurrence)) is not None and occurrence.day is not None:
        days = {"old": short_date(language, old), "new": short_date(language, occurrence.day)}
        lines.append(say(language, "feeds.told-moved", **days))
    lines += _moved_house_or_hour(occurrence, language)
    if occurrence.chair_stands_in:
        counted = known_day(occurrence) < STAND_IN_NEVER_COUNTS_FROM
        key = "feeds.told-stand-in" if counted else "feeds.told-stand-in-not-counted"
        lines.append(say(language, key, chair=chair_of(occurrence)))
    if occurrence.change_reason:
        lines.append(say(language, "feeds.reason", reason=_closed(occurrence.change_reason)))
    return lines


def _moved_house_or_hour(occurrence: Occurrence, language: str) -> list[str]:
    """What the newest change says of place and hours, where it changed them."""
    if not occurrence.changes:
        return []
    before, lines = occurrence.changes[-1].before, []
    if before.get("place", occurrence.place) != occurrence.place:
        lines.append(say(language, "feeds.told-place", old=one_line(before["place"]), new=place_of(occurrence)))
    if occurrence.hours and before.get("hours", occurrence.hours) not in ([], occurrence.hours):
        spans = {"old": span_words(language, before["hours"]), "new": span_words(language, occurrence.hours)}
        lines.append(say(language, "feeds.told-hours", **spans))
    return lines


def _hours(occurrence: Occurrence, language: str) -> list[str]:
    """The spans, where there are several: start and end alone would hide the pause."""
    if len(occurrence.hours) < 2:
        return []
    return [say(language, "feeds.hours", value=span_words(language, occurrence.hours))]


def _details(occurrence: Occurrence, language: str) -> list[str]:
    facts = (
        ("feeds.who-by-plan" if occurrence.chair_stands_in else "feeds.who", ", ".join(host_titles(occurrence))),
        ("feeds.hours", span_words(language, occurrence.hours) if occurrence.hours else ""),
        ("feeds.content", occurrence.content),
        ("feeds.area", ", ".join(occurrence.area)),
        ("feeds.attend", ", ".join(occurrence.attend)),
        ("feeds.register-by", short_date(language, occurrence.register_by) if occurrence.register_by else ""),
        ("feeds.phone", occurrence.unit.phone),
        ("feeds.notice", occurrence.notice.number if occurrence.notice else ""),
    )
    lines = [say(language, key, value=_closed(one_line(value))) for key, value in facts if value]
    if occurrence.kind in RECEPTIONS and occurrence.register_by is None and standing_of(occurrence) not in MARKS:
        lines.append(say(language, "feeds.no-registration"))
    return lines


def _closed(text: str) -> str:
    return text.strip().rstrip(".")
