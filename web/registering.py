"""What both doors to a registration share, the resident's and the desk's: reading the form, the office above."""

from datetime import datetime

from flask import make_response, render_template
from werkzeug.wrappers import Response

from scheduler.actions.registrations import Given
from scheduler.errors import Stale, TooMany
from scheduler.models import Occurrence, Registration
from scheduler.queries.registrations import (
    find_registration,
    later_sittings,
    office_above,
    seats_left,
    sitting_to_register_for,
    windows_of,
)
from scheduler.queries.units import place_of
from scheduler.rules.arrival_windows import HALL
from web import request_cycle
from web.errors import status_of
from web.guards import require_signed
from web.language import language, say
from web.registration_forms import RegisterForm, offer_windows

FORM = "registrations/form.html"


def own_registration(slug: str, signature: str) -> Registration:
    """The registration of its own signed address. Raises NotFound for an address that is not ours."""
    require_signed("registrations", slug, signature)
    return find_registration(request_cycle.db(), slug)


def no_store(page: str | tuple[str, int] | Response) -> Response:
    """The page as it is given to nobody twice: kept by no cache, read by no search engine."""
    response = make_response(page)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def given_in(form: RegisterForm, *, way: str, client: str = "") -> Given:
    """What the form tells."""
    lines = (form.representatives.data or "").splitlines()
    group = form.count > 1
    return Given(
        name=form.name.data or "",
        contact=form.contact.data or "",
        home=form.home.data or "",
        topic=form.topic.data or "",
        words=form.words.data or "",
        people=form.count,
        representatives=tuple(line for line in lines if line.strip()) if group else (),
        way=way,
        language=language(),
        window=datetime.fromisoformat(form.window.data) if form.window.data else None,
        form=form.key.data or "",
        client=client,
    )


def prepared(form: RegisterForm, asked: Occurrence) -> Occurrence:
    """Fill the choices of the form; gives the sitting the registration would be for. Raises Stale where none is."""
    db, now = request_cycle.db(), request_cycle.now()
    sitting = sitting_to_register_for(db, asked, now=now)
    windows = windows_of(db, sitting, now=now) if sitting is asked else []
    offer_windows(form, windows, first=say("registrations.earliest"))
    if form.home.data is None:
        place = place_of(asked.unit)
        form.home.data = place.name if place.level == "commune" else ""  # a city's residents live in many communes
    return sitting


def form_again(form: RegisterForm, asked: Occurrence, sitting: Occurrence, *, template: str = FORM) -> Response:
    """The form, as it was typed; 200 when it is new."""
    status = status_of(form.refusal) if form.refusal else 422 if form.errors else 200
    left = seats_left(request_cycle.db(), sitting.id) if sitting.kind in HALL else None
    page = render_template(template, form=form, refusal=form.refusal, asked=asked, sitting=sitting, left=left)
    response = no_store((page, status))
    if isinstance(form.refusal, TooMany):
        response.headers["Retry-After"] = str(form.refusal.facts["retry_after"])
    return response


def above_page(asked: Occurrence, status: int, *, desk: bool = False) -> Response:
    """Where a matter about leaders or officials of this place is brought. Nothing of what was typed is on it."""
    above = office_above(request_cycle.db(), asked, now=request_cycle.now())
    return no_store((render_template("registrations/above.html", above=above, asked=asked, desk=desk), status))


def closed_page(asked: Occurrence, refusal: Stale) -> Response:
    """A sitting nobody can register for: that coming is always possible, whom to ask, and what comes next."""
    later = later_sittings(request_cycle.db(), asked, now=request_cycle.now(), most=3)
    page = render_template("registrations/closed.html", asked=asked, refusal=refusal, later=later)
    return no_store((page, status_of(refusal)))
