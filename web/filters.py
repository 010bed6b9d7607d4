"""What templates may say and ask: words, dates and hours in the reader's language, and the form's fields."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask

from scheduler.language import dates, knows
from scheduler.language.why import render_why
from scheduler.rules.workflow import public_status
from web import request_cycle
from web.language import address, language, same_page_in, say


def install(app: Flask) -> None:
    """Give all templates the words, the filters and the reader."""
    for filter_ in (long_date, short_date, day_month, hour_words, span_words, moment, lunar, weekday, month):
        app.add_template_filter(filter_)
    app.add_template_filter(dates.table_date)
    for function in (say, address, same_page_in, said, public_status, weekday_of, why, as_day):
        app.add_template_global(function)
    app.add_template_global(language, "lang")
    app.context_processor(_reader)


def long_date(day: date) -> str:
    """ "thứ Năm, ngày 26/11/2026"."""
    return dates.long_date(language(), day)


def short_date(day: date) -> str:
    """ "thứ Năm, 26/11/2026"."""
    return dates.short_date(language(), day)


def day_month(day: date) -> str:
    """ "26/11"."""
    return dates.day_month(day)


def hour_words(hour: str) -> str:
    """ "7 giờ 30"."""
    return dates.hour_words(language(), hour)


def span_words(spans: list[str]) -> str:
    """ "7 giờ 30 đến 11 giờ 30 và 13 giờ 30 đến 16 giờ 30"."""
    return dates.span_words(language(), spans)


def moment(at: datetime) -> str:
    """ "16 giờ 20 ngày 20/11/2026"."""
    return dates.moment_words(language(), at)


def lunar(day: date) -> str:
    """ "18/10 âm lịch"."""
    return dates.lunar_words(language(), day)


def weekday(day: date) -> str:
    """ "Thứ Năm", as a leaf writes it."""
    name = dates.weekday_name(language(), day)
    return name[:1].upper() + name[1:]


def weekday_of(place: int, *, short: bool = False) -> str:
    """The weekday at this place of a week that begins on Monday: "thứ Hai", or "T2" as tables write it."""
    day = date(2024, 1, 1) + timedelta(days=place)
    return dates.short_weekday(language(), day) if short else dates.weekday_name(language(), day)


def month(number: int) -> str:
    """ "Tháng 11"."""
    return dates.month_name(language(), number)


def said(messages: Iterable[Any]) -> list[str]:
    """Messages of a form's field: keys are said, sentences stay as they are."""
    return [say(str(message)) if knows(str(message)) else str(message) for message in messages]


def why(reasons: Iterable[Any]) -> str:
    """Why a day is that day, from the reasons a row keeps."""
    return render_why(language(), reasons)


def as_day(text: str) -> date:
    """A day from its ISO text, as histories keep it."""
    return date.fromisoformat(text)


def _reader() -> dict[str, Any]:
    return {
        "language": language(),
        "actor": request_cycle.actor(),
        "now": request_cycle.now(),
        "today": request_cycle.today(),
    }
