"""Sheets for walls and doors: a poster with a large leaf for each head, and what hangs on the door after a change."""

from collections.abc import Sequence
from datetime import date

from scheduler.documents.frame import Facts, issuer_name
from scheduler.documents.qr import qr_file
from scheduler.language import say
from scheduler.language.announcements import door_sheet
from scheduler.language.dates import lunar_words, month_name, short_date, span_words, weekday_name
from scheduler.models import Occurrence, Post, Unit
from scheduler.queries.agenda import titled
from scheduler.queries.documents import Holders
from scheduler.queries.mouths import news_of, phone_of, place_words
from scheduler.rules.working_days import Calendar

LANGUAGE = "vi"
MOST_LATER = 3


def poster_facts(
    unit: Unit, heads: Sequence[tuple[Post, Sequence[Occurrence]]], holders: Holders, *, address: str,
    calendar: Calendar, today: date,
) -> Facts:  # fmt: skip
    """The next sitting of each head; heads come with their next sittings, the nearest first."""
    shown = [(post, list(sittings)) for post, sittings in heads if sittings]
    phone = next((phone_of(sittings[0]) for _, sittings in shown), unit.phone)
    return {
        "office": issuer_name(unit).upper(),
        "title": "LỊCH TIẾP CÔNG DÂN",
        "heads": [_head(post, sittings, holders, calendar) for post, sittings in shown],
        "phone": f"Điện thoại: {phone}" if phone else "",
        "below": [
            "Không cần đăng ký trước. Mang theo căn cước và giấy tờ liên quan.",
            "Quét mã để xem lịch mới nhất.",
        ],
        "qr": qr_file(address),
        "version": version_words(today),
    }


def door_facts(occurrence: Occurrence, *, calendar: Calendar, today: date) -> Facts:
    """What hangs on the door after the newest change of a sitting."""
    sheet = door_sheet(news_of(occurrence, told_on=today))
    return {
        "office": issuer_name(occurrence.unit).upper(),
        "head": sheet.head,
        "instead": sheet.instead,
        "below": list(sheet.below),
        "leaf": leaf_of(sheet.day, calendar) if sheet.day else None,
        "version": version_words(today),
    }


def leaf_of(day: date, calendar: Calendar) -> Facts:
    """A day as the leaf shows it."""
    weekday = weekday_name(LANGUAGE, day)
    return {
        "month": f"{month_name(LANGUAGE, day.month)} / {day.year}",
        "day": str(day.day),
        "weekday": weekday[:1].upper() + weekday[1:],
        "lunar": lunar_words(LANGUAGE, day),
        "off": not calendar.is_working(day),
    }


def version_words(today: date) -> str:
    """From which day's version the sheet was made: an older one is taken down."""
    return say(LANGUAGE, "documents.sheet-version", day=today)


def _head(post: Post, sittings: list[Occurrence], holders: Holders, calendar: Calendar) -> Facts:
    nearest, *later = sittings
    day = nearest.day or nearest.planned_day
    days = [short_date(LANGUAGE, one.day) for one in later[:MOST_LATER] if one.day]
    stands_in = nearest.chair_stands_in and nearest.chair_name
    return {
        "leaf": leaf_of(day, calendar),
        "who": titled(post),
        "name": f"{nearest.chair_name} (tiếp thay)" if stands_in else holders.on(post.id, day),
        "hours": span_words(LANGUAGE, list(nearest.hours)),
        "place": place_words(nearest),
        "then": f"Sau đó: {'; '.join(days)}" if days else "",
    }
