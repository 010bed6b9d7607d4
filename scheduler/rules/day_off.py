"""Where a sitting goes when its date by the rule is not worked: one small function for each way, in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from scheduler.rules.working_days import Calendar, Cause, Reason

Outcome = Literal["scheduled", "shifted", "moved", "skipped", "merged", "to_be_announced"]

DEFAULT_WAY = "next_working_day"
LISTED_WAY = "keep"
WEEK = timedelta(days=7)
WEEKS_TRIED = 8


@dataclass(frozen=True, slots=True)
class DayOffRule:
    """The way for each cause, a name of WAYS; `same_month` forbids leaving the month of the date by the rule."""

    weekend: str = DEFAULT_WAY
    holiday: str = DEFAULT_WAY
    same_month: bool = False

    def way(self, cause: Cause) -> str:
        """The way that holds for this cause."""
        return self.weekend if cause == "weekend" else self.holiday


NEXT_WORKING_DAY = DayOffRule()


@dataclass(frozen=True, slots=True)
class Settled:
    """Where a date ends up: `date` is None where there is no sitting on a known day."""

    date: date | None
    outcome: Outcome
    reason: Reason


def settle(planned: date, rule: DayOffRule, calendar: Calendar, cause: Cause) -> Settled:
    """Settles a date by the rule which is a day off, for this cause."""
    settled = WAYS[rule.way(cause)](planned, calendar)
    if rule.same_month and settled.outcome == "shifted" and settled.date is not None:
        return _kept_in_month(planned, settled.date, calendar) or settled
    return settled


def _kept_in_month(planned: date, found: date, calendar: Calendar) -> Settled | None:
    """The first working day on the other side when the day found lies in another month; None when it does not."""
    if _same_month(planned, found):
        return None
    later = found > planned
    other = calendar.previous_working(planned) if later else calendar.next_working(planned)
    if not _same_month(planned, other):
        return Settled(None, "to_be_announced", _reason("month-without-working-day", found=found))
    return _shifted("same-month-before" if later else "same-month-after", other, found=found)


def _same_month(one: date, other: date) -> bool:
    return (one.year, one.month) == (other.year, other.month)


def _next_working_day(planned: date, calendar: Calendar) -> Settled:
    return _shifted("next-working-day", calendar.next_working(planned))


def _previous_working_day(planned: date, calendar: Calendar) -> Settled:
    return _shifted("previous-working-day", calendar.previous_working(planned))


def _nearest_working_day(planned: date, calendar: Calendar) -> Settled:
    later, earlier = calendar.next_working(planned), calendar.previous_working(planned)
    found = earlier if planned - earlier < later - planned else later
    return _shifted("nearest-working-day", found, distance=abs((found - planned).days))


def _first_working_day_of_next_week(planned: date, calendar: Calendar) -> Settled:
    sunday = planned + timedelta(days=6 - planned.weekday())
    found = calendar.next_working(sunday)
    key = "first-day-of-next-week" if found - sunday <= WEEK else "next-week-off"
    return _shifted(key, found)


def _same_weekday_next_week(planned: date, calendar: Calendar) -> Settled:
    for weeks in range(1, WEEKS_TRIED + 1):
        found = planned + weeks * WEEK
        if calendar.is_working(found):
            return _shifted("same-weekday", found, n=weeks)
    return _shifted("same-weekday-never", calendar.next_working(planned), n=WEEKS_TRIED)


def _skip(planned: date, calendar: Calendar) -> Settled:
    return Settled(None, "skipped", _reason("skipped-by-rule"))


def _keep(planned: date, calendar: Calendar) -> Settled:
    return Settled(planned, "scheduled", _reason("kept"))


def _announce(planned: date, calendar: Calendar) -> Settled:
    return Settled(None, "to_be_announced", _reason("to-be-announced"))


def _shifted(key: str, to: date, **facts: Any) -> Settled:
    return Settled(to, "shifted", _reason(key, to=to, **facts))


def _reason(key: str, **facts: Any) -> Reason:
    return f"why.{key}", {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in facts.items()}


WAYS: Mapping[str, Callable[[date, Calendar], Settled]] = {
    "next_working_day": _next_working_day,
    "previous_working_day": _previous_working_day,
    "nearest_working_day": _nearest_working_day,
    "first_working_day_of_next_week": _first_working_day_of_next_week,
    "same_weekday_next_week": _same_weekday_next_week,
    "skip": _skip,
    "keep": _keep,
    "announce": _announce,
}
