"""How far ahead a schedule's sittings are kept as rows."""

from datetime import date

LONGEST_YEARS = 10
"""A series with an end is planned to that end, however far, but never further than this."""


def horizon_day(today: date, starts: date) -> date:
    """The last day planned for a series without an end: next year's, or the year's after it starts if that is later."""
    return date(max(today.year, starts.year) + 1, 12, 31)


def plan_until(today: date, starts: date, until: date | None) -> date:
    """The last date by the rule that must have its row today."""
    if until is None:
        return horizon_day(today, starts)
    return min(until, date(max(today.year, starts.year) + LONGEST_YEARS, 12, 31))
