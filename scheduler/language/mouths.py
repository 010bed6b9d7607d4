"""What happened to a sitting, as facts that every mouth tells alike, and how the telephone says it.

Every text comes from one set of facts, so that no mouth can say another thing than the others (words.md 6). No name
of a resident is among them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from scheduler.language import dates, say, spoken

NEWS = (
    "published",
    "moved",
    "dated",
    "put-off",
    "cancelled",
    "restored",
    "place",
    "hours",
    "chair",
    "head-back",
    "details",
)
"""What may be told: each has its words under `mouths.body-…`, `mouths.headline-…`, `mouths.phone-…`, `mouths.sms-…`."""
OFFICES = ("UBND", "HĐND", "Đảng ủy", "Tỉnh ủy", "Thành ủy")
"""Bodies whose office speaks for them."""
RECEPTIONS = ("periodic_reception", "adhoc_reception")
STAND_IN_NEVER_COUNTS_FROM = date(2026, 7, 1)
"""Luật 136/2025/QH15: a stand-in's day is no day of the head's."""


@dataclass(frozen=True)
class News:
    """What happened to a sitting. `old_day` is where it stood before; `hour` is "07:30", the beginning."""

    what: str
    kind: str
    office: str
    who: str
    told_on: date
    day: date | None = None
    hour: str = ""
    place: str = ""
    old_day: date | None = None
    chair: str = ""
    until: date | None = None
    reason: str = ""
    number: str = ""
    phone: str = ""

    @property
    def near(self) -> "News":
        """The same without the office's name behind every post, for a mouth that has named the office already."""
        return replace(self, who=_without(self.who, self.office), chair=_without(self.chair, self.office))

    @property
    def is_reception(self) -> bool:
        """Whether residents are received one by one, rather than met in a conference."""
        return self.kind in RECEPTIONS


@dataclass(frozen=True)
class Voice:
    """How one mouth says a day, an hour and a text that somebody wrote."""

    day: Callable[[str, date, News], str]
    hour: Callable[[str, str], str]
    text: Callable[[str], str]


def telephone_words(news: News, language: str = "vi", *, ticket: int | None = None) -> str:
    """What a clerk reads out when calling: who calls, what changed, and the number in the queue where there is one."""
    facts = facts_of(news.near, language, TOLD if language == "vi" else WRITTEN)
    caller = "mouths.phone-office" if news.office.startswith(OFFICES) else "mouths.phone-unit"
    said = [say(language, caller, office=facts["office"]), say(language, f"mouths.phone-{news.what}", **facts)]
    said += _what_follows(news, language, facts)
    if news.reason.strip():
        said.append(say(language, "mouths.reason", reason=facts["reason"]))
    if ticket is not None:
        number = spoken.number_words(ticket) if language == "vi" else ticket
        said.append(say(language, "mouths.phone-ticket", number=number))
    return " ".join(said)


def body_sentences(news: News, language: str, voice: Voice) -> list[str]:
    """The news itself, and what always follows it: by when a new day is told, whose day it does not count as."""
    facts = facts_of(news, language, voice)
    return [say(language, f"mouths.body-{news.what}", **facts), *_what_follows(news, language, facts)]


def facts_of(news: News, language: str, voice: Voice) -> dict[str, Any]:
    """All blanks the texts may have, said by this voice."""
    days = {"day": news.day, "old_day": news.old_day, "until": news.until}
    texts = {"who": news.who, "place": news.place, "office": news.office, "name": news.chair}
    said = {name: voice.text(text.strip()) for name, text in texts.items()}
    one = say(language, f"mouths.one-{news.kind}")
    return {
        **said,
        **{name: voice.day(language, day, news) if day else "" for name, day in days.items()},
        "one": one,
        "One": one[:1].upper() + one[1:],
        "what": say(language, f"mouths.what-{news.kind}"),
        "what_not": say(language, f"mouths.not-{news.kind}"),
        "matter": say(language, f"mouths.matter-{news.kind}"),
        "instead": say(language, "mouths.receives-instead" if news.is_reception else "mouths.presides-instead"),
        "at": say(language, "mouths.at", place=said["place"]) if said["place"] else "",
        "hour": voice.hour(language, news.hour) if news.hour else "",
        "reason": voice.text(news.reason.strip().rstrip(".")),
    }


def _what_follows(news: News, language: str, facts: dict[str, Any]) -> list[str]:
    if news.what == "put-off":
        return [say(language, "mouths.until" if news.until else "mouths.until-open", until=facts["until"])]
    late = news.day is not None and news.day >= STAND_IN_NEVER_COUNTS_FROM
    return [say(language, "mouths.stand-in")] if news.what == "chair" and news.is_reception and late else []


def _without(who: str, office: str) -> str:
    return who.replace(f" {office}", "")


def _long_date(language: str, day: date, _news: News) -> str:
    return dates.long_date(language, day)


def _spoken_date(_language: str, day: date, news: News) -> str:
    """The year is said only where it is another than the one people live in."""
    return spoken.spoken_date(day, year=day.year != news.told_on.year)


def _spoken_hour(_language: str, hour: str) -> str:
    return spoken.spoken_hour(hour)


def _told_hour(_language: str, hour: str) -> str:
    return spoken.told_hour(hour)


WRITTEN = Voice(_long_date, dates.hour_words, str)
SPOKEN = Voice(_spoken_date, _spoken_hour, spoken.spelled_out)
TOLD = Voice(_spoken_date, _told_hour, spoken.spelled_out)
"""To one person rather than to a street: "bảy giờ rưỡi sáng"."""
