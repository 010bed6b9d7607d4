"""The periods of the reports on reception (TT 02/2021/TT-TTCP art. 7, TT 01/2024): from the 15th to the 14th."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduler.errors import BadInput

CUT_OFF = 14
"""The last day of a period in its last month; the next one starts on the day after."""
KEY = re.compile(r"(\d{4})-Q([1-4])")


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """A quarter as the reports count it; both days included."""

    key: str
    year: int
    quarter: int
    first: date
    last: date


def quarter_of(year: int, quarter: int) -> ReportPeriod:
    """Quý I is 15/12 of the last year to 14/03, the others follow."""
    ends = quarter * 3
    begins = ends - 3
    first = date(year, begins, CUT_OFF + 1) if begins else date(year - 1, 12, CUT_OFF + 1)
    return ReportPeriod(f"{year}-Q{quarter}", year, quarter, first, date(year, ends, CUT_OFF))


def period_of(key: str) -> ReportPeriod:
    """The period of a key such as "2026-Q3". Raises BadInput for any other text."""
    found = KEY.fullmatch(key)
    if found is None or not 2014 <= int(found[1]) <= 2100:
        raise BadInput("compliance.no-such-period", "period", given=key)
    return quarter_of(int(found[1]), int(found[2]))


def periods_ended(first: date, last: date) -> Iterator[ReportPeriod]:
    """The periods whose last day lies between the two days, both included."""
    for year in range(first.year, last.year + 1):
        for quarter in range(1, 5):
            found = quarter_of(year, quarter)
            if first <= found.last <= last:
                yield found
