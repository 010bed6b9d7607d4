"""A rule said in a sentence of a notice: "thứ Năm tuần thứ nhất và thứ ba hằng tháng", "ngày 10 và 25 hằng tháng"."""

import re

from scheduler.intake.pasted_dates import LIST
from scheduler.intake.pasted_words import weekdays_in, without_hours, without_policy
from scheduler.rules.recurrence import ByDays, ByNth, ByWeeks, Monthly, Pick, Quarterly, Rule, Weekly

EVERY = r"(?:hang|moi|tung|cac)\s+"
EVERY_WEEK = re.compile(rf"{EVERY}tuan|(?:mot|1)\s*(?:lan|ngay|buoi)\s*/\s*(?:mot\s*|1\s*)?tuan")
EVERY_MONTH = re.compile(rf"(?:{EVERY}|trong |cua )thang(?!\s*\d)|(?:dau|cuoi) thang")
EVERY_QUARTER = re.compile(rf"(?:{EVERY}|trong |cua |dau |cuoi |giua )quy(?![a-z])")
SECOND_WEEK = re.compile(r"(?:hai|2)\s*tuan\s*(?:mot|1|/)|cach tuan")
ORDINAL_WORDS = {
    "nhat": 1, "mot": 1, "dau tien": 1, "dau": 1, "1": 1, "hai": 2, "nhi": 2, "2": 2, "ba": 3, "3": 3,
    "tu": 4, "bon": 4, "4": 4, "nam": 5, "5": 5, "cuoi cung": -1, "cuoi": -1,
}  # fmt: skip
ORDINAL = r"(nhat|mot|dau tien|dau|hai|nhi|ba|tu|bon|nam|cuoi cung|cuoi|[1-5](?!\d))(?![a-z])"
WEEK = r"tuan\s+(?:le\s+)?(?:thu\s+)?"
WEEK_OF_MONTH = re.compile(rf"{WEEK}{ORDINAL}(?:\s*(?:,|;|va|&)\s*(?:{WEEK}|thu\s+)?{ORDINAL}(?!\s*(?:cua\s*)?tuan))*")
BARE_ORDINAL = re.compile(r"\s*(dau tien|cuoi cung|dau|cuoi)(?=\s+(?:cua\s+|trong\s+|hang\s+|moi\s+|thang))")
MONTH_OF_QUARTER = re.compile(
    r"thang\s+(?:thu\s+)?(dau tien|dau|giua|cuoi|nhat|hai|ba|[1-3])\s+(?:cua\s+)?(?:[a-z]+\s+)?quy"
)
PLACES = {"dau tien": 1, "dau": 1, "nhat": 1, "1": 1, "giua": 2, "hai": 2, "2": 2, "cuoi": 3, "ba": 3, "3": 3}
DAYS = re.compile(rf"ngay\s+(?:mung\s+)?{LIST}(?!\s*[/.-]\s*\d)(?!\s*thang\s*\d)")
REGISTER = re.compile(r"dang ky")


def stated_rules(text: str) -> list[Rule]:
    """The rule that bare text states, in every reading it has; empty where it states none.

    "Thứ … tuần thứ …" can mean the n-th weekday or the weekday of the n-th calendar week: both are given.
    """
    said = without_hours(without_policy(text))
    if REGISTER.search(said):
        return []
    numbered = _numbered(said)
    if numbered:
        return [_in_months(pick, said) for pick in numbered]
    weekdays = tuple(sorted({weekday for _, _, weekday in weekdays_in(said)}))
    if weekdays and EVERY_WEEK.search(said):
        return [Weekly(weekdays, 2 if SECOND_WEEK.search(said) else 1)]
    days = _days(said)
    if days and (EVERY_MONTH.search(said) or EVERY_QUARTER.search(said)):
        return [_in_months(ByDays(days), said)]
    return []


def _numbered(text: str) -> list[Pick]:
    """The n-th weekday in both its readings; the last weekday has one."""
    weeks = list(WEEK_OF_MONTH.finditer(text))
    rest = text
    for found in weeks:
        rest = rest[: found.start()] + " " * len(found[0]) + rest[found.end() :]
    weekdays = list(weekdays_in(rest))
    numbers = [n for found in weeks for n in _ordinals(found[0])]
    if not weeks:
        numbers = [ORDINAL_WORDS[one[1]] for _, end, _ in weekdays if (one := BARE_ORDINAL.match(text, end))]
    if not numbers or not weekdays or not (EVERY_MONTH.search(text) or EVERY_QUARTER.search(text) or weeks):
        return []
    nth, weekday = tuple(dict.fromkeys(numbers)), weekdays[0][2]
    if not weeks or -1 in nth:
        return [ByNth(nth, weekday)]
    return [ByNth(nth, weekday), ByWeeks(nth, weekday)]


def _ordinals(text: str) -> list[int]:
    return [ORDINAL_WORDS[found[1]] for found in re.finditer(rf"(?<![a-z\d]){ORDINAL}", text)]


def _days(text: str) -> tuple[int, ...]:
    found = {int(day) for one in DAYS.finditer(text) for day in re.findall(r"\d+", one[1])}
    return tuple(sorted(day for day in found if 1 <= day <= 31))


def _in_months(pick: Pick, text: str) -> Rule:
    if not EVERY_QUARTER.search(text):
        return Monthly(pick)
    month = MONTH_OF_QUARTER.search(text)
    return Quarterly((PLACES[month[1]] if month else 1,), pick)
