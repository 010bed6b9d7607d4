"""A weekly schedule (lịch công tác tuần) pasted from Word: its lines as busy times, and what nobody could read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.intake.week_owners import Owners
from scheduler.models.base import clean, plain

WEEKDAYS = {
    "hai": 1, "2": 1, "ba": 2, "3": 2, "tu": 3, "4": 3, "nam": 4, "5": 4, "sau": 5, "6": 5, "bay": 6, "7": 6,
}  # fmt: skip
DAY = r"(?P<weekday>thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])\b|chủ\s*nhật|\bCN\b|\bT[2-7]\b)?[\s,:(\-–]*(?:ngày\s*)?"
DAY += r"(?P<day>\d{1,2})\s*[/.-]\s*(?P<month>\d{1,2})(?:\s*[/.-]\s*(?P<year>\d{4}))?\)?"
BARE = r"(?P<bare>thứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])\b|chủ\s*nhật)"
HALF = r"(?:buổi\s+)?(?P<half>sáng|chiều|tối)\s*(?=[:\-–\t]|$|\d)"
CLOCK = r"(\d{1,2})\s*(?:giờ|h|g|:)\s*(\d{2})?(?:\s*(?:phút|'))?(?![\d/])"
TIME = rf"(?P<time>{CLOCK}(?:\s*(?:-|–|đến)\s*{CLOCK})?)"
MARK = re.compile(rf"(?:{DAY}|{BARE}|{HALF}|{TIME})", re.I)
LEAD = re.compile(r"[\s:;,.*+•|\-–]*")
BREAK = re.compile(r"(?<=[;.:|])\s*[-–+•*]?\s*|\t+\s*[-–+•*]?\s*")
"""Where within a line something new may begin."""
HALVES = {"sáng": ("07:30", "11:30"), "chiều": ("13:30", "17:00"), "tối": ("19:00", "21:00")}
USUAL = timedelta(hours=2)
"""How long a thing is taken to last whose end is not told, to the end of its half of the day at most."""
FREE = ("lam viec tai co quan", "lam viec tai tru so", "lam viec thuong xuyen", "nghi", "khong co lich")
ENDS = ("noi nhan", "tm.", "kt.", "tl.")
"""Beginnings of what stands below such a schedule."""
TITLE = ("lich cong tac", "lich lam viec", "tuan thu", "tu ngay", "(tu ngay")
MOST_LINES = 1_000


@dataclass(frozen=True)
class WeekLine:
    """Something at one time: "08:00" to "10:00" of a day, whose (codes of the form; none where nobody is named)."""

    day: date
    start: str
    end: str
    what: str
    place: str = ""
    attend: str = ""
    owners: tuple[str, ...] = ()
    guessed_end: bool = False


@dataclass
class WeekRead:
    """What was understood, what was not ((line number, text, key of why)), and on which days it is silent or free."""

    lines: list[WeekLine] = field(default_factory=list)
    unread: list[tuple[int, str, str]] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    free: list[tuple[int, str]] = field(default_factory=list)


def read_week(text: str, owners: Owners, *, today: date) -> WeekRead:
    """Read it line by line. Days without a year are those nearest to today."""
    reader = _Reader(owners, today)
    for number, line in enumerate(clean(text).split("\n")[:MOST_LINES], 1):
        reader.read(number, line)
    reader.finish()
    return reader.found


class _Reader:
    """Knows the day, the half of the day and the hours under which the text at hand stands."""

    def __init__(self, owners: Owners, today: date) -> None:
        self.owners, self.today = owners, today
        self.found = WeekRead()
        self.day: date | None = None
        self.weekday = 0
        self.half = ""
        self.time: tuple[str, str] | None = None
        self.text: list[str] = []
        self.number = 0

    def read(self, number: int, line: str) -> None:
        """One line, with everything it begins."""
        if plain(line).startswith(ENDS):
            self._close()
            self.day, self.half, self.time = None, "", None
        for mark, rest in _pieces(line):
            if mark is None:
                self._add(number, rest)
                continue
            self._close()
            self.number = number
            self._mark(number, mark)
            self._add(number, rest)

    def finish(self) -> None:
        """Nothing more comes."""
        self._close()

    def _add(self, number: int, text: str) -> None:
        if not LEAD.sub("", text, count=1):
            return
        if self.time is None and not self.half:
            if not plain(text).startswith(TITLE) and (self.day is not None or len(text) > 2):
                self.found.unread.append((number, text, "week.no-hours" if self.day else "week.no-day"))
            return
        self.number = self.number or number
        self.text.append(text)

    def _mark(self, number: int, mark: re.Match[str]) -> None:
        if mark["day"]:
            self._begin_day(number, mark)
        elif mark["bare"]:
            self.day, self.weekday, self.half, self.time = None, _weekday(mark["bare"]), "", None
        elif mark["half"]:
            self.half, self.time = mark["half"].lower(), None
        else:
            self.time = _hours(mark["time"])
            if self.time is None:
                self.found.unread.append((number, mark["time"], "week.bad-hours"))

    def _begin_day(self, number: int, mark: re.Match[str]) -> None:
        self.half, self.time = "", None
        told = _weekday(mark["weekday"]) if mark["weekday"] else self.weekday
        self.weekday = 0
        self.day = _near(int(mark["day"]), int(mark["month"]), mark["year"], self.today)
        if self.day is None:
            self.found.unread.append((number, mark.group().strip(), "week.bad-day"))
        elif told and self.day.isoweekday() != told:
            self.found.unread.append((number, mark.group().strip(), "week.wrong-weekday"))
            self.day = None
        elif self.day not in self.found.days:
            self.found.days.append(self.day)

    def _close(self) -> None:
        text, number = LEAD.sub("", " ".join(" ".join(self.text).split()), count=1).strip(" ;,"), self.number
        self.text, self.number = [], 0
        if not text:
            return
        if self.day is None:
            self.found.unread.append((number, text, "week.no-day"))
        elif plain(text).startswith(FREE) and self.time is None:
            self.found.free.append((number, text))
        else:
            self.found.lines.append(self._line(text))

    def _line(self, text: str) -> WeekLine:
        assert self.day is not None
        start, end = self.time or HALVES[self.half]
        guessed = not end
        if guessed:
            end = _usual_end(start)
        what, attend = _cut(text, r"[.;,]?\s*(?:thành phần|tp)(?: tham dự| dự)?\s*:\s*")
        what, place = _cut(what, r"[,.;]?\s*(?:địa điểm\s*:|tại\s*:?)\s+")
        what, place, attend = (part.strip(" ,;.") for part in (what, place, attend))
        return WeekLine(self.day, start, end, what, place, attend, self.owners.named_in(text), guessed)


def _pieces(line: str) -> Iterator[tuple[re.Match[str] | None, str]]:
    """The line as (what begins, the text after it); a day, half or hour begins only where one may stand."""
    starts = [0, *(found.end() for found in BREAK.finditer(line))]
    position, mark, begun = 0, None, 0
    for start in starts:
        if start < position:
            continue
        while True:
            at = LEAD.match(line, start)
            position = at.end() if at else start
            found = MARK.match(line, position)
            if found is None or not found.group().strip():
                break
            if mark is not None or line[begun : found.start()].strip(" \t:;,.*+•|-–"):
                yield mark, line[begun : found.start()].strip()
            mark, begun, start = found, found.end(), found.end()
            position = start
    yield mark, line[begun:].strip()


def _weekday(text: str) -> int:
    """ "Thứ Hai", "T2" → 1; "Chủ nhật", "CN" → 7."""
    return WEEKDAYS.get(re.sub(r"^(?:thu\s*|t(?=\d))", "", plain(text)), 7)


def _near(day: int, month: int, year: str | None, today: date) -> date | None:
    found = []
    for one in [int(year)] if year else [today.year - 1, today.year, today.year + 1]:
        try:
            found.append(date(one, month, day))
        except ValueError:
            continue
    nearest = min(found, key=lambda one: abs((one - today).days), default=None)
    return nearest if nearest is not None and 2000 <= nearest.year <= 2100 else None


def _hours(text: str) -> tuple[str, str] | None:
    """("08:00", "10:00"), the second blank where it is not told; None for what is no time of the day."""
    numbers = [(int(hour), int(minute or 0)) for hour, minute in re.findall(CLOCK, text, re.I)]
    if any(hour > 23 or minute > 59 for hour, minute in numbers):
        return None
    start, *end = (f"{hour:02}:{minute:02}" for hour, minute in numbers)
    if end and end[0] <= start:
        return None
    return start, end[0] if end else ""


def _usual_end(start: str) -> str:
    minutes = int(start[:2]) * 60 + int(start[3:]) + int(USUAL.total_seconds() // 60)
    usual = f"{min(minutes, 23 * 60 + 59) // 60:02}:{min(minutes, 23 * 60 + 59) % 60:02}"
    half_ends: Sequence[str] = [end for _, end in HALVES.values() if start < end]
    return min([usual, *half_ends])


def _cut(text: str, mark: str) -> tuple[str, str]:
    found = re.search(mark, text, re.I)
    return (text[: found.start()], text[found.end() :]) if found else (text, "")
