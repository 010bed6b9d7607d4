"""The installation's working-day calendar, read from its table."""

from datetime import date
from functools import lru_cache

from sqlalchemy import select

from scheduler.database import Db
from scheduler.models import CalendarDay
from scheduler.rules.days_seed import FIRST_YEAR, default_calendar
from scheduler.rules.working_days import Calendar, Day

UNSEEDED_UNTIL = 2030
KEPT = "working_calendar"
"""Where a session keeps the calendar: one transaction reads the table once."""
LAST_YEAR = 2101

COLUMNS = (
    CalendarDay.day,
    CalendarDay.off,
    CalendarDay.name,
    CalendarDay.basis,
    CalendarDay.source,
    CalendarDay.state,
)


def working_calendar(db: Db) -> Calendar:
    """The calendar as it stands now; an installation whose table is still empty has the one of the program."""
    kept = db.info.get(KEPT)
    if not isinstance(kept, Calendar):
        rows = tuple(tuple(row) for row in db.execute(select(*COLUMNS).order_by(CalendarDay.day)))
        kept = db.info[KEPT] = _calendar(rows)
    return kept


def fresh_calendar(db: Db) -> Calendar:
    """The calendar read anew: the table's rows have changed in this transaction."""
    db.info.pop(KEPT, None)
    return working_calendar(db)


def days_between(db: Db, first: date, last: date) -> list[CalendarDay]:
    """The named days from `first` to `last`, both included, by date."""
    return list(db.scalars(select(CalendarDay).where(CalendarDay.day.between(first, last)).order_by(CalendarDay.day)))


def years_named(db: Db) -> list[int]:
    """The years whose statutory days have been taken in: those with a row for the first of January."""
    first_days = [date(year, 1, 1) for year in range(FIRST_YEAR, LAST_YEAR)]
    found = db.scalars(select(CalendarDay.day).where(CalendarDay.day.in_(first_days)).order_by(CalendarDay.day))
    return [day.year for day in found]


@lru_cache(maxsize=8)
def _calendar(rows: tuple[tuple[date, bool, str, str, str, str], ...]) -> Calendar:
    # Keyed by the rows themselves: a changed table gives another calendar, whoever changed it.
    if not rows:
        return default_calendar(FIRST_YEAR, UNSEEDED_UNTIL)
    return Calendar(Day(*row) for row in rows)
