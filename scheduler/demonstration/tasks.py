"""What the units in charge do with their tasks: most in time, some late, some never without being urged."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from scheduler.actions.followups import (
    Report,
    accept_task,
    ask_extension,
    grant_extension,
    report_done,
    report_progress,
)
from scheduler.clock import at_local
from scheduler.demonstration.invented import PROGRESS, PROOFS
from scheduler.demonstration.offices import Office
from scheduler.demonstration.story import Story
from scheduler.models import Task, Unit
from scheduler.rules.permissions import Actor, Grant

IN_TIME, LATE, EXTENDED = 0.72, 0.12, 0.06
SHOWN_FATES = (0.1, 0.99, 0.75, 0.1, 0.86, 0.1)
"""What becomes of the shown office's tasks in turn: in time, never done, late, never done, extended."""


def follow_task(story: Story, office: Office, item_id: int, due_day: date, *, now: datetime) -> None:
    """Chance decides how the unit in charge carries the item out; the rest stays open and is urged."""
    dice, calendar = story.chance.random(), story.calendar
    if office.shown:
        story.shown_tasks += 1
        dice = SHOWN_FATES[story.shown_tasks % len(SHOWN_FATES)]
    half = at_local(calendar.add_working_days(due_day, -3), "14:10")
    if half > now + timedelta(days=1):
        story.at(half, lambda story, at: _progress(story, item_id, at))
    if dice < IN_TIME:
        done = at_local(calendar.add_working_days(due_day, -story.chance.choice((0, 1, 2))), "15:30")
    elif dice < IN_TIME + LATE:
        done = at_local(calendar.add_working_days(due_day, story.chance.choice((1, 2, 4, 6))), "09:40")
    elif dice < IN_TIME + LATE + EXTENDED:
        asked = at_local(calendar.add_working_days(due_day, -1), "09:00")
        story.at(asked, lambda story, at: _extend(story, office, item_id, at))
        return
    else:
        return
    story.at(done, lambda story, at: _done(story, office, item_id, at))


def _task(story: Story, item_id: int) -> Task | None:
    return story.db.scalars(select(Task).where(Task.item_id == item_id)).one_or_none()


def _unit_actor(unit: Unit) -> Actor:
    """The unit itself, as it acts through the link in its letter, without an account."""
    return Actor(unit.name, "web", grants=(Grant("officer", unit.id),))


def _progress(story: Story, item_id: int, now: datetime) -> None:
    task = _task(story, item_id)
    if task is not None and task.done_at is None:
        words = story.chance.choice(PROGRESS)
        report_progress(story.db, task.slug, Report(task.version, words, _unit_actor(task.unit), now))


def _extend(story: Story, office: Office, item_id: int, now: datetime) -> None:
    task = _task(story, item_id)
    if task is None:
        return
    until = story.calendar.add_working_days(task.due_day, 5)
    report = Report(task.version, "Chờ kết quả thẩm định của đơn vị chuyên môn.", _unit_actor(task.unit), now)
    ask_extension(story.db, task.slug, report, until=until)
    story.at(now + timedelta(hours=6), lambda story, at: _grant(story, office, item_id, at))
    story.at(at_local(until, "11:00"), lambda story, at: _done(story, office, item_id, at))


def _grant(story: Story, office: Office, item_id: int, now: datetime) -> None:
    task = _task(story, item_id)
    if task is not None and task.asked_day is not None:
        grant_extension(story.db, task.slug, Report(task.version, "Đồng ý.", office.approver, now))


def _done(story: Story, office: Office, item_id: int, now: datetime) -> None:
    task = _task(story, item_id)
    if task is None or task.done_at is not None:
        return
    proof = story.chance.choice(PROOFS).format(n=story.chance.randrange(100, 900))
    report_done(story.db, task.slug, Report(task.version, proof, _unit_actor(task.unit), now))
    if story.chance.random() < 0.9:
        later = at_local(story.calendar.next_working(now.date()), "08:45")
        story.at(later, lambda story, at: _accept(story, office, item_id, at))


def _accept(story: Story, office: Office, item_id: int, now: datetime) -> None:
    task = _task(story, item_id)
    if task is not None and task.done_at is not None and task.closed_at is None:
        accept_task(story.db, task.slug, Report(task.version, "", office.clerk, now))
