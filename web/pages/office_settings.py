"""Settings of an office: what holds, from whom and since when, what held before, and a new value from a day on."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.actions.office_settings import set_office_value
from scheduler.models import Unit
from scheduler.queries.access import may
from scheduler.queries.office_settings import settings_of
from scheduler.queries.units import units_by_id
from scheduler.rules.office_settings import OFFICE_KEY, read_value
from web import request_cycle
from web.forms import Form, carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.named_units import own_unit

pages = Blueprint("office_settings", __name__)
Page = Response | str | tuple[str, int]


class SettingForm(Form):
    """A value from a day on, and where it is written."""

    key = HiddenField("office_settings.key")
    value = StringField("office_settings.value", [InputRequired(), Length(max=10)])
    since = DateField("office_settings.since", [InputRequired()])
    source = StringField("office_settings.source", [InputRequired(), Length(max=200)])


class YesNoForm(SettingForm):
    """The same for a setting that is yes or no."""

    value = RadioField(
        "office_settings.value",
        [InputRequired()],
        choices=choices(("yes", "office_settings.yes"), ("no", "office_settings.no")),
    )


@pages.get("/desk/units/<code>/settings")
@staff("read")
def show(code: str) -> Page:
    """All settings of the unit; with `?key=` the form of one."""
    found = own_unit(code, "read")
    return _page(found, _form(request.args.get("key", "")))


@pages.post("/desk/units/<code>/settings")
@staff("administer")
def save(code: str) -> Page:
    """A new value."""
    found, form = own_unit(code), _form(request.form.get("key", ""))

    def deed() -> None:
        key = form.key.data or ""
        set_office_value(
            request_cycle.db(),
            found,
            key,
            read_value(key, form.value.data or ""),
            since=form.since.data or request_cycle.today(),
            source=form.source.data or "",
            by=signed_in(),
            now=request_cycle.now(),
        )

    if carried_out(form, deed):
        flash(say("office_settings.saved", name=found.name))
        return redirect(url_for("office_settings.show", code=found.code), 303)
    return _page(found, form)


def _form(key: str) -> SettingForm:
    """The form of this setting; one of no setting says so when it is sent."""
    made = YesNoForm if key in OFFICE_KEY and OFFICE_KEY[key].shape == "yes_no" else SettingForm
    form = made()
    if not form.is_submitted():
        form.key.data, form.since.data = key, request_cycle.today()
    return form


def _page(found: Unit, form: SettingForm) -> Page:
    db = request_cycle.db()
    shown = settings_of(db, found.id, request_cycle.today())
    givers = {one.given.unit_id for one in shown if one.given is not None and one.given.unit_id is not None}
    return form_page(
        "office_settings/show.html",
        form,
        unit=found,
        shown=shown,
        givers=units_by_id(db, givers),
        key=form.key.data if form.key.data in OFFICE_KEY else "",
        may_edit=may(db, signed_in(), "administer", found.id),
        value_words=value_words,
    )


def value_words(shape: str, value: Any) -> str:
    """A value as people read it."""
    if shape == "yes_no":
        return say("office_settings.yes" if value else "office_settings.no")
    return str(value) if shape == "hour" else say(f"office_settings.n-{shape}", n=value)
