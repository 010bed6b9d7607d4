"""A whole notice in other mouths: the next days of each head for a group, a loudspeaker and an SMS (words.md 6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.language import dates, say
from scheduler.language.announcements import SMS_LENGTH, sms_cut, sms_plain
from scheduler.language.spoken import day_words, reading_seconds, spelled_out, spoken_hour

LOUD_SECONDS = 60
MOST_WRITTEN, MOST_SPOKEN = 6, 3


@dataclass(frozen=True)
class Series:
    """One head at one place and hour, with the days that are still to come, in order."""

    who: str
    hour: str
    place: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class Listing:
    """What a notice made public, as far as it is still to come."""

    office: str
    kind: str
    series: tuple[Series, ...]
    number: str = ""
    phone: str = ""


def zalo_listing(listing: Listing, language: str = "vi") -> str:
    """For a group: a line for each head."""
    place = listing.office.removeprefix("UBND ")
    matter = say(language, f"mouths.matter-{listing.kind}")
    said = [f"{place}: {say(language, 'mouths.headline-published', matter=matter)}.".upper()]
    for series in listing.series:
        days = _written(series.days[:MOST_WRITTEN])
        at = say(language, "mouths.at", place=series.place)
        hour = dates.hour_words(language, series.hour)
        said.append(say(language, "mouths.list-written", who=series.who, hour=hour, days=days, at=at))
    if any(len(series.days) > MOST_WRITTEN for series in listing.series):
        said.append(say(language, "mouths.list-more"))
    if listing.phone:
        said.append(say(language, "mouths.contact", phone=listing.phone))
    if listing.number:
        said.append(say(language, "mouths.by-number", number=listing.number))
    return "\n".join(said)


def loud_listing(listing: Listing, language: str = "vi") -> str:
    """To be read twice in under a minute: the next days of each head, as many as there is time for."""
    text = ""
    for n in range(MOST_SPOKEN, 0, -1):
        for most_series in (len(listing.series), 2, 1):
            text = _read(listing, language, n, most_series)
            if reading_seconds(text) < LOUD_SECONDS:
                return text
    return text


def sms_listing(listing: Listing, language: str = "vi") -> str:
    """At most 160 signs: as many days of each head as fit."""
    contact = say(language, "mouths.sms-contact", phone=listing.phone) if listing.phone else ""
    matter = say(language, f"mouths.matter-{listing.kind}")
    opening = say(language, "mouths.list-sms", office=listing.office, matter=matter)
    for end in (contact, ""):
        for n in range(MOST_WRITTEN, 0, -1):
            parts = [f"{_near(series.who, listing.office)} {_written(series.days[:n])}" for series in listing.series]
            text = sms_plain(f"{opening} {'; '.join(parts)}.{end}")
            if len(text) <= SMS_LENGTH:
                return text
    return sms_cut(text, SMS_LENGTH)


def _read(listing: Listing, language: str, n: int, most_series: int) -> str:
    vi = language == "vi"
    lines = []
    for series in listing.series[:most_series]:
        days = ", ".join(_said(day, language) for day in series.days[:n])
        facts = {"who": series.who, "place": series.place}
        facts = {name: spelled_out(text) if vi else text for name, text in facts.items()}
        hour = spoken_hour(series.hour) if vi else dates.hour_words(language, series.hour)
        at = say(language, "mouths.at", place=facts["place"])
        lines.append(say(language, "mouths.list-spoken", who=facts["who"], hour=hour, days=days, at=at))
    office = spelled_out(listing.office) if vi else listing.office
    matter = say(language, f"mouths.matter-{listing.kind}")
    opening = say(language, "mouths.list-opening", office=office, matter=matter)
    return " ".join([opening, *lines, say(language, "mouths.loud-again"), *lines])


def _said(day: date, language: str) -> str:
    if language == "vi":
        return f"{dates.weekday_name('vi', day)} {day_words(day)}"
    return dates.long_date(language, day)


def _written(days: Sequence[date]) -> str:
    """ "10/12, 24/12/2026, 07/01/2027": the year once, with its last day."""
    last = [place + 1 == len(days) or days[place + 1].year != day.year for place, day in enumerate(days)]
    return ", ".join(
        dates.table_date(day) if ends else dates.day_month(day) for day, ends in zip(days, last, strict=True)
    )


def _near(who: str, office: str) -> str:
    return who.replace(f" {office}", "")
