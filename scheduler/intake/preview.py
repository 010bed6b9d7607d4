"""What a plan file would make: every sitting with the reason for its date. Touches no database.

`Preview.to_json` is the shape that `plan preview --json` promises to other programs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.intake.plan_file import read_plan
from scheduler.intake.plan_values import Plan, PlanSeries
from scheduler.intake.plan_warnings import Warned, plan_warnings
from scheduler.language import DEFAULT, say
from scheduler.language.dates import short_weekday, table_date
from scheduler.language.why import render_why
from scheduler.rules.days_seed import default_calendar
from scheduler.rules.expansion import PlannedDate, Series, expand, horizon
from scheduler.rules.recurrence import Reading, two_readings
from scheduler.rules.recurrence_forms import rule_reason
from scheduler.rules.working_days import Calendar


@dataclass(frozen=True, slots=True)
class Preview:
    """The planned dates of a plan, series by series in the order of the file, and what its writer should know."""

    plan: Plan
    rows: tuple[PlannedDate, ...]
    warnings: tuple[Warned, ...]

    def to_json(self, language: str = DEFAULT) -> list[dict[str, Any]]:
        """One mapping for each date by the rule; `date` is None where there is no sitting on a known day."""
        return [
            {
                "series": row.series,
                "planned": row.planned.isoformat(),
                "date": row.date.isoformat() if row.date else None,
                "hours": list(row.hours),
                "hosts": list(row.hosts),
                "outcome": row.outcome,
                "why": render_why(language, row.reasons),
            }
            for row in self.rows
        ]

    def warning_lines(self, language: str = DEFAULT) -> list[str]:
        """What belongs on standard error, one line each."""
        return [warned.words(language) for warned in self.warnings]

    def table(self, language: str = DEFAULT) -> str:
        """The preview for a terminal: a heading for each series, then a line and a reason for each date."""
        rows: dict[str, list[PlannedDate]] = {series.key: [] for series in self.plan.series}
        for row in self.rows:
            rows[row.series].append(row)
        return "\n".join(line for one in self.plan.series for line in _of_series(language, one, rows[one.key]))


def preview_file(path: Path, today: date | None = None) -> Preview:
    """The preview of a plan file. Raises Faults for a file that is refused."""
    return preview_plan(read_plan(path), today=today)


def preview_plan(plan: Plan, *, calendar: Calendar | None = None, today: date | None = None) -> Preview:
    """The preview of a plan over a calendar, by default the one that comes with the program; `days_off` go on top.

    With `today` days gone by are among the warnings.
    """
    over = (calendar or calendar_of(plan)).with_days(plan.days_off)
    rows = tuple(row for series in plan.series for row in expand(series.timing, over))
    return Preview(plan, rows, tuple(plan_warnings(plan, rows, over, today)))


def calendar_of(plan: Plan) -> Calendar:
    """The calendar that comes with the program, over all years the plan may reach."""
    years = [year for series in plan.series for year in _years(series.timing)]
    return default_calendar(min(years) - 1, max(years) + 1)


def readings_of(series: Series) -> list[Reading]:
    """Where the rule of a series, read the other way, gives another day."""
    return two_readings(series.rule, series.starts, series.until or horizon(series.starts), series.months)


def _years(series: Series) -> Iterator[int]:
    yield series.starts.year
    yield (series.until or horizon(series.starts)).year
    yield from (change.to.year for change in series.changes if change.to)


def _of_series(language: str, series: PlanSeries, rows: Sequence[PlannedDate]) -> Iterator[str]:
    timing = series.timing
    hosts = ", ".join(timing.rotation or timing.hosts)
    kind = say(language, f"kinds.{series.kind}")
    yield f"{series.key} | {kind} | {hosts}"
    yield "  " + render_why(language, [rule_reason(timing.rule, timing.months)])
    for reading in readings_of(timing):
        yield "  " + _reading(language, reading)
    for row in rows:
        yield from _of_row(language, row)
    yield ""


def _of_row(language: str, row: PlannedDate) -> Iterator[str]:
    held = f"{short_weekday(language, row.date)} {table_date(row.date)}" if row.date else "—"
    facts = (table_date(row.planned), held, ", ".join(row.hours), ", ".join(row.hosts))
    yield "  " + " | ".join((*facts, say(language, f"outcomes.{row.outcome}")))
    if row.outcome != "scheduled" or len(row.reasons) > 1:
        yield "      " + render_why(language, row.reasons)


def _reading(language: str, reading: Reading) -> str:
    none = say(language, "plans.reading-none")
    days = [table_date(day) if day else none for day in (reading.by_nth, reading.by_week)]
    month = f"{reading.month:%m/%Y}"
    return say(language, "plans.reading", month=month, number=reading.n, by_nth=days[0], by_week=days[1])
