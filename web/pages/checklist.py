"""What a unit needs before it receives citizens, point by point; for a province, which of its communes lacks what."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.actions.checklist import check_point
from scheduler.models import Unit
from scheduler.queries.access import may
from scheduler.queries.checklist import checklists_of, missing_of
from scheduler.queries.units import children_of
from scheduler.rules.checklist import POINT, POINTS
from web import request_cycle
from web.forms import Form, carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.named_units import own_unit

pages = Blueprint("checklist", __name__)
Page = Response | str | tuple[str, int]


class PointForm(Form):
    """The day and the document of a point."""

    key = HiddenField("checklist.point")
    done_on = DateField("checklist.done-on", [InputRequired()])
    number = StringField("checklist.number", [InputRequired(), Length(max=200)])
    note = StringField("checklist.note", [Length(max=200)])


@pages.get("/desk/units/<code>/checklist")
@staff("read")
def show(code: str) -> Page:
    """The unit's own points; those of the places below where it has any."""
    found, form = own_unit(code, "read"), PointForm()
    form.key.data, form.done_on.data = request.args.get("key", ""), request_cycle.today()
    below = [place for place in children_of(request_cycle.db(), found) if place.valid_to is None]
    return _overview(found, below) if below else _page(found, form)


@pages.post("/desk/units/<code>/checklist")
@staff("administer")
def tick(code: str) -> Page:
    """Confirm one point."""
    found, form = own_unit(code), PointForm()

    def deed() -> None:
        check_point(
            request_cycle.db(),
            found,
            form.key.data or "",
            done_on=form.done_on.data or request_cycle.today(),
            number=form.number.data or "",
            note=form.note.data or "",
            by=signed_in(),
            now=request_cycle.now(),
        )

    if carried_out(form, deed):
        flash(say("checklist.saved", name=found.name))
        return redirect(url_for("checklist.show", code=found.code), 303)
    return _page(found, form)


def _page(found: Unit, form: PointForm) -> Page:
    db = request_cycle.db()
    points = checklists_of(db, [found.id], request_cycle.today())[found.id]
    above = found.parent if found.parent and found.parent.kind == "place" else None
    return form_page(
        "checklist/show.html",
        form,
        unit=found,
        table=POINTS,
        points=points,
        missing=missing_of(points),
        key=form.key.data if form.key.data in POINT else "",
        may_edit=may(db, signed_in(), "administer", found.id),
        may_read_above=above is not None and may(db, signed_in(), "read", above.id),
    )


def _overview(found: Unit, below: list[Unit]) -> str:
    lists = checklists_of(request_cycle.db(), [place.id for place in below], request_cycle.today())
    rows = [(place, lists[place.id], missing_of(lists[place.id])) for place in below]
    return render_template(
        "checklist/overview.html",
        unit=found,
        table=POINTS,
        rows=sorted(rows, key=lambda row: (-len(row[2]), row[0].name)),
        lacking=sum(bool(missing) for _, _, missing in rows),
    )
