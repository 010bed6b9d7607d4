"""Vietnamese read aloud: numbers, days, hours and abbreviations as a loudspeaker or a telephone says them."""

import re
from collections.abc import Iterator
from datetime import date

from scheduler.language.dates import weekday_name

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", " nghìn", " triệu")
BILLION = 10**9
SYLLABLES_A_SECOND = 3.5
"""How fast a commune's announcer reads: about two hundred syllables a minute."""

ABBREVIATIONS = (
    # Longer ones first: each is replaced where it stands as a word of its own.
    ("UBMTTQ", "Ủy ban Mặt trận Tổ quốc"),
    ("HĐND-UBND", "Hội đồng nhân dân và Ủy ban nhân dân"),
    ("UBND", "Ủy ban nhân dân"),
    ("HĐND", "Hội đồng nhân dân"),
    ("MTTQ", "Mặt trận Tổ quốc"),
    ("TTHC", "thủ tục hành chính"),
    ("PVHCC", "phục vụ hành chính công"),
    ("HCC", "hành chính công"),
    ("QSDĐ", "quyền sử dụng đất"),
    ("GPMB", "giải phóng mặt bằng"),
    ("TDP", "tổ dân phố"),
    ("TP.HCM", "Thành phố Hồ Chí Minh"),
    ("TP HCM", "Thành phố Hồ Chí Minh"),
    ("TPHCM", "Thành phố Hồ Chí Minh"),
    ("TP", "thành phố"),
    ("TX", "thị xã"),
    ("CCCD", "căn cước"),
    ("VP", "Văn phòng"),
    ("BCH", "Ban Chỉ huy"),
    ("KT", "kinh tế"),
    ("HT", "hạ tầng"),
    ("ĐT", "đô thị"),
    ("QL", "quốc lộ"),
    ("P", "phường"),
    ("Q", "quận"),
    ("T/M", "thay mặt"),
    ("KH", "kế hoạch"),
    ("TB", "thông báo"),
)
_SHORT = re.compile(
    "|".join(rf"(?<![\w.]){re.escape(short)}(?:\.(?=\s|\w)|(?![\w.])|(?=\.$|\.\s[A-ZĐ]))" for short, _ in ABBREVIATIONS)
)
_LONG = dict(ABBREVIATIONS)
_ROMAN = re.compile(r"(?<!\w)(?=[IVX]{2})(X{0,3})(IX|IV|V?I{0,3})(?!\w)")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10}
_HOUR = re.compile(r"(?<![\d/])([01]?\d|2[0-4])\s*(?:giờ|[hg]|:(?=\d))\s*([0-5]\d)?(?:\s*phút)?(?![\d/])")
_DAY = re.compile(r"(?<![\d/])(0?[1-9]|[12]\d|3[01])[/-](0?[1-9]|1[0-2])(?:[/-](\d{4}))?(?![\d/])")
_PHONE = re.compile(r"(?<!\d)(?:\+84|0)[\d .]{7,13}\d(?!\d)")
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{3})+(?!\d)")
_NUMBER = re.compile(r"\d+")
_SIGNS = (("&", " và "), ("%", " phần trăm"), ("+", " cộng "), ("–", ", "), ("—", ", "), ("…", "."), ("_", " "))


def number_words(n: int) -> str:
    """The number in words: 21 "hai mươi mốt", 105 "một trăm linh năm", 2026 "hai nghìn không trăm hai mươi sáu"."""
    if n < 0:
        return f"âm {number_words(-n)}"
    if n >= BILLION:
        rest = n % BILLION
        return f"{number_words(n // BILLION)} tỷ" + (f" {_groups(rest, whole=True)}" if rest else "")
    return _groups(n, whole=False) or DIGITS[0]


def spoken_date(day: date, *, year: bool = False) -> str:
    """ "thứ Sáu, ngày hai mươi bảy tháng mười một", with its year where it is asked for."""
    return f"{weekday_name('vi', day)}, {day_words(day, year=year)}"


def day_words(day: date, *, year: bool = False) -> str:
    """ "ngày hai mươi bảy tháng mười một"; the first ten days are "mùng"."""
    return f"ngày {_day_and_month(day.day, day.month)}" + (f" năm {number_words(day.year)}" if year else "")


def spoken_hour(hour: str) -> str:
    """ "07:30" → "bảy giờ ba mươi phút"; "14:00" → "mười bốn giờ"."""
    hours, minutes = (int(part) for part in hour.split(":"))
    return f"{number_words(hours)} giờ" + (f" {number_words(minutes)} phút" if minutes else "")


def told_hour(hour: str) -> str:
    """The hour as one says it to somebody: "07:30" → "bảy giờ rưỡi sáng", "14:00" → "hai giờ chiều"."""
    hours, minutes = (int(part) for part in hour.split(":"))
    part = next(name for until, name in ((11, "sáng"), (13, "trưa"), (18, "chiều"), (25, "tối")) if hours < until)
    said = number_words(hours - 12 if hours > 12 else hours) + " giờ"
    if minutes:
        said += " rưỡi" if minutes == 30 else f" {number_words(minutes)} phút"
    return f"{said} {part}"


def spelled_out(text: str) -> str:
    """The text as it is read: no digit, no slash, no abbreviation this house knows.

    A number that begins with 0 and is as long as a telephone's is read digit by digit.
    """
    text = _SHORT.sub(lambda found: f"{_LONG[found.group().rstrip('.')]} ", text)
    text = _ROMAN.sub(lambda found: number_words(_roman(found.group())), text)
    text = _PHONE.sub(lambda found: digits_words(found.group()), text)
    text = _DAY.sub(lambda found: _day_in_text(found, text), text)
    text = _HOUR.sub(_hour_in_text, text)
    text = _THOUSANDS.sub(lambda found: number_words(int(found.group().replace(".", ""))), text)
    text = re.sub(r"(?<=\d)/(?=\d)", " trên ", text)
    text = _NUMBER.sub(lambda found: f" {_number_in_text(found.group())} ", text)
    for sign, said in _SIGNS:
        text = text.replace(sign, said)
    text = re.sub(r"\s*/\s*", ", ", text)
    return re.sub(r"\s+([,.;:)])", r"\1", " ".join(text.split()))


def digits_words(text: str) -> str:
    """A telephone number digit by digit: "024" → "không hai bốn"."""
    return " ".join(DIGITS[int(sign)] for sign in text.replace("+84", "0") if sign.isdigit())


def reading_seconds(text: str) -> int:
    """About how long it takes to read this aloud."""
    return round(len(text.split()) / SYLLABLES_A_SECOND)


def _groups(n: int, *, whole: bool) -> str:
    """Below a billion, in groups of three; `whole` says the hundreds of the first group even where there are none."""
    parts: list[str] = []
    for place in (2, 1, 0):
        group = n // 1000**place % 1000
        if group:
            parts.append(" ".join(_below_thousand(group, whole=whole or bool(parts))) + GROUPS[place])
    return " ".join(parts)


def _below_thousand(n: int, *, whole: bool) -> Iterator[str]:
    hundreds, tens, ones = n // 100, n // 10 % 10, n % 10
    if hundreds or whole:
        yield f"{DIGITS[hundreds]} trăm"
    if tens == 0 and ones and (hundreds or whole):
        yield "linh"
    if tens == 1:
        yield "mười"
    elif tens:
        yield f"{DIGITS[tens]} mươi"
    if ones:
        yield _last_digit(ones, tens)


def _last_digit(ones: int, tens: int) -> str:
    if tens > 1 and ones == 1:
        return "mốt"
    if tens > 1 and ones == 4:
        return "tư"
    return "lăm" if tens and ones == 5 else DIGITS[ones]


def _day_and_month(day: int, month: int) -> str:
    first = "mùng " if day <= 10 else ""
    return f"{first}{number_words(day)} tháng {'tư' if month == 4 else number_words(month)}"


def _day_in_text(found: re.Match[str], text: str) -> str:
    """A day where a year follows or the words before say so; else the two parts of a house's number."""
    before = text[: found.start()].rstrip().lower()
    dated = found.group(3) or before.endswith(("ngày", "từ", "đến", "sang", "trước", "sau", ",", "hết", "và"))
    if not dated:
        return found.group()
    said = _day_and_month(int(found.group(1)), int(found.group(2)))
    return said + (f" năm {number_words(int(found.group(3)))}" if found.group(3) else "")


def _hour_in_text(found: re.Match[str]) -> str:
    minutes = int(found.group(2) or 0)
    return f"{number_words(int(found.group(1)))} giờ" + (f" {number_words(minutes)} phút" if minutes else "")


def _number_in_text(digits: str) -> str:
    if len(digits) > 2 and digits.startswith("0"):
        return digits_words(digits)
    return number_words(int(digits)) if len(digits) <= 12 else digits_words(digits)


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[sign] for sign in text]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return sum(-value if value < after else value for value, after in pairs)
