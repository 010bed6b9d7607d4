"""The working-day calendar changed by an administrator, by hand or from a file."""

from datetime import datetime

from sqlalchemy import insert, select

from scheduler.actions.ledger import record
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import CalendarDay
from scheduler.queries.days import years_named
from scheduler.rules.days_seed import FIRST_YEAR, default_days
from scheduler.rules.permissions import COMMAND_LINE, Actor


def seed_days(db: Db, now: datetime, *, by: Actor = COMMAND_LINE) -> int:
    """Take in the program's own calendar from 2014 to next year, for the years that have not been taken in yet.

    Gives how many days came in. Days that are there already stay as they are.
    """
    named = set(years_named(db))
    missing = [year for year in range(FIRST_YEAR, local_date(now).year + 2) if year not in named]
    if not missing:
        return 0
    there = set(db.scalars(select(CalendarDay.day)))
    days = [day for day in default_days(missing[0], missing[-1]) if day.day.year in missing and day.day not in there]
    rows = [
        {
            "day": day.day,
            "off": day.off,
            "name": day.name,
            "basis": day.basis,
            "source": day.source,
            "state": day.state,
            "changed_at": now,
        }
        for day in days
    ]
    db.execute(insert(CalendarDay), rows)
    record(db, "days.seeded", by=by, now=now, first=missing[0], last=missing[-1], n=len(rows))
    return len(rows)
