"""The year a schedule would make, as the editor shows it before anything is saved: sentence, table, small months."""

from calendar import Calendar as MonthCalendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from scheduler.database import Db
from scheduler.intake.plan_values import Plan, PlanSeries, PlanUnit
from scheduler.intake.plan_warnings import plan_warnings
from scheduler.language.schedules import schedule_words
from scheduler.models import Schedule, Unit
from scheduler.queries.days import working_calendar
from scheduler.queries.planned_year import Met, PlannedYear, planned_year
from scheduler.rules.expansion import PlannedDate, expand
from scheduler.rules.horizon import plan_until
from scheduler.rules.recurrence import ByNth, Counted, Listed, Reading, Rule, Weekly, two_readings
from scheduler.rules.recurrence_forms import rule_reason
from scheduler.rules.schedules import days_from_plain, series_from_plain
from scheduler.rules.working_days import Calendar
from web.clashing_rows import clash_lines
from web.filters import why
from web.language import language, say
from web.plan_words import difference_line
from web.sittings import MARK, vi

MOST_ROWS = 750
NAMED = (("host", "hosts"), ("rotation", "rotation"))
"""Keys of a series that name posts, and where the rules keep them."""
MOST_YEARS = 2
"""Years shown at a glance; the table has the rest."""
WEIGHT = ("reading-nth", "reading-weeks", "scheduled", "moved", "open", "skipped", "left")
"""Where several marks fall on one day, the first of these is the one that is shown."""


@dataclass(frozen=True)
class Row:
    """One date by the rule: what becomes of it, why in words, and what stands in its way."""

    date: PlannedDate
    why: str
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mark:
    """One marked day of the small months: what it is, the row that says why, and the sentence itself."""

    kind: str
    anchor: str
    words: str
    clash: bool = False


@dataclass(frozen=True)
class Cell:
    """One day of a small month."""

    day: date
    off: bool
    mark: Mark | None = None


@dataclass(frozen=True)
class Month:
    """A small month: weeks of seven cells, None where the day is another month's; days of the head who must sit."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    asked: tuple[int, int] | None = None


@dataclass(frozen=True)
class Shown:
    """Everything the preview tells. `open_reading`: two readings differ and none was chosen yet."""

    sentence: Markup
    rows: tuple[Row, ...]
    years: tuple[tuple[int, tuple[Month, ...]], ...]
    met: tuple[Met, ...]
    turns: Mapping[str, int]
    readings: tuple[Reading, ...]
    open_reading: bool
    warnings: tuple[str, ...]
    changes: tuple[str, ...] | None = None
    horizon: date | None = None
    more: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


def schedule_sentence(plain: Mapping[str, Any]) -> Markup:
    """A series, as rows keep it, said back in the reader's language; posts and place are marked as Vietnamese."""
    series = series_from_plain(plain)
    named = {name: [f"{MARK}{post}{MARK}" for post in getattr(series, field)] for name, field in NAMED}
    named = {name: posts for name, posts in named.items() if posts}
    place = {"place": f"{MARK}{plain['place']}{MARK}"} if plain.get("place") else {}
    words = schedule_words(language(), rule_reason(series.rule, series.months)[1], {**plain, **named, **place})
    pieces = words.split(MARK)
    return Markup("").join(vi(piece) if number % 2 else escape(piece) for number, piece in enumerate(pieces))


def show_year(
    db: Db, unit: Unit, series: PlanSeries, *, schedule: Schedule | None = None, reading: str = "", today: date
) -> Shown:
    """The preview of a series in its unit, or of the series a schedule would have instead. Nothing is written."""
    plain = series.to_plain()
    year = planned_year(db, unit, plain, schedule=schedule, today=today)
    timing = series.timing
    last = plan_until(today, timing.starts, timing.until)
    calendar = working_calendar(db)
    calendar = calendar.with_days(days_from_plain(schedule.days_off)) if schedule else calendar
    dates = expand(timing, calendar, last=last)
    clashes = clash_lines(db, year)
    rows = tuple(Row(one, why(one.reasons), clashes.get(one.planned, ())) for one in dates)
    readings = tuple(two_readings(timing.rule, timing.starts, last, timing.months))
    open_reading = bool(readings) and reading != _reading_of(timing.rule)
    plan = Plan(PlanUnit(code=unit.code), (series,))
    warned = (
        one for one in plan_warnings(plan, dates, calendar, today) if one.key != "plans.warn-past" or not schedule
    )
    return Shown(
        sentence=schedule_sentence(plain),
        rows=rows[:MOST_ROWS],
        years=_years(rows, readings if open_reading else (), year, calendar),
        met=year.met,
        turns=_turns(dates) if timing.rotation else {},
        readings=readings,
        open_reading=open_reading,
        warnings=tuple(one.words(language()) for one in warned),
        changes=_changes(year) if schedule else None,
        horizon=None if timing.until else last,
        more=max(len(rows) - MOST_ROWS, 0),
        counts=_counts(rows, timing.rule),
    )


def _reading_of(rule: Rule) -> str:
    """Which of the two readings the rule's own shape is."""
    if isinstance(rule, Weekly | Listed | Counted):
        return ""
    return "nth" if isinstance(rule.pick, ByNth) else "weeks"


def _counts(rows: Sequence[Row], rule: Rule) -> dict[str, int]:
    """What the line below the sentence counts."""
    outcomes = [row.date.outcome for row in rows]
    return {
        "held": sum(row.date.date is not None for row in rows),
        "drafts": sum(outcome not in ("skipped", "merged") for outcome in outcomes),
        "shifted": outcomes.count("shifted"),
        "moved": outcomes.count("moved"),
        "skipped": outcomes.count("skipped"),
        "merged": outcomes.count("merged"),
        "open": outcomes.count("to_be_announced"),
        "clashing": sum(bool(row.clashes) for row in rows),
    }


def _turns(dates: Iterable[PlannedDate]) -> dict[str, int]:
    """How many of the dates that are held fall to each who takes turns."""
    found: dict[str, int] = {}
    for one in dates:
        for host in one.hosts if one.date else ():
            found[host] = found.get(host, 0) + 1
    return found


def _changes(year: PlannedYear) -> tuple[str, ...]:
    lines = (difference_line(say, language(), year.titles, one) for one in year.differences if one.verdict != "settled")
    return tuple(lines)


def _years(
    rows: Sequence[Row], readings: Sequence[Reading], year: PlannedYear, working: Calendar
) -> tuple[tuple[int, tuple[Month, ...]], ...]:
    marks = _marks(rows, readings)
    numbers = sorted({day.year for day in marks})[:MOST_YEARS]
    asked = {span.first: (n, span.required) for span, n in year.met[0].spans} if year.met else {}
    return tuple((number, tuple(_month(date(number, month, 1), marks, working, asked) for month in range(1, 13)))
                 for number in numbers)  # fmt: skip


def _marks(rows: Sequence[Row], readings: Sequence[Reading]) -> dict[date, Mark]:
    found: dict[date, Mark] = {}
    for row in rows:
        one = row.date
        anchor = f"on-{one.planned.isoformat()}"
        if one.date is not None:
            kind = "scheduled" if one.outcome == "scheduled" else "moved"
            _put(found, one.date, Mark(kind, anchor, row.why, bool(row.clashes)))
        if one.date != one.planned:
            gone = {"skipped": "skipped", "to_be_announced": "open"}.get(one.outcome, "left")
            _put(found, one.planned, Mark(gone, anchor, row.why))
    for reading in readings:
        for kind, day in (("reading-nth", reading.by_nth), ("reading-weeks", reading.by_week)):
            if day is not None:
                words = say(f"schedules.mark-{kind}")
                _put(found, day, Mark(kind, f"reading-{reading.month.isoformat()}-{reading.n}", words))
    return found


def _put(found: dict[date, Mark], day: date, mark: Mark) -> None:
    there = found.get(day)
    if there is None or WEIGHT.index(mark.kind) < WEIGHT.index(there.kind):
        found[day] = mark


def _month(first: date, marks: Mapping[date, Mark], working: Calendar, asked: Mapping[date, tuple[int, int]]) -> Month:
    weeks = MonthCalendar().monthdatescalendar(first.year, first.month)
    cells = tuple(
        tuple(
            Cell(day, not working.is_working(day), marks.get(day)) if day.month == first.month else None for day in week
        )
        for week in weeks
    )
    return Month(first, cells, asked.get(first))
