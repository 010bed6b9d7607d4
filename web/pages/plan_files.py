"""Plan files for the staff: what one would change before it is taken in, its faults at their cells, and a year's plan
as a file."""

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.plans import import_plan, preview_import
from scheduler.documents.marked_sheets import can_be_marked, marked_copy
from scheduler.documents.plan_sheets import Template, plan_workbook, template_workbook
from scheduler.errors import BadInput, Faults, HouseError, NotFound
from scheduler.intake.plan_file import dump_plan, is_workbook, parse_plan, plan_of_schedules
from scheduler.intake.plan_series import FIELDS
from scheduler.intake.plan_values import Plan, PlanUnit
from scheduler.intake.preview import preview_plan
from scheduler.models import Unit
from scheduler.queries.days import working_calendar
from scheduler.queries.plan_export import schedules_of_year
from scheduler.rules.day_off import WAYS
from scheduler.rules.kinds import KINDS, LEVELS
from web import request_cycle
from web.asked import asked_number
from web.errors import status_of
from web.guards import signed_in, staff
from web.language import language, say
from web.named_units import own_unit
from web.plan_words import result_lines
from web.schedule_forms import PlanFileForm

pages = Blueprint("plan_files", __name__)
Page = Response | str | tuple[str, int]
FIRST_YEAR, LAST_YEAR = 2000, 2100
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPES = {"yaml": "application/yaml; charset=utf-8", "xlsx": WORKBOOK}


@pages.route("/desk/schedules/import", methods=["GET", "POST"])
@staff("plan")
def import_file() -> Page:
    """A plan file: first what it gives and what it would change, then the deed."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form, refusal = PlanFileForm(), None
    facts: dict[str, Any] = {}
    data, name = _given(form)
    if form.validate_on_submit():
        try:
            plan = parse_plan(data, name)
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
            facts = {"sheet": _to_be_marked(data, name, broken)}
    page = render_template("plan_files/import.html", form=form, refusal=refusal, **facts)
    return (page, status_of(refusal)) if refusal else page


@pages.post("/desk/schedules/import/marked")
@staff("plan")
def marked() -> Response:
    """The same workbook with its faults at their cells. It comes with the form: nothing is kept for anybody to see."""
    try:
        data = base64.b64decode(request.form.get("sheet", ""), validate=True)
    except (binascii.Error, ValueError):
        raise BadInput("plans.not-a-workbook") from None
    refusal = _refused(data)
    if refusal is None:
        raise BadInput("plan_sheets.no-faults")
    faults = refusal.faults if isinstance(refusal, Faults) else [refusal]
    said = [(getattr(fault, "place", ""), say(fault.key, **fault.facts)) for fault in faults]
    return _download(marked_copy(data, said), WORKBOOK, say("plan_sheets.marked-name"))


@pages.get("/desk/schedules/template.xlsx")
@staff("plan")
def template() -> Response:
    """An empty workbook to begin with: an example row, choices to pick from, a note at each column."""
    code = request.args.get("unit", "")
    unit = own_unit(code, "plan") if code else None
    year = request_cycle.today().year + 1
    made = Template(
        {**(_named(unit).to_plain() if unit else {}), "year": year},
        tuple(FIELDS),
        {"kind": [kind.key for kind in KINDS], "level": LEVELS, "day_off": tuple(WAYS), "action": ("skip", "move"),
         "off": ("true", "false")},
        _example(year),
    )  # fmt: skip
    return _download(template_workbook(made, language()), WORKBOOK, say("plan_sheets.template-name"))


@pages.get("/desk/units/<code>/plan.<any(yaml, xlsx):shape>")
@staff("read")
def export(code: str, shape: str) -> Response:
    """A unit's plan of one year as the import reads it back."""
    unit = own_unit(code, "read")
    year = asked_number("year", request_cycle.today().year, LAST_YEAR)
    if year < FIRST_YEAR:
        raise NotFound("errors.not-found")
    plan = _plan_of(unit, year)
    content = dump_plan(plan).encode() if shape == "yaml" else plan_workbook(plan.to_plain(), tuple(FIELDS))
    return _download(content, TYPES[shape], f"{say('plan_sheets.plan-name')}-{unit.code}-{year}", shape)


def _plan_of(unit: Unit, year: int) -> Plan:
    found = [(one.series, one.days_off) for one in schedules_of_year(request_cycle.db(), unit.id, year)]
    if not found:
        raise NotFound("plan_sheets.no-schedules")
    return plan_of_schedules(_named(unit), found, year)


def _named(unit: Unit) -> PlanUnit:
    return PlanUnit(unit.code, unit.name, unit.level)


def _given(form: PlanFileForm) -> tuple[bytes, str]:
    name, data = form.file.given()
    if not name:
        return (form.text.data or "").encode(), ""
    form.file.data.close()
    return data, name


def _to_be_marked(data: bytes, name: str, refusal: HouseError) -> str:
    """The refused workbook as the form carries it, "" where no cell of it is at fault."""
    if not is_workbook(data, name) or not isinstance(refusal, Faults) or not can_be_marked(data):
        return ""
    return base64.b64encode(data).decode() if any("!" in fault.place for fault in refusal.faults) else ""


def _refused(data: bytes) -> HouseError | None:
    """What the workbook is refused for, by its reader or by the deed it asks for."""
    try:
        plan = parse_plan(data, "x.xlsx")
        preview_import(request_cycle.db(), plan, by=signed_in(), now=request_cycle.now())
    except HouseError as refusal:
        return refusal
    return None


def _example(year: int) -> Mapping[str, Any]:
    return {
        "key": "chu-tich",
        "kind": "periodic_reception",
        "host": ["Chủ tịch UBND"],
        "rule": {"every": "month", "days": [10, 25]},
        "starts": date(year, 1, 1).isoformat(),
        "until": date(year, 12, 31).isoformat(),
        "hours": ["07:30-11:30"],
        "place": "Phòng tiếp công dân",
        "day_off": "next_working_day",
    }


def _download(content: bytes, content_type: str, name: str, suffix: str = "xlsx") -> Response:
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
