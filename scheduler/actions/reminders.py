"""Reminders: planned as letters when a sitting is near, repaired by a job, withdrawn when the sitting changes."""

from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from scheduler.actions.change_letters import sitting_facts
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Occurrence, Unit
from scheduler.queries.agenda import WHOLE
from scheduler.queries.audience import Listener, secretariat_of
from scheduler.queries.days import working_calendar
from scheduler.queries.publication import is_near, reminders_of
from scheduler.rules.publication import publish_by
from scheduler.rules.reminders import WINDOW_DAYS, urging_day
from scheduler.rules.workflow import BEFORE_PUBLIC

LOOK_AHEAD = timedelta(days=45)
"""Sittings whose last day for publishing may be near: more than the longest break and notice together."""


def find_unreminded(db: Db, now: datetime) -> list[int]:
    """Published sittings in the window whose reminders are not planned for their present state."""
    today = local_date(now)
    query = select(Occurrence.id).where(
        Occurrence.state == "published",
        Occurrence.reminded_for.is_(None),
        Occurrence.day.between(today, today + timedelta(days=WINDOW_DAYS)),
    )
    return list(db.scalars(query.order_by(Occurrence.day, Occurrence.id)))


def plan_reminders_of(db: Db, occurrence_id: int, *, now: datetime) -> int:
    """The same for one id, as jobs ask it."""
    occurrence = db.scalars(select(Occurrence).where(Occurrence.id == occurrence_id).options(*WHOLE)).unique().one()
    return plan_reminders(db, occurrence, now=now)


def plan_reminders(db: Db, occurrence: Occurrence, *, now: datetime) -> int:
    """Queue the reminders of a sitting that is near; none whose time has passed. Returns how many letters."""
    if occurrence.state != "published" or not is_near(occurrence, now):
        return 0
    wanted = reminders_of(db, occurrence, now=now)
    queued = sum(_queue(db, occurrence, one.listener, one.name, due_at=one.due_at, now=now) for one in wanted)
    # Not a change of the sitting: its version stays, so that an open form is not called stale by a job.
    planned = update(Occurrence).where(Occurrence.id == occurrence.id)
    db.execute(planned.values(reminded_for=occurrence.sequence))
    return queued


def _queue(db: Db, occurrence: Occurrence, listener: Listener, name: str, *, due_at: datetime, now: datetime) -> bool:
    assert occurrence.day is not None
    facts = sitting_facts(occurrence, listener) | {
        "days_left": (occurrence.day - local_date(due_at)).days,
        "content": occurrence.content,
        "attend": list(occurrence.attend),
        "stand_in": occurrence.stand_in,
    }
    return queue_letter(
        db,
        "reminder",
        Recipient(listener.email, listener.name, listener.language),
        facts,
        key=f"reminder:{occurrence.id}:{occurrence.sequence}:{name}",
        due_at=due_at,
        now=now,
        unit_id=occurrence.unit_id,
        occurrence_id=occurrence.id,
        sequence=occurrence.sequence,
        invitation="REQUEST",
        expires_at=occurrence.starts_at,
    )


def find_to_publish(db: Db, now: datetime) -> list[int]:
    """Units with sittings that are not public yet and whose last day for publishing comes near."""
    return sorted({unit for unit, _, _ in _lines(db, now)})


def urge_publishing(db: Db, unit_id: int, *, now: datetime) -> int:
    """Remind the unit's secretariat of each last day that is near: once for each warning. Returns how many."""
    today, calendar = local_date(now), working_calendar(db)
    unit = db.get_one(Unit, unit_id)
    lines: dict[date, list[date]] = {}
    for _, last_day, day in _lines(db, now, unit_id):
        lines.setdefault(last_day, []).append(day)
    queued = 0
    for last_day, days in lines.items():
        warning = urging_day(last_day, today, calendar)
        for listener in secretariat_of(db, unit_id, today=today) if warning is not None else ():
            fresh = queue_letter(
                db,
                "publish-by",
                Recipient(listener.email, listener.name, listener.language),
                {
                    "unit": unit.name,
                    "last_day": last_day.isoformat(),
                    "n": len(days),
                    "first_day": min(days).isoformat(),
                    "url": "/desk",
                    "why_you": "staff",
                },
                key=f"publish-by:{unit_id}:{last_day}:{warning}",
                due_at=now,
                now=now,
                unit_id=unit_id,
            )
            queued += fresh
    return queued


def _lines(db: Db, now: datetime, unit_id: int | None = None) -> list[tuple[int, date, date]]:
    """(unit, last day for publishing, day) of sittings that wait, where a warning is due."""
    today, calendar = local_date(now), working_calendar(db)
    query = select(Occurrence.unit_id, Occurrence.kind, Occurrence.day).where(
        Occurrence.state.in_(BEFORE_PUBLIC), Occurrence.day.between(today, today + LOOK_AHEAD)
    )
    if unit_id is not None:
        query = query.where(Occurrence.unit_id == unit_id)
    waiting = [(unit, publish_by(day, kind, calendar), day) for unit, kind, day in db.execute(query) if day]
    return [line for line in waiting if urging_day(line[1], today, calendar) is not None]
