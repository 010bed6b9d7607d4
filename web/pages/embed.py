"""What a commune's portal shows of us: a small page for a frame, and what to paste so that it stands there."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from scheduler.models import Occurrence
from scheduler.queries.agenda import public_between
from scheduler.queries.public import Subject, unit_subject
from web.guards import public
from web.language import address
from web.request_cycle import db, now, settings, today
from web.security import FRAMED_POLICY

pages = Blueprint("embed", __name__)

AHEAD = timedelta(days=92)
SHOWN = 6
IN_FRAGMENT = 24
NOT_TAKING_PLACE = ("cancelled", "postponed")


@pages.get("/embed/units/<code>")
@public
def unit(code: str) -> AnyResponse:
    """The next sittings of a unit, for a frame on any other site: no script, no cookie, every link leaves it."""
    subject = unit_subject(db(), code, today())
    if subject.leads_on.startswith("/units/"):
        return redirect(f"{request.script_root}/embed{subject.leads_on}", 301)
    response = make_response(render_template("embed/unit.html", **_facts(subject, SHOWN)))
    response.headers["Content-Security-Policy"] = FRAMED_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@pages.get("/units/<code>/embed")
@public
def how(code: str) -> Response | str:
    """The frame to paste into a portal, ready, and a plain table for portals that allow no frame."""
    subject = unit_subject(db(), code, today())
    facts = _facts(subject, IN_FRAGMENT)
    live = f"{settings().base_url}{address(f'/units/{subject.code}')}"
    src = f"{settings().base_url}{address(f'/embed/units/{subject.code}')}"
    return render_template(
        "embed/how.html",
        **facts,
        frame=render_template("embed/frame.html", **facts, src=src),
        fragment=render_template(
            "mouths/table.html", rows=facts["sittings"], office=subject.unit.name, at=now(), live=live
        ).strip(),
    )


def _facts(subject: Subject, most: int) -> dict[str, Any]:
    """The coming sittings, those called off among them, by day."""
    first, last = today(), today() + AHEAD
    found = public_between(db(), first, last, whose=(subject.sittings,), limit=most * 2)
    coming = [one for one in found if _still_told(one)][:most]
    return {"subject": subject, "unit": subject.unit, "sittings": coming, "office": _office(subject)}


def _still_told(sitting: Occurrence) -> bool:
    return sitting.state in NOT_TAKING_PLACE or sitting.ends_at is None or sitting.ends_at > now()


def _office(subject: Subject) -> Any:
    """The unit to ask: itself, a body of it, or the one above, whichever has a telephone."""
    asked = (*subject.units, *([subject.unit.parent] if subject.unit.parent else []))
    return next((unit for unit in asked if unit.phone), subject.unit)
