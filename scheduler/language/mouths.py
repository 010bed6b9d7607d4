"""The same news in every mouth: what happened to a sitting, said by telephone, loudspeaker, Zalo, SMS and on the door.

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
"""What may be told: each has its words under `mouths.body-…`, `mouths.headline-…`, `mouths.phone-…`."""
OPEN = ("put-off", "cancelled")
"""After these the sitting has no day on which it takes place."""
OFFICES = ("UBND", "HĐND", "Đảng ủy", "Tỉnh ủy", "Thành ủy")
"""Bodies whose office speaks for them."""


@dataclass(frozen=True)
class News:
    """What happened to a sitting. `old_…` is how it stood before; hours are "07:30", the beginning."""

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


@dataclass(frozen=True)
class Voice:
    """How one mouth says a day, an hour and a text that somebody wrote."""

    day: Callable[[str, date, News], str]
    hour: Callable[[str, str], str]
    text: Callable[[str], str]


def telephone_words(news: News, language: str = "vi", *, ticket: int | None = None) -> str:
    """What a clerk reads out when calling: who calls, what changed, and the number in the queue where there is one."""
    # The caller has named the office: its name is not said again with every post.
    near = replace(news, who=_without(news.who, news.office), chair=_without(news.chair, news.office))
    facts = facts_of(near, language, TOLD if language == "vi" else WRITTEN)
    caller = "mouths.phone-office" if news.office.startswith(OFFICES) else "mouths.phone-unit"
    said = [say(language, caller, office=facts["office"]), say(language, f"mouths.phone-{news.what}", **facts)]
    if news.reason.strip():
        said.append(say(language, "mouths.reason", reason=facts["reason"]))
    if ticket is not None:
        number = spoken.number_words(ticket) if language == "vi" else ticket
        said.append(say(language, "mouths.phone-ticket", number=number))
    return " ".join(said)


def facts_of(news: News, language: str, voice: Voice) -> dict[str, Any]:
    """All blanks the texts may have, said by this voice."""
    days = {"day": news.day, "old_day": news.old_day, "until": news.until}
    texts = {"who": news.who, "place": news.place, "office": news.office, "name": news.chair}
    one = say(language, f"mouths.one-{news.kind}")
    return {
        "one": one,
        "One": one[:1].upper() + one[1:],
        "what": say(language, f"mouths.what-{news.kind}"),
        "hour": voice.hour(language, news.hour) if news.hour else "",
        "reason": voice.text(news.reason.strip().rstrip(".")),
        **{name: voice.day(language, day, news) if day else "" for name, day in days.items()},
        **{name: voice.text(text.strip()) for name, text in texts.items()},
    }


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
