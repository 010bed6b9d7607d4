"""What an altered plan or calendar means for the rows: drafts follow at once, what is public is only proposed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import update

from scheduler.actions.proposals import outdate, propose
from scheduler.actions.schedules import insert_rows, set_hosts
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Letter, Occurrence, OccurrenceHost, Proposal, Schedule
from scheduler.queries.days import working_calendar
from scheduler.queries.differences import Difference, differences
from scheduler.queries.planned import NO_SITTING, Values, patterns_of, planned_values
from scheduler.queries.schedules import occurrences_of
from scheduler.rules.horizon import plan_until
from scheduler.rules.permissions import Actor
from scheduler.rules.schedules import days_to_plain
from scheduler.rules.working_days import Day

NOT_IN_PLAN = [["proposals.not-in-plan", {}]]


@dataclass
class Applied:
    """How many rows were made, changed, removed or kept as they had been changed by hand, and what was proposed."""

    made: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    proposals: list[Proposal] = field(default_factory=list)

    def add(self, other: "Applied") -> None:
        """Count the other's in."""
        self.made += other.made
        self.changed += other.changed
        self.removed += other.removed
        self.kept += other.kept
        self.proposals += other.proposals


def replan(
    db: Db,
    schedule: Schedule,
    series: Mapping[str, Any],
    *,
    days_off: Sequence[Day] | None = None,
    cause: str,
    domain: str = "",
    by: Actor,
    now: datetime,
) -> tuple[list[Difference], Applied]:
    """Give the schedule another series: its drafts follow, public sittings get proposals.

    Gives the differences and what was done. The caller writes the deed.
    """
    calendar, today = working_calendar(db), local_date(now)
    before = {}
    if schedule.planned_until is not None and schedule.ended_on is None:
        before = planned_values(patterns_of(db, [schedule])[schedule.id], calendar, last=schedule.planned_until)
    schedule.series = dict(series)
    schedule.kind = series["kind"]
    schedule.rotating = bool(series.get("rotation"))
    schedule.starts = date.fromisoformat(series["starts"])
    schedule.until = date.fromisoformat(series["until"]) if series.get("until") else None
    if days_off is not None:
        schedule.days_off = days_to_plain(days_off)
    schedule.ended_on = None
    set_hosts(db, schedule, by=by, now=now)
    db.flush()
    last = plan_until(today, schedule.starts, schedule.until)
    after = planned_values(patterns_of(db, [schedule])[schedule.id], calendar, last=last)
    schedule.planned_until = last
    found = differences(occurrences_of(db, [schedule.id])[schedule.id], before, after, today=today)
    return found, apply_differences(db, schedule, found, cause=cause, by=by, now=now, domain=domain)


def take_back(db: Db, schedule: Schedule, *, by: Actor, now: datetime) -> tuple[list[Difference], Applied]:
    """End a schedule: its drafts go, for its public sittings still to come it is proposed that they are not held."""
    today = local_date(now)
    last = schedule.planned_until or schedule.starts
    before = planned_values(patterns_of(db, [schedule])[schedule.id], working_calendar(db), last=last)
    found = differences(occurrences_of(db, [schedule.id])[schedule.id], before, {}, today=today)
    applied = apply_differences(db, schedule, found, cause="plan", by=by, now=now)
    schedule.ended_on = today
    db.flush()
    return found, applied


def apply_differences(
    db: Db, schedule: Schedule, found: Iterable[Difference], *, cause: str, by: Actor, now: datetime, domain: str = ""
) -> Applied:
    """Carry out what the differences of one schedule ask. `cause` is "calendar" or "plan".

    An approval lapses where the content changes; an import also makes its actor the one who drafted.
    """
    applied = Applied()
    new: dict[date, Values] = {}
    for difference in found:
        occurrence, values = difference.occurrence, difference.values
        if occurrence is None:
            if values is not None:
                new[difference.planned_day] = values
        elif difference.verdict == "changed" and values is not None:
            _set_values(occurrence, values, now=now)
            if cause == "plan":
                occurrence.drafted_by_id = by.account_id
            applied.changed += 1
        elif difference.verdict == "removed":
            remove_draft(db, occurrence)
            applied.removed += 1
        elif difference.verdict == "kept":
            applied.kept += 1
        else:
            applied.proposals += _public(db, occurrence, difference, cause=cause, by=by, now=now)
    db.flush()
    applied.made = insert_rows(db, schedule, new, domain=domain, by=by, now=now)
    return applied


def _public(
    db: Db, occurrence: Occurrence, difference: Difference, *, cause: str, by: Actor, now: datetime
) -> list[Proposal]:
    if difference.verdict == "settled":
        outdate(db, occurrence, cause=cause)
        return []
    why = difference.values["why"] if difference.values is not None else NOT_IN_PLAN
    made = propose(db, occurrence, difference.proposed, cause=cause, why=why, by=by, now=now)
    return [made] if made is not None else []


def _set_values(occurrence: Occurrence, values: Values, *, now: datetime) -> None:
    for name, value in values.items():
        if name != "hosts":
            setattr(occurrence, name, value)
    there = {host.post_id: host for host in occurrence.hosts}
    hosts = [there.get(post) or OccurrenceHost(post_id=post) for post in values["hosts"]]
    for position, host in enumerate(hosts):
        host.position, host.starts_at = position, occurrence.starts_at
    occurrence.hosts = hosts
    occurrence.state = "void" if values["outcome"] in NO_SITTING else "draft"
    occurrence.submitted_by_id = occurrence.approved_by_id = occurrence.paper_id = None
    occurrence.approved_at = occurrence.approved_content = None
    occurrence.content_changed_at = now


def remove_draft(db: Db, occurrence: Occurrence) -> None:
    """Take a sitting out that was never public."""
    # Letters about a draft speak to the office alone; they keep their place in the outbox without the sitting.
    letters = update(Letter).where(Letter.occurrence_id == occurrence.id)
    db.execute(letters.where(Letter.state.in_(("due", "held"))).values(state="not-wanted"))
    db.execute(letters.values(occurrence_id=None))
    db.delete(occurrence)
