"""The counter of a sitting: the day's list for the officer at the door, each press one small form."""

from collections import Counter

from flask import Blueprint, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.actions.counter import open_screen, take_step, undo_step, walk_in
from scheduler.errors import NotFound
from scheduler.models import Registration
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.counter import Row, counters_of, counts_of, rows_of, screen_of
from scheduler.queries.registrations import find_registration
from scheduler.rules.counter import in_turn, is_open, minutes_of
from scheduler.rules.workflow import PUBLIC
from web import request_cycle
from web.asked import asked_text
from web.counter_forms import PressForm, WalkInForm
from web.form_rows import number_of
from web.forms import Form, carried_out, form_page
from web.guards import signed_in, staff
from web.names_opened import note_sitting_opened

pages = Blueprint("counter", __name__)
ACTIVE = ("booked", "arrived", "called", "inside")
DEEDS = {
    "booked": ("arrive", "call", "miss"),
    "arrived": ("call", "begin", "miss"),
    "called": ("begin", "call", "miss"),
    "inside": ("end",),
    "absent": ("come_back",),
}
"""What may be pressed for a visit in each state, the usual press first."""


@pages.get("/desk/counter")
@staff("receive")
def counters() -> str:
    """The sittings of today and the next ones, with how many come."""
    db = request_cycle.db()
    today, later = counters_of(db, signed_in(), request_cycle.today())
    counts = counts_of(db, [one.id for one in (*today, *later)])
    return render_template("counter/counters.html", now_open=today, later=later, counts=counts)


@pages.route("/desk/counter/<slug>", methods=["GET", "POST"])
@staff("receive")
def show(slug: str) -> Response:
    """The day's list; its one field gives somebody at the door the next number."""
    form, given = WalkInForm(), list[Registration]()

    def give() -> None:
        given.append(
            walk_in(
                request_cycle.db(), slug, form.name.data or "", mark=form.mark.data or "", by=signed_in(),
                now=request_cycle.now(),
            )
        )  # fmt: skip

    if carried_out(form, give):
        return redirect(url_for("counter.show", slug=slug, number=given[0].ticket), 303)
    return day_list(slug, form, form)


@pages.post("/desk/counter/visits/<visit>/<any('arrive','call','begin','end','miss','come_back','undo'):step>")
@staff("receive")
def press(visit: str, step: str) -> Response:
    """One press for one visit; refused, the list says why and shows what is so now."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form = PressForm()
    version = number_of(form.version.data or "") or 0

    def deed() -> None:
        if step == "undo":
            undo_step(db, visit, version=version, by=actor, now=now)
        else:
            take_step(db, visit, step, version=version, by=actor, now=now)

    done = carried_out(form, deed)
    kept = find_registration(db, visit)
    if not done:
        return day_list(kept.occurrence.slug, form, WalkInForm(None))
    anchor = f"n{kept.ticket}" if form.at.data == "row" else None
    return redirect(url_for("counter.show", slug=kept.occurrence.slug, _anchor=anchor), 303)


@pages.post("/desk/counter/<slug>/screen")
@staff("receive")
def screen(slug: str) -> Response:
    """Make the address of the waiting-room screen."""
    open_screen(request_cycle.db(), slug, by=signed_in(), now=request_cycle.now())
    return redirect(url_for("counter.show", slug=slug, _anchor="screen"), 303)


@pages.get("/desk/counter/visits/<visit>/slip")
@staff("receive")
def slip(visit: str) -> str:
    """A number to print or to show; no name, no matter."""
    db = request_cycle.db()
    kept = find_registration(db, visit)
    require(db, signed_in(), "receive", kept.occurrence.unit_id)
    return render_template("counter/slip.html", visit=kept, one=kept.occurrence)


def day_list(slug: str, form: Form, walk: WalkInForm) -> Response:
    """The list with names opened, which leaves a note."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    occurrence = find_occurrence(db, slug)
    require(db, actor, "receive", occurrence.unit_id)
    if occurrence.state not in PUBLIC:
        raise NotFound("errors.not-found")
    note_sitting_opened(occurrence.id, occurrence.unit_id)
    rows = rows_of(db, occurrence.id)
    by_number, screen = {row.visit.ticket: row for row in rows}, screen_of(db, occurrence.id)
    page, status = form_page(
        "counter/show.html",
        form,
        one=occurrence,
        walk=walk,
        active=[row for row in rows if row.visit.state in ACTIVE],
        done=[row for row in rows if row.visit.state not in ACTIVE],
        turn=[by_number[visit.ticket] for visit in in_turn([row.visit for row in rows], now)],
        sums=_sums(rows),
        newest=max((row.last for row in rows if row.last), key=lambda step: step.id, default=None),
        by_id={row.kept.id: row for row in rows},
        open_=is_open(occurrence.state, occurrence.day, request_cycle.today()),
        screen=screen,
        screen_url=f"{request_cycle.settings().base_url}/screens/{screen}" if screen else "",
        given=by_number.get(number_of(asked_text("number")) or 0),
        deeds=DEEDS,
        minutes_of=minutes_of,
        mark=f"{len(rows)}-{sum(row.kept.version for row in rows)}",
    )
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"  # a form that comes back from memory would give a number twice
    return answer


def _sums(rows: list[Row]) -> dict[str, int]:
    states = Counter(row.visit.state for row in rows)
    inside = states["called"] + states["inside"]
    return {"waiting": states["arrived"], "inside": inside, "received": states["received"], "booked": states["booked"]}
