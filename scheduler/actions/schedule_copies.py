"""Last year's plan taken over into the next: every chosen schedule once, as drafts, all or none."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.queries.access import require
from scheduler.queries.schedule_copies import planned_copies, schedules_of_year
from scheduler.rules.permissions import Actor


@dataclass(frozen=True)
class CopiedPlan:
    """The keys of the schedules that were made, of those made before, and how many sittings were drafted."""

    made: tuple[str, ...]
    there: tuple[str, ...]
    sittings: int


def copy_schedules(
    db: Db, unit_id: int, schedule_ids: Iterable[int], *, year: int, domain: str = "", by: Actor, now: datetime
) -> CopiedPlan:
    """Make these schedules of the year before again for `year`. Doing it twice makes nothing.

    Raises BadInput where none is chosen, and for one that cannot be copied: it has no end, or needs new dates.
    """
    require(db, by, "plan", unit_id)
    chosen = set(schedule_ids)
    schedules = [one for one in schedules_of_year(db, unit_id, year - 1) if one.id in chosen]
    if not schedules or len(schedules) < len(chosen):
        raise BadInput("schedules.copy-none", "")
    made, there, sittings = [], [], 0
    for one in planned_copies(db, schedules, year, today=local_date(now)):
        if one.copied is None or one.verdict in ("goes-on", "needs-dates"):
            raise BadInput("schedules.copy-cannot", "", name=one.schedule.key)
        if one.verdict == "there" or one.copied.series is None:
            there.append(one.copied.key)
            continue
        schedule = create_schedule(db, unit_id, one.copied.series, by=by, now=now)
        sittings += extend_schedule(db, schedule.id, domain=domain, by=by, now=now)
        made.append(one.copied.key)
    return CopiedPlan(tuple(made), tuple(there), sittings)
