"""Dates, hours and periods in words, as `words.md` writes them: long for people, short for tables."""

from datetime import date, datetime
from functools import lru_cache

from scheduler.clock import to_local
from scheduler.language import say

SHORT_WEEKDAYS = {
    "vi": ("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
    "en": ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
}
EN_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def weekday_name(language: str, day: date) -> str:
    """ "thứ Năm", "Chủ nhật"; "Thursday"."""
    return say(language, f"weekdays.{day.isoweekday()}")


def short_weekday(language: str, day: date) -> str:
    """ "T5", "CN" as tables write it."""
    return SHORT_WEEKDAYS[language][day.weekday()]


def table_date(day: date) -> str:
    """ "26/11/2026"."""
    return f"{day:%d/%m/%Y}"


def day_month(day: date) -> str:
    """ "26/11"."""
    return f"{day:%d/%m}"


def long_date(language: str, day: date) -> str:
    """ "thứ Năm, ngày 26/11/2026"; "Thursday, 26 November 2026"."""
    if language == "vi":
        return f"{weekday_name(language, day)}, ngày {table_date(day)}"
    return f"{weekday_name(language, day)}, {day.day} {EN_MONTHS[day.month - 1]} {day.year}"


def short_date(language: str, day: date) -> str:
    """ "thứ Năm, 26/11/2026"; "Thursday, 26 Nov 2026"."""
    if language == "vi":
        return f"{weekday_name(language, day)}, {table_date(day)}"
    return f"{weekday_name(language, day)}, {day.day} {EN_MONTHS[day.month - 1][:3]} {day.year}"


def month_name(language: str, month: int) -> str:
    """ "Tháng 11"; "November"."""
    return f"Tháng {month}" if language == "vi" else EN_MONTHS[month - 1]


def hour_words(language: str, hour: str) -> str:
    """ "07:30" → "7 giờ 30"; "07:00" → "7 giờ"; English keeps "7:30"."""
    hours, _, minutes = hour.partition(":")
    if language == "en":
        return f"{int(hours)}:{minutes}"
    return f"{int(hours)} giờ" + (f" {minutes}" if minutes != "00" else "")


def span_words(language: str, spans: list[str]) -> str:
    """["07:30-11:30", "13:30-16:30"] → "7 giờ 30 đến 11 giờ 30 và 13 giờ 30 đến 16 giờ 30"."""
    to, and_ = (" đến ", " và ") if language == "vi" else (" to ", " and ")
    return and_.join(to.join(hour_words(language, end) for end in span.split("-")) for span in spans)


def moment_words(language: str, moment: datetime) -> str:
    """ "16 giờ 20 ngày 20/11/2026"; "16:20 on 20 Nov 2026"."""
    local = to_local(moment)
    hour = hour_words(language, f"{local:%H:%M}")
    if language == "vi":
        return f"{hour} ngày {table_date(local.date())}"
    return f"{hour} on {local.day} {EN_MONTHS[local.month - 1][:3]} {local.year}"


def lunar_words(language: str, day: date) -> str:
    """ "18/10 âm lịch"; "18/10 lunar"."""
    lunar_day, lunar_month = lunar(day)
    return say(language, "weekdays.lunar", day=lunar_day, month=lunar_month)


@lru_cache(maxsize=8192)
def lunar(day: date) -> tuple[int, int]:
    """Day and month of the Vietnamese lunar calendar."""
    # Loading the tables takes longer than most pages; only a page that shows a leaf pays for it.
    from vnlunar import get_lunar_date

    found = get_lunar_date(day.day, day.month, day.year)
    return int(found["day"]), int(found["month"])
