"""Plan files for the staff: what one would change before it is taken in, and the deed."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.plans import import_plan, preview_import
from scheduler.errors import HouseError
from scheduler.intake.plan_file import dump_plan, parse_plan
from scheduler.intake.plan_values import Plan
from scheduler.intake.preview import preview_plan
from scheduler.queries.days import working_calendar
from web import request_cycle
from web.errors import status_of
from web.guards import signed_in, staff
from web.language import language, say
from web.plan_words import result_lines
from web.schedule_forms import PlanFileForm

pages = Blueprint("plan_files", __name__)
Page = Response | str | tuple[str, int]


@pages.route("/desk/schedules/import", methods=["GET", "POST"])
@staff("plan")
def import_file() -> Page:
    """A plan file: first what it gives and what it would change, then the deed."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form, refusal = PlanFileForm(), None
    facts: dict[str, Any] = {}
    if form.validate_on_submit():
        try:
            plan = _given_plan(form)
            if request.form.get("do") == "import":
                domain = request_cycle.settings().feed_domain
                result = import_plan(db, plan, domain=domain, by=actor, now=now)
                flash(list(result_lines(say, language(), {}, result))[-1][1])
                return redirect(url_for("schedules.list_schedules", unit=result.unit.code), 303)
            result, titles = preview_import(db, plan, by=actor, now=now)
            lines = list(result_lines(say, language(), titles, result))
            preview = preview_plan(plan, calendar=working_calendar(db), today=request_cycle.today())
            facts = {"plan": plan, "preview": preview, "lines": lines, "nothing": result.nothing}
            form.text.data = dump_plan(plan)
        except HouseError as broken:
            refusal = broken
    page = render_template("plan_files/import.html", form=form, refusal=refusal, **facts)
    return (page, status_of(refusal)) if refusal else page


def _given_plan(form: PlanFileForm) -> Plan:
    storage = form.file.data
    if storage and getattr(storage, "filename", ""):
        return parse_plan(bytes(storage.read()), storage.filename)
    return parse_plan((form.text.data or "").encode())
