"""Schedules as actions, pages and jobs ask for them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import NotFound
from scheduler.models import Occurrence, OccurrenceHost, Schedule, ScheduleHost, Unit
from scheduler.rules.horizon import plan_until
from scheduler.rules.workflow import BEFORE_PUBLIC

WHOLE = (joinedload(Schedule.unit), selectinload(Schedule.hosts).joinedload(ScheduleHost.post))
CHUNK = 500


def find_schedule(db: Db, schedule_id: int) -> Schedule:
    """The schedule with its unit, hosts and posts. Raises NotFound."""
    found = db.scalars(select(Schedule).where(Schedule.id == schedule_id).options(*WHOLE)).one_or_none()
    if found is None:
        raise NotFound("errors.not-found")
    return found


def schedule_with_key(db: Db, unit_id: int, key: str) -> Schedule | None:
    """The unit's schedule of this key, None where it has none."""
    return db.scalars(select(Schedule).where(Schedule.unit_id == unit_id, Schedule.key == key)).one_or_none()


def schedules_in(db: Db, unit_ids: Select[int], *, limit: int, after: int = 0) -> list[Schedule]:
    """Schedules of these units (a subquery of ids), by unit and key, ended ones last; a page of them."""
    query = (
        select(Schedule)
        .join(Unit, Unit.id == Schedule.unit_id)
        .where(Schedule.unit_id.in_(unit_ids))
        .options(*WHOLE)
        .order_by(Schedule.ended_on.is_not(None), Unit.code, Schedule.key)
        .limit(limit)
        .offset(after)
    )
    return list(db.scalars(query))


def count_schedules(db: Db, unit_ids: Select[int]) -> int:
    """How many schedules these units have."""
    return db.scalar(select(func.count()).select_from(Schedule).where(Schedule.unit_id.in_(unit_ids))) or 0


def live_schedules(db: Db) -> list[Schedule]:
    """Every schedule that still plans."""
    query = select(Schedule).where(Schedule.ended_on.is_(None)).options(*WHOLE).order_by(Schedule.id)
    return list(db.scalars(query))


def occurrences_of(db: Db, schedule_ids: Iterable[int]) -> dict[int, list[Occurrence]]:
    """The rows of each schedule by planned day, with their hosts."""
    ids = sorted(schedule_ids)
    found: dict[int, list[Occurrence]] = {id: [] for id in ids}
    for start in range(0, len(ids), CHUNK):
        query = (
            select(Occurrence)
            .where(Occurrence.schedule_id.in_(ids[start : start + CHUNK]))
            .options(selectinload(Occurrence.hosts).load_only(OccurrenceHost.post_id, OccurrenceHost.position))
            .order_by(Occurrence.planned_day)
        )
        for occurrence in db.scalars(query):
            found[occurrence.schedule_id or 0].append(occurrence)
    return found


def find_short_schedules(db: Db, now: datetime) -> list[int]:
    """The schedules whose rows do not reach the horizon of today any more, or do not reach their own end."""
    today = local_date(now)
    rows = db.execute(
        select(Schedule.id, Schedule.starts, Schedule.until, Schedule.planned_until).where(Schedule.ended_on.is_(None))
    )
    return sorted(
        row.id
        for row in rows
        if row.planned_until is None or row.planned_until < plan_until(today, row.starts, row.until)
    )


def states_of(db: Db, schedule_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """For each schedule how many of its rows are in which state."""
    query = (
        select(Occurrence.schedule_id, Occurrence.state, func.count().label("n"))
        .where(Occurrence.schedule_id.in_(tuple(schedule_ids)))
        .group_by(Occurrence.schedule_id, Occurrence.state)
    )
    found: dict[int, dict[str, int]] = {}
    for row in db.execute(query):
        found.setdefault(row.schedule_id, {})[row.state] = row.n
    return found


def undated_in(db: Db, schedule_ids: Iterable[int]) -> dict[int, int]:
    """For each schedule how many of its sittings have no day yet, those that were put off left out."""
    query = (
        select(Occurrence.schedule_id, func.count().label("n"))
        .where(
            Occurrence.schedule_id.in_(tuple(schedule_ids)),
            Occurrence.day.is_(None),
            Occurrence.outcome == "to_be_announced",
            Occurrence.state.in_((*BEFORE_PUBLIC, "published")),
        )
        .group_by(Occurrence.schedule_id)
    )
    return {row.schedule_id: row.n for row in db.execute(query)}
