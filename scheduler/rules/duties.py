"""How many days the law asks a head to receive citizens in person, by post and time, with where it says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Per = Literal["week", "month"]

STAND_IN_NEVER_COUNTS_FROM = date(2026, 7, 1)
"""From this day the law names no deputy in the head's place (Luật 136/2025/QH15): said beside every stand-in's day."""


@dataclass(frozen=True, slots=True)
class Duty:
    """So many days a week or month, between two days (both included, an open end is None), and the law for it.

    `district` rows end with the level on 30/06/2025; councils have no row: their article gives no number.
    """

    key: str
    count: int
    per: Per
    valid_from: date
    valid_to: date | None
    basis: str
    source: str


@dataclass(frozen=True, slots=True)
class Span:
    """A whole week or month in which `required` days are asked; with `required` 0 a piece of one, left out.

    `first` and `last` are included. `duty` is the row that asks.
    """

    first: date
    last: date
    required: int
    duty: Duty

    @property
    def whole(self) -> bool:
        """Whether it is a whole week or month, and so counts."""
        return self.required > 0


RECEPTION_ACT = "Luật Tiếp công dân 42/2013/QH13"
AMENDING_ACT = "Luật 136/2025/QH15"
PARTY_RULE = "Quy định 11-QĐi/TW, điều 4 khoản 1"
START = date(2014, 7, 1)
LAST_OF_DISTRICTS = date(2025, 6, 30)
LAST_OF_OLD_ACT = date(2026, 6, 30)
NEW_ACT = date(2026, 7, 1)
PARTY_START = date(2019, 2, 18)
CODIFIED = "https://github.com/diepxuan/diepxuan.github.io (khieu-nai-to-cao/tiep-cong-dan)"
DECREE_154 = "https://github.com/diepxuan/diepxuan.github.io (tu-phap/nghi-dinh-154-2026-nd-cp-tiep-cong-dan)"
COMMUNE_PRESS = (
    "https://news.laodong.vn/thoi-su/chu-tich-ubnd-cap-xa-phai-tiep-cong-dan-it-nhat-2-ngaythang-1623290.ldo"
)
PARTY_PRESS = (
    "https://luatvietnam.vn/tin-van-ban-moi/"
    "nguoi-dung-dau-cap-uy-cap-xa-tiep-dan-it-nhat-2-lan-thang-186-19088-article.html"
)

DUTIES = (
    Duty("province_chairman", 1, "month", START, None, f"{RECEPTION_ACT}, điều 12 khoản 5", CODIFIED),
    Duty("district_chairman", 2, "month", START, LAST_OF_DISTRICTS, f"{RECEPTION_ACT}, điều 13 khoản 5", CODIFIED),
    Duty(
        "commune_chairman",
        1,
        "week",
        START,
        LAST_OF_OLD_ACT,
        f"{RECEPTION_ACT}, điều 15 khoản 2 điểm d",
        CODIFIED,
    ),
    Duty(
        "commune_chairman",
        2,
        "month",
        NEW_ACT,
        None,
        f"{RECEPTION_ACT}, điều 15, sửa đổi bởi {AMENDING_ACT}",
        COMMUNE_PRESS,
    ),
    Duty("department_head", 1, "month", START, None, f"{RECEPTION_ACT}, điều 18 khoản 2", CODIFIED),
    Duty("minister", 1, "month", START, None, f"{RECEPTION_ACT}, điều 18 khoản 2", CODIFIED),
    Duty(
        "public_unit_head",
        1,
        "month",
        START,
        LAST_OF_OLD_ACT,
        "Nghị định 64/2014/NĐ-CP, điều 4 khoản 2",
        CODIFIED,
    ),
    Duty("public_unit_head", 1, "month", NEW_ACT, None, "Nghị định 154/2026/NĐ-CP, điều 10 khoản 2", DECREE_154),
    Duty("province_secretary", 1, "month", PARTY_START, None, PARTY_RULE, PARTY_PRESS),
    Duty("district_secretary", 1, "month", PARTY_START, LAST_OF_DISTRICTS, PARTY_RULE, PARTY_PRESS),
    Duty("commune_secretary", 2, "month", PARTY_START, None, PARTY_RULE, PARTY_PRESS),
)

DUTY_KEYS = tuple(dict.fromkeys(duty.key for duty in DUTIES))
"""What `Post.duty` may name, besides blank."""


def duties_between(key: str, first: date, last: date) -> tuple[Duty, ...]:
    """The rows of this duty that hold on any day from `first` to `last`, by time."""
    return tuple(
        duty
        for duty in DUTIES
        if duty.key == key and duty.valid_from <= last and (duty.valid_to is None or duty.valid_to >= first)
    )


def spans_between(key: str, first: date, last: date) -> tuple[Span, ...]:
    """The weeks (Monday first) and months from `first` to `last`, whole ones with what they ask, by time.

    A week or month that the ends of the time or of the law cut is a span with `required` 0: it asks nothing here and
    is shown as left out.
    """
    return tuple(span for duty in duties_between(key, first, last) for span in _spans(duty, first, last))


def required_days(key: str, first: date, last: date) -> int:
    """How many days the law asks in the whole weeks and months between the two days, both included."""
    return sum(span.required for span in spans_between(key, first, last))


def _spans(duty: Duty, first: date, last: date) -> Iterator[Span]:
    first = max(first, duty.valid_from)
    last = min(last, duty.valid_to or last)
    while first <= last:
        begins, ends = _week(first) if duty.per == "week" else _month(first)
        whole = begins == first and ends <= last
        yield Span(first, min(ends, last), duty.count if whole else 0, duty)
        first = ends + timedelta(days=1)


def _week(day: date) -> tuple[date, date]:
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def _month(day: date) -> tuple[date, date]:
    begins = day.replace(day=1)
    return begins, (begins + timedelta(days=31)).replace(day=1) - timedelta(days=1)
