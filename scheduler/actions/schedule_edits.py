"""A schedule changed or ended by hand: its drafts follow, what is public is only proposed to be changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scheduler.actions.ledger import record, stale
from scheduler.actions.proposals import tell_proposals
from scheduler.actions.replanning import Applied, replan, take_back
from scheduler.actions.schedules import to_json
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Schedule
from scheduler.queries.access import require
from scheduler.queries.schedules import find_schedule
from scheduler.rules.permissions import Actor


def edit_schedule(
    db: Db, schedule_id: int, version: int, series: Mapping[str, Any], *, domain: str = "", by: Actor, now: datetime
) -> Applied:
    """Give the schedule another series, validated; its key stays. Raises Stale for a second editor."""
    schedule = _own(db, schedule_id, version, by)
    plain = to_json(series)
    if plain["key"] != schedule.key:
        raise BadInput("schedules.key-stays", "key", name=schedule.key)
    if plain == schedule.series and schedule.ended_on is None:
        return Applied()
    fields = sorted(
        name for name in plain.keys() | schedule.series.keys() if plain.get(name) != schedule.series.get(name)
    )
    _, applied = replan(db, schedule, plain, cause="plan", domain=domain, by=by, now=now)
    schedule.drafted_by_id, schedule.drafted_via = by.account_id, by.via
    _note(db, schedule, "schedule.changed", applied, by=by, now=now, fields=fields)
    return applied


def end_schedule(db: Db, schedule_id: int, version: int, *, by: Actor, now: datetime) -> Applied:
    """Plan no further and take back the drafts. Raises RuleBroken where it has ended already, Stale."""
    schedule = _own(db, schedule_id, version, by)
    if schedule.ended_on is not None:
        raise RuleBroken("schedules.ended-already")
    _, applied = take_back(db, schedule, by=by, now=now)
    _note(db, schedule, "schedule.ended", applied, by=by, now=now)
    return applied


def _own(db: Db, schedule_id: int, version: int, by: Actor) -> Schedule:
    schedule = find_schedule(db, schedule_id)
    require(db, by, "plan", schedule.unit_id)
    if schedule.version != version:
        raise stale(db, f"schedule:{schedule.id}", language=by.language, otherwise=schedule.created_at)
    return schedule


def _note(db: Db, schedule: Schedule, deed: str, applied: Applied, *, by: Actor, now: datetime, **facts: Any) -> None:
    facts |= {
        "key": schedule.key,
        "made": applied.made,
        "changed": applied.changed,
        "removed": applied.removed,
        "kept": applied.kept,
        "proposed": len(applied.proposals),
    }
    subject = f"schedule:{schedule.id}"
    entry = record(db, deed, by=by, now=now, unit_id=schedule.unit_id, subject=subject, **facts)
    tell_proposals(db, applied.proposals, deed=f"schedule-{entry}", now=now)
