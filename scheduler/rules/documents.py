"""Documents an office makes: their kinds, numbers, signatures and dates as Decree 30/2020/NĐ-CP writes them.

State bodies follow the decree (art. 8 and Appendix I), party bodies their own guide: no motto, "Số 12-TB/ĐU".
"""

import re
from dataclasses import dataclass
from datetime import date

from scheduler.errors import BadInput
from scheduler.rules.names import core_name, shortened

STATE_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
STATE_MOTTO = "Độc lập - Tự do - Hạnh phúc"
PARTY_NATION = "ĐẢNG CỘNG SẢN VIỆT NAM"
PARTY = "party_committee"


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document. `code` stands in its number; `of` says what it is made of; `word`: also as .docx."""

    key: str
    code: str
    of: str  # "notice", "sitting" or "unit"
    word: bool = True
    public: bool = False  # may be read by everybody, once it is numbered where it has a number


DOCUMENTS = (
    DocumentKind("schedule", "TB", "notice", public=True),
    DocumentKind("change", "TB", "sitting", public=True),
    DocumentKind("invitation", "GM", "sitting"),
    DocumentKind("agenda", "CTr", "sitting"),
    DocumentKind("poster", "", "unit", word=False, public=True),
    DocumentKind("door", "", "sitting", word=False),
)
DOCUMENT = {kind.key: kind for kind in DOCUMENTS}
WITH_TEMPLATE = tuple(kind.key for kind in DOCUMENTS if kind.word)

BODY_CODES = {"peoples_committee": "UBND", "peoples_council": "HĐND", "place": "UBND"}
DEFAULT_POWERS = {
    "peoples_committee": ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    "peoples_council": ("TM. THƯỜNG TRỰC HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"),
    "place": ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
}
LONG_FORMS = (("UBND", "Ủy ban nhân dân"), ("HĐND", "Hội đồng nhân dân"))
LONGEST_LINE = 200
MOST_RECIPIENTS = 30


def long_name(name: str) -> str:
    """A body's name in full: "UBND phường Hoàn Kiếm" → "Ủy ban nhân dân phường Hoàn Kiếm"."""
    for short, whole in LONG_FORMS:
        name = re.sub(rf"(?<!\w){short}(?!\w)", whole, name)
    return name


def body_code(kind: str, name: str) -> str:
    """The body's letters in a number: "UBND", "ĐU", "TU"; for a department the first letters of its name."""
    if kind == PARTY:
        return "TU" if shortened(name).startswith(("Tỉnh ủy", "Thành ủy")) else "ĐU"
    if kind in BODY_CODES:
        return BODY_CODES[kind]
    if name.startswith("Văn phòng"):
        return "VP"
    return "".join(word[0] for word in re.findall(r"\w+", name) if word[0].isupper())[:6]


def full_number(number: str, *, kind: str, unit_kind: str, unit_name: str) -> str:
    """ "05/TB-UBND", "12-TB/ĐU"; with a gap to be filled by hand where there is no number yet.

    A bare number gets the signs of its kind and body; one under ten a zero (Decree 30, art. 8 and App. I.II.3).
    """
    number = " ".join(number.split())
    if not number.isascii() or not (number.isdigit() or not number):
        return number
    counted = f"{int(number):02d}" if number else "\u00a0" * 6
    body, code = body_code(unit_kind, unit_name), DOCUMENT[kind].code
    return f"{counted}-{code}/{body}" if unit_kind == PARTY else f"{counted}/{code}-{body}"


def number_line(number: str, *, kind: str, unit_kind: str, unit_name: str) -> str:
    """ "Số: 05/TB-UBND"; a party body's without the colon: "Số 12-TB/ĐU"."""
    number = full_number(number, kind=kind, unit_kind=unit_kind, unit_name=unit_name)
    return f"Số {number}" if unit_kind == PARTY else f"Số: {number}"


def decree_date(day: date) -> str:
    """ "ngày 05 tháng 01 năm 2027": a zero before days under ten and months one and two."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_date(place: str, day: date | None) -> str:
    """ "Hà Nội, ngày 05 tháng 01 năm 2027"; with gaps where it is not signed yet."""
    gap = "\u00a0" * 5
    said = decree_date(day) if day else f"ngày {gap} tháng {gap} năm {gap}"
    return f"{place}, {said}" if place else said


def decree_hour(hour: str) -> str:
    """ "07:30" → "07 giờ 30 phút"."""
    hours, _, minutes = hour.partition(":")
    return f"{int(hours):02d} giờ {minutes} phút"


def decree_span(spans: list[str]) -> str:
    """["07:30-11:30"] → "từ 07 giờ 30 phút đến 11 giờ 30 phút"."""
    said = [" đến ".join(decree_hour(end) for end in span.split("-")) for span in spans]
    return f"từ {' và từ '.join(said)}" if said else ""


def powers_of(form: str, unit_kind: str, unit_name: str) -> list[str]:
    """The lines above a signature: "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH" as two, or those usual for the body."""
    given = [part.strip() for part in re.split(r"\s/\s|\n|;", form) if part.strip()]
    if given:
        return [part.upper() for part in given]
    if unit_kind == PARTY:
        party = next((word for word in ("Thành ủy", "Tỉnh ủy") if unit_name.startswith(word)), "Đảng ủy")
        return [f"T/M {party.upper()}", "BÍ THƯ"]
    return list(DEFAULT_POWERS.get(unit_kind, ("THỦ TRƯỞNG ĐƠN VỊ",)))


def default_place(place_name: str) -> str:
    """The place before the date: the place's own name without its type, "Hoàn Kiếm"."""
    return core_name(place_name)


def party_above(province: str) -> str:
    """The party organisation above a commune's committee: "ĐẢNG BỘ THÀNH PHỐ HÀ NỘI"."""
    return f"ĐẢNG BỘ {province.upper()}"


def recipients_of(text: str) -> list[str]:
    """One recipient a line, without the dashes and signs the document adds itself.

    Raises BadInput where there are too many, or one is too long for its line.
    """
    lines = [line.strip().lstrip("-–• ").rstrip(" ;.") for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST_RECIPIENTS or any(len(line) > LONGEST_LINE for line in lines):
        raise BadInput("documents.too-many-recipients", "recipients", n=MOST_RECIPIENTS, length=LONGEST_LINE)
    return lines


def recipient_lines(recipients: list[str]) -> list[str]:
    """As the document lists them: "- …;" and the last "- Lưu: VT."."""
    return [f"- {one}{'.' if place == len(recipients) - 1 else ';'}" for place, one in enumerate(recipients)]


@dataclass(frozen=True)
class Head:
    """What only the office knows of a document: number, day, signer, form of signature, place, recipients."""

    number: str = ""
    signed_on: date | None = None
    signer: str = ""
    signature_form: str = ""
    place_name: str = ""
    recipients: tuple[str, ...] = ()
