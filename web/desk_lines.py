"""Lines of the first screen that other features give: each a finder of a number with a key and an address."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from scheduler.database import Db
from scheduler.queries.followups import tasks_in
from scheduler.queries.people import posts_unreached
from scheduler.rules.permissions import Actor

Count = Callable[[Db, Actor, datetime], int]


@dataclass(frozen=True)
class DeskLine:
    """One line: the words `desk.<key>` and `desk.<key>-do`, where it leads, and who is asked."""

    key: str
    address: str
    act: str
    count: Count
    hurts: bool = False


@dataclass(frozen=True)
class OtherLine:
    """A line with its number."""

    key: str
    address: str
    n: int
    hurts: bool


LINES: tuple[DeskLine, ...] = (
    DeskLine("tasks-overdue", "/desk/tasks?view=overdue", "read_tasks", tasks_in("overdue"), hurts=True),
    DeskLine("tasks-to-decide", "/desk/tasks?view=to-decide", "accept", tasks_in("to-decide"), hurts=True),
    DeskLine("tasks-to-accept", "/desk/tasks?view=to-accept", "accept", tasks_in("to-accept")),
    DeskLine("tasks-soon", "/desk/tasks?view=soon", "report_task", tasks_in("soon")),
    DeskLine("posts-unreached", "/desk/people", "read", posts_unreached),
)


def other_lines(db: Db, actor: Actor, now: datetime) -> list[OtherLine]:
    """The lines with something to do, what hurts first."""
    counted = [(line, line.count(db, actor, now)) for line in LINES if actor.ever(line.act)]
    found = [OtherLine(line.key, line.address, n, line.hurts) for line, n in counted if n]
    return sorted(found, key=lambda line: not line.hurts)
