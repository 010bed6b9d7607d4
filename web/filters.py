"""What templates may say and ask: words, dates and hours in the reader's language, and the form's fields."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask

from scheduler.language import dates, knows
from scheduler.rules.workflow import public_status
from web import request_cycle
from web.language import language, same_page_in, say


def install(app: Flask) -> None:
    """Give all templates the words, the filters and the reader."""
    for filter_ in (long_date, short_date, day_month, hour_words, span_words, moment, lunar, weekday, month):
        app.add_template_filter(filter_)
    app.add_template_filter(dates.table_date)
    for function in (say, same_page_in, said, public_status):
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


def month(number: int) -> str:
    """ "Tháng 11"."""
    return dates.month_name(language(), number)


def said(messages: Iterable[Any]) -> list[str]:
    """Messages of a form's field: keys are said, sentences stay as they are."""
    return [say(str(message)) if knows(str(message)) else str(message) for message in messages]


def _reader() -> dict[str, Any]:
    return {
        "language": language(),
        "actor": request_cycle.actor(),
        "now": request_cycle.now(),
        "today": request_cycle.today(),
    }
