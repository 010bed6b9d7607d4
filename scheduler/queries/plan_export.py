"""The schedules that a year's plan of a unit is made of."""

from datetime import date

from sqlalchemy import or_, select

from scheduler.database import Db
from scheduler.models import Schedule


def schedules_of_year(db: Db, unit_id: int, year: int) -> list[Schedule]:
    """The unit's own schedules that still plan and reach into the year, by key."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    query = select(Schedule).where(
        Schedule.unit_id == unit_id,
        Schedule.ended_on.is_(None),
        Schedule.starts <= last,
        or_(Schedule.until.is_(None), Schedule.until >= first),
    )
    return list(db.scalars(query.order_by(Schedule.key)))


def reaches(schedule: Schedule, year: int) -> bool:
    """Whether the schedule has anything to do with the year."""
    return schedule.starts <= date(year, 12, 31) and (schedule.until is None or schedule.until >= date(year, 1, 1))
