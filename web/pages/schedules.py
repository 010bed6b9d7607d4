"""Schedules for the staff: the rule as a sentence with blanks, the year it gives before it is saved."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.replanning import Applied
from scheduler.actions.schedule_edits import edit_schedule, end_schedule
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.database import Db
from scheduler.errors import BadInput, Faults, HouseError, NotFound
from scheduler.intake.plan_file import node_of, plan_of
from scheduler.intake.plan_values import Plan, PlanSeries
from scheduler.intake.preview import Preview, preview_plan, readings_of
from scheduler.models import Post, Schedule, Unit
from scheduler.queries.access import may, require, units_below, units_readable
from scheduler.queries.days import working_calendar
from scheduler.queries.planned import host_names
from scheduler.queries.schedules import count_schedules, find_schedule, occurrences_of, schedules_in, states_of
from scheduler.queries.units import bodies_of, posts_of, unit_by_code, units_open_to
from scheduler.rules.duties import spans_between
from scheduler.rules.expansion import PlannedDate
from scheduler.rules.permissions import Actor
from scheduler.rules.recurrence_forms import rule_reason
from scheduler.rules.schedules import series_from_plain
from web import request_cycle
from web.errors import status_of
from web.guards import signed_in, staff
from web.language import language, say
from web.schedule_forms import NewScheduleForm, ScheduleForm, blanks_of, series_of

pages = Blueprint("schedules", __name__)
Page = Response | str | tuple[str, int]
PAGE = 100
MOST_PAGES = 1_000
FEW = 20
"""Places whose bodies a form still offers by name."""
FIELD_OF = {"host": "hosts", "rotation": "hosts", "weekday": "weekdays", "weeks": "nth"}
"""Fields that are called otherwise than the key of a plan file."""


@pages.app_template_global()
def by_year(rows: Iterable[PlannedDate]) -> list[tuple[int, list[PlannedDate]]]:
    """The sittings that have a day, year by year, in the order of their days."""
    years: dict[int, list[PlannedDate]] = {}
    for row in sorted((row for row in rows if row.date), key=lambda row: row.date or row.planned):
        years.setdefault((row.date or row.planned).year, []).append(row)
    return list(years.items())


@pages.get("/desk/schedules")
@staff("read")
def list_schedules() -> str:
    """The schedules of the reader's units, each as the sentence of its rule."""
    db, actor = request_cycle.db(), signed_in()
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    code = request.args.get("unit", "").strip()
    units = units_readable(actor)
    if code:
        unit = unit_by_code(db, code)
        require(db, actor, "read", unit.id)
        units = units_below([unit.id])
    rows = schedules_in(db, units, limit=PAGE, after=(number - 1) * PAGE)
    return render_template(
        "schedules/list.html",
        rows=rows, rules={row.id: _rule_of(row) for row in rows}, code=code, number=number, per_page=PAGE,
        total=count_schedules(db, units), states=states_of(db, [row.id for row in rows]),
    )  # fmt: skip


@pages.route("/desk/schedules/new", methods=["GET", "POST"])
@staff("plan")
def new() -> Page:
    """A new schedule: shown with its dates first, saved with the second button."""
    db, actor = request_cycle.db(), signed_in()
    form, refusal, preview = NewScheduleForm(), None, None
    if request.method == "GET":
        form.unit.data = request.args.get("unit", "") or _likely_unit(db, actor)
        form.starts.data = date(request_cycle.today().year + 1, 1, 1)
        form.key.data = f"lich-{count_schedules(db, units_readable(actor)) + 1}"
    unit = None
    if form.validate_on_submit():
        try:
            unit = _unit_named(form)
            require(db, actor, "plan", unit.id)
            series, preview = _checked(series_of(form, (form.key.data or "").strip(), {}))
            if request.form.get("do") == "save":
                schedule = create_schedule(db, unit.id, series.to_plain(), by=actor, now=request_cycle.now())
                made = extend_schedule(db, schedule.id, domain=_domain(), by=actor, now=request_cycle.now())
                flash(say("schedules.saved-new", n=made))
                return redirect(url_for("schedules.show", schedule_id=schedule.id), 303)
        except HouseError as broken:
            refusal = broken
    facts = {"units": _plan_units(db, actor), "posts": _posts(unit) if unit else []}
    return _form_page("schedules/new.html", form, refusal, preview=preview, unit=unit, **facts)


@pages.route("/desk/schedules/<int:schedule_id>", methods=["GET", "POST"])
@staff("read")
def show(schedule_id: int) -> Page:
    """One schedule: its rule, its year as it would be, its sittings as they are."""
    db, actor = request_cycle.db(), signed_in()
    schedule = find_schedule(db, schedule_id)
    require(db, actor, "read", schedule.unit_id)
    form, refusal, preview = ScheduleForm(data=_blanks(schedule)), None, None
    if form.validate_on_submit():
        try:
            require(db, actor, "plan", schedule.unit_id)
            series, preview = _checked(series_of(form, schedule.key, schedule.series))
            if request.form.get("do") == "save":
                version = request.form.get("version", 0, type=int)
                applied = edit_schedule(
                    db, schedule_id, version, series.to_plain(), domain=_domain(), by=actor, now=request_cycle.now()
                )
                flash(_in_words(applied))
                return redirect(url_for("schedules.show", schedule_id=schedule_id), 303)
        except HouseError as broken:
            refusal = broken
    facts: dict[str, Any] = {
        "schedule": schedule, "present": _rule_of(schedule), "posts": _posts(schedule.unit),
        "rows": [] if refusal or form.errors else occurrences_of(db, [schedule_id])[schedule_id],
        "may_plan": may(db, actor, "plan", schedule.unit_id),
        "version": request.form.get("version", schedule.version, type=int),
    }  # fmt: skip
    return _form_page("schedules/show.html", form, refusal, preview=preview, unit=schedule.unit, **facts)


@pages.post("/desk/schedules/<int:schedule_id>/end")
@staff("plan")
def end(schedule_id: int) -> Response:
    """Plan no further; drafts go, public sittings get proposals."""
    version = request.form.get("version", 0, type=int)
    applied = end_schedule(request_cycle.db(), schedule_id, version, by=signed_in(), now=request_cycle.now())
    flash(_in_words(applied))
    return redirect(url_for("schedules.show", schedule_id=schedule_id), 303)


def _form_page(
    template: str,
    form: ScheduleForm,
    refusal: HouseError | None,
    *,
    preview: Preview | None,
    unit: Unit | None,
    **facts: Any,
) -> Page:
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    field = FIELD_OF.get(refusal.place, refusal.place) if isinstance(refusal, BadInput) else ""
    if refusal and field in form:
        form[field].errors = [say(refusal.key, **refusal.facts)]
        refusal = None
    if isinstance(refusal, Faults):
        _in_words_of(form, refusal)
    page = render_template(template, form=form, refusal=refusal, preview=preview, **_told(preview, unit), **facts)
    return page if status == 200 else (page, status)


def _in_words_of(form: ScheduleForm, refusal: Faults) -> None:
    """Name what is wrong as the form does, not as a plan file would."""
    for fault in refusal.faults:
        field = FIELD_OF.get(fault.facts.get("name", ""), fault.facts.get("name", ""))
        if field in form:
            fault.facts["name"] = say(form[field].label.text)


def _unit_named(form: NewScheduleForm) -> Unit:
    try:
        return unit_by_code(request_cycle.db(), (form.unit.data or "").strip())
    except NotFound:
        raise BadInput("schedules.no-unit", "unit") from None


def _plan_units(db: Db, actor: Actor) -> list[Unit]:
    """The units the reader may plan for with the bodies of each: what a form can offer."""
    return [one for unit in units_open_to(db, actor, "plan", FEW) for one in (*bodies_of(db, unit), unit)]


def _likely_unit(db: Db, actor: Actor) -> str:
    offered = _plan_units(db, actor)
    return next((one.code for one in offered if one.kind == "peoples_committee"), offered[0].code if offered else "")


def _checked(plain: dict[str, Any]) -> tuple[PlanSeries, Preview]:
    """The series as the reader of plan files takes it, with its dates. Raises Faults."""
    plan = plan_of(node_of({"unit": {"code": "x"}, "series": [plain]}))
    return plan.series[0], _preview(plan)


def _preview(plan: Plan) -> Preview:
    return preview_plan(plan, calendar=working_calendar(request_cycle.db()), today=request_cycle.today())


def _told(preview: Preview | None, unit: Unit | None) -> dict[str, Any]:
    """What stands beside the dates: warnings, the two readings, and months with fewer days than the law asks."""
    if preview is None:
        return {}
    series = preview.plan.series[0]
    return {
        "warnings": preview.warning_lines(language()),
        "readings": readings_of(series.timing),
        "rule": [rule_reason(series.timing.rule, series.timing.months)],
        "short": _short_months(preview.rows, _posts(unit), series) if unit else [],
    }


def _short_months(
    rows: Iterable[PlannedDate], posts: Iterable[Post], series: PlanSeries
) -> list[tuple[date, int, int]]:
    """(first day, planned, asked) of each week or month in which this series alone is less than the law asks."""
    named = host_names(series.to_plain())
    duty = next((post.duty for post in posts if post.duty and any(name.startswith(post.title) for name in named)), "")
    days = [row.date for row in rows if row.date]
    if not duty or not days or series.kind != "periodic_reception":
        return []
    last = (max(days).replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    spans = [span for span in spans_between(duty, min(days).replace(day=1), last) if span.whole]
    held = Counter(span.first for span in spans for day in days if span.first <= day <= span.last)
    return [(span.first, held[span.first], span.required) for span in spans if held[span.first] < span.required]


def _posts(unit: Unit) -> list[Post]:
    db = request_cycle.db()
    units = [unit.id, *(body.id for body in bodies_of(db, unit))]
    return posts_of(db, units, request_cycle.today())


def _blanks(schedule: Schedule) -> dict[str, Any]:
    return blanks_of(schedule.series) | {"starts": schedule.starts, "until": schedule.until}


def _rule_of(schedule: Schedule) -> list[Any]:
    series = series_from_plain(schedule.series)
    return [rule_reason(series.rule, series.months)]


def _in_words(applied: Applied) -> str:
    return say(
        "schedules.saved",
        made=applied.made,
        changed=applied.changed,
        removed=applied.removed,
        kept=applied.kept,
        proposed=len(applied.proposals),
    )


def _domain() -> str:
    return request_cycle.settings().feed_domain
