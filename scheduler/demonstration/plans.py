"""The demonstration's yearly plans: rules as real notices print them, one set for each commune."""

from datetime import date
from random import Random
from typing import Any

CHAIRMAN_RULES: tuple[dict[str, Any], ...] = (
    # Each holds the law's two days a month (Luật 136/2025/QH15); forms as printed by communes and provinces.
    {"rule": {"every": "month", "nth": [1, 3], "weekday": "TH"}, "day_off": "next_working_day"},
    {"rule": {"every": "month", "days": [10, 25]}, "day_off": "next_working_day"},
    {"rule": {"every": "month", "days": [5, 20]}, "day_off": "nearest_working_day"},
    {"rule": {"every": "month", "weeks": [2, 4], "weekday": "TU"}, "day_off": "first_working_day_of_next_week"},
    {"rule": {"every": "month", "nth": [2, -1], "weekday": "WE"}, "day_off": "previous_working_day"},
    {
        "rule": {"every": "month", "days": [15, 30], "short_month": "last_day"},
        "day_off": {"weekend": "next_working_day", "holiday": "nearest_working_day", "same_month": True},
    },
    {"rule": {"every": "week", "interval": 2, "weekdays": ["TH"]}, "day_off": "same_weekday_next_week"},
)
SECRETARY_RULES: tuple[dict[str, Any], ...] = (
    {"rule": {"every": "month", "nth": [2, 4], "weekday": "FR"}, "day_off": "next_working_day"},
    {"rule": {"every": "month", "days": [8, 22]}, "day_off": "next_working_day"},
    {"rule": {"every": "month", "nth": [1, 3], "weekday": "MO"}, "day_off": "next_working_day"},
)
HOURS = (["07:30-11:30"], ["08:00-11:30"], ["07:30-11:30", "13:30-16:30"])
ATTEND = ("Phòng Kinh tế, Hạ tầng và Đô thị", "Công an")
FRONT = "Ủy ban MTTQ Việt Nam"
DEPUTIES = {"Bí thư Đảng ủy": "Phó Bí thư Thường trực Đảng ủy", "Bí thư Thành ủy": "Phó Bí thư Thường trực Thành ủy"}


def chairman_series(
    place: str, starts: date, until: date, *, chance: Random, attend: tuple[str, ...] = ATTEND
) -> list[dict[str, Any]]:
    """What a people's committee plans: its chairman's reception, and one dialogue conference a year."""
    rule = chance.choice(CHAIRMAN_RULES)
    reception = {
        "key": "chu-tich",
        "kind": "periodic_reception",
        "host": "Chủ tịch UBND",
        "hours": list(chance.choice(HOURS)),
        "place": place,
        "content": "Tiếp nhận khiếu nại, tố cáo, kiến nghị, phản ánh của công dân.",
        "attend": [*attend, FRONT],
        "stand_in": "Phó Chủ tịch UBND",
        "register_by": {"working_days": 3},
    } | rule
    dialogue = {
        "key": "doi-thoai",
        "kind": "dialogue",
        "host": "Chủ tịch UBND",
        "rule": {"every": "year", "month": [chance.choice((3, 4, 10, 11))], "nth": [2], "weekday": "SA"},
        "day_off": "keep",
        "hours": ["08:00-11:00"],
        "place": "Nhà văn hóa trung tâm",
        "content": "Đối thoại với Nhân dân về đất đai, trật tự xây dựng, vệ sinh môi trường.",
        "attend": ["Thường trực HĐND", FRONT],
        "stand_in": "Phó Chủ tịch UBND",
    }
    return [_bounded(series, starts, until) for series in (reception, dialogue)]


def secretary_series(
    place: str, host: str, starts: date, until: date, *, chance: Random, whole: bool = True
) -> list[dict[str, Any]]:
    """What a party committee plans: its secretary's two days a month (Quy định 11-QĐi/TW).

    Not `whole`: its notice forgot to say who stands in, so the desk asks for it before each sitting.
    """
    series = {
        "key": "bi-thu",
        "kind": "periodic_reception",
        "host": host,
        "hours": ["08:00-11:30"],
        "place": place,
        "content": "Tiếp dân, đối thoại trực tiếp, nghe phản ánh, kiến nghị của Nhân dân.",
        "attend": ["Ủy ban Kiểm tra Đảng ủy", "Ban Xây dựng Đảng"],
        "stand_in": DEPUTIES.get(host, "") if whole else "",
    } | chance.choice(SECRETARY_RULES)
    return [_bounded(series, starts, until)]


def city_series(place: str, starts: date, until: date) -> list[dict[str, Any]]:
    """The city chairman's one day a month."""
    series = {
        "key": "chu-tich",
        "kind": "periodic_reception",
        "host": "Chủ tịch UBND",
        "rule": {"every": "month", "nth": [2], "weekday": "TU"},
        "day_off": "next_working_day",
        "hours": ["07:30-11:30"],
        "place": place,
        "content": "Tiếp công dân định kỳ tại Trụ sở Tiếp công dân thành phố.",
        "stand_in": "Phó Chủ tịch UBND thành phố",
        "attend": ["Thanh tra thành phố", "Sở Nông nghiệp và Môi trường", "Sở Xây dựng"],
    }
    return [_bounded(series, starts, until)]


def _bounded(series: dict[str, Any], starts: date, until: date) -> dict[str, Any]:
    return series | {"starts": starts.isoformat(), "until": until.isoformat()}
