"""A notice pasted from a document, a chat or a web page: the days it prints, the rules it states, and every line
that was not understood. Nothing is dropped silently and nothing is decided: a person reads it over before it counts.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from scheduler.errors import BadInput
from scheduler.intake.pasted_dates import YEAR, PrintedDay, days_in, month_in
from scheduler.intake.pasted_rules import stated_rules
from scheduler.intake.pasted_tables import SECTION, Row, Tables, cells_of, tables_in
from scheduler.intake.pasted_values import FoundDay, FoundRule, Line, PastedNotice
from scheduler.intake.pasted_words import (
    TITLE,
    bare,
    host_in,
    hours_in,
    number_in,
    person_in,
    place_in,
    policy_in,
    signed_on,
    stand_in_of,
    tidy,
)

MOST_SIGNS, MOST_LINES, LONGEST_LINE = 60_000, 1_500, 1_000
MOST_DAYS = 400
LONGEST_HEADING = 120
CITES = re.compile(r"^[\s*-]*(?:can cu|thuc hien|xet de nghi|theo de nghi)\b|^\s*\((?:can cu|theo)\b")
FRAME = re.compile(
    r"^(?:cong hoa xa hoi|doc lap|dang cong san|noi nhan|\(?da ky\)?|[-_=*.\s/]+$|kt\.|tl\.|thong bao\s*$|cu the\s*:?$"
    r"|(?:(?:\d|[ivx]+)[./)]+\s*)?(?:lich\s+)?tiep (?:cong )?dan(?: dinh ky)?\s*:?$"
    r"|(?:uy ban nhan dan|hoi dong nhan dan|ubnd|hdnd|dang uy|so|van phong)\s[^.:;\d]{2,60}$)"
)
NOT_PERIODIC = re.compile(r"thuong xuyen|dot xuat|hang ngay|hang ngay lam viec")
PERIODIC = re.compile(r"dinh ky")
NOT_HELD = re.compile(r"khong tiep|nghi tet|nghi le|tam dung|tam hoan|tam ngung|khong to chuc|nghi theo")
NOT_ONE_MONTH = re.compile(r"(?:hang|moi|tung|cac|trong|cua)\s+(?:thang|tuan|quy)")
REASON = re.compile(r"ly do\s*:?\s*")


@dataclass(slots=True)
class _Place:
    """Where the reader stands: what headings above said."""

    month: int | None = None
    year: int | None = None
    host: str = ""
    periodic: bool = True


def read_notice(text: str) -> PastedNotice:
    """What a pasted notice says. Raises BadInput for a text beyond measure or without any letters."""
    lines = [part for line in tidy(text[: MOST_SIGNS + 1]).split("\n") for part in _short_parts(line)]
    if len(text) > MOST_SIGNS or len(lines) > MOST_LINES:
        raise BadInput("pasted_notice.too-long", "text", most=MOST_LINES)
    if not any(any(map(str.isalnum, line)) for line in lines):
        raise BadInput("pasted_notice.empty", "text")
    reader = _Reader(PastedNotice(), tables_in(lines), _Place())
    for number, line in enumerate(lines, 1):
        if line.strip():
            reader.read(number, line.strip())
    notice = reader.notice
    if len(notice.days) > MOST_DAYS:
        raise BadInput("pasted_notice.too-many-days", "text", most=MOST_DAYS)
    _complete(notice)
    return notice


def _short_parts(line: str) -> list[str]:
    """The line itself, one beyond measure in parts that end with a sentence or a word where they can."""
    parts = []
    while len(line) > LONGEST_LINE:
        ends = (line.rfind(sign, 1, LONGEST_LINE) for sign in (". ", "; ", " "))
        at = next((end + 1 for end in ends if end > 0), LONGEST_LINE)
        parts.append(line[:at])
        line = line[at:]
    return [*parts, line]


@dataclass(slots=True)
class _Reader:
    """Takes the lines in their order; each step says what the line became, or "" where it is none of its own."""

    notice: PastedNotice
    tables: Tables
    at: _Place
    taken: dict[int, str] = field(default_factory=dict)

    def read(self, number: int, line: str) -> None:
        """Note what a line became."""
        text = bare(line)
        became = self.taken.get(number) or self._row(number) or self._first(number, line, text)
        self.notice.lines.append(Line(number, line, became or "unread"))

    def _first(self, number: int, line: str, text: str) -> str:
        steps: tuple[Callable[[int, str, str], str], ...] = (
            self._frame,
            self._signed,
            self._not_held,
            self._rule,
            self._other_receptions,
            self._days,
            self._facts,
        )
        return next((became for step in steps if (became := step(number, line, text))), "")

    def _frame(self, _number: int, line: str, text: str) -> str:
        if CITES.search(text):
            return "law"
        return "frame" if FRAME.search(text) else ""

    def _signed(self, _number: int, line: str, text: str) -> str:
        number, day = number_in(line), signed_on(line)
        if number and not self.notice.number and len(text) < LONGEST_HEADING and not days_in(text, 1, listed=False):
            self.notice.number = number
            return "facts"
        if day is not None and self.notice.signed_on is None:
            self.notice.signed_on = day
            return "facts"
        return ""

    def _not_held(self, number: int, line: str, text: str) -> str:
        days = days_in(text, self._month(text), self._year(text)) if NOT_HELD.search(text) else []
        if not days or policy_in(text) is not None:
            return ""
        reason = REASON.search(text)
        said = line[reason.end() :].strip(" .;") if reason else ""
        self.notice.not_held += [FoundDay(number, day, host_in(line), reason=said) for day in days]
        return "not-held"

    def _rule(self, number: int, line: str, text: str) -> str:
        self._note_policy(line, text)
        readings = tuple(stated_rules(text))
        if not readings or (NOT_PERIODIC.search(text) and not PERIODIC.search(text)):
            return ""
        self.at.periodic = True
        host = host_in(line) or self.at.host
        self.notice.rules.append(FoundRule(number, readings, host, hours_in(text)[0]))
        self._note_facts(line, text)
        return "rule"

    def _other_receptions(self, _number: int, _line: str, text: str) -> str:
        if NOT_PERIODIC.search(text) and not days_in(text, None):
            self.at.periodic = bool(PERIODIC.search(text))
            self.notice.stand_in = self.notice.stand_in or stand_in_of(_line)
            return "not-periodic" if not self.at.periodic or not cells_of(_line) else ""
        if not self.at.periodic and SECTION.match(text):
            self.at.periodic = True
        return "" if self.at.periodic else "not-periodic"

    def _days(self, number: int, line: str, text: str) -> str:
        days = [] if NOT_ONE_MONTH.search(text) else days_in(text, self._month(text), self._year(text))
        if not days:
            return ""
        hours, supposed = hours_in(text)
        self.notice.end_supposed |= supposed
        self._add(number, days, host=host_in(line) or self.at.host, person=person_in(line), hours=hours)
        self.notice.place = self.notice.place or place_in(line)
        return "dates"

    def _facts(self, _number: int, line: str, text: str) -> str:
        """What holds for lines below, or for the notice as a whole."""
        month, year = month_in(text)
        told = month is not None and len(text) < LONGEST_HEADING and not NOT_ONE_MONTH.search(text)
        if told:
            self.at.month, self.at.year = month, year or self.at.year
        heading = TITLE.search(text) and len(text) <= LONGEST_HEADING and (line.endswith(":") or SECTION.match(text))
        if heading:
            self.at.host = host_in(line)
        noted = self._note_facts(line, text) or self._note_policy(line, text)
        return "facts" if told or heading or noted else ""

    def _note_facts(self, line: str, text: str) -> bool:
        """Place, hours, stand-in, year and the post the notice is about."""
        notice = self.notice
        place, stand_in, year = place_in(line), stand_in_of(line), YEAR.search(text)
        hours, supposed = hours_in(text)
        about = host_in(line) if "tiep" in text and not stand_in else ""
        notice.place, notice.stand_in = notice.place or place, notice.stand_in or stand_in
        notice.host = notice.host or about
        if hours and hours != notice.hours:
            notice.hours = tuple(sorted({*notice.hours, *hours}))
            notice.end_supposed |= supposed
        if year and "tiep" in text and not self.at.year:
            self.at.year = notice.year = int(year[1])
        return bool(place or stand_in or hours or about or (year and "tiep" in text))

    def _note_policy(self, _line: str, text: str) -> bool:
        day_off = policy_in(text)
        self.notice.day_off = self.notice.day_off or day_off
        return day_off is not None

    def _month(self, text: str) -> int | None:
        """The month of days that print none: the line's own, or that of the heading above."""
        month, year = month_in(text)
        if month is not None:
            self.at.month, self.at.year = month, year or self.at.year
        return month or self.at.month

    def _year(self, text: str) -> int | None:
        return month_in(text)[1] or self.at.year

    def _row(self, number: int) -> str:
        if number in self.tables.heads:
            return "head"
        row = self.tables.rows.get(number)
        if row is None or not self.at.periodic:
            return ""
        became = self._cells(number, row)
        if became:
            self.taken.update(dict.fromkeys(row.lines, became))
        return became

    def _cells(self, number: int, row: Row) -> str:
        """The days of a table's row: the month and the day from their columns, the rest from all cells together."""
        cells = row.cells
        if "day" not in cells and "text" not in cells:
            return ""
        text = bare(cells.get("day") or cells["text"])
        own = re.fullmatch(r"(?:thang\s*)?0?(\d{1,2})(?:\s*[/-]\s*(20\d{2}))?", bare(cells.get("month", "")).strip())
        if own and 1 <= int(own[1]) <= 12:
            self.at.month, self.at.year = int(own[1]), int(own[2]) if own[2] else self.at.year
        days = days_in(text, self._month(text), self._year(text), listed="day" in cells)
        whole = "  ".join(cells.values())
        if not days or NOT_HELD.search(bare(whole)):
            return ""
        weekday = days_in(f"{bare(cells['weekday'])}, ngay 1", 1) if "weekday" in cells else []
        days = [replace(day, weekday=weekday[0].weekday) if weekday else day for day in days]
        hours = hours_in(bare(cells.get("hours") or whole))[0]
        host = host_in(cells.get("title", "")) or cells.get("title", "") or host_in(cells.get("person", "") or whole)
        self._add(number, days, host=host or self.at.host, person=_named(cells), hours=hours)
        self.notice.attend = self.notice.attend or cells.get("attend", "")
        self.notice.place = self.notice.place or cells.get("place", "")
        return "dates"

    def _add(self, number: int, days: Iterable[PrintedDay], *, host: str, person: str, hours: tuple[str, ...]) -> None:
        self.notice.days += [FoundDay(number, day, host, person, hours) for day in days]


def _named(cells: dict[str, str]) -> str:
    """The person of a row: the words after "ông", "bà", or the whole cell where it is no title."""
    cell = cells.get("person", "")
    named = person_in(cell) or person_in("  ".join(cells.values()))
    return named or ("" if host_in(cell) or not cell[:1].isupper() else cell)


def _complete(notice: PastedNotice) -> None:
    """Hosts in their longest form, hours where a line prints none, and the year."""
    hosts = [*(one.host for one in notice.days), *(one.host for one in notice.rules)]
    titles = Counter(host for host in hosts if host)
    notice.host = notice.host or (titles.most_common(1)[0][0] if titles else "")
    known = sorted({*titles, notice.host} - {""}, key=len, reverse=True)
    notice.host = _whole(notice.host, known)
    notice.days = [
        replace(one, host=_whole(one.host or notice.host, known), hours=one.hours or notice.hours)
        for one in notice.days
    ]
    notice.not_held = [replace(one, host=_whole(one.host, known)) for one in notice.not_held]
    notice.rules = [
        replace(one, host=_whole(one.host or notice.host, known), hours=one.hours or notice.hours)
        for one in notice.rules
    ]
    notice.year = _year_of(notice)


def _whole(host: str, known: Iterable[str]) -> str:
    """The longest title that begins as this one: "Chủ tịch" is "Chủ tịch UBND xã" where the notice says so."""
    return next((one for one in known if bare(one).startswith(f"{bare(host)} ")), host) if host else ""


def _year_of(notice: PastedNotice) -> int | None:
    """The year most days print, otherwise the one the notice is headed with; None where it says none."""
    years = Counter(one.printed.year for one in notice.days if one.printed.year)
    return years.most_common(1)[0][0] if years else notice.year
