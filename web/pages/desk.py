"""The first screen of the staff: what to do next, and this week's sittings."""

from datetime import date, timedelta

from flask import Blueprint, render_template

from scheduler.queries.days import working_calendar
from scheduler.queries.desk import Today, open_proposals, unposted_notices, waiting_for, week_counts, week_of
from web import request_cycle
from web.desk_lines import other_lines
from web.guards import signed_in, staff

pages = Blueprint("desk", __name__)
FEW = 30
"""A week with more sittings than this shows their numbers, each opening to the list."""
SATURDAY = 5


@pages.get("/desk")
@staff()
def desk() -> str:
    """Lines with a verb and a number, what hurts first; an empty desk says so."""
    db, actor, day = request_cycle.db(), signed_in(), request_cycle.today()
    calendar = working_calendar(db)
    today = Today(day, calendar)
    monday = _monday(day)
    counts = week_counts(db, actor, monday) if actor.ever("read") else {}
    return render_template(
        "desk/desk.html",
        waiting=waiting_for(db, actor, today),
        notices=unposted_notices(db, actor, day) if actor.ever("post") else [],
        proposals=open_proposals(db, actor) if actor.ever("decide") else 0,
        others=other_lines(db, actor, request_cycle.now()),
        week=[monday + timedelta(days=step) for step in range(7)],
        counts=counts,
        sittings=week_of(db, actor, monday) if 0 < sum(counts.values()) <= FEW else [],
        calendar=calendar,
    )


def _monday(day: date) -> date:
    """The Monday of the week that matters: at the weekend it is the one to come."""
    ahead = 7 if day.weekday() >= SATURDAY else 0
    return day + timedelta(days=ahead - day.weekday())
