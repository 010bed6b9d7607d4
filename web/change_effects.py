"""What a change would mean, said before it is made: the notice people get, and the days the law asks of the heads."""

from datetime import date

from scheduler.database import Db
from scheduler.models import Occurrence
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.change_effects import months_after
from scheduler.queries.clashes import clashes_at
from scheduler.queries.days import working_calendar
from scheduler.queries.planned import span_of
from scheduler.rules.kinds import KIND
from scheduler.rules.publication import notice_days
from scheduler.rules.working_days import day_off_reason
from web import request_cycle
from web.filters import month, why
from web.language import say

TELLING = ("move", "postpone", "cancel", "change_chair")
"""The steps that touch the notice or the days in person."""


def effects_of(db: Db, occurrence: Occurrence, step: str, *, day: date | None, by_head: bool) -> list[str]:
    """Sentences on the step. `day` is the day asked for, if any; `by_head`: the head himself receives on it."""
    if step not in TELLING or (step == "move" and day is None):
        return []
    told = _of_day(db, occurrence, day) if step == "move" and day else []
    for one in months_after(db, occurrence, day if by_head else None):
        key = "changes.effect-duty" if one.left < one.required else "changes.effect-duty-met"
        told.append(say(key, post=one.post.title, span=month(one.first.month), left=one.left, required=one.required))
    return told


def notice_left(db: Db, occurrence: Occurrence, days: list[date]) -> dict[str, int]:
    """How many days of notice each of the days ("2026-12-03") would have from today."""
    calendar, today = working_calendar(db), request_cycle.today()
    return {day.isoformat(): notice_days(today, day, occurrence.kind, calendar) for day in days}


def _of_day(db: Db, occurrence: Occurrence, day: date) -> list[str]:
    calendar, kind = working_calendar(db), KIND[occurrence.kind]
    off, n = calendar.why_off(day), notice_days(request_cycle.today(), day, occurrence.kind, calendar)
    told = [why([day_off_reason(off)])] if off else []
    if n < kind.notice_days:
        key = "changes.effect-short-working" if kind.working else "changes.effect-short"
        told.append(say(key, n=max(n, 0), need=kind.notice_days))
    return told + _clashes(db, occurrence, day)


def _clashes(db: Db, occurrence: Occurrence, day: date) -> list[str]:
    """The sittings of the same heads at the same hours of that day."""
    starts_at, ends_at = span_of(day, occurrence.hours)
    if starts_at is None or ends_at is None:
        return []
    heads = [host.post_id for host in occurrence.hosts]
    others = occurrences_by_id(db, clashes_at(db, heads, starts_at, ends_at, but=occurrence.id))
    return [
        say("changes.effect-clash", kind=say(f"kinds.{other.kind}"), unit=other.unit.name, hours=", ".join(other.hours))
        for other in others
    ]
