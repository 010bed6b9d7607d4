"""Schedules: made from a series as plan files write it, and kept planned ahead as rows, one for each date by the rule.

A row's identity is its schedule and the date by the rule. Making rows never touches one that is there.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, select

from scheduler.actions.ledger import record
from scheduler.actions.plan_posts import posts_named
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.links import new_slug
from scheduler.models import Occurrence, OccurrenceAttendee, OccurrenceHost, Schedule, ScheduleHost, Unit
from scheduler.models.clashes import attendee_rows
from scheduler.queries.access import require
from scheduler.queries.days import working_calendar
from scheduler.queries.planned import NO_SITTING, Values, host_names, patterns_of, planned_values
from scheduler.queries.schedules import find_schedule, find_short_schedules
from scheduler.rules.horizon import plan_until
from scheduler.rules.permissions import Actor
from scheduler.rules.schedules import days_to_plain
from scheduler.rules.working_days import Day

__all__ = ["create_schedule", "extend_schedule", "find_short_schedules", "insert_rows", "set_hosts", "to_json"]

DOMAIN = "localhost"
"""Ends a sitting's UID where no other sitting tells how this installation's end (RFC 7986 5.3)."""


def create_schedule(
    db: Db,
    unit_id: int,
    series: Mapping[str, Any],
    *,
    days_off: Iterable[Day] = (),
    imported: bool = False,
    by: Actor,
    now: datetime,
) -> Schedule:
    """A schedule from a validated series in the shape of plan files; its rows are made by `extend_schedule`.

    `days_off` are the file's own, they count for it alone. Raises BadInput where the unit has a series of this key.
    """
    require(db, by, "plan", unit_id)
    unit = db.get_one(Unit, unit_id)
    plain = to_json(series)
    own_days = days_to_plain(days_off)
    taken = select(Schedule.id).where(Schedule.unit_id == unit_id, Schedule.key == plain["key"])
    if db.execute(taken).first() is not None:
        raise BadInput("schedules.key-taken", "key", name=plain["key"])
    schedule = Schedule(
        unit=unit,
        key=plain["key"],
        kind=plain["kind"],
        series=plain,
        days_off=own_days,
        imported={"series": plain, "days_off": own_days} if imported else None,
        rotating=bool(plain.get("rotation")),
        starts=date.fromisoformat(plain["starts"]),
        until=date.fromisoformat(plain["until"]) if plain.get("until") else None,
        drafted_by_id=by.account_id,
        drafted_via=by.via,
        created_at=now,
    )
    db.add(schedule)
    set_hosts(db, schedule, by=by, now=now)
    db.flush()
    subject = f"schedule:{schedule.id}"
    record(db, "schedule.created", by=by, now=now, unit_id=unit_id, subject=subject, key=schedule.key)
    return schedule


def set_hosts(db: Db, schedule: Schedule, *, by: Actor, now: datetime) -> None:
    """Bind the names in the schedule's series to posts of its unit, in their order."""
    with db.no_autoflush:
        posts = posts_named(db, schedule.unit, host_names(schedule.series), by=by, now=now)
    wanted = [post.id for post in posts.values()]
    if [host.post_id for host in schedule.hosts] == wanted:
        return
    if schedule.hosts:
        schedule.hosts.clear()
        db.flush()
    schedule.hosts = [ScheduleHost(post=post, position=position) for position, post in enumerate(posts.values())]


def extend_schedule(
    db: Db, schedule_id: int, *, until: date | None = None, domain: str = "", now: datetime, by: Actor
) -> int:
    """Make the missing rows up to `until` (the horizon of today when it is left out); gives how many were made.

    `domain` ends the UIDs; without it they end as those of other sittings do. Doing it twice makes nothing.
    """
    schedule = find_schedule(db, schedule_id)
    require(db, by, "plan", schedule.unit_id)
    until = until or plan_until(local_date(now), schedule.starts, schedule.until)
    if schedule.ended_on is not None or (schedule.planned_until is not None and schedule.planned_until >= until):
        return 0
    pattern = patterns_of(db, [schedule])[schedule.id]
    values = planned_values(pattern, working_calendar(db), last=until)
    there = set(db.scalars(select(Occurrence.planned_day).where(Occurrence.schedule_id == schedule.id)))
    missing = {day: row for day, row in values.items() if day not in there and _not_before(schedule, day)}
    made = insert_rows(db, schedule, missing, domain=domain, by=by, now=now)
    schedule.planned_until = until
    if made:
        subject = f"schedule:{schedule.id}"
        facts: dict[str, Any] = {"n": made, "until": until.isoformat()}
        record(db, "schedule.extended", by=by, now=now, unit_id=schedule.unit_id, subject=subject, **facts)
    db.flush()
    return made


def insert_rows(
    db: Db, schedule: Schedule, values: Mapping[date, Values], *, domain: str = "", by: Actor, now: datetime
) -> int:
    """Insert these rows as drafts (void where there is no sitting) in two statements, however many there are."""
    if not values:
        return 0
    domain = domain or _known_domain(db)
    fixed = {
        "schedule_id": schedule.id,
        "unit_id": schedule.unit_id,
        "drafted_by_id": by.account_id,
        "content_changed_at": now,
        "created_at": now,
    }
    rows = [
        {name: value for name, value in row.items() if name != "hosts"}
        | fixed
        | {
            "planned_day": day,
            "slug": new_slug(),
            "uid": f"phien-{uuid.uuid4()}@{domain}",
            "state": "void" if row["outcome"] in NO_SITTING else "draft",
        }
        for day, row in values.items()
    ]
    # Core statements on the session's own connection: a year of 126 communes in seconds.
    db.flush()
    made = insert(Occurrence).returning(Occurrence.id, Occurrence.planned_day)
    ids = {row.planned_day: row.id for row in db.connection().execute(made, rows)}
    hosts = [
        {"occurrence_id": ids[day], "post_id": post, "position": position, "starts_at": row["starts_at"]}
        for day, row in values.items()
        for position, post in enumerate(row["hosts"])
    ]
    if hosts:
        db.connection().execute(insert(OccurrenceHost), hosts)
    joined = attendee_rows([(ids[day], row["attend_unit_ids"], row["starts_at"]) for day, row in values.items()])
    if joined:
        db.connection().execute(insert(OccurrenceAttendee), joined)
    return len(rows)


def to_json(plain: Any) -> Any:
    """Plain values with days as ISO text and tuples as lists, as JSON keeps them."""
    if isinstance(plain, Mapping):
        return {str(key): to_json(value) for key, value in plain.items()}
    if isinstance(plain, list | tuple):
        return [to_json(value) for value in plain]
    return plain.isoformat() if isinstance(plain, date) else plain


def _not_before(schedule: Schedule, day: date) -> bool:
    return schedule.planned_until is None or day > schedule.planned_until


def _known_domain(db: Db) -> str:
    newest = db.scalars(select(Occurrence.uid).order_by(Occurrence.id.desc()).limit(1)).first()
    return newest.partition("@")[2] if newest else DOMAIN
