"""Days in one line of a notice: "Ngày 03; 10; 17 (Thứ 5)", "07/01/2021", "thứ Hai, ngày 17 tháng 01 năm 2022"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from scheduler.intake.pasted_words import weekdays_in, without_hours

NUMBER = r"\d{1,2}(?![\d]|\s*(?:gio|h\d|h\b|phut|%|/\s*[a-z]))"
SEPARATOR = r"\s*(?:;|,|va|&|\+)\s*(?:ngay\s+)?"
LIST = rf"({NUMBER}(?:{SEPARATOR}{NUMBER})*)"
MONTH_TAIL = r"(?:\s*(?:/|\.(?=\d)|-(?=\d)|thang)\s*(\d{1,2})(?!\d))?"
YEAR_TAIL = r"(?:\s*(?:/|\.|-|nam)\s*(\d{4}|\d{2})(?![\d/]))?"
DAYS = re.compile(
    rf"(?:cac\s+)?ngay\s*:?\s*{LIST}{MONTH_TAIL}{YEAR_TAIL}"
    r"|(?<![\d/.-])(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})(?![\d/])"
    r"|(?<![\d/.-])(\d{1,2})\s*/\s*(\d{1,2})(?![\d/]|\s*[a-z]{2,}-)"
)
BARE_LIST = re.compile(rf"(?<![\d/a-z]){LIST}{MONTH_TAIL}{YEAR_TAIL}")
MONTH = re.compile(r"(?<![a-z])thang\s*:?\s*(\d{1,2})(?!\d)(?:\s*(?:/|-|nam)\s*(\d{4}))?")
YEAR = re.compile(r"(?<![a-z])nam\s*:?\s*(20\d{2})(?!\d)")
CITED = re.compile(
    r"(?:luat|nghi dinh|thong tu|quyet dinh|ke hoach|cong van|thong bao|nghi quyet|chi thi|quy che|noi quy)[^;]{0,120}$"
)
SPAN = re.compile(r"tu ngay[^;]{1,40}den (?:het )?(?:ngay)?")
BETWEEN = re.compile(r"[\s,:(\-.]*(?:ngay\s*)?")
BEHIND = re.compile(r"[\s,(\-]*")
JOINED = re.compile(r"\s*(?:;|,|va|&|\+)?\s*")
CENTURY = 2000


@dataclass(frozen=True, slots=True)
class PrintedDay:
    """A day as printed; `year` is None where the notice leaves it out, `weekday` where it prints none."""

    day: int
    month: int
    year: int | None = None
    weekday: int | None = None

    def in_year(self, year: int) -> date | None:
        """The date, in this year where none is printed; None where no such day exists."""
        try:
            return date(self.year or year, self.month, self.day)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class _Group:
    """Days that stand together, with where they stand in the line."""

    start: int
    end: int
    days: tuple[PrintedDay, ...]


def month_in(text: str) -> tuple[int | None, int | None]:
    """(month, year) which bare text is about: "Tháng 7", "Tháng 01/2021"; days of its own are left aside."""
    found = MONTH.search(DAYS.sub(lambda days: " " * len(days[0]), text))
    if found is None or not 1 <= int(found[1]) <= 12:
        return None, None
    return int(found[1]), int(found[2]) if found[2] else None


def days_in(text: str, month: int | None = None, year: int | None = None, *, listed: bool = False) -> list[PrintedDay]:
    """The days of bare text, those without a month in `month`; empty where a day has no month at all.

    `listed`: bare numbers are days (a table's column of days). Days that a law or a span is cited by are left out.
    """
    plain = without_hours(text)
    if listed and not DAYS.search(plain):
        groups = list(_groups(_without_weekdays(plain), month, year, BARE_LIST))
    else:
        groups = list(_groups(plain, month, year, DAYS))
    return [day for group in _with_weekdays(plain, groups) for day in group.days]


def _groups(text: str, month: int | None, year: int | None, pattern: re.Pattern[str]) -> Iterator[_Group]:
    for found in pattern.finditer(text):
        if CITED.search(text[: found.start()]) or _in_span(text, found.start()):
            continue
        parts = [part for part in found.groups() if part]
        numbers = [int(number) for number in re.findall(r"\d+", parts[0])]
        own_month = int(parts[1]) if len(parts) > 1 else month
        own_year = _year(parts[2]) if len(parts) > 2 else year
        days = tuple(PrintedDay(day, own_month, own_year) for day in numbers if own_month and _can_be(day, own_month))
        if days:
            yield _Group(found.start(), found.end(), days)


def _without_weekdays(text: str) -> str:
    """The text with its weekdays blanked out, so that the 5 of "Thứ 5" is no day."""
    for start, end, _ in weekdays_in(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _in_span(text: str, at: int) -> bool:
    return any(span.start() <= at <= span.end() for span in SPAN.finditer(text))


def _can_be(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else CENTURY + int(text)


def _with_weekdays(text: str, groups: list[_Group]) -> list[_Group]:
    """Each weekday given to the days right behind it, otherwise to those right before it."""
    known: dict[int, int] = {}
    for start, end, weekday in weekdays_in(text):
        after = next((n for n, group in enumerate(groups) if BETWEEN.fullmatch(text, end, group.start)), None)
        if after is not None and after not in known:
            known[after] = weekday
            continue
        before = [n for n, group in enumerate(groups) if BEHIND.fullmatch(text, group.end, start)]
        for n in before[-1:]:
            known.update(dict.fromkeys(_chain(text, groups, n, known), weekday))
    return [
        replace(group, days=tuple(replace(day, weekday=known.get(n)) for day in group.days))
        for n, group in enumerate(groups)
    ]


def _chain(text: str, groups: list[_Group], last: int, known: dict[int, int]) -> Iterator[int]:
    """The group and those before it in one list: "03/7, 10/7, 17/7 (Thứ 5)"."""
    yield last
    while last > 0 and last - 1 not in known and JOINED.fullmatch(text, groups[last - 1].end, groups[last].start):
        last -= 1
        yield last
