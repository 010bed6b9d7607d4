"""The first screen of the staff: what to do next and this week's sittings; and the lists behind lines of its own."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template

from scheduler.database import Db
from scheduler.models import Unit
from scheduler.queries.days import working_calendar
from scheduler.queries.desk import Today, missing_in
from scheduler.queries.desk_calendar import Asked, counts_between, sittings_between
from scheduler.queries.desk_duties import short_posts
from scheduler.queries.desk_notices import PAGE, count_unposted, unposted_notices
from scheduler.queries.unit_choice import narrowed
from scheduler.rules.permissions import Actor
from scheduler.rules.publication import missing_places
from web import request_cycle
from web.asked import asked_number
from web.desk_lines import Shown, lines_for
from web.duty_words import duty_sentence
from web.guards import signed_in, staff
from web.unit_choice import UnitChoice, asked_units

pages = Blueprint("desk", __name__)
pages.add_app_template_global(missing_in)
FEW = 30
"""A week with more sittings than this shows their numbers, each opening to the list."""
MOST_PAGES = 1_000


@pages.get("/desk")
@staff()
def desk() -> str:
    """Lines with a verb and a number, what hurts first; an empty desk says so."""
    db, day = request_cycle.db(), request_cycle.today()
    choice, actor = _reader(db)
    today = Today(day, working_calendar(db))
    asked = Asked(actor, today.monday, today.monday + timedelta(days=6))
    counts = counts_between(db, asked) if actor.ever("read") else {}
    sittings = sittings_between(db, asked) if 0 < sum(counts.values()) <= FEW else []
    return render_template(
        "desk/desk.html",
        lines=_of_units(lines_for(db, actor, today), choice),
        choice=choice,
        office=_office(db, actor),
        week=[today.monday + timedelta(days=step) for step in range(7)],
        counts=counts,
        sittings=sittings,
        several=len({one.unit for one in sittings}) > 1,
        calendar=today.calendar,
    )


@pages.get("/desk/short-duties")
@staff("change")
def duties() -> str:
    """The heads who will miss the law's minimum, this week or month and in the months to come."""
    db = request_cycle.db()
    choice, actor = _reader(db)
    rows = short_posts(db, actor, Today(request_cycle.today(), working_calendar(db)))
    return render_template("desk/duties.html", rows=rows, choice=choice, sentence=duty_sentence)


@pages.get("/desk/unposted")
@staff("post")
def notices() -> str:
    """The notices that do not hang at all three places, each with the places that are missing."""
    db, day = request_cycle.db(), request_cycle.today()
    choice, actor = _reader(db)
    number = asked_number("page", 1, MOST_PAGES)
    total, _ = count_unposted(db, actor, day)
    rows = unposted_notices(db, actor, day, page=number)
    missing = {one.id: missing_places([posting.where for posting in one.postings]) for one in rows}
    return render_template(
        "desk/notices.html", rows=rows, missing=missing, total=total, choice=choice, number=number,
        more=number * PAGE < total,
    )  # fmt: skip


def _reader(db: Db) -> tuple[UnitChoice, Actor]:
    """What the address narrows the desk to, and the reader with the rights that are left there."""
    actor = signed_in()
    if not actor.ever("read"):
        return UnitChoice("", (), ()), actor
    choice = asked_units(db, actor)
    return choice, actor if choice.ids is None else narrowed(db, actor, choice.ids)


def _of_units(lines: list[Shown], choice: UnitChoice) -> list[Shown]:
    """The lines; of a narrowed desk those whose list can be narrowed as well, so that their numbers agree."""
    if choice.ids is None:
        return lines
    return [_with_unit(one, choice.text) for one in lines if one.line.by_unit]


def _with_unit(shown: Shown, unit: str) -> Shown:
    line = shown.line
    if line.alone:
        return shown
    address = f"{line.address}{'&' if '?' in line.address else '?'}{urlencode({'unit': unit})}"
    return replace(shown, line=replace(line, address=address))


def _office(db: Db, actor: Actor) -> str:
    """The unit whose desk it is, blank for who serves several."""
    units = {grant.unit_id for grant in actor.grants}
    return db.get_one(Unit, units.pop()).name if len(units) == 1 else ""
