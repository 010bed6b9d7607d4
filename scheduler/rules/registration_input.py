"""What people type when they register: names, a telephone number, head counts and words, in one form or refused."""

import re
import unicodedata

from scheduler.errors import BadInput

LONGEST_NAME = 120
LONGEST_WORDS = 1000
LONGEST_CONTACT = 254
MOST_PEOPLE = 1000
GROUP_FROM = 5
"""From five people on one matter they are a group that names representatives (LTCD art. 29)."""
SMALL_GROUP, SMALL_GROUP_NAMES, LARGE_GROUP_NAMES = 10, 2, 5
MOBILE = re.compile(r"0[35789]\d{8}")
LANDLINE = re.compile(r"02\d{9}")
ABROAD = re.compile(r"\+[1-9]\d{7,14}")
PHONE_SIGNS = re.compile(r"[\s().\-\u2010-\u2015\u00a0]+")
CODE_DIGITS = 6
DENOUNCES = re.compile(r"\btố\W*cáo\b|\bdenounc\w*|\bdenunciation", re.IGNORECASE)
DENOUNCES_BARE = re.compile(r"\bto\W*cao\b", re.IGNORECASE)


def checked_name(text: str, place: str = "name") -> str:
    """A person's name in one line, composed. Raises BadInput for none, for control characters and for a long one."""
    line = checked_line(text, place)
    if not line:
        raise BadInput("registrations.no-name", place)
    return line


def checked_line(text: str, place: str, longest: int = LONGEST_NAME) -> str:
    """Any short text in one line, composed, without what nobody sees. Raises BadInput."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\t\r\n" for sign in text):
        raise BadInput("registrations.odd-signs", place)
    line = " ".join(_visible(text).split())
    if len(line) > longest:
        raise BadInput("registrations.too-long", place, n=longest)
    return line


def checked_words(text: str, place: str = "words", longest: int = LONGEST_WORDS) -> str:
    """Some lines of text, composed; control characters and overrides of direction fall away. Raises BadInput."""
    text = _visible(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = "".join(sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()
    if len(text) > longest:
        raise BadInput("registrations.too-long", place, n=longest)
    return text


def checked_phone(text: str, place: str = "contact") -> str:
    """A telephone number as it is dialled in Vietnam, or with + from abroad. Raises BadInput.

    "+84 (0)912 345 678", "84912345678" and the same in full-width digits are 0912345678; "²" is no digit.
    """
    number = PHONE_SIGNS.sub("", _digits(text.strip().replace("(0)", "")))
    for begins in ("+84", "0084", "84"):
        if number.startswith(begins) and len(number) >= len(begins) + 9:
            number = "0" + number.removeprefix(begins).removeprefix("0")
            break
    if number.startswith("00"):
        number = "+" + number[2:]
    if not any(form.fullmatch(number) for form in (MOBILE, LANDLINE, ABROAD)):
        raise BadInput("registrations.no-phone", place)
    return number


def checked_count(text: str, place: str = "people", most: int = MOST_PEOPLE) -> int:
    """A whole number from 1 on; full-width digits are read as digits. Raises BadInput."""
    number = _digits(text.strip())
    if not (number.isascii() and number.isdecimal() and len(number) <= 9 and 1 <= int(number) <= most):
        raise BadInput("registrations.no-count", place, most=most)
    return int(number)


def checked_code(text: str) -> str:
    """The six digits of a code, however they were spaced: "482 615"; blank where it is none."""
    code = re.sub(r"[\s.\-]+", "", _digits(text))
    return code if len(code) == CODE_DIGITS and code.isascii() and code.isdecimal() else ""


def shown_code(code: str) -> str:
    """A code in two groups: "482 615"."""
    return f"{code[:3]} {code[3:]}" if code else ""


def most_representatives(people: int) -> int:
    """How many speak for so many people: of 5 to 10 one or two, of more at most five (LTCD art. 29)."""
    if people < GROUP_FROM:
        return people
    return SMALL_GROUP_NAMES if people <= SMALL_GROUP else LARGE_GROUP_NAMES


def checked_representatives(text: str, people: int, name: str) -> tuple[str, ...]:
    """Who speaks for the group, one name a line; left blank, it is who registers. Nobody for who comes alone.

    Raises BadInput where there are more than the law lets speak.
    """
    if people < 2:
        return ()
    lines = [line for line in text.splitlines() if _visible(line).strip()]
    names = tuple(dict.fromkeys(checked_name(line, "representatives") for line in lines)) or (name,)
    most = most_representatives(people)
    if len(names) > most:
        raise BadInput("registrations.too-many-representatives", "representatives", n=most, people=people)
    return names


def denounces(*texts: str) -> bool:
    """Whether a text speaks of a denunciation (tố cáo), however it is spelled.

    Without any accents "to cao" is read as one too: the same letters may mean a tall house, but what is kept by
    mistake cannot be taken back.
    """
    for text in texts:
        seen = _visible(text)
        if DENOUNCES.search(seen) or (seen.isascii() and DENOUNCES_BARE.search(seen)):
            return True
    return False


def _visible(text: str) -> str:
    """Composed, without zero-width signs and overrides of direction."""
    return "".join(sign for sign in unicodedata.normalize("NFC", text) if unicodedata.category(sign) != "Cf")


def _digits(text: str) -> str:
    """Full-width digits and plus as ASCII; every other sign stays."""
    return "".join(chr(ord(sign) - 0xFEE0) if "０" <= sign <= "９" or sign == "＋" else sign for sign in text)  # noqa: RUF001
