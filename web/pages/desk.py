"""The first screen of the staff: what to do next, and this week's sittings."""

from datetime import timedelta

from flask import Blueprint, render_template

from scheduler.queries.days import working_calendar
from scheduler.queries.desk import Today, open_proposals, unposted_notices, waiting_for, week_of
from web import request_cycle
from web.desk_lines import other_lines
from web.guards import signed_in, staff

pages = Blueprint("desk", __name__)


@pages.get("/desk")
@staff()
def desk() -> str:
    """Lines with a verb and a number, what hurts first; an empty desk says so."""
    db, actor, day = request_cycle.db(), signed_in(), request_cycle.today()
    calendar = working_calendar(db)
    today = Today(day, calendar)
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=step) for step in range(7)]
    return render_template(
        "desk/desk.html",
        waiting=waiting_for(db, actor, today),
        notices=unposted_notices(db, actor, day) if actor.ever("post") else [],
        proposals=open_proposals(db, actor) if actor.ever("decide") else 0,
        others=other_lines(db, actor, request_cycle.now()),
        week=week,
        sittings=week_of(db, actor, monday) if actor.ever("read") else [],
        calendar=calendar,
    )
