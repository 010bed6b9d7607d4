"""The same news for a street, a group and a door: Zalo, loudspeaker, SMS and the sheet on the door (words.md 6)."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from scheduler.language import dates, say
from scheduler.language.mouths import SPOKEN, WRITTEN, News, Voice, body_sentences, facts_of
from scheduler.language.spoken import reading_seconds

SMS_LENGTH = 160
LOUD_SECONDS = 60
NOT_HELD = ("moved", "put-off", "cancelled")
"""After these nobody receives on the day that was told before."""
WITH_DAY = ("published", "moved", "dated", "restored")
"""These are told in a group by the day that holds now, the old one in brackets."""
SHORTER = (
    ("Ủy ban nhân dân", "UBND"),
    ("Hội đồng nhân dân", "HĐND"),
    ("thành phố", "TP"),
    ("Thành phố", "TP"),
    ("phường", "P."),
    ("Phường", "P."),
)
WEB_ADDRESS = re.compile(r"\S*(?:https?:|www\.|\w\.(?:vn|com|net|org|info|gov|me|ly)\b)\S*", re.IGNORECASE)
NOT_IN_SMS = str.maketrans({"[": "(", "{": "(", "]": ")", "}": ")", "~": " ", "^": " ", "\\": " ", "|": " ", "`": "'"})
"""Signs that take two places in an SMS, or that its alphabet has not (3GPP TS 23.038)."""


@dataclass(frozen=True)
class DoorSheet:
    """The sheet on the door: what is so, what holds instead, and small lines below. `day` is the one for a leaf."""

    head: str
    instead: str
    below: tuple[str, ...]
    day: date | None


def zalo_text(news: News, language: str = "vi") -> str:
    """For a group: plain text whose first line is the news."""
    facts = facts_of(news, language, WRITTEN)
    said = [headline(news, language), *_told_in_group(news, language)]
    if news.reason.strip():
        said.append(say(language, "mouths.reason", reason=facts["reason"]))
    if news.is_reception and news.what in WITH_DAY:
        said.append(say(language, "mouths.no-registration"))
    if news.phone:
        said.append(say(language, "mouths.contact", phone=news.phone))
    if news.number:
        said.append(say(language, "mouths.by-number", number=news.number))
    return " ".join(said)


def headline(news: News, language: str) -> str:
    """ "PHƯỜNG HOÀN KIẾM: ĐỔI LỊCH TIẾP CÔNG DÂN."."""
    facts = facts_of(news, language, WRITTEN)
    place = re.sub(r"^UBND ", "", news.office)
    return f"{place}: {say(language, f'mouths.headline-{news.what}', **facts)}.".upper()


def loudspeaker_text(news: News, language: str = "vi") -> str:
    """To be read out twice in under a minute: no digit, no slash, no abbreviation."""
    voice = SPOKEN if language == "vi" else WRITTEN
    shortest = replace(news.near, place="", reason="")
    for told, reasoned in ((news, True), (news, False), (news.near, False), (shortest, False)):
        text = _read_twice(told, language, voice, reasoned=reasoned)
        if reading_seconds(text) < LOUD_SECONDS:
            break
    return text


def sms_text(news: News, language: str = "vi", *, ticket: int | None = None) -> str:
    """At most 160 signs without diacritics and without a web address; what matters least goes first."""
    contact = say(language, "mouths.sms-contact", phone=news.phone) if news.phone else ""
    number = say(language, "mouths.sms-ticket", number=ticket) if ticket is not None else ""
    near = news.place.split(",")[0]
    places = dict.fromkeys((news.place, near, near if news.what == "place" else ""))
    for end in (f"{number}{contact}", number):
        for place in places:
            body = say(language, f"mouths.sms-{news.what}", **facts_of(replace(news, place=place), language, SHORT))
            text = sms_plain(f"{body}{end}")
            if len(text) <= SMS_LENGTH:
                return text
    end = sms_plain(number)
    return sms_cut(sms_plain(body), SMS_LENGTH - len(end) - 1) + (f" {end}" if end else "")


def door_sheet(news: News, language: str = "vi") -> DoorSheet:
    """What hangs on the door, in few and large words."""
    near, gone = news.near, news.what in NOT_HELD
    facts = facts_of(near, language, WRITTEN)
    day = near.old_day if gone else near.day
    today = day == near.told_on
    facts["when"] = say(language, "mouths.door-today") if today or day is None else dates.short_date(language, day)
    head = say(language, "mouths.door-not" if gone else "mouths.door-is", **facts)
    if news.what == "chair":
        head = say(language, "mouths.door-instead", **facts)
    instead = say(language, f"mouths.door-{news.what}", **facts)
    below = [say(language, "mouths.reason", reason=facts["reason"])] if news.reason.strip() else []
    if news.what == "put-off":
        below.append(say(language, "mouths.until" if news.until else "mouths.until-open", until=facts["until"]))
    if gone and today and news.is_reception:
        below.append(say(language, "mouths.door-still"))
    if news.phone:
        below.append(say(language, "mouths.contact", phone=news.phone))
    if news.number:
        below.append(say(language, "mouths.by-number", number=news.number))
    return DoorSheet(head.upper(), instead, tuple(below), None if news.what in ("put-off", "cancelled") else news.day)


def sms_plain(text: str) -> str:
    """Signs every telephone shows: no diacritics, nothing beyond the basic alphabet, no web address."""
    for whole, short in SHORTER:
        text = text.replace(whole, short)
    text = unicodedata.normalize("NFD", WEB_ADDRESS.sub("", text).replace("đ", "d").replace("Đ", "D"))
    text = text.replace("–", "-").replace("—", "-").translate(NOT_IN_SMS)
    text = " ".join(text.encode("ascii", "ignore").decode().split())
    return re.sub(r"\s+([,.;:])", r"\1", text)


def sms_cut(text: str, length: int) -> str:
    """The text up to the last whole word that fits."""
    if len(text) <= length:
        return text
    return text[: length - 1].rpartition(" ")[0].rstrip(",;:. ") + "."


def _told_in_group(news: News, language: str) -> list[str]:
    if news.what not in WITH_DAY:
        return body_sentences(news, language, WRITTEN)
    facts = facts_of(news, language, WRITTEN)
    said = say(language, "mouths.body-published", **facts)
    if news.what == "moved" and news.old_day is not None:
        old = dates.short_date(language, news.old_day)
        said = f"{said.rstrip('.')} {say(language, 'mouths.old-day', day=old)}."
    return [said]


def _read_twice(news: News, language: str, voice: Voice, *, reasoned: bool) -> str:
    facts = facts_of(news, language, voice)
    body = " ".join(body_sentences(news, language, voice))
    reason = [say(language, "mouths.reason", reason=facts["reason"])] if reasoned and news.reason.strip() else []
    opening = say(language, "mouths.loud-opening", office=facts["office"])
    return " ".join([opening, body, *reason, say(language, "mouths.loud-again"), body])


def _sms_date(language: str, day: date, news: News) -> str:
    """ "thứ Sáu 27/11/2026"; the day that is no more without its weekday and year: "25/11"."""
    if day == news.old_day and day != news.day:
        return dates.day_month(day)
    return f"{dates.weekday_name(language, day)} {dates.table_date(day)}"


def _sms_hour(_language: str, hour: str) -> str:
    hours, _, minutes = hour.partition(":")
    return f"{int(hours)}h" + (minutes if minutes != "00" else "")


SHORT = Voice(_sms_date, _sms_hour, str)
