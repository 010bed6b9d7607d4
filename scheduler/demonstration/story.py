"""What happens in the demonstration's offices, moment by moment, through the actions the pages use."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random

from scheduler.actions.escalation import escalate
from scheduler.actions.followups import compile_task
from scheduler.actions.reminders import find_unreminded, plan_reminders_of
from scheduler.clock import at_local, local_date
from scheduler.database import Db
from scheduler.queries.days import working_calendar
from scheduler.queries.followups import find_to_escalate, find_uncompiled
from scheduler.rules.permissions import job_actor
from scheduler.rules.working_days import Calendar

Deed = Callable[["Story", datetime], None]


@dataclass
class Story:
    """A clock that walks from deed to deed; each deed may put later ones on it. What lies after `until` is left."""

    db: Db
    until: datetime
    chance: Random
    calendar: Calendar
    feed_domain: str
    shown_tasks: int = 0

    def __post_init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Deed]] = []
        self._number = 0

    @classmethod
    def begin(cls, db: Db, *, until: datetime, chance: Random, feed_domain: str) -> "Story":
        """A story on the installation's working days."""
        return cls(db, until, chance, working_calendar(db), feed_domain)

    def at(self, moment: datetime, deed: Deed) -> None:
        """Let the deed happen at that moment, if it comes before the end."""
        if moment < self.until:
            self._number += 1
            heappush(self._waiting, (moment, self._number, deed))

    def tell(self) -> None:
        """Let everything happen in the order of its moments."""
        while self._waiting:
            moment, _, deed = heappop(self._waiting)
            deed(self, moment)
        self.db.flush()

    def every_morning(self, first: date) -> None:
        """The nightly and morning jobs, for each day of the story."""
        day = first
        while at_local(day, "07:00") < self.until:
            self.at(at_local(day, "07:00"), _morning)
            self.at(at_local(day, "18:30"), _evening)
            day += timedelta(days=1)


def _morning(story: Story, now: datetime) -> None:
    for occurrence_id in find_unreminded(story.db, now):
        plan_reminders_of(story.db, occurrence_id, now=now)
    if story.calendar.is_working(local_date(now)):
        for task_id in find_to_escalate(story.db, now):
            escalate(story.db, task_id, now=now)


def _evening(story: Story, now: datetime) -> None:
    for item_id in find_uncompiled(story.db, now):
        compile_task(story.db, item_id, by=job_actor("followups"), now=now)
