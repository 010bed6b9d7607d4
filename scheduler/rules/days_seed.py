"""The working-day calendar the program comes with: statutory days from `holidays`, read once, then corrected by the
yearly notices and the swaps that the package lacks.

A row that a notice was read for, or that the law alone fixes, is "confirmed"; what is computed or second hand is
"expected"; a swap that is only proposed is kept as "proposed" and never applied.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from scheduler.rules.feasts import kind_of
from scheduler.rules.working_days import Calendar, Day

FIRST_YEAR = 2014

# As `holidays` begins a name, and as the product says it; what begins otherwise is a day of Tết.
NAMES = (
    ("Tết Dương lịch", "Tết Dương lịch"),
    ("Ngày Giỗ Tổ", "Giỗ Tổ Hùng Vương"),
    ("Ngày Chiến thắng", "Ngày Chiến thắng 30/4"),
    ("Ngày Quốc tế Lao động", "Ngày Quốc tế Lao động 1/5"),
    ("Quốc khánh", "Quốc khánh 2/9"),
    ("Ngày Văn hóa", "Ngày Văn hóa Việt Nam 24/11"),
)
TET = "Tết Nguyên đán"
SWAP_NAME = re.compile(r"Ngày nghỉ \(thay cho ngày (\d\d)/(\d\d)/(\d{4})\)")

LAW = "Bộ luật Lao động 2019, điều 112"
LAW_IN_LIEU = "Bộ luật Lao động 2019, điều 111 khoản 3"
LAW_BEFORE = "Bộ luật Lao động"
LAW_CHANGED = 2021
RESOLUTION = "Nghị quyết 28/2026/QH16"
PACKAGE = "thư viện holidays"
LAST_NOTICED_YEAR = 2026

# Fixed by the law to the day, so that no yearly notice is needed: day and month, or the lunar feast.
FIXED_KINDS = ("new_year", "hung_kings", "victory", "labour", "in_lieu")


class Notice(NamedTuple):
    """A break as a notice printed it, both ends included; what lies in it rests on that notice."""

    first: date
    last: date
    basis: str
    source: str


class Swap(NamedTuple):
    """A working day given up and the Saturday worked instead."""

    off: date
    worked: date
    basis: str
    source: str
    state: str


def _notice(first: str, last: str, basis: str, source: str) -> Notice:
    return Notice(date.fromisoformat(first), date.fromisoformat(last), basis, source)


def _swap(off: str, worked: str, basis: str, source: str, *, state: str = "confirmed") -> Swap:
    return Swap(date.fromisoformat(off), date.fromisoformat(worked), basis, source, state)


MOHA_2026 = "Thông báo của Bộ Nội vụ về nghỉ Tết và Quốc khánh năm 2026"
S67 = "http://tamlongvang.laodong.com.vn/xa-hoi/an-dinh-thoi-gian-nghi-tet-giap-ngo-va-ngay-le-2014-174011.bld"
S68 = "https://vietnamnet.vn/en/total-of-21-days-for-2019-public-holidays-announced-E206473.html"
S69 = "https://sggpnews.org.vn/culture_art/vietnams-public-holidays-in-2021-89687.html"
S70 = (
    "https://quangngai.gov.vn/tin-tuc/tin-chi-dao-dieu-hanh/"
    "nghi-le-ngay-chien-thang-30-4-va-ngay-quoc-te-lao-dong-01-5-nam-2025.html"
)
S71 = (
    "https://vietnamnews.vn/politics-laws/1727514/"
    "ministry-of-home-affairs-announces-2026-holiday-schedule-for-lunar-new-year-national-day.html"
)
S99 = "https://www.24h.com.vn/tin-tuc-trong-ngay/ai-duoc-hoan-doi-de-nghi-tet-duong-lich-4-ngay-c46a1724830.html"
S103 = "https://vietnamnews.vn/society/1687874/pm-approves-proposal-for-9-day-continuous-tet-holiday-in-2025.html"
S104 = "https://vietnamnews.vn/society/1636141/one-week-break-approved-for-tet-holiday-in-2024.html"
S105 = "https://en.vietnamplus.vn/sevenday-tet-holiday-fixed-for-state-employees/244803.vnp"
S106 = "https://en.baobinhthuan.com.vn/print/94428.html"
S107 = "https://vietnamnet.vn/en/seven-day-holiday-for-lunar-new-year-2020-approved-582674.html"
S108 = "https://e.vnexpress.net/news/news/vietnam-to-kick-off-lunar-new-year-break-on-valentine-s-day-3684669.html"
S110 = (
    "https://xaydungchinhsach.chinhphu.vn/"
    "ngay-24-11-hang-nam-la-ngay-van-hoa-viet-nam-nguoi-lao-dong-duoc-nghi-huong-nguyen-luong-"
    "119260113152642414.htm"
)

# Only breaks whose notice was read: what `holidays` computed for the others stays "expected".
NOTICES = (
    _notice("2014-01-28", "2014-02-05", "Thông báo nghỉ Tết Giáp Ngọ và ngày lễ năm 2014", S67),
    _notice("2018-02-14", "2018-02-20", "Thủ tướng Chính phủ duyệt lịch nghỉ Tết 2018", S108),
    _notice("2020-01-23", "2020-01-29", "Lịch nghỉ Tết 2020 đã được duyệt", S107),
    _notice("2021-01-01", "2021-01-03", "Thông báo lịch nghỉ lễ, Tết năm 2021", S69),
    _notice("2021-02-10", "2021-02-16", "Thông báo lịch nghỉ lễ, Tết năm 2021", S69),
    _notice("2021-04-21", "2021-04-21", "Thông báo lịch nghỉ lễ, Tết năm 2021", S69),
    _notice("2021-04-30", "2021-05-03", "Thông báo lịch nghỉ lễ, Tết năm 2021", S69),
    _notice("2021-09-02", "2021-09-05", "Thông báo lịch nghỉ lễ, Tết năm 2021", S69),
    _notice("2022-01-29", "2022-02-06", "Thông báo lịch nghỉ lễ, Tết năm 2022", S106),
    _notice("2022-04-09", "2022-04-11", "Thông báo lịch nghỉ lễ, Tết năm 2022", S106),
    _notice("2022-04-30", "2022-05-03", "Thông báo lịch nghỉ lễ, Tết năm 2022", S106),
    _notice("2022-09-01", "2022-09-04", "Thông báo lịch nghỉ lễ, Tết năm 2022", S106),
    _notice("2023-01-20", "2023-01-26", "Công văn 8056/VPCP-KGVX", S105),
    _notice("2023-09-01", "2023-09-04", "Công văn 8056/VPCP-KGVX", S105),
    _notice("2024-02-08", "2024-02-14", "Lịch nghỉ Tết Giáp Thìn 2024 đã được duyệt", S104),
    _notice("2024-08-31", "2024-09-03", "Lịch nghỉ lễ năm 2024 đã được duyệt", S104),
    _notice("2025-01-25", "2025-02-02", "Thủ tướng Chính phủ duyệt lịch nghỉ Tết 2025", S103),
    _notice("2025-04-05", "2025-04-07", "Thông báo lịch nghỉ lễ năm 2025", S103),
    _notice("2025-04-30", "2025-05-04", "Thông báo nghỉ lễ 30/4 và 1/5 năm 2025", S70),
    _notice("2025-08-30", "2025-09-02", "Thủ tướng Chính phủ duyệt lịch nghỉ Quốc khánh 2025", S103),
    _notice("2026-02-14", "2026-02-22", MOHA_2026, S71),
    _notice("2026-08-29", "2026-09-02", MOHA_2026, S71),
)

SWAPS = (
    _swap("2014-01-28", "2014-01-25", "Thông báo nghỉ Tết Giáp Ngọ và ngày lễ năm 2014", S67),
    _swap("2014-01-29", "2014-02-08", "Thông báo nghỉ Tết Giáp Ngọ và ngày lễ năm 2014", S67),
    _swap("2018-12-31", "2019-01-05", "Lịch nghỉ lễ, Tết năm 2019 (theo đề xuất)", S68, state="expected"),
    _swap("2019-04-29", "2019-05-04", "Lịch nghỉ lễ, Tết năm 2019 (theo đề xuất)", S68, state="expected"),
    _swap("2025-05-02", "2025-04-26", "Thông báo nghỉ lễ 30/4 và 1/5 năm 2025", S70),
    _swap("2026-01-02", "2026-01-10", "Công văn 12729/VPCP-KGVX ngày 25/12/2025", S99),
    _swap("2026-08-31", "2026-08-22", MOHA_2026, S71),
    _swap("2026-11-23", "2026-11-28", "Đề xuất hoán đổi dịp Ngày Văn hóa Việt Nam 2026", S110, state="proposed"),
)

# Days in lieu that `holidays` does not name.
ADDED = (Day(date(2014, 2, 5), True, "Nghỉ bù Tết Nguyên đán", NOTICES[0].basis, S67),)


def default_days(first_year: int, last_year: int) -> list[Day]:
    """The named days of these years, both included, by date; proposed swaps stand among them as "proposed"."""
    # One year more: a Saturday in December may be worked for a day in January.
    printed = _holidays(first_year, last_year + 1)
    named = {day: _statutory(day, name) for day, name in printed.items() if not SWAP_NAME.match(name)}
    named |= {row.day: row for row in ADDED}
    for swap in (*_package_swaps(printed), *SWAPS):
        named |= {row.day: row for row in _swapped(swap)}
    return [named[day] for day in sorted(named) if first_year <= day.year <= last_year]


@lru_cache(maxsize=32)
def default_calendar(first_year: int, last_year: int) -> Calendar:
    """The calendar the program comes with, over these years at least; made once for each span of years."""
    return Calendar(default_days(min(first_year, FIRST_YEAR), max(last_year, FIRST_YEAR)))


def _holidays(first_year: int, last_year: int) -> dict[date, str]:
    # The tables of the package take longer to load than most pages: only who seeds a calendar pays for it.
    import holidays

    found = holidays.country_holidays("VN", years=range(first_year, last_year + 1), language="vi")
    return dict(found.items())


def _statutory(day: date, printed: str) -> Day:
    name = printed.split(";")[0].strip()
    feast = next((said for start, said in NAMES if name.startswith(start)), TET)
    said = f"Nghỉ bù {feast}" if "nghỉ bù" in name else feast
    kind = kind_of(said)
    notice = next((one for one in NOTICES if one.first <= day <= one.last), None)
    if notice is not None and kind not in FIXED_KINDS:
        return Day(day, True, said, notice.basis, notice.source)
    return Day(day, True, said, _law(day, kind), PACKAGE, _state(day, kind))


def _package_swaps(printed: dict[date, str]) -> Iterator[Swap]:
    for off, name in printed.items():
        found = SWAP_NAME.match(name)
        if found:
            day, month, year = (int(part) for part in found.groups())
            yield Swap(off, date(year, month, day), "", PACKAGE, "expected")


def _law(day: date, kind: str) -> str:
    if kind == "culture":
        return RESOLUTION
    if day.year < LAW_CHANGED:
        return LAW_BEFORE
    return LAW_IN_LIEU if kind == "in_lieu" else LAW


def _state(day: date, kind: str) -> str:
    fixed = kind in FIXED_KINDS or (kind == "national" and (day.day, day.month) == (2, 9))
    return "confirmed" if fixed and day.year <= LAST_NOTICED_YEAR else "expected"


def _swapped(swap: Swap) -> tuple[Day, Day]:
    off_name = f"Nghỉ hoán đổi (làm bù ngày {swap.worked:%d/%m/%Y})"
    worked_name = f"Làm bù cho ngày {swap.off:%d/%m/%Y}"
    facts = (swap.basis, swap.source, swap.state)
    return Day(swap.off, True, off_name, *facts), Day(swap.worked, False, worked_name, *facts)
