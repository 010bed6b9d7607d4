"""Finding one's place: by what people type, while they type it, and by the list of provinces."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from scheduler.errors import NotFound
from scheduler.language import dates
from scheduler.models import Unit
from scheduler.queries.access import units_below
from scheduler.queries.find import Found
from scheduler.queries.public import places_below, provinces, recent_changes, upcoming
from scheduler.queries.units import unit_by_code
from scheduler.rules.names import first_letter
from web.asked import asked_text, known_shape
from web.guards import public
from web.language import address, say
from web.news import news_since
from web.request_cycle import db, now, today
from web.state import state_of

pages = Blueprint("find", __name__)

SHOWN = 20
SUGGESTED = 8
KEPT = 300
"""Seconds a browser or a proxy may keep suggestions: a new name is known everywhere after that."""
SITTINGS = 8
CHANGES = 6


@pages.get("/search")
@public
def search() -> AnyResponse | str:
    """Places and posts by what people type; a single place is opened at once."""
    text = asked_text("q")
    found = _found(text, SHOWN)
    if len(found) == 1 and found[0].kind == "place":
        return redirect(url_for("public.unit", code=found[0].code), 303)
    return render_template("find/search.html", text=text, found=found, page_of=page_of)


@pages.get("/search.json")
@public
def suggest() -> Response:
    """The same as suggestions while typing: name, what is worth knowing beside it, address."""
    items = [
        {"name": one.name, "note": note_of(one), "path": page_of(one)} for one in _found(asked_text("q"), SUGGESTED)
    ]
    response = jsonify(items=items)
    response.headers["Cache-Control"] = f"public, max-age={KEPT}"
    response.add_etag()
    response.make_conditional(request)
    return response


@pages.get("/provinces")
@public
def list_provinces() -> str:
    """The provinces and cities, each with the page of its places."""
    return render_template("find/provinces.html", provinces=provinces(db()))


@pages.get("/provinces/<code>")
@public
def province(code: str) -> str:
    """One province: what comes next there, what changed, and its communes. The address is what remembers it."""
    place = unit_by_code(db(), known_shape(code))
    if place.kind != "place" or place.level != "province":
        raise NotFound("errors.not-found")
    units = units_below([place.id])
    changes = recent_changes(db(), news_since(), today(), units=units, limit=CHANGES)
    return render_template(
        "find/province.html",
        place=place,
        sittings=upcoming(db(), now(), today(), units=units, limit=SITTINGS),
        changes=[(change.occurrence, change) for change in changes],
        below=by_letter(places_below(db(), place)),
    )


def by_letter(places: list[Unit]) -> list[tuple[str, list[Unit]]]:
    """Places under the first letter of their own names, in the order they come in."""
    groups: dict[str, list[Unit]] = {}
    for place in places:
        groups.setdefault(first_letter(place.name), []).append(place)
    return list(groups.items())


def page_of(found: Found) -> str:
    """The address of what was found, in the reader's language."""
    return address(f"/posts/{found.code}" if found.kind == "post" else f"/units/{found.code}")


def note_of(found: Found) -> str:
    """What is worth knowing beside the name: the old one that was meant, until when it was, the province."""
    if found.until is not None:
        return say("find.until", date=dates.table_date(found.until))
    if found.former:
        return say("find.formerly", name=found.former)
    return found.within


def _found(text: str, limit: int) -> list[Found]:
    return state_of().names.of(db, today()).find(text, limit) if text.strip() else []
