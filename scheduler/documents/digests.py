"""What a secretariat's weekly letter says: what waits, which tasks are late, and each month how the duties stand."""

from datetime import date, datetime, timedelta

from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.documents.tables import summary
from scheduler.language import say
from scheduler.models import Unit
from scheduler.queries.access import units_readable
from scheduler.queries.days import working_calendar
from scheduler.queries.desk import Today, waiting_for
from scheduler.queries.followups import count_views
from scheduler.reports import REPORT
from scheduler.reports.frame import Period, Scope
from scheduler.rules.permissions import Actor

TASK_VIEWS = ("overdue", "soon", "to-accept", "to-decide")
LISTS = ("to-publish", "to-approve", "approved", "to-record", "to-conclude", "postponed")
"""The lists of the desk that a letter repeats; drafts can wait."""
FIRST_WEEK = 7
"""In the letter of a month's first week stand the figures of the month before."""


def digest_lines(db: Db, actor: Actor, now: datetime) -> list[str]:
    """The letter's sentences in the actor's language; none where nothing waits."""
    today, language = local_date(now), actor.language
    waiting = waiting_for(db, actor, Today(today, working_calendar(db)))
    lines = [say(language, f"letters.digest-{line.key}", n=line.n) for line in waiting if line.key in LISTS]
    counts = count_views(db, actor, today)
    lines += [say(language, f"letters.digest-tasks-{view}", n=counts[view]) for view in TASK_VIEWS if counts[view]]
    if today.day <= FIRST_WEEK:
        lines += _duties(db, actor, today)
    return lines


def _duties(db: Db, actor: Actor, today: date) -> list[str]:
    last = today.replace(day=1) - timedelta(days=1)
    lines: list[str] = []
    for unit_id in actor.units_for("read_reports"):
        scope = Scope(db.get_one(Unit, unit_id), tuple(db.scalars(units_readable(actor, "read_reports"))))
        lines += summary(REPORT["duties"].run(db, Period(last.replace(day=1), last), scope, today), actor.language)
    return lines
