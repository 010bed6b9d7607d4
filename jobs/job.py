"""What a job is: a name, a beat, and either rows to find and handle or one whole piece of work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from scheduler.clock import at_local, local_date
from scheduler.database import Database, Db
from scheduler.settings import Settings

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Workshop:
    """What jobs work with. `stopping` is set when the process shall end: begin nothing new."""

    database: Database
    settings: Settings
    stopping: Event = field(default_factory=Event)


@dataclass
class Outcome:
    """What one beat did. `failed` rows stay for the next beat; `counts` say more, by word."""

    found: int = 0
    done: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, what: str) -> None:
        """One more of these."""
        self.counts[what] = self.counts.get(what, 0) + 1

    def fail(self, error: str) -> None:
        """One more that failed, and why."""
        self.failed += 1
        self.errors.append(error)


@dataclass(frozen=True)
class Beat:
    """Every `interval`, or daily at the wall time `hour` of Vietnam; the only way triggers are made."""

    interval: timedelta
    hour: str = ""

    def last_due(self, now: datetime) -> datetime:
        """The newest moment at or before `now` at which a daily beat was due."""
        today = at_local(local_date(now), self.hour)
        return today if today <= now else at_local(local_date(now) - DAY, self.hour)


def every(seconds: int) -> Beat:
    """A beat that repeats."""
    return Beat(timedelta(seconds=seconds))


def daily(hour: str) -> Beat:
    """A beat at a wall time of Vietnam such as "07:00", wherever the machine stands."""
    return Beat(DAY, hour)


@dataclass(frozen=True)
class RowJob:
    """`find` gives ids of due rows; `handle` settles one in a transaction of its own and is harmless twice."""

    name: str
    beat: Beat
    find: Callable[[Db, datetime], list[int]]
    handle: Callable[[Db, int, datetime], object]


@dataclass(frozen=True)
class WholeJob:
    """A job that makes its own transactions: it talks to the outside between them."""

    name: str
    beat: Beat
    work: Callable[[Workshop, datetime], Outcome]


Job = RowJob | WholeJob
