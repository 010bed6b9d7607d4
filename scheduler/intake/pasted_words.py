"""The words of a printed notice: weekdays, hours, posts, people, places, numbers, and what it says of days off.

Everything is looked for in `bare` text, small letters without accents and of the same length as the text itself, so
that a notice is read however it was typed and names are still taken as written.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date

from scheduler.errors import BadInput
from scheduler.rules.day_off import DayOffRule
from scheduler.rules.hours import read_hours

SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u3000]+")
GONE = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
DASHES = re.compile("[\u2010-\u2015\u2212]")
QUOTES = re.compile("[\u2018\u2019\u02bc\u2032`\u00b4]")

WEEKDAY_WORDS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5}
WEEKDAY = re.compile(
    r"(?<!so )(?<!bi )(?<!tuan )(?<!le )(?<!lan )(?<!hop )(?<!khoa )(?<![a-z0-9])"
    r"(?:thu\s*(hai|ba|tu|nam|sau|bay|[2-7])|t([2-7])|(chu\s*nhat|cn))(?![a-z0-9])"
)
TIME = r"(?<!\d)(\d{1,2})\s*(?:gio|[gh](?![a-z])|:(?=\s*\d{2}))\s*(\d{2}(?!\d))?\s*(?:phut|')?"
HOUR_SPAN = re.compile(TIME + r"\s*(?:-|den|toi)\s*" + TIME)
HOUR = re.compile(TIME)
MORNING_ENDS, AFTERNOON_ENDS = "11:30", "16:30"
NOON = 12

TITLE = re.compile(
    r"(?<![a-z])(?:pho\s+)?(?:bi thu|chu tich|giam doc|truong ban|truong phong|chanh thanh tra|chanh van phong"
    r"|hieu truong|chu nhiem|truong doan|thuong truc|doan dbqh|doan dai bieu quoc hoi|to dai bieu)"
    r"(?:\s+thuong truc)?"
    r"(?:\s+(?:ubnd|hdnd|uy ban nhan dan|hoi dong nhan dan|dang uy|tinh uy|thanh uy|so|don vi|uy ban mttq viet nam))?"
    r"(?:\s+(?:tinh|thanh pho|tp\.?|phuong|xa|quan|huyen|dac khu|thi tran))?(?![a-z])"
)
PERSON = re.compile(r"(?:\b(?:[Đđ]ồng chí|[ĐĐđ]/[Cc]|[ÔôOo]ng|[Bb]à|ĐỒNG CHÍ|ÔNG|BÀ)\.?:?\s+)((?:\w+\s*){2,6})")
NAME_WORD = re.compile(r"[^\W\d_]+")
NUMBER = re.compile(r"(?<![a-z])so\s*:?\s*(\d{1,5}\s*[/-]\s*[^\s,;.]{2,30})")
SIGNED_ON = re.compile(r"^[^\d]{0,40},\s*ngay\s*(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})\s*\.?$")
PLACE_HEAD = re.compile(r"(?:dia diem|noi tiep)[^:]{0,40}:\s*")
PLACE_INSIDE = re.compile(
    r"(?<![a-z])tai\s+(?=(?:phong|tru so|hoi truong|nha van hoa|ban tiep|van phong|trung tam|dia diem|noi tiep|so \d))"
)
PLACE_ENDS = re.compile(r"[.;()]| vao | tu \d| luc |, bat dau| nhu sau")
STAND_IN = re.compile(r"uy quyen(?: cho)?")
POLICIES = (
    (re.compile(r"ngay dau tuan|dau tuan (?:sau|ke|tiep)|ngay lam viec dau tien cua tuan"),
     "first_working_day_of_next_week"),
    (re.compile(r"cung thu|tuan (?:sau|ke tiep|tiep theo|ke)"), "same_weekday_next_week"),
    (re.compile(r"lam viec (?:lien )?(?:truoc|ke truoc)|ngay truoc do"), "previous_working_day"),
    (re.compile(r"lam viec (?:lien |gan )?(?:ke|tiep|lien|sau|gan)|ngay (?:ke tiep|tiep theo|lien ke)"),
     "next_working_day"),
    (re.compile(r"thong bao (?:sau|rieng|cu the|lich)|co thong bao|se thong bao"), "announce"),
    (re.compile(r"khong tiep|thi nghi|duoc nghi|khong to chuc"), "skip"),
)  # fmt: skip
"""What a notice says of dates that meet a day off; the first that is found holds."""
MEETS = r"trung\s+(?:vao|voi|ngay|thu|dip|le|nghi|tet|lich)"
CLAUSE = re.compile(rf"\(?\s*(?:(?:neu|truong hop|khi)[^(.;]{{0,60}}?)?{MEETS}[^).;]*\)?")


def tidy(text: str) -> str:
    """The text in NFC with plain spaces, dashes and quotes; tabs and line ends stay."""
    text = GONE.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return SPACES.sub(" ", QUOTES.sub("'", DASHES.sub("-", text)))


def bare(text: str) -> str:
    """Small letters without accents, letter for letter."""
    return "".join(_bare_letter(letter) for letter in text)


def _bare_letter(letter: str) -> str:
    if letter in "đĐ":
        return "d"
    return (unicodedata.normalize("NFD", letter)[:1].lower() or letter)[:1]


def weekdays_in(text: str) -> Iterator[tuple[int, int, int]]:
    """(start, end, weekday) of every weekday in bare text; 0 is Monday."""
    for found in WEEKDAY.finditer(text):
        yield found.start(), found.end(), _weekday(found[1] or found[2])


def _weekday(word: str | None) -> int:
    if word is None:
        return 6
    return int(word) - 2 if word.isdigit() else WEEKDAY_WORDS[word]


def hours_in(text: str) -> tuple[tuple[str, ...], bool]:
    """Spans of hours in bare text as the plan file writes them, and whether an end had to be supposed.

    A notice that prints only when it begins ("7 giờ 30") is taken to last until the end of that half of the day.
    """
    spans = [_span(*found.groups()) for found in HOUR_SPAN.finditer(text)]
    if spans:
        return _readable(spans), False
    starts = [_hour(*found.groups()) for found in HOUR.finditer(text)]
    ends = (MORNING_ENDS if int(start[:2]) < NOON else AFTERNOON_ENDS for start in starts)
    return _readable([f"{start}-{end}" for start, end in zip(starts, ends, strict=True)]), bool(starts)


def _hour(hour: str, minute: str | None) -> str:
    return f"{int(hour):02}:{minute or '00'}"


def _span(hour: str, minute: str | None, end_hour: str, end_minute: str | None) -> str:
    return f"{_hour(hour, minute)}-{_hour(end_hour, end_minute)}"


def _readable(spans: list[str]) -> tuple[str, ...]:
    try:
        return read_hours(", ".join(dict.fromkeys(spans))) if spans else ()
    except BadInput:
        return ()


def without_hours(text: str) -> str:
    """Bare text with its hours blanked out, so that "8h30" is not read as a day."""
    for pattern in (HOUR_SPAN, HOUR):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def host_in(text: str) -> str:
    """The post a text names: the first that is no deputy's, otherwise the first; blank where there is none.

    "Phó Bí thư Đảng ủy, Chủ tịch UBND phường" is the chairman.
    """
    found = [tuple(one.span()) for one in TITLE.finditer(bare(text))]
    titles = [text[start:end].strip(" .") for start, end in found]
    chiefs = [title for title in titles if not bare(title).startswith("pho ")]
    return (chiefs or titles or [""])[0]


def person_in(text: str) -> str:
    """The person a text names after "ông", "bà" or "đồng chí": words that begin with a capital, up to a title."""
    found = PERSON.search(text)
    if found is None:
        return ""
    title = TITLE.search(bare(found[1]))
    words = []
    for word in found[1][: title.start() if title else None].split():
        if not (NAME_WORD.fullmatch(word) and word[0].isupper()):
            break
        words.append(word)
    return " ".join(words) if len(words) > 1 else ""


def place_in(text: str) -> str:
    """The place a text names after "Địa điểm:" or "tại phòng …"."""
    plain = bare(text)
    found = PLACE_HEAD.search(plain) or PLACE_INSIDE.search(plain)
    if found is None:
        return ""
    rest = text[found.end() :]
    end = PLACE_ENDS.search(bare(rest))
    place = rest[: end.start() if end else None].strip(" ,:-")
    return re.sub(r"^(?i:tại)\s+", "", place)[:200]


def number_in(text: str) -> str:
    """The number of the notice, "12/TB-UBND"."""
    found = NUMBER.search(bare(text))
    return "".join(text[found.start(1) : found.end(1)].split()) if found else ""


def signed_on(text: str) -> date | None:
    """The day of a line such as "Tây Sơn, ngày 05 tháng 6 năm 2025"."""
    found = SIGNED_ON.match(bare(text).strip())
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def stand_in_of(text: str) -> str:
    """Who may receive in the head's place: the post named after "ủy quyền cho"."""
    found = STAND_IN.search(bare(text))
    if found is None:
        return ""
    title = TITLE.search(bare(text), found.end())
    return text[title.start() : title.end()].strip() if title else ""


def policy_in(text: str) -> DayOffRule | None:
    """What bare text says of dates that meet a day off; None where it says nothing."""
    found = re.search(MEETS, text)
    if found is None or not re.search(r"nghi|le\b|tet\b|thu bay|thu 7|chu nhat", text[found.start() :]):
        return None
    way = next((way for pattern, way in POLICIES if pattern.search(text, found.start())), "")
    return DayOffRule(way, way) if way else None


def without_policy(text: str) -> str:
    """Bare text without its clause about days off, which repeats days and weekdays."""
    return CLAUSE.sub(lambda found: " " * len(found[0]), text)
