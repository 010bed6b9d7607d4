"""What a change of the working-day calendar would touch, in lines: the preview of one day, a file or a decision."""

from datetime import date
from typing import Any

from scheduler.queries.days import working_calendar
from scheduler.queries.planned import titles_of
from scheduler.queries.touched import Touched, touched_by
from scheduler.rules.working_days import Calendar, Day
from web import request_cycle
from web.language import language, say
from web.plan_words import difference_line


def touched_facts(days: list[Day]) -> dict[str, Any]:
    """What naming these days would touch, for a template: `lines`, and how many `drafts` would follow."""
    db, before = request_cycle.db(), working_calendar(request_cycle.db())
    after = Calendar([*before.proposed.values(), *before.days.values(), *days])
    touched = touched_by(db, before, after, today=request_cycle.today())
    return {"lines": list(_lines(touched)), "drafts": _count(touched, "changed"), "previewed": True}


def _lines(touched: Touched) -> list[tuple[str, str]]:
    """(unit, line) of each sitting and each deadline."""
    hosts = [
        post
        for one in touched.sittings
        for values in (one.old, one.values)
        if values is not None
        for post in values["hosts"]
    ]
    titles = titles_of(request_cycle.db(), hosts)
    lines = [
        (schedule.unit.name, difference_line(say, language(), titles, difference))
        for schedule, found in touched.schedules
        for difference in found
        if difference.verdict != "settled"
    ]
    lines += [
        (move.occurrence.unit.name, say("calendar_days.touches-by-hand", day=_short(move.occurrence.day)))
        for move in touched.by_hand
    ]
    lines += [
        (due.task.unit.name, say("proposals.due-day", before=_short(due.task.due_day), until=_short(due.day)))
        for due in touched.tasks
    ]
    return lines


def _count(touched: Touched, verdict: str) -> int:
    return sum(difference.verdict == verdict for difference in touched.sittings)


def _short(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else "–"
