"""A letter's kind as a message to a telephone, and as the words that are read out when somebody is called instead.

A text is `<kind>/<language>.sms`, written with its diacritics, one sentence a line: what comes between the office's
name and its telephone number, which every message has. A line one of whose blanks is empty is left out; one that
begins with "?" is left out where the message would be too long, the last of them first. After
"|" stands a shorter form of the line.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from scheduler.language import dates, say, spoken
from scheduler.language.announcements import SMS_LENGTH, sms_cut, sms_plain
from scheduler.language.mouths import OFFICES
from scheduler.language.spoken import spelled_out

FOLDER = Path(__file__).parent
OPTIONAL, OTHERWISE = "?", " | "
UNSPOKEN = ("code",)
"""Never read out from a stored sentence: whoever calls sees it beside."""


def has_text(kind: str) -> bool:
    """Whether this kind of letter may go to a telephone."""
    return (FOLDER / kind / "vi.sms").exists()


def sms_of(kind: str, facts: Mapping[str, Any], language: str) -> str:
    """At most 160 signs without diacritics and without a web address: the office, the news, its telephone."""
    written = _words(facts, language, WRITTEN)
    contact = say(language, "mouths.sms-contact", phone=written["phone"]) if written["phone"] else ""
    text = ""
    for lines in _shorter_and_shorter(kind, facts, language, written):
        text = _joined(written["unit"], lines, contact)
        if len(text) <= SMS_LENGTH:
            return text
    return _cut(written["unit"], lines, contact)


def words_to_read(kind: str, facts: Mapping[str, Any], language: str) -> str:
    """The same for the telephone, read out by a clerk: who calls, and the whole news in words."""
    known = {name: value for name, value in facts.items() if name not in UNSPOKEN}
    office = str(facts["unit"])
    opening = "mouths.phone-office" if office.startswith(OFFICES) else "mouths.phone-unit"
    said = " ".join(_said(kind, language, _words(known, language, SPOKEN)))
    caller = say(language, opening, office=office)
    text = f"{caller} {said[:1].upper()}{said[1:]}"
    return spelled_out(text) if language == "vi" else text


def _shorter_and_shorter(
    kind: str, facts: Mapping[str, Any], language: str, written: Mapping[str, str]
) -> Iterator[list[str]]:
    """All of it; without what may be left out, the last first; in the short forms; with days without their year."""
    optional = [line for line in _lines(kind, language) if line.startswith(OPTIONAL)]
    for left in range(len(optional), -1, -1):
        yield _said(kind, language, written, without=optional[left:])
    for voice in (WRITTEN, SHORTEST):
        yield _said(kind, language, _words(facts, language, voice), without=optional, form=-1)


def _joined(office: str, lines: list[str], contact: str) -> str:
    return re.sub(r"\.{2,}", ".", sms_plain(f"{office}: {' '.join(lines)}{contact}"))


def _cut(office: str, lines: list[str], contact: str) -> str:
    """An office's name that is too long loses its end; after that the news do, never the telephone."""
    short = sms_plain(office)
    room = SMS_LENGTH - len(_joined("", lines, contact))
    named = sms_cut(short, max(room, len(short) // 2)).rstrip(".")
    end = sms_plain(contact)
    text = _joined(named, lines, "")
    return sms_cut(text, SMS_LENGTH - len(end) - 1) + (f" {end}" if end else "")


def _said(
    kind: str, language: str, words: Mapping[str, str], *, without: Collection[str] = (), form: int = 0
) -> list[str]:
    said = []
    for line in _lines(kind, language):
        text = line.lstrip(f"{OPTIONAL} ").split(OTHERWISE)[form]
        if line not in without and all(words.get(name) for name in _blanks(text)):
            said.append(text.format_map(words))
    return said


@dataclass(frozen=True)
class Voice:
    """How a day, a day that is no more, an hour, and a span of hours are said."""

    day: Callable[[str, date], str]
    old_day: Callable[[str, date], str]
    hour: Callable[[str, str], str]
    span: Callable[[str, str, str], str]


def _words(facts: Mapping[str, Any], language: str, voice: Voice) -> dict[str, str]:
    """Every fact as this voice says it, and what is put together from several."""
    words = {name: _in_words(name, value, language, voice) for name, value in facts.items()}
    words |= dict.fromkeys({"code", "phone", "unit"} - set(words), "")
    words["near"] = words.get("place", "").split(",")[0]
    if facts.get("hours"):
        words["hour"] = voice.hour(language, facts["hours"][0].split("-")[0])
    if facts.get("kind"):
        words["one"] = say(language, f"mouths.one-{facts['kind']}")
    if facts.get("step"):
        words["news"] = say(language, f"letters.sms-{step_of(facts)}", **words)
    return words


def step_of(facts: Mapping[str, Any]) -> str:
    """What its words are found by: a day that is set after a sitting was put off, a head who takes it back."""
    step = str(facts.get("step", "")).replace("_", "-")
    if step == "move" and not facts.get("old_day"):
        return "date-set"
    return "chair-back" if step == "change-chair" and not facts.get("chair") else step


def _in_words(name: str, value: Any, language: str, voice: Voice) -> str:
    if not value:
        return ""
    if name == "day" or name.endswith("_day") or name == "told_by":
        return (voice.day if name == "day" else voice.old_day)(language, date.fromisoformat(value))
    return voice.span(language, *value) if name == "arrive" else str(value)


def _dated(language: str, day: date) -> str:
    """ "thứ Sáu 27/11/2026"."""
    return f"{dates.weekday_name(language, day)} {dates.table_date(day)}"


def _soon(language: str, day: date) -> str:
    return f"{dates.weekday_name(language, day)} {dates.day_month(day)}"


def _no_more(_language: str, day: date) -> str:
    return dates.day_month(day)


def _hour(language: str, hour: str) -> str:
    """ "7h30", "8h"; "7:30"."""
    if language != "vi":
        return dates.hour_words(language, hour)
    return f"{int(hour[:2])}h{hour[3:] if hour[3:] != '00' else ''}"


def _span(language: str, start: str, end: str) -> str:
    return f"{_hour(language, start)}-{_hour(language, end)}"


def _spoken_day(language: str, day: date) -> str:
    return spoken.spoken_date(day) if language == "vi" else dates.long_date(language, day)


def _spoken_old_day(language: str, day: date) -> str:
    return spoken.day_words(day) if language == "vi" else dates.long_date(language, day)


def _spoken_hour(language: str, hour: str) -> str:
    return spoken.told_hour(hour) if language == "vi" else dates.hour_words(language, hour)


def _spoken_span(language: str, start: str, end: str) -> str:
    to = " đến " if language == "vi" else " to "
    return f"{_spoken_hour(language, start)}{to}{_spoken_hour(language, end)}"


WRITTEN = Voice(_dated, _no_more, _hour, _span)
SHORTEST = Voice(_soon, _no_more, _hour, _span)
SPOKEN = Voice(_spoken_day, _spoken_old_day, _spoken_hour, _spoken_span)


@cache
def _lines(kind: str, language: str) -> tuple[str, ...]:
    text = (FOLDER / kind / f"{language}.sms").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip())


@cache
def _blanks(line: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(line) if name)
