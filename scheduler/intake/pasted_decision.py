"""The yearly decision on days off as it was pasted from a notice: which days are off or worked, and where it says so.

Only working days are named by it: a Saturday inside a holiday stays what its weekday says. A person reads it over.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from scheduler.errors import BadInput
from scheduler.intake.pasted_words import bare, number_in, signed_on, tidy

MOST_SIGNS, LONGEST_SPAN = 30_000, 20
DATE = re.compile(
    r"(?:(?:(thu (?:hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn|t[2-7])\s*,?\s*)?\(?\s*(?:ngay\s+)?)"
    r"(\d{1,2})\s*(?:/|-|\.|thang)\s*(\d{1,2})(?:\s*(?:/|-|\.|nam)\s*(\d{4}))?(?!\d)"
)
YEAR = re.compile(r"(?<!\d)nam\s+(20\d{2})(?!\d)")
SPAN = re.compile(r"\b(?:tu|bat dau tu)\b")
SWAPPED = re.compile(r"hoan doi")
WORKED = re.compile(r"lam bu|di lam|lam viec bu|hoan doi sang")
SENTENCES = re.compile(r";|\.(?=\s|$)|(?=hoan doi)")
"""A swap begins a sentence of its own, so that the holiday told before it is not lost."""
OFF = re.compile(r"\bnghi\b|duoc nghi")
WEEKDAYS = {"hai": 0, "2": 0, "ba": 1, "3": 1, "tu": 2, "4": 2, "nam": 3, "5": 3, "sau": 4, "6": 4, "bay": 5, "7": 5}
NAMES = (
    ("tet nguyen dan", "Tết Nguyên đán"),
    ("tet am lich", "Tết Nguyên đán"),
    ("tet duong lich", "Tết Dương lịch"),
    ("gio to", "Giỗ Tổ Hùng Vương"),
    ("quoc khanh", "Quốc khánh"),
    ("chien thang", "Ngày Chiến thắng 30/4, Quốc tế Lao động 01/5"),
    ("30/4", "Ngày Chiến thắng 30/4, Quốc tế Lao động 01/5"),
    ("quoc te lao dong", "Ngày Chiến thắng 30/4, Quốc tế Lao động 01/5"),
    ("van hoa viet nam", "Ngày Văn hóa Việt Nam 24/11"),
)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DecidedDay:
    """A day as the decision gives it: off or worked, its name, and the line (from 1) that says so.

    `printed` is the weekday the line prints where it is another than the day's own (0 is Monday).
    """

    day: date
    off: bool
    name: str
    line: int
    printed: int | None = None


@dataclass(slots=True)
class PastedDecision:
    """What was read: number and day of the paper, days in order, and the lines with dates that were not understood."""

    number: str = ""
    signed_on: date | None = None
    days: list[DecidedDay] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Printed:
    day: date
    weekday: int | None

    @property
    def wrong(self) -> int | None:
        return self.weekday if self.weekday is not None and self.weekday != self.day.weekday() else None


def read_decision(text: str, year: int) -> PastedDecision:
    """The days of a pasted decision; a date without a year lies in the year the text names, else in `year`.

    Raises BadInput for a text beyond measure or without any letters.
    """
    if len(text) > MOST_SIGNS:
        raise BadInput("decisions.too-long", "text", most=MOST_SIGNS)
    if not any(map(str.isalnum, text)):
        raise BadInput("decisions.empty", "text")
    lines = tidy(text).split("\n")
    found, name = PastedDecision(), ""
    named = YEAR.search(bare(text))
    year = int(named[1]) if named else year
    for number, line in enumerate(lines, 1):
        plain = bare(line)
        found.signed_on = found.signed_on or signed_on(line)
        if "so" in plain.split(" ", 1)[0] or plain.startswith("so"):
            found.number = found.number or number_in(line)
        name = _name_in(plain) or name
        for sentence in SENTENCES.split(plain):
            name = _name_in(sentence) or name
            _read(found, sentence, list(_dates(_said_of_days(sentence), year)), number=number, line=line, name=name)
    found.days = _each_once(found.days)
    return found


def _read(found: PastedDecision, sentence: str, printed: list[_Printed], *, number: int, line: str, name: str) -> None:
    if not printed:
        return
    if SWAPPED.search(sentence) and len(printed) >= 2:
        found.days.append(DecidedDay(printed[0].day, True, "Nghỉ hoán đổi", number, printed[0].wrong))
        found.days.append(DecidedDay(printed[1].day, False, "Làm bù", number, printed[1].wrong))
    elif WORKED.search(sentence):
        found.days += [DecidedDay(one.day, False, "Làm bù", number, one.wrong) for one in printed]
    elif OFF.search(sentence):
        found.days += list(_days_off(sentence, printed, name or "Ngày nghỉ", number))
    elif signed_on(line) is None and number_in(line) == "":
        found.unread.append((number, line.strip()))


def _said_of_days(sentence: str) -> str:
    """The part whose dates count: not the feast that a head names ("Dịp 30/4 và 01/5: nghỉ từ …")."""
    head, colon, rest = sentence.partition(":")
    if colon and not rest.strip() and not OFF.search(head) and not WORKED.search(head):
        return ""
    return rest if DATE.search(rest) else sentence


def _days_off(sentence: str, printed: list[_Printed], name: str, number: int) -> Iterator[DecidedDay]:
    first, last = printed[0], printed[-1]
    if SPAN.search(sentence) and len(printed) >= 2 and timedelta() < last.day - first.day <= timedelta(LONGEST_SPAN):
        wrong = {first.day: first.wrong, last.day: last.wrong}
        for step in range((last.day - first.day).days + 1):
            day = first.day + timedelta(days=step)
            if day.weekday() < SATURDAY:
                yield DecidedDay(day, True, name, number, wrong.get(day))
        return
    for one in printed:
        if one.day.weekday() < SATURDAY or one.wrong is not None:
            yield DecidedDay(one.day, True, name, number, one.wrong)


def _dates(sentence: str, year: int) -> Iterator[_Printed]:
    for match in DATE.finditer(sentence):
        try:
            day = date(int(match[4]) if match[4] else year, int(match[3]), int(match[2]))
        except ValueError:
            continue
        yield _Printed(day, _weekday(match[1]))


def _weekday(words: str | None) -> int | None:
    if not words:
        return None
    if words in ("chu nhat", "cn"):
        return 6
    return WEEKDAYS[words.removeprefix("thu").removeprefix("t").strip() or words[-1]]


def _name_in(plain: str) -> str:
    return next((name for words, name in NAMES if words in plain), "")


def _each_once(days: list[DecidedDay]) -> list[DecidedDay]:
    """A day said twice is one: what a swap says of it outranks the span it lies in."""
    kept: dict[date, DecidedDay] = {}
    for one in days:
        before = kept.get(one.day)
        if before is None or one.name in ("Nghỉ hoán đổi", "Làm bù"):
            kept[one.day] = one
    return [kept[day] for day in sorted(kept)]
