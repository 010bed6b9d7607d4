"""The calendar of the desk: a month, a week or a list of all sittings one reads, to look at and to start from.

Nothing is changed here: a sitting opens its page, where its steps are, an empty day leads to planning. The page says
all of it without script; with script the same days are drawn by FullCalendar, which asks `events` for them.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from scheduler.errors import BadInput
from scheduler.queries.days import working_calendar
from scheduler.queries.desk_calendar import MOST, Sitting, counts_between, sittings_between
from scheduler.rules.kinds import KINDS
from scheduler.rules.workflow import public_status
from scheduler.rules.working_days import SATURDAY, Calendar
from web import request_cycle
from web.asked import asked_day
from web.calendar_choice import VIEWS, CalendarChoice, asked_calendar
from web.filters import long_date, lunar
from web.guards import signed_in, staff
from web.language import say

pages = Blueprint("desk_calendar", __name__)
LONGEST = 62
"""Days that one question may ask for."""


@dataclass(frozen=True)
class Cell:
    """One day: whether it is off and how it is called, and its sittings, or only how many there are."""

    day: date
    off: bool
    worked: bool  # a Saturday or Sunday on which the public service works
    name: str
    sittings: tuple[Sitting, ...]
    n: int


@pages.get("/desk/calendar")
@staff("read")
def show() -> str:
    """The days that are asked for as a table of weeks or a list, with links to the days before and after."""
    db, actor = request_cycle.db(), signed_in()
    choice = asked_calendar(db, actor)
    cells = _cells(choice, choice.first, choice.last)
    return render_template(
        "desk_calendar/calendar.html",
        choice=choice, cells=cells, views=VIEWS, kinds=KINDS, chosen_view="view" in request.args,
        several=len({one.unit for cell in cells for one in cell.sittings}) > 1,
        weeks=[cells[start : start + 7] for start in range(0, len(cells), 7)], plans=actor.ever("plan"),
    )  # fmt: skip


@pages.get("/desk/calendar/events")
@staff("read")
def events() -> Response:
    """The same for the script, as JSON: `events` of the days from `from` to `to`, and `days` with what they are.

    Raises BadInput for more than LONGEST days.
    """
    today = request_cycle.today()
    first = asked_day("from", today)
    last = asked_day("to", first + timedelta(days=30))
    if not first <= last <= first + timedelta(days=LONGEST - 1):
        raise BadInput("desk_calendar.too-many-days", "to", most=LONGEST)
    choice = asked_calendar(request_cycle.db(), signed_in())
    cells = _cells(choice, first, last)
    response = jsonify(
        events=[event for cell in cells for event in _events(cell, choice)],
        days={cell.day.isoformat(): _told(cell) for cell in cells},
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def state_word(sitting: Sitting) -> str:
    """The state as the staff read it: one that was moved says so."""
    if sitting.state == "published" and sitting.moved and sitting.dated:
        return say(f"statuses.{public_status(sitting.state, moved=True, dated=True)}")
    return say(f"states.{sitting.state}")


def state_mark(sitting: Sitting) -> str:
    """The class of its badge."""
    moved = sitting.state == "published" and sitting.moved and sitting.dated
    return "badge-moved" if moved else f"badge-state-{sitting.state}"


pages.add_app_template_global(state_word, "calendar_state_word")
pages.add_app_template_global(state_mark, "calendar_state_mark")


def _cells(choice: CalendarChoice, first: date, last: date) -> list[Cell]:
    db = request_cycle.db()
    asked = choice.asked(signed_in(), first, last)
    counts = counts_between(db, asked)
    by_day: dict[date, list[Sitting]] = defaultdict(list)
    for sitting in sittings_between(db, asked) if 0 < sum(counts.values()) <= MOST else ():
        by_day[sitting.day].append(sitting)
    working = working_calendar(db)
    days = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [_cell(day, working, by_day[day], counts.get(day, 0)) for day in days]


def _cell(day: date, working: Calendar, sittings: Iterable[Sitting], n: int) -> Cell:
    works, named = working.is_working(day), working.days.get(day)
    worked = works and day.weekday() >= SATURDAY
    return Cell(day, not works, worked, named.name if named else "", tuple(sittings), n)


def _told(cell: Cell) -> dict[str, Any]:
    return {
        "off": cell.off,
        "worked": cell.worked,
        "name": cell.name,
        "lunar": lunar(cell.day),
        "long": long_date(cell.day),
    }


def _events(cell: Cell, choice: CalendarChoice) -> list[dict[str, Any]]:
    if cell.sittings or not cell.n:
        return [_event(sitting) for sitting in cell.sittings]
    day = cell.day.isoformat()
    unit, kind = choice.units.text or None, choice.kind or None
    address = url_for("occurrences.list_occurrences", list="all", day=day, unit=unit, kind=kind)
    return [{"title": say("occurrences.count", n=cell.n), "day": day, "hours": [], "url": address}]


def _event(sitting: Sitting) -> dict[str, Any]:
    return {
        "id": sitting.slug,
        "title": sitting.who,
        "whole": sitting.who_where,
        "day": sitting.day.isoformat(),
        "hours": list(sitting.hours) if sitting.dated else [],
        "url": url_for("occurrences.show", slug=sitting.slug),
        "state": sitting.state,
        "mark": state_mark(sitting),
        "word": state_word(sitting),
        "kind": say(f"kinds.{sitting.kind}"),
        "unit": sitting.unit,
        "place": sitting.place,
        "chair": sitting.chair,
    }
