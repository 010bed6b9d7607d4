"""Schedules for the staff: the list, one schedule, and the rule editor, whose year is seen before it is saved."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.schedule_edits import edit_schedule, end_schedule
from scheduler.actions.schedules import create_schedule, extend_schedule, to_json
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound, Stale
from scheduler.models import Schedule, Unit
from scheduler.queries.access import may, require, units_below, units_readable
from scheduler.queries.schedules import (
    count_schedules,
    find_schedule,
    occurrences_of,
    schedule_with_key,
    schedules_in,
    states_of,
    undated_in,
)
from scheduler.queries.units import bodies_of, posts_of, unit_by_code
from scheduler.rules.expansion import PlannedDate
from scheduler.rules.permissions import Actor
from web import request_cycle
from web.asked import asked_day
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.plan_units import likely_unit, plan_units
from web.plan_words import applied_words
from web.schedule_blanks import blanks_of, rows_of
from web.schedule_forms import NewScheduleForm, ScheduleForm
from web.schedule_preview import Shown, schedule_sentence, show_year
from web.unit_choice import asked_units

pages = Blueprint("schedules", __name__)
Page = Response | str | tuple[str, int]
PAGE = 100
MOST_PAGES = 1_000


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
    choice = asked_units(db, actor)
    code = choice.meant[0].code if len(choice.meant) == 1 else ""
    units = units_readable(actor) if choice.ids is None else units_below(choice.ids)
    rows = schedules_in(db, units, limit=PAGE, after=(number - 1) * PAGE)
    ids = [row.id for row in rows]
    return render_template(
        "schedules/list.html",
        rows=rows, choice=choice, code=code, number=number, per_page=PAGE, total=count_schedules(db, units),
        states=states_of(db, ids), undated=undated_in(db, ids),
        sentences_of={row.id: schedule_sentence(row.series) for row in rows},
    )  # fmt: skip


@pages.route("/desk/schedules/new", methods=["GET", "POST"])
@staff("plan")
def new() -> Page:
    """A new schedule: its year is shown first, the second button saves it; sent twice it is one schedule."""
    db, actor = request_cycle.db(), signed_in()
    form = NewScheduleForm()
    if request.method == "GET":
        form.unit.data = request.args.get("unit", "") or likely_unit(db, actor)
        form.starts.data = asked_day("starts", date(request_cycle.today().year + 1, 1, 1))
        form.until.data = date(request_cycle.today().year + 1, 12, 31)
        form.key.data = f"lich-{count_schedules(db, units_readable(actor)) + 1}"
    _choose_reading(form)
    facts: dict[str, Any] = {}

    def deed() -> None:
        unit = facts["unit"] = _unit_named(form)
        require(db, actor, "plan", unit.id)
        facts["shown"] = shown = _shown(form, unit)
        if _asked_to_save(shown):
            facts["saved"] = _create(form, unit, actor)

    if carried_out(form, deed) and "saved" in facts:
        return redirect(url_for("schedules.show", schedule_id=facts["saved"]), 303)
    known = _known_unit(db, actor, form.unit.data or "")
    posts = _posts(db, known) if known else []
    return form_page("schedules/new.html", form, units=plan_units(db, actor), posts=posts, shown=facts.get("shown"))


@pages.route("/desk/schedules/<int:schedule_id>", methods=["GET", "POST"])
@staff("read")
def show(schedule_id: int) -> Page:
    """One schedule: its sentence, what another rule would change, its sittings as they are."""
    db, actor = request_cycle.db(), signed_in()
    schedule = find_schedule(db, schedule_id)
    require(db, actor, "read", schedule.unit_id)
    form = _form_of(schedule)
    facts: dict[str, Any] = {}

    def deed() -> None:
        require(db, actor, "plan", schedule.unit_id)
        version = request.form.get("over", 0, type=int) or request.form.get("version", 0, type=int)
        facts["shown"] = shown = _shown(form, schedule.unit, schedule)
        if _asked_to_save(shown) and form.series:
            facts["applied"] = edit_schedule(
                db, schedule_id, version, form.series.to_plain(), domain=_domain(), by=actor, now=request_cycle.now()
            )

    if carried_out(form, deed) and "applied" in facts:
        flash(applied_words(say, facts["applied"]))
        return redirect(url_for("schedules.show", schedule_id=schedule_id), 303)
    schedule = find_schedule(db, schedule_id)
    overtaken = isinstance(form.refusal, Stale)
    rows = [] if form.refusal or form.errors else occurrences_of(db, [schedule_id])[schedule_id]
    return form_page(
        "schedules/show.html", form,
        schedule=schedule, present=schedule_sentence(schedule.series), posts=_posts(db, schedule.unit), rows=rows,
        undated=sum(row.day is None and row.outcome == "to_be_announced" for row in rows), overtaken=overtaken,
        may_plan=may(db, actor, "plan", schedule.unit_id), shown=facts.get("shown"),
        version=request.form.get("version", schedule.version, type=int),
    )  # fmt: skip


@pages.post("/desk/schedules/preview")
@staff("plan")
def preview() -> Page:
    """The year of what is being typed, for the script of the editor: one region of the page, nothing else."""
    db, actor, form = request_cycle.db(), signed_in(), NewScheduleForm()
    facts: dict[str, Any] = {}

    def deed() -> None:
        unit = _unit_named(form)
        require(db, actor, "plan", unit.id)
        facts["shown"] = _shown(form, unit)

    carried_out(form, deed)
    return form_page("schedules/year.html", form, shown=facts.get("shown"))


@pages.post("/desk/schedules/<int:schedule_id>/preview")
@staff("plan")
def preview_edit(schedule_id: int) -> Page:
    """The same for a schedule that is there, with what the new rule would change."""
    db = request_cycle.db()
    schedule = find_schedule(db, schedule_id)
    require(db, signed_in(), "plan", schedule.unit_id)
    form = _form_of(schedule)
    facts: dict[str, Any] = {}

    def deed() -> None:
        facts["shown"] = _shown(form, schedule.unit, schedule)

    carried_out(form, deed)
    return form_page("schedules/year.html", form, shown=facts.get("shown"))


@pages.post("/desk/schedules/<int:schedule_id>/end")
@staff("plan")
def end(schedule_id: int) -> Response:
    """Plan no further; drafts go, public sittings get proposals."""
    version = request.form.get("version", 0, type=int)
    applied = end_schedule(request_cycle.db(), schedule_id, version, by=signed_in(), now=request_cycle.now())
    flash(applied_words(say, applied))
    return redirect(url_for("schedules.show", schedule_id=schedule_id), 303)


def _asked_to_save(shown: Shown) -> bool:
    """Whether the form is to be saved. Raises BadInput where two readings differ and none was chosen."""
    if request.form.get("do") != "save":
        return False
    if shown.open_reading:
        raise BadInput("schedules.choose-reading", "shape")
    return True


def _create(form: NewScheduleForm, unit: Unit, actor: Actor) -> int:
    """Save it; the very same schedule sent a second time is the one that is there."""
    db, now = request_cycle.db(), request_cycle.now()
    assert form.series is not None
    plain = form.series.to_plain()
    there = schedule_with_key(db, unit.id, form.series.key)
    if there is not None and there.series == to_json(plain):
        flash(say("schedules.saved-already"))
        return there.id
    schedule = create_schedule(db, unit.id, plain, by=actor, now=now)
    made = extend_schedule(db, schedule.id, domain=_domain(), by=actor, now=now)
    flash(say("schedules.saved-new", n=made))
    return schedule.id


def _form_of(schedule: Schedule) -> ScheduleForm:
    notice = schedule.series.get("notice", {}).get("date")
    days = {"starts": schedule.starts, "until": schedule.until}
    days |= {"notice_day": date.fromisoformat(notice)} if notice else {}
    form = ScheduleForm(data=blanks_of(schedule.series) | days)
    form.series_key = schedule.key
    form.seasons, form.changes = rows_of(schedule.series)
    _choose_reading(form)
    return form


def _choose_reading(form: ScheduleForm) -> None:
    """The button of a reading says which shape is meant."""
    chosen = request.form.get("choose", "")
    every, _, pick = (form.shape.data or "").partition("-")
    if chosen in ("nth", "weeks") and pick in ("nth", "weeks"):
        form.shape.data, form.reading.data = f"{every}-{chosen}", chosen


def _shown(form: ScheduleForm, unit: Unit, schedule: Schedule | None = None) -> Shown:
    assert form.series is not None
    return show_year(
        request_cycle.db(), unit, form.series,
        schedule=schedule, reading=form.reading.data or "", today=request_cycle.today(),
    )  # fmt: skip


def _unit_named(form: NewScheduleForm) -> Unit:
    try:
        return unit_by_code(request_cycle.db(), (form.unit.data or "").strip())
    except NotFound:
        raise BadInput("schedules.no-unit", "unit") from None


def _known_unit(db: Db, actor: Actor, code: str) -> Unit | None:
    """The unit of this code where the reader may plan for it."""
    return next((unit for unit in plan_units(db, actor) if unit.code == code), None)


def _posts(db: Db, unit: Unit) -> list[Any]:
    return posts_of(db, [unit.id, *(body.id for body in bodies_of(db, unit))], request_cycle.today())


def _domain() -> str:
    return request_cycle.settings().feed_domain
