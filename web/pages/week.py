"""The office's week (lịch công tác tuần): receptions and busy times on one sheet, and the pasted schedule of a week."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.busy import save_week
from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound
from scheduler.intake.week_owners import Owners
from scheduler.intake.week_text import WeekLine, WeekRead, read_week
from scheduler.models import Unit
from scheduler.queries.access import may, require
from scheduler.queries.busy import Whose, whose_of
from scheduler.queries.days import working_calendar
from scheduler.queries.desk import Today
from scheduler.queries.units import unit_by_code, units_open_to
from scheduler.queries.week import HALVES, monday_of, week_of
from scheduler.rules.busy import BusySpan
from web import request_cycle
from web.busy_forms import WeekForm
from web.form_rows import day_of
from web.forms import carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.unit_choice import asked_units

pages = Blueprint("week", __name__)
NOBODY = "nobody"
"""The choice of not counting a line in which nobody is named."""
SHOWN_ALWAYS = 5


@dataclass
class Preview:
    """A pasted schedule as it would be saved: each line with whom it takes, and what is left over."""

    read: WeekRead
    rows: list[tuple[WeekLine, list[Whose]]] = field(default_factory=list)


@pages.get("/desk/week")
@staff("read")
def week() -> str:
    """One week of an office, Monday first, to be looked at and to be hung up."""
    db, actor = request_cycle.db(), signed_in()
    choice = asked_units(db, actor)
    unit = choice.meant[0] if choice.meant else _own_unit(db, "read")
    if not choice.text:
        choice = replace(choice, text=unit.code, meant=(unit,))
    require(db, actor, "read", unit.id)
    asked = request.args.get("day", "")
    # At the weekend the week that matters is the one to come, as on the first screen.
    now = Today(request_cycle.today(), working_calendar(db)).monday
    day = day_of(asked) if asked else now
    if day is None:
        raise NotFound("errors.not-found")
    monday, calendar = monday_of(day), working_calendar(db)
    days = week_of(db, unit, monday, actor)
    off = {one.day: calendar.why_off(one.day) for one in days}
    return render_template(
        "week/week.html",
        unit=unit, choice=choice, monday=monday, halves=[half for half, _ in HALVES],
        days=[one for n, one in enumerate(days) if n < SHOWN_ALWAYS or not one.empty],
        off={day: found.named.name for day, found in off.items() if found and found.named},
        earlier=monday - timedelta(days=7), later=monday + timedelta(days=7),
        this_week=now, last=monday + timedelta(days=6), may_paste=actor.ever("plan"),
    )  # fmt: skip


@pages.route("/desk/week/paste", methods=["GET", "POST"])
@staff("plan")
def paste() -> Response | tuple[str, int]:
    """Paste the schedule, look at what was understood of it, save; the same saved twice changes nothing."""
    db, actor, form = request_cycle.db(), signed_in(), WeekForm()
    code = form.unit.data or request.args.get("unit", "")
    unit = unit_by_code(db, code) if code else _own_unit(db, "plan")
    require(db, actor, "plan", unit.id)
    form.unit.data = unit.code
    owners = [one for one in whose_of(db, unit, request_cycle.today()) if one.post_id is not None]
    # A schedule also names heads of the bodies beside it: who does not plan for these counts nothing as theirs.
    planned = {one for one in {one.unit_id for one in owners} if may(db, actor, "plan", one)}
    mine = [one for one in owners if one.unit_id in planned]
    named = ((one.code, f"{one.title} ({one.name})" if one.name else one.title) for one in mine)
    form.whose.choices = choices((NOBODY, "week.nobody"), *named)
    previews: list[Preview] = []
    changed: list[int] = []

    def save() -> None:
        previews.append(_preview(form, Owners(owners, unit.id), mine))
        if request.form.get("do") == "save":
            changed.append(_save(db, mine, previews[0]))

    if carried_out(form, save) and changed:
        flash(say("week.saved", n=changed[0]))
        return redirect(url_for("week.week", unit=unit.code, day=min(previews[0].read.days)), 303)
    return form_page("week/paste.html", form, unit=unit, preview=previews[0] if previews else None)


def _own_unit(db: Db, act: str) -> Unit:
    found = units_open_to(db, signed_in(), act, 1)
    if not found:
        raise NotFound("errors.not-found")
    return found[0]


def _preview(form: WeekForm, named: Owners, owners: list[Whose]) -> Preview:
    """Lines with those of the `owners` they take. Raises BadInput where nothing at all was understood."""
    read = read_week(form.text.data or "", named, today=request_cycle.today())
    if not read.days:
        raise BadInput("week.nothing-read", "text")
    by_code = {one.code: one for one in owners}
    preview = Preview(read)
    for line in read.lines:
        codes = line.owners or (form.whose.data,)
        preview.rows.append((line, [by_code[code] for code in codes if code in by_code]))
    return preview


def _save(db: Db, owners: list[Whose], preview: Preview) -> int:
    """What the schedule says of these days replaces what it said before, for everybody it may name."""
    facts: dict[str, Any] = {"by": signed_in(), "now": request_cycle.now()}
    days = preview.read.days
    return sum(
        save_week(db, one, [_span(line) for line, whose in preview.rows if one in whose], days, **facts)
        for one in owners
    )


def _span(line: WeekLine) -> BusySpan:
    start, end = at_local(line.day, line.start), at_local(line.day, line.end)
    return BusySpan(start, end, line.what[:200], line.place[:200], line.attend[:500])
