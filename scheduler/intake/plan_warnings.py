"""What a plan may do but its writer should know: said beside the result, never a refusal."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from scheduler.intake.plan_faults import place_words
from scheduler.intake.plan_values import Plan, PlanSeries
from scheduler.language import say
from scheduler.language.dates import table_date
from scheduler.rules.expansion import PlannedDate, dates_by_rule
from scheduler.rules.recurrence import Listed
from scheduler.rules.working_days import Calendar, Day

WHOLE_DAY = ("00:00-24:00",)


@dataclass(frozen=True, slots=True)
class Warned:
    """A key with its facts (days as dates) and the place of the series it is about."""

    key: str
    place: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def words(self, language: str) -> str:
        """The warning as one line, its place first."""
        facts = {name: table_date(fact) if isinstance(fact, date) else fact for name, fact in self.facts.items()}
        words, where = say(language, self.key, **facts), place_words(language, self.place)
        return f"{where}: {words}" if where else words


def plan_warnings(
    plan: Plan, rows: Sequence[PlannedDate], calendar: Calendar, today: date | None = None
) -> list[Warned]:
    """Series without a date or without hours, listed days out of bounds, days gone by, proposed swaps, clashes."""
    by_series: dict[str, list[PlannedDate]] = {series.key: [] for series in plan.series}
    for row in rows:
        by_series[row.series].append(row)
    found: list[Warned] = []
    for series in plan.series:
        place, own = plan.places.get(series.key, ""), by_series[series.key]
        found.extend(_of_series(series, own, place))
        found.extend(_of_days(series, own, place, calendar=calendar, today=today))
    return [*found, *_clashes(plan, rows)]


def days_off_differing(days_off: Iterable[Day], calendar: Calendar) -> list[Warned]:
    """Lines of a file's `days_off` which say otherwise than this calendar; they count for the file only."""
    return [
        Warned("plans.warn-calendar-worked" if day.off else "plans.warn-calendar-off", "", {"day": day.day})
        for day in days_off
        if calendar.is_working(day.day) == day.off
    ]


def _of_series(series: PlanSeries, rows: Sequence[PlannedDate], place: str) -> Iterator[Warned]:
    timing = series.timing
    if not rows:
        yield Warned("plans.warn-no-date", place, {"series": series.key})
    if not timing.hours:
        yield Warned("plans.warn-no-hours", place, {"series": series.key})
    if isinstance(timing.rule, Listed):
        left_out = sorted(set(timing.rule.dates) - set(dates_by_rule(timing)))
        if left_out:
            days = ", ".join(table_date(day) for day in left_out)
            yield Warned("plans.warn-listed-outside", place, {"series": series.key, "days": days})


def _of_days(
    series: PlanSeries, rows: Sequence[PlannedDate], place: str, *, calendar: Calendar, today: date | None
) -> Iterator[Warned]:
    held = [row.date for row in rows if row.date is not None]
    past = [day for day in held if today is not None and day < today]
    if past:
        facts = {"series": series.key, "n": len(past), "first": min(past), "last": max(past)}
        yield Warned("plans.warn-past", place, facts)
    for day in sorted(set(held) & set(calendar.proposed)):
        row = calendar.proposed[day]
        facts = {"series": series.key, "day": day, "name": row.name, "source": row.basis or row.source}
        yield Warned("plans.warn-proposed", place, facts)


def _clashes(plan: Plan, rows: Sequence[PlannedDate]) -> Iterator[Warned]:
    """The same host twice at one time: one line for each host and pair of series."""
    sittings: dict[tuple[str, date], list[PlannedDate]] = defaultdict(list)
    for row in rows:
        if row.date is not None:
            for host in row.hosts:
                sittings[host, row.date].append(row)
    days: dict[tuple[str, str, str], list[date]] = defaultdict(list)
    for (host, day), together in sittings.items():
        for one, other in combinations(together, 2):
            if _overlap(one.hours, other.hours):
                days[host, one.series, other.series].append(day)
    for (host, one_key, other_key), clashing in days.items():
        facts = {"host": host, "one": one_key, "other": other_key, "n": len(clashing), "first": min(clashing)}
        yield Warned("plans.warn-same-host", plan.places.get(other_key, ""), facts)


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    return any(a[:5] < b[6:] and b[:5] < a[6:] for a in one or WHOLE_DAY for b in other or WHOLE_DAY)
