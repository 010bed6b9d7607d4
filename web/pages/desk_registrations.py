"""The desk registers for residents: by telephone, at the counter, or on behalf of somebody for any public sitting."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.registration_places import set_places
from scheduler.actions.registrations import note_reading, register, withdraw
from scheduler.database import Db
from scheduler.errors import NotFound, Stale
from scheduler.models import Occurrence, Registration
from scheduler.queries.access import may, require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.public import upcoming
from scheduler.queries.registrations import (
    entered_by,
    find_queue,
    find_registration,
    open_for_registration,
    require_sight,
    told_in,
    windows_of,
)
from scheduler.queries.search import search_units
from scheduler.queries.units import own_bodies
from scheduler.rules.arrival_windows import HALL, USUAL_MINUTES, USUAL_PLACES
from scheduler.rules.registration_input import denounces
from scheduler.rules.workflow import PUBLIC
from web import request_cycle
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.open_forms import fresh_key
from web.registering import above_page, closed_page, form_again, given_in, no_store, prepared
from web.registration_forms import EntryForm, PlacesForm

pages = Blueprint("desk_registrations", __name__)
DESK_FORM = "registrations/desk_form.html"
UNITS, SITTINGS = 5, 12
LONGEST = 100


@pages.get("/desk/registrations")
@staff("register")
def list_own() -> Response:
    """What one entered lately, and the way to a sitting by the name of its unit."""
    db, actor = request_cycle.db(), signed_in()
    text = request.args.get("q", "")[:LONGEST]
    units = search_units(db, text, UNITS) if text.strip() else []
    ids = [unit.id for unit in units]
    now, today = request_cycle.now(), request_cycle.today()
    sittings = upcoming(db, now, today, units=own_bodies(ids), limit=SITTINGS) if ids else []
    own = entered_by(db, actor.account_id) if actor.account_id is not None else []
    return no_store(render_template("registrations/desk.html", text=text, units=units, sittings=sittings, own=own))


@pages.route("/desk/registrations/new", methods=["GET", "POST"])
@staff("register")
def new() -> Response:
    """Enter a registration for a sitting of `?sitting=`; without one it is chosen first."""
    if not request.args.get("sitting"):
        return no_store(redirect(url_for(".list_own"), 303))
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    asked = open_for_registration(db, request.args["sitting"])
    receives, form, made = may(db, actor, "receive", asked.unit_id), EntryForm(), []
    if not receives:
        del form.way
    if form.is_submitted() and form.about.data == "yes":
        return above_page(asked, 200, desk=True)
    if denounces(*form.texts()):
        return above_page(asked, 422, desk=True)
    try:
        sitting = prepared(form, asked)
    except Stale as refusal:
        return closed_page(asked, refusal)
    way = (form.way.data or "") if receives else "officer"
    if carried_out(form, lambda: made.append(register(db, asked.slug, given_in(form, way=way), by=actor, now=now))):
        return no_store(redirect(url_for(".show", slug=made[0].slug), 303))
    fresh_key(form, asked.slug)
    return form_again(form, asked, sitting, template=DESK_FORM)


@pages.get("/desk/registrations/<slug>")
@staff("register")
def show(slug: str) -> Response:
    """The slip to print or to read out; who it is for is not on it."""
    return _slip(_seen(slug))


@pages.post("/desk/registrations/<slug>/read")
@staff("register")
def read(slug: str) -> Response:
    """The same with what was told; the reading is noted in the ledger, without a word of it."""
    registration, actor, now = _seen(slug), signed_in(), request_cycle.now()
    request_cycle.note(lambda notes: note_reading(notes, registration, by=actor, now=now))
    return _slip(registration, told=told_in(request_cycle.db(), registration))


@pages.post("/desk/registrations/<slug>/withdraw")
@staff("register")
def take_back(slug: str) -> Response:
    """Take it back as the resident asks."""
    registration = _seen(slug)
    withdraw(request_cycle.db(), registration, by=signed_in(), now=request_cycle.now())
    flash(say("registrations.done-withdrawn"))
    return no_store(redirect(url_for(".show", slug=slug), 303))


@pages.route("/desk/occurrences/<slug>/places", methods=["GET", "POST"])
@staff("receive")
def places(slug: str) -> Response:
    """The seats of a hall, or the arrival windows of a reception, with what is taken and left."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    sitting = find_occurrence(db, slug)
    require(db, actor, "receive", sitting.unit_id)
    if sitting.state not in PUBLIC:
        raise NotFound("errors.not-found")
    form = PlacesForm(data=_places_now(db, sitting))
    given = {"seats": form.seats.data or "", "minutes": form.minutes.data or "", "places": form.places.data or ""}
    if carried_out(form, lambda: set_places(db, sitting, **given, by=actor, now=now)):
        flash(say("registrations.places-saved"))
        return no_store(redirect(url_for(".places", slug=slug), 303))
    return no_store(
        form_page(
            "registrations/places.html", form,
            sitting=sitting, hall=sitting.kind in HALL, queue=find_queue(db, sitting.id),
            windows=windows_of(db, sitting, now=now),
        )
    )  # fmt: skip


def _places_now(db: Db, sitting: Occurrence) -> dict[str, str]:
    queue = find_queue(db, sitting.id)
    windows = windows_of(db, sitting, now=request_cycle.now())
    minutes = int((windows[0].ends_at - windows[0].starts_at).total_seconds()) // 60 if windows else USUAL_MINUTES
    seats = "" if queue is None or queue.seats is None else str(queue.seats)
    return {"seats": seats, "minutes": str(minutes), "places": str(windows[0].places if windows else USUAL_PLACES)}


def _seen(slug: str) -> Registration:
    db = request_cycle.db()
    registration = find_registration(db, slug)
    require_sight(db, registration, signed_in())
    return registration


def _slip(registration: Registration, *, told: object = None) -> Response:
    db = request_cycle.db()
    code = told_in(db, registration).code
    return no_store(
        render_template(
            "registrations/slip.html", registration=registration, sitting=registration.occurrence, code=code, told=told
        )
    )
