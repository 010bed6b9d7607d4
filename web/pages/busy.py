"""Leaders' other calendars: whose are read, what they gave, why one could not be read; a file is looked at first."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from calendars.busy import read_busy
from scheduler.actions import busy as actions
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import BusyCalendar, Unit
from scheduler.queries.access import require
from scheduler.queries.busy import (
    MOST_SHOWN,
    calendars_of,
    find_calendar,
    times_of_calendar,
    whose_by_code,
    whose_of,
)
from scheduler.queries.units import unit_by_code
from scheduler.rules.busy_address import allowed_hosts, checked_address
from web import request_cycle
from web.busy_forms import CalendarForm
from web.forms import carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.unit_choice import asked_units

pages = Blueprint("busy", __name__)


@pages.route("/desk/busy", methods=["GET", "POST"])
@staff("administer")
def calendars() -> Response | tuple[str, int]:
    """The calendars that are read, and for a chosen unit the form of one more."""
    db, actor, form = request_cycle.db(), signed_in(), CalendarForm()
    choice = asked_units(db, actor)
    unit = _unit(db, form.unit.data or "", choice.meant or choice.few)
    if unit is not None:
        require(db, actor, "administer", unit.id)
        form.unit.data = unit.code
        form.whose.choices = _choices(db, unit)
    made: list[BusyCalendar] = []
    if unit is not None and carried_out(form, lambda: made.append(_add(db, unit, form))):
        flash(say("busy.added"))
        return redirect(url_for("busy.show", calendar_id=made[0].id), 303)
    return form_page(
        "busy/calendars.html", form, unit=unit, choice=choice, rows=calendars_of(db, actor),
        hosts=[entry.host for entry in allowed_hosts(request_cycle.settings().busy_hosts)],
    )  # fmt: skip


@pages.get("/desk/busy/<int:calendar_id>")
@staff("administer")
def show(calendar_id: int) -> str:
    """One calendar: what it holds next, what was left out of it, what waits to be looked at."""
    db = request_cycle.db()
    found = find_calendar(db, calendar_id, signed_in())
    return render_template(
        "busy/calendar.html",
        one=found, times=times_of_calendar(db, found.id, request_cycle.now()), most=MOST_SHOWN,
        waiting=actions.waiting_spans(found), notes=found.waiting["notes"] if found.waiting else found.notes,
    )  # fmt: skip


@pages.post("/desk/busy/<int:calendar_id>/save")
@staff("administer")
def save(calendar_id: int) -> Response:
    """Let what was looked at count."""
    changed = actions.confirm_file(request_cycle.db(), _found(calendar_id), by=signed_in(), now=request_cycle.now())
    flash(say("busy.saved", n=changed))
    return redirect(url_for("busy.show", calendar_id=calendar_id), 303)


@pages.post("/desk/busy/<int:calendar_id>/end")
@staff("administer")
def end(calendar_id: int) -> Response:
    """Read it no more."""
    actions.end_calendar(request_cycle.db(), _found(calendar_id), by=signed_in(), now=request_cycle.now())
    flash(say("busy.ended"))
    return redirect(url_for("busy.calendars"), 303)


@pages.post("/desk/busy/<int:calendar_id>/read")
@staff("administer")
def read_soon(calendar_id: int) -> Response:
    """Have it read at the next beat."""
    actions.read_soon(request_cycle.db(), _found(calendar_id), by=signed_in(), now=request_cycle.now())
    flash(say("busy.read-soon-done"))
    return redirect(url_for("busy.show", calendar_id=calendar_id), 303)


def _found(calendar_id: int) -> BusyCalendar:
    return find_calendar(request_cycle.db(), calendar_id, signed_in())


def _unit(db: Db, code: str, meant: tuple[Unit, ...]) -> Unit | None:
    """The unit of the form that was sent, else the one that is asked for or the only one there is."""
    if request.method == "POST":
        return unit_by_code(db, code)
    return meant[0] if len(meant) == 1 else None


def _choices(db: Db, unit: Unit) -> list[object]:
    rows = whose_of(db, unit, request_cycle.today())
    named = {one.code: say("busy.of-person", name=one.name, title=one.title) for one in rows if one.person_id}
    return list(choices(*((one.code, named.get(one.code, one.title)) for one in rows)))


def _add(db: Db, unit: Unit, form: CalendarForm) -> BusyCalendar:
    """Raises BadInput at the field that is wrong, NotFound for a stranger's post."""
    actor, now = signed_in(), request_cycle.now()
    whose = whose_by_code(db, unit, form.whose.data, request_cycle.today())
    content, address, name = form.file.given(), (form.address.data or "").strip(), form.name.data or ""
    if content and address:
        raise BadInput("busy.one-of-both", "address")
    if address:
        checked = checked_address(address, allowed_hosts(request_cycle.settings().busy_hosts))
        return actions.add_address(db, whose, checked, name=name, by=actor, now=now)
    read = read_busy(content, today=request_cycle.today()) if request.files.get("file") else None
    if read is None:
        raise BadInput("busy.one-of-both", "address")
    return actions.propose_file(db, whose, read, name=name, by=actor, now=now)
