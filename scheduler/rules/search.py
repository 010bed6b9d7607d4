"""What a search on the desk asks for besides names: days, months and kinds of sittings, as people type them."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

DAY = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?(?!\d)")
MONTH = re.compile(r"(?<!\d)(\d{1,2})/(\d{4})(?!\d)")
ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
RELATIVE = (("hôm nay", 0), ("hom nay", 0), ("today", 0), ("ngày mai", 1), ("ngay mai", 1), ("tomorrow", 1))
KIND_WORDS = (
    ("đối thoại", "dialogue"),
    ("doi thoai", "dialogue"),
    ("đột xuất", "adhoc_reception"),
    ("dot xuat", "adhoc_reception"),
    ("cử tri", "voter_meeting"),
    ("cu tri", "voter_meeting"),
)
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class SearchAsked:
    """A search taken apart: `names` is what is left for names, `first` to `last` the days (both included), if any."""

    names: str
    first: date | None = None
    last: date | None = None
    kinds: tuple[str, ...] = ()


def search_asked(text: str, today: date) -> SearchAsked:
    """Take "chủ tịch hoàn kiếm 10/12" apart. A day without a year is the nearest one to today.

    What looks like a day and is none (31/02) stays among the names, where it finds nothing.
    """
    rest = text.lower()
    first = last = None
    for read in (_iso_day, _month_day, _month, _relative):
        found = read(rest, today)
        if found is not None:
            rest, first, last = found
            break
    kinds = []
    for words, kind in KIND_WORDS:
        if words in rest:
            rest = rest.replace(words, " ")
            kinds.append(kind)
    return SearchAsked(" ".join(rest.split()), first, last, tuple(kinds))


Read = tuple[str, date, date]


def _iso_day(text: str, _today: date) -> Read | None:
    found = ISO_DAY.search(text)
    day = _day(*(int(piece) for piece in found.groups())) if found else None
    return (_without(text, found), day, day) if found and day else None


def _month_day(text: str, today: date) -> Read | None:
    found = DAY.search(text)
    if found is None:
        return None
    number, month, year = int(found[1]), int(found[2]), found[3]
    years = [int(year)] if year else [today.year - 1, today.year, today.year + 1]
    days = [day for one in years if (day := _day(one, month, number)) is not None]
    if not days:
        return None
    day = min(days, key=lambda one: abs(one - today))
    return _without(text, found), day, day


def _month(text: str, _today: date) -> Read | None:
    found = MONTH.search(text)
    first = _day(int(found[2]), int(found[1]), 1) if found else None
    if found is None or first is None:
        return None
    return _without(text, found), first, first.replace(day=monthrange(first.year, first.month)[1])


def _relative(text: str, today: date) -> Read | None:
    for words, later in RELATIVE:
        if words in text:
            day = today + timedelta(days=later)
            return text.replace(words, " "), day, day
    return None


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
