"""Last year's plan for the next year: all of it in one table, the wanted ones ticked, saved all together."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from scheduler.actions.schedule_copies import copy_schedules
from scheduler.database import Db
from scheduler.models import Unit
from scheduler.queries.access import require
from scheduler.queries.schedule_copies import PlannedCopy, planned_copies, schedules_of_year
from scheduler.queries.units import unit_by_code
from scheduler.rules.permissions import Actor
from web import request_cycle
from web.forms import FIRST_DAY, LAST_DAY, Form, carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.plan_units import likely_unit, plan_units
from web.schedule_preview import schedule_sentence

pages = Blueprint("schedule_copies", __name__)
Page = Response | str | tuple[str, int]
MOST_SHOWN = 60


class CopyForm(Form):
    """Whose plan, for which year; the chosen schedules are sent as `id`."""

    unit = StringField("schedules.unit", [InputRequired(), Length(max=200)])
    year = IntegerField("schedules.copy-year", [InputRequired(), NumberRange(FIRST_DAY.year, LAST_DAY.year)])


@pages.route("/desk/schedules/copy", methods=["GET", "POST"])
@staff("plan")
def copy() -> Page:
    """Choose and look; then save as drafts. Sent twice it says which schedules are there already."""
    db, actor, form = request_cycle.db(), signed_in(), CopyForm()
    if request.method == "GET":
        form.unit.data = request.args.get("unit", "").strip() or likely_unit(db, actor)
        form.year.data = request.args.get("year", request_cycle.today().year + 1, type=int)
    unit = _unit(db, actor, form.unit.data or "")
    ids = request.form.getlist("id", type=int)
    facts: dict[str, Any] = {}

    def deed() -> None:
        domain, year = request_cycle.settings().feed_domain, form.year.data or 0
        facts["done"] = copy_schedules(db, unit.id, ids, year=year, domain=domain, by=actor, now=request_cycle.now())

    if carried_out(form, deed):
        done = facts["done"]
        flash(say("schedules.copied", n=len(done.made), sittings=done.sittings))
        if done.there:
            flash(say("schedules.copied-there", keys=", ".join(done.there)))
        return redirect(url_for("schedules.list_schedules", unit=unit.code), 303)
    copies = _copies(db, unit, form.year.data)
    return form_page(
        "schedules/copy.html", form,
        unit=unit, units=plan_units(db, actor), copies=copies, most=MOST_SHOWN,
        chosen=set(ids) if request.method == "POST" else {one.schedule.id for one in copies if one.verdict == "new"},
        sentences_of={one.schedule.id: _sentence(one) for one in copies},
    )  # fmt: skip


def _unit(db: Db, actor: Actor, code: str) -> Unit:
    unit = unit_by_code(db, code.strip())
    require(db, actor, "plan", unit.id)
    return unit


def _copies(db: Db, unit: Unit, year: int | None) -> list[PlannedCopy]:
    if year is None or not FIRST_DAY.year < year <= LAST_DAY.year:
        return []
    return planned_copies(db, schedules_of_year(db, unit.id, year - 1), year, today=request_cycle.today())


def _sentence(one: PlannedCopy) -> str:
    series = one.copied.series if one.copied and one.copied.series else one.schedule.series
    return schedule_sentence(series)
