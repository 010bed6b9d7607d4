"""The staff's directory: the tree of units, one unit with its bodies, posts and places, and its upkeep."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.addresses import checked_address
from scheduler.actions.once import first_time
from scheduler.actions.places import close_place, create_place
from scheduler.actions.posts import create_post
from scheduler.actions.units import Reach, create_unit, edit_reach, move_unit, rename_unit
from scheduler.errors import NotFound
from scheduler.models import Place, Unit
from scheduler.queries.access import may, units_readable
from scheduler.queries.people import current_holdings
from scheduler.queries.search import search_units
from scheduler.queries.succession import predecessors_of, successions_of
from scheduler.queries.units import bodies_of, children_of, posts_of, units_open_to
from scheduler.rules.names import post_in_words
from web import request_cycle
from web.directory_forms import MoveForm, NewUnitForm, PlaceForm, PostForm, UnitForm
from web.forms import Form, carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.named_units import named_unit, own_unit

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
    return _unit_page(own_unit(code, "read"))


@pages.route("/desk/units/<code>/edit", methods=["GET", "POST"])
@staff("administer")
def edit(code: str) -> Page:
    """Name, telephone, e-mail and address."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    found = own_unit(code)
    form = UnitForm(obj=found)

    def deed() -> None:
        reach = _reach(form)
        rename_unit(db, found, form.name.data or "", by=actor, now=now)
        edit_reach(db, found, reach, by=actor, now=now)

    return _done("directory.saved", found) if carried_out(form, deed) else _form_page("directory.edit", form, found)


@pages.route("/desk/units/<code>/new-post", methods=["GET", "POST"])
@staff("administer")
def new_post(code: str) -> Page:
    """A post of this unit."""
    db, by, now = request_cycle.db(), signed_in(), request_cycle.now()
    found, form = own_unit(code), PostForm()

    def deed() -> None:
        if first_time(db, form.once.data or "", unit_id=found.id, now=now):
            create_post(db, found, form.title.data or "", is_head=bool(form.is_head.data) or None, by=by, now=now)

    done = carried_out(form, deed)
    return _done("directory.post-added", found) if done else _form_page("directory.new-post", form, found)


@pages.route("/desk/units/<code>/new-place", methods=["GET", "POST"])
@staff("administer")
def new_place(code: str) -> Page:
    """A reception place of this unit."""
    db, by, now = request_cycle.db(), signed_in(), request_cycle.now()
    found, form = own_unit(code), PlaceForm()

    def deed() -> None:
        if first_time(db, form.once.data or "", unit_id=found.id, now=now):
            create_place(
                db,
                found,
                form.name.data or "",
                address=form.address.data or "",
                directions=form.directions.data or "",
                phone=form.phone.data or "",
                by=by,
                now=now,
            )

    done = carried_out(form, deed)
    return _done("directory.place-added", found) if done else _form_page("directory.new-place", form, found)


@pages.post("/desk/units/<code>/places/<int:place_id>/close")
@staff("administer")
def end_place(code: str, place_id: int) -> Response:
    """Nobody is received there from today on."""
    found = own_unit(code)
    place: Place | None = next((one for one in found.places if one.id == place_id), None)
    if place is None:
        raise NotFound("errors.not-found")
    close_place(request_cycle.db(), place, request_cycle.today(), by=signed_in(), now=request_cycle.now())
    return _done("directory.place-closed", found)


@pages.route("/desk/units/<code>/new-unit", methods=["GET", "POST"])
@staff("administer")
def new_unit(code: str) -> Page:
    """A department or office below this unit."""
    db, by, now = request_cycle.db(), signed_in(), request_cycle.now()
    above, form = own_unit(code), NewUnitForm()
    made: list[Unit] = []

    def deed() -> None:
        name = form.name.data or ""
        if first_time(db, form.once.data or "", unit_id=above.id, now=now):
            made.append(create_unit(db, name, level="department", parent=above, reach=_reach(form), by=by, now=now))
        else:
            made.extend(one for one in bodies_of(db, above) if one.name == " ".join(name.split()))

    if carried_out(form, deed):
        return _done("directory.unit-added", made[-1] if made else above)
    return _form_page("directory.new-unit", form, above)


@pages.route("/desk/units/<code>/parent", methods=["GET", "POST"])
@staff("administer")
def move(code: str) -> Page:
    """Hang this unit with all below it under another."""
    db, by, now = request_cycle.db(), signed_in(), request_cycle.now()
    found, form = own_unit(code), MoveForm()

    def deed() -> None:
        move_unit(db, found, named_unit(form.parent.data or "", place="parent"), by=by, now=now)

    return _done("directory.moved", found) if carried_out(form, deed) else _form_page("directory.move", form, found)


def _unit_page(found: Unit) -> str:
    db, actor, today = request_cycle.db(), signed_in(), request_cycle.today()
    bodies = [body for body in bodies_of(db, found, today) if body.kind != "place"]
    posts = posts_of(db, [found.id, *(body.id for body in bodies)], today)
    return render_template(
        "directory/unit.html",
        unit=found,
        above=[one for one in _parents(found) if may(db, actor, "read", one.id)],
        bodies=bodies,
        children=children_of(db, found),
        posts=posts,
        terms=current_holdings(db, [post.id for post in posts], today),
        post_in_words=post_in_words,
        may_edit=may(db, actor, "administer", found.id),
        successions=successions_of(db, found),
        predecessors=predecessors_of(db, found, today),
    )


def _parents(found: Unit) -> list[Unit]:
    """The unit above and the one above that, highest first."""
    parents = [found.parent.parent, found.parent] if found.parent else []
    return [one for one in parents if one is not None]


def _form_page(key: str, form: Form, unit: Unit) -> Page:
    """One form under a heading; the same page again, with what was typed, when it is refused."""
    return form_page("directory/form.html", form, key=key, unit=unit)


def _reach(form: UnitForm) -> Reach:
    email = checked_address(form.email.data) if form.email.data else ""
    return Reach((form.phone.data or "").strip(), email, (form.address.data or "").strip())


def _done(key: str, unit: Unit) -> Response:
    flash(say(key, name=unit.name))
    return redirect(url_for("directory.unit", code=unit.code), 303)
