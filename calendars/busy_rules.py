"""The dates of a foreign calendar's repeating event within a window (RFC 5545 3.3.10), never more than is bearable."""

from collections.abc import Iterator
from datetime import date, datetime, tzinfo
from typing import Any

from dateutil.rrule import YEARLY, rrule, rrulestr
from icalendar import vRecur

STEP_DAYS = {"DAILY": 1, "WEEKLY": 7, "MONTHLY": 30, "YEARLY": 365}
MOST_STEPS = 200_000
"""Steps of all rules of one file together: a daily event since 1970 takes 20,000."""
MOST_COUNT, MOST_INTERVAL = 10_000, 1_000
FIRST_YEAR, LAST_YEAR = 1970, 2100
FILTERS = ("BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYDAY", "BYSETPOS")
NO_FINER = ("BYHOUR", "BYMINUTE", "BYSECOND")


class UnfitRule(Exception):
    """The rule is against the standard, or asks for more than a person's calendar holds."""


class StrangeRule(Exception):
    """The rule is right, and so rare that it is not followed; its event is left out and told."""


class Budget:
    """How many steps the rules of one file may still take."""

    def __init__(self) -> None:
        self.left = MOST_STEPS

    def take(self, steps: int) -> None:
        """Raises UnfitRule when there are none left."""
        self.left -= steps
        if self.left < 0:
            raise UnfitRule


def starts_of(
    text: str, first: datetime, window: tuple[datetime, datetime], *, zone: tzinfo, budget: Budget
) -> list[datetime]:
    """The wall times of `zone`, naive, at which an event that first begins at `first` begins in the window.

    Raises UnfitRule, StrangeRule.
    """
    parts = _parts(text)
    until = _checked(parts, first, zone)
    last = min(window[1], until) if until else window[1]
    budget.take(max((last.date() - first.date()).days, 0) // STEP_DAYS[parts["FREQ"][0]] + 1)
    rule = _rule(parts, text, first, until)
    if next(iter(rule), None) is None:
        raise UnfitRule
    return list(_between(rule, window[0], last))


def _between(rule: rrule, first: datetime, last: datetime) -> Iterator[datetime]:
    for moment in rule:
        if moment > last:
            return
        if moment >= first:
            yield moment


def _parts(text: str) -> dict[str, list[Any]]:
    try:
        found = {str(name).upper(): value for name, value in vRecur.from_ical(text).items()}
    except (ValueError, TypeError, KeyError):
        raise UnfitRule from None
    return {name: value if isinstance(value, list) else [value] for name, value in found.items()}


def _checked(parts: dict[str, list[Any]], first: datetime, zone: tzinfo) -> datetime | None:
    """The last moment of the rule, if it names one. Raises UnfitRule."""
    interval, count = parts.get("INTERVAL", [1])[0], parts.get("COUNT", [1])[0]
    freq = str(parts.get("FREQ", [""])[0])
    fit = freq in STEP_DAYS and 1 <= interval <= MOST_INTERVAL and 1 <= count <= MOST_COUNT
    if not fit or first.year < FIRST_YEAR or any(name in parts for name in NO_FINER):
        raise UnfitRule
    if "UNTIL" not in parts:
        return None
    until = parts["UNTIL"][0]
    if not isinstance(until, datetime):
        until = datetime.combine(until, datetime.max.time()) if isinstance(until, date) else None
    if until is None:
        raise UnfitRule
    if until.year > LAST_YEAR:
        return None  # as calendars write "for ever"
    wall: datetime = until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until
    if wall < first:
        raise UnfitRule
    return wall


def _rule(parts: dict[str, list[Any]], text: str, first: datetime, until: datetime | None) -> rrule:
    filters = [name for name in FILTERS if name in parts]
    freq = str(parts["FREQ"][0])
    if freq == "DAILY" and filters and (parts.get("INTERVAL", [1])[0] > 1 or "BYSETPOS" in filters):
        raise StrangeRule  # it may never come, and looking for it takes until the year 9999
    plain = ";".join(part for part in text.split(";") if not part.upper().startswith("UNTIL="))
    try:
        rule = rrulestr(plain, dtstart=first)
    except (ValueError, TypeError):
        raise UnfitRule from None
    if not isinstance(rule, rrule):
        raise UnfitRule
    if freq == "DAILY" and filters:
        # Every day that fits, looked for by years: the same days, and an end where no day ever fits.
        whole_months = filters == ["BYMONTH"]
        rule = rule.replace(freq=YEARLY, bymonthday=range(1, 32)) if whole_months else rule.replace(freq=YEARLY)
    return rule.replace(until=until) if until else rule
