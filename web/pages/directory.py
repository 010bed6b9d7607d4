"""The staff's directory: the tree of units, one unit with its bodies, posts and places, and its upkeep."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.addresses import checked_address
from scheduler.actions.places import close_place, create_place
from scheduler.actions.posts import create_post
from scheduler.actions.units import Reach, create_unit, edit_reach, merge_unit, rename_unit
from scheduler.errors import BadInput, HouseError, NotFound
from scheduler.models import Place, Unit
from scheduler.queries.access import may, require, units_readable
from scheduler.queries.people import current_holdings
from scheduler.queries.search import search_units
from scheduler.queries.units import bodies_of, children_of, posts_of, unit_by_code, units_open_to
from scheduler.rules.names import post_in_words
from web import request_cycle
from web.directory_forms import MergeForm, NewUnitForm, PlaceForm, PostForm, UnitForm
from web.errors import status_of
from web.forms import Form
from web.guards import signed_in, staff
from web.language import say

pages = Blueprint("directory", __name__)
Page = Response | str | tuple[str, int]


@pages.get("/desk/units")
@staff("read")
def units() -> str:
    """Where the reader's units begin, and a search in them."""
    db, actor = request_cycle.db(), signed_in()
    asked = request.args.get("q", "")
    found = search_units(db, asked, 50, within=units_readable(actor)) if asked.strip() else None
    return render_template("directory/units.html", asked=asked, found=found, tops=units_open_to(db, actor))


@pages.get("/desk/units/<code>")
@staff("read")
def unit(code: str) -> str:
    """One unit: who holds its posts, where it receives, what lies below it."""
    return _unit_page(_readable_unit(code))


@pages.route("/desk/units/<code>/edit", methods=["GET", "POST"])
@staff("administer")
def edit(code: str) -> Page:
    """Name, telephone, e-mail and address."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    found = _own_unit(code)
    form, refusal = UnitForm(obj=found), None
    if form.validate_on_submit():
        try:
            email = checked_address(form.email.data) if form.email.data else ""
            reach = Reach((form.phone.data or "").strip(), email, (form.address.data or "").strip())
            rename_unit(db, found, form.name.data or "", by=actor, now=now)
            edit_reach(db, found, reach, by=actor, now=now)
            return _done("directory.saved", found)
        except HouseError as broken:
            refusal = broken
    return _form_page("directory.edit", form, refusal, unit=found)


@pages.route("/desk/units/<code>/new-post", methods=["GET", "POST"])
@staff("administer")
def new_post(code: str) -> Page:
    """A post of this unit."""
    found, form, refusal = _own_unit(code), PostForm(), None
    if form.validate_on_submit():
        try:
            create_post(
                request_cycle.db(),
                found,
                form.title.data or "",
                is_head=bool(form.is_head.data) or None,
                by=signed_in(),
                now=request_cycle.now(),
            )
            return _done("directory.post-added", found)
        except HouseError as broken:
            refusal = broken
    return _form_page("directory.new-post", form, refusal, unit=found)


@pages.route("/desk/units/<code>/new-place", methods=["GET", "POST"])
@staff("administer")
def new_place(code: str) -> Page:
    """A reception place of this unit."""
    found, form, refusal = _own_unit(code), PlaceForm(), None
    if form.validate_on_submit():
        try:
            create_place(
                request_cycle.db(),
                found,
                form.name.data or "",
                address=form.address.data or "",
                directions=form.directions.data or "",
                phone=form.phone.data or "",
                by=signed_in(),
                now=request_cycle.now(),
            )
            return _done("directory.place-added", found)
        except HouseError as broken:
            refusal = broken
    return _form_page("directory.new-place", form, refusal, unit=found)


@pages.post("/desk/units/<code>/places/<int:place_id>/close")
@staff("administer")
def end_place(code: str, place_id: int) -> Response:
    """Nobody is received there from today on."""
    found = _own_unit(code)
    place: Place | None = next((one for one in found.places if one.id == place_id), None)
    if place is None:
        raise NotFound("errors.not-found")
    close_place(request_cycle.db(), place, request_cycle.today(), by=signed_in(), now=request_cycle.now())
    return _done("directory.place-closed", found)


@pages.route("/desk/units/<code>/new-unit", methods=["GET", "POST"])
@staff("administer")
def new_unit(code: str) -> Page:
    """A department or office below this unit."""
    above, form, refusal = _own_unit(code), NewUnitForm(), None
    if form.validate_on_submit():
        try:
            email = checked_address(form.email.data) if form.email.data else ""
            reach = Reach((form.phone.data or "").strip(), email, (form.address.data or "").strip())
            made = create_unit(
                request_cycle.db(),
                form.name.data or "",
                level="department",
                kind="department",
                parent=above,
                reach=reach,
                by=signed_in(),
                now=request_cycle.now(),
            )
            return _done("directory.unit-added", made)
        except HouseError as broken:
            refusal = broken
    return _form_page("directory.new-unit", form, refusal, unit=above)


@pages.route("/desk/units/<code>/merge", methods=["GET", "POST"])
@staff("administer")
def merge(code: str) -> Page:
    """End this unit and lead its address on to another."""
    db, found, form, refusal = request_cycle.db(), _own_unit(code), MergeForm(), None
    if form.validate_on_submit():
        try:
            successor = _named_unit(form.successor.data or "")
            first = form.since.data or request_cycle.today()
            merge_unit(db, found, successor, first - timedelta(days=1), by=signed_in(), now=request_cycle.now())
            return _done("directory.merged", found)
        except HouseError as broken:
            refusal = broken
    return _form_page("directory.merge", form, refusal, unit=found)


def _unit_page(found: Unit) -> str:
    db, actor, today = request_cycle.db(), signed_in(), request_cycle.today()
    bodies = [body for body in bodies_of(db, found, today) if body.kind != "place"]
    posts = posts_of(db, [found.id, *(body.id for body in bodies)], today)
    return render_template(
        "directory/unit.html",
        unit=found,
        bodies=bodies,
        children=children_of(db, found),
        posts=posts,
        terms=current_holdings(db, [post.id for post in posts], today),
        post_in_words=post_in_words,
        may_edit=may(db, actor, "administer", found.id),
    )


def _form_page(key: str, form: Form, refusal: HouseError | None, *, unit: Unit) -> Page:
    """One form under a heading; the same page again, with what was typed, when it is refused."""
    if isinstance(refusal, BadInput) and refusal.place in form:
        form[refusal.place].errors = [say(refusal.key, **refusal.facts)]
        status, refusal = 422, None
    else:
        status = status_of(refusal) if refusal else (422 if form.errors else 200)
    page = render_template("directory/form.html", key=key, form=form, refusal=refusal, unit=unit)
    return page if status == 200 else (page, status)


def _readable_unit(code: str) -> Unit:
    found = unit_by_code(request_cycle.db(), code)
    require(request_cycle.db(), signed_in(), "read", found.id)
    return found


def _own_unit(code: str) -> Unit:
    found = unit_by_code(request_cycle.db(), code)
    require(request_cycle.db(), signed_in(), "administer", found.id)
    return found


def _named_unit(code: str) -> Unit:
    try:
        return unit_by_code(request_cycle.db(), code.strip())
    except NotFound:
        raise BadInput("people.unknown-unit", place="successor", unit=code) from None


def _done(key: str, unit: Unit) -> Response:
    flash(say(key, name=unit.name))
    return redirect(url_for("directory.unit", code=unit.code), 303)
