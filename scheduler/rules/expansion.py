"""One series into its planned dates: the dates by the rule, what a day off or a decision does to each, and why.

The identity of a planned date is its series and the date by the rule. Everything here is a pure function of the
series and the calendar, so that two runs, on two machines, give the same rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from scheduler.rules.day_off import NEXT_WORKING_DAY, DayOffRule, Outcome, Settled, settle
from scheduler.rules.recurrence import Counted, Rule, rule_dates
from scheduler.rules.recurrence_forms import rule_reason, set_later_reason
from scheduler.rules.working_days import Calendar, Reason, day_off_reason

OUTCOMES: tuple[Outcome, ...] = ("scheduled", "shifted", "moved", "skipped", "merged", "to_be_announced")


@dataclass(frozen=True, slots=True)
class Change:
    """A decision by hand for one date by the rule; it outranks the rule and what days off do."""

    day: date
    action: Literal["skip", "move"]
    to: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Season:
    """Other hours from one (month, day) to another, both included; it may run over the turn of the year."""

    starts: tuple[int, int]
    until: tuple[int, int]
    hours: tuple[str, ...]

    def holds(self, day: date) -> bool:
        """Whether the day lies in the season, in any year."""
        place = (day.month, day.day)
        if self.starts <= self.until:
            return self.starts <= place <= self.until
        return place >= self.starts or place <= self.until


@dataclass(frozen=True, slots=True)
class Series:
    """A schedule as the rules see it: either `hosts` sit together or `rotation` takes turns in this order.

    `starts` and `until` are both included and bound the date by the rule; without `until` it runs to the horizon.
    """

    key: str
    rule: Rule
    starts: date
    until: date | None = None
    months: tuple[int, ...] = ()
    day_off: DayOffRule = NEXT_WORKING_DAY
    hosts: tuple[str, ...] = ()
    rotation: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    seasons: tuple[Season, ...] = ()
    changes: tuple[Change, ...] = ()


class PlannedDate(NamedTuple):
    """One date by the rule and what became of it; `date` is None where there is no sitting on a known day.

    `reasons` are (key, facts) pairs, the facts plain enough for JSON; `language.why.render_why` says them.
    """

    series: str
    planned: date
    date: date | None
    hours: tuple[str, ...]
    hosts: tuple[str, ...]
    outcome: Outcome
    reasons: tuple[Reason, ...]


def horizon(starts: date) -> date:
    """How far a series without an end is previewed: the end of the year after it starts."""
    return date(starts.year + 1, 12, 31)


def expand(
    series: Series, calendar: Calendar, first: date | None = None, last: date | None = None
) -> list[PlannedDate]:
    """The planned dates of a series, ascending by the date by the rule, from `first` to `last` (both included).

    Without `last` a series without `until` goes to its `horizon`. Turns and merging always count from `starts`, so
    that a later window gives the same rows as a whole run.
    """
    planned_dates = dates_by_rule(series, last)
    as_ruled: tuple[Reason, ...] = (rule_reason(series.rule, series.months),)
    changes = {change.day: change for change in series.changes}
    taken: dict[date, date] = {}
    rows = []
    for turn, planned in enumerate(planned_dates):
        change = changes.get(planned)
        if isinstance(series.rule, Counted):
            settlement: _Settlement = _set_later(series.rule, planned, calendar, change)
        elif change is None and calendar.is_working(planned):
            settlement = (planned, "scheduled", as_ruled)
        else:
            settlement = _settled(series, planned, calendar, change)
        day = settlement[0]
        if day is not None and (keeper := taken.setdefault(day, planned)) != planned:
            settlement = (None, "merged", (*settlement[2], _merged(keeper, day)))
        if first is None or planned >= first:
            rows.append(_row(series, planned, settlement, turn))
    return rows


def dates_by_rule(series: Series, last: date | None = None) -> list[date]:
    """The dates by the rule up to `last`, to the end of the series, or to its horizon."""
    ends = [day for day in (series.until, last) if day is not None] or [horizon(series.starts)]
    return rule_dates(series.rule, series.starts, min(ends), series.months)


def is_date_by_rule(series: Series, day: date) -> bool:
    """Whether the rule gives this day, however far ahead it lies."""
    return bool(dates_by_rule(series, day)[-1:] == [day])


def hours_on(day: date, hours: Sequence[str], seasons: Sequence[Season]) -> tuple[str, ...]:
    """The spans that hold on this day: those of its season, otherwise the ordinary ones."""
    return next((season.hours for season in seasons if season.holds(day)), tuple(hours))


_Settlement = tuple[date | None, Outcome, tuple[Reason, ...]]


def _settled(series: Series, planned: date, calendar: Calendar, change: Change | None) -> _Settlement:
    if change is not None:
        return _by_hand(change, calendar)
    why = calendar.why_off(planned)
    if why is None:
        raise AssertionError("a worked day needs no settling")
    settled: Settled = settle(planned, series.day_off, calendar, why.cause)
    return settled.date, settled.outcome, (day_off_reason(why), settled.reason)


def _set_later(rule: Counted, planned: date, calendar: Calendar, change: Change | None) -> _Settlement:
    """To be announced, until a decision gives it a day or drops it."""
    which = set_later_reason(rule, planned)
    if change is None:
        return None, "to_be_announced", (which,)
    day, outcome, reasons = _by_hand(change, calendar)
    if day is None:
        return day, outcome, reasons
    return day, outcome, (which, set_by_hand_reason(day, change.reason), *reasons[1:])


def set_by_hand_reason(day: date, reason: str) -> Reason:
    """The day that was given to a sitting which had none."""
    return "why.set-by-hand", {"to": day.isoformat(), "reason": reason}


def _by_hand(change: Change, calendar: Calendar) -> _Settlement:
    facts = {"day": change.day.isoformat(), "reason": change.reason}
    if change.action == "skip" or change.to is None:
        return None, "skipped", (("why.skipped-by-hand", facts),)
    key = "why.held-by-hand" if change.to == change.day else "why.moved-by-hand"
    off = calendar.why_off(change.to)
    reasons: tuple[Reason, ...] = ((key, facts | {"to": change.to.isoformat()}),)
    return change.to, "moved", reasons if off is None else (*reasons, day_off_reason(off))


def _merged(keeper: date, day: date) -> Reason:
    return "why.merged", {"keeper": keeper.isoformat(), "to": day.isoformat()}


def _row(series: Series, planned: date, settlement: _Settlement, turn: int) -> PlannedDate:
    day, outcome, reasons = settlement
    hosts = (series.rotation[turn % len(series.rotation)],) if series.rotation else series.hosts
    hours = hours_on(day or planned, series.hours, series.seasons) if series.seasons else series.hours
    return PlannedDate(series.key, planned, day, hours, hosts, outcome, reasons)
