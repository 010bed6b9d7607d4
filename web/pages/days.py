"""The working-day calendar by year: every named day with its basis, one edited at a time, or many from a file."""

import csv
import io
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.actions.days import DaysChanged, import_days, remove_day, set_day
from scheduler.clock import parse_day
from scheduler.errors import HouseError, NotFound
from scheduler.intake.days_csv import COLUMNS, read_days_file
from scheduler.queries.access import require_administrator
from scheduler.queries.days import days_between, working_calendar
from scheduler.rules.calendar_days import FIRST_DAY, LAST_DAY, check_days
from scheduler.rules.working_days import Day
from web import request_cycle
from web.forms import Form, carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.touched_lines import touched_facts
from web.uploads import UploadField

pages = Blueprint("days", __name__)
Page = Response | str | tuple[str, int]
LONGEST = 200
STATE_WORDS = {
    "confirmed": "calendar_days.state-confirmed",
    "expected": "calendar_days.state-expected",
    "proposed": "calendar_days.state-proposed",
}


class DayForm(Form):
    """One named day."""

    day = DateField("calendar_days.day", [InputRequired()])
    off = RadioField(
        "calendar_days.off",
        choices=choices(("off", "calendar_days.is-off"), ("work", "calendar_days.is-worked")),
        default="off",
    )
    name = StringField("calendar_days.name", [InputRequired(), Length(max=LONGEST)])
    basis = StringField("calendar_days.basis", [Length(max=LONGEST)])
    source = StringField("calendar_days.source", [Length(max=LONGEST)])
    state = SelectField("calendar_days.state", choices=choices(*STATE_WORDS.items()))


class DaysFileForm(Form):
    """A file of days, or the rows of one that was just shown."""

    file = UploadField("calendar_days.file")
    rows = HiddenField()


@pages.get("/desk/days")
@staff("read")
def list_days() -> str:
    """The named days of one year."""
    db, today = request_cycle.db(), request_cycle.today()
    year = request.args.get("year", today.year, type=int)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise NotFound("errors.not-found")
    first, last = date(year, 1, 1), date(year, 12, 31)
    days: list[Any] = list(days_between(db, first, last))
    calendar = working_calendar(db)
    if not days:
        # Before the table is filled the program's own calendar holds.
        days = [day for day in (*calendar.days.values(), *calendar.proposed.values()) if day.day.year == year]
    return render_template(
        "days/list.html",
        days=sorted(days, key=lambda day: day.day),
        year=year,
        states=STATE_WORDS,
        working=calendar.working_days_between(date(year - 1, 12, 31), last) if year > FIRST_DAY.year else 0,
        may_edit=_may_edit(),
    )


@pages.route("/desk/days/edit", methods=["GET", "POST"])
@staff("administer")
def edit() -> Page:
    """One day: first what it touches, then the deed."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    require_administrator(db, actor)
    form, step = DayForm(data=_known(request.args.get("day", ""))), request.form.get("do")
    facts: dict[str, Any] = {}
    changed: list[DaysChanged] = []

    def deed() -> None:
        assert form.day.data is not None
        if step == "remove":
            changed.append(remove_day(db, form.day.data, by=actor, now=now))
            return
        day = _day_of(form, form.day.data)
        if step == "save":
            changed.append(set_day(db, day, by=actor, now=now))
        else:
            check_days([day])
            facts.update(touched_facts([day]))

    if carried_out(form, deed) and changed and form.day.data:
        return _done(changed[0], form.day.data.year)
    known = form.day.data in working_calendar(db).days if form.day.data else False
    return form_page("days/edit.html", form, known=known, **facts)


@pages.route("/desk/days/import", methods=["GET", "POST"])
@staff("administer")
def import_file() -> Page:
    """A file of days: first the sittings and deadlines it touches, then the deed; all or nothing."""
    db, actor = request_cycle.db(), signed_in()
    require_administrator(db, actor)
    form, facts = DaysFileForm(), dict[str, Any]()
    changed: list[DaysChanged] = []

    def deed() -> None:
        days = facts["days"] = read_days_file(_given(form))
        if request.form.get("do") == "import":
            changed.append(import_days(db, days, by=actor, now=request_cycle.now()))
        else:
            facts.update(touched_facts(days))
            form.rows.data = _as_csv(days)

    if carried_out(form, deed) and changed:
        return _done(changed[0], facts["days"][0].day.year)
    if form.refusal is not None or form.errors:
        facts.clear()
    return form_page("days/import.html", form, columns=COLUMNS, states=STATE_WORDS, **facts)


def _done(changed: DaysChanged, year: int) -> Response:
    flash(say("calendar_days.saved", n=changed.days, drafts=changed.drafts, proposals=changed.proposals))
    return redirect(url_for("days.list_days", year=year), 303)


def _known(text: str) -> dict[str, Any]:
    """The fields of a day that is named already."""
    try:
        day = parse_day(text)
    except ValueError:
        return {}
    calendar = working_calendar(request_cycle.db())
    named = calendar.days.get(day) or calendar.proposed.get(day)
    if named is None:
        return {"day": day}
    facts = {name: getattr(named, name) for name in ("name", "basis", "source", "state")}
    return facts | {"day": day, "off": "off" if named.off else "work"}


def _day_of(form: DayForm, day: date) -> Day:
    name, basis, source = ((field.data or "").strip() for field in (form.name, form.basis, form.source))
    return Day(day, form.off.data == "off", name, basis, source, form.state.data)


def _given(form: DaysFileForm) -> bytes:
    name, data = form.file.given()
    return data if name else (form.rows.data or "").encode()


def _as_csv(days: list[Day]) -> str:
    """The rows as text, to be sent again with the second button."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for day in days:
        writer.writerow([day.day, "off" if day.off else "work", day.name, day.basis, day.source, day.state])
    return text.getvalue()


def _may_edit() -> bool:
    try:
        require_administrator(request_cycle.db(), signed_in())
    except HouseError:
        return False
    return True
