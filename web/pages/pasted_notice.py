"""Last year's notice pasted: what was understood of it and what not, the rules that explain it, and the drafts."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.pasted_notice import draft_series
from scheduler.errors import BadInput, HouseError, NotFound
from scheduler.intake.pasted_values import ASIDE
from scheduler.intake.preview import readings_of
from scheduler.language.why import rule_words
from scheduler.models import Post, Unit
from scheduler.queries.access import require
from scheduler.queries.days import working_calendar
from scheduler.queries.units import bodies_of, posts_of, unit_by_code
from scheduler.rules.recurrence_forms import rule_reason
from web import request_cycle
from web.errors import status_of
from web.guards import signed_in, staff
from web.language import language, say
from web.pasted_notice_forms import WAY_WORDS, PasteForm
from web.pasted_reading import SAVE, Reading, know_hosts, make_plan, propose, read_form
from web.plan_units import likely_unit, plan_units

pages = Blueprint("pasted_notice", __name__)
Page = Response | str | tuple[str, int]


@pages.route("/desk/schedules/paste", methods=["GET", "POST"])
@staff("plan")
def paste() -> Page:
    """Paste, look over, choose; the drafts are made with the last button, all of them or none."""
    form, reading, refusal = PasteForm(), None, None
    this_year = request_cycle.today().year
    form.year.choices = [(year, str(year)) for year in (this_year, this_year + 1)]
    if "year" not in request.form:
        form.year.process_data(this_year + 1)
    if request.method == "GET":
        form.unit.data = request.args.get("unit", "") or likely_unit(request_cycle.db(), signed_in())
        return _page(form, None, None)
    whole = form.validate()
    try:
        if not form.text.errors:
            calendar = working_calendar(request_cycle.db())
            reading = read_form(form, request_cycle.today())
            unit, posts = _known(form)
            if unit is not None:
                know_hosts(reading, unit, request_cycle.db(), posts)
            propose(form, reading, calendar)
        if reading is not None and whole:
            unit = _unit(form)
            make_plan(form, reading, unit, calendar=calendar, today=request_cycle.today())
            if request.form.get("do") == SAVE:
                return _draft(reading, unit)
    except HouseError as broken:
        request_cycle.db().rollback()
        refusal = broken
    return _page(form, reading, refusal)


def _draft(reading: Reading, unit: Unit) -> Response:
    db, domain = request_cycle.db(), request_cycle.settings().feed_domain
    series = [one.to_plain() for one in reading.plan.series] if reading.plan else []
    drafted = draft_series(db, unit.id, series, domain=domain, by=signed_in(), now=request_cycle.now())
    flash(say("pasted_notice.drafted", n=drafted.sittings, made=drafted.made, same=drafted.same))
    return redirect(url_for("schedules.list_schedules", unit=unit.code), 303)


def _page(form: PasteForm, reading: Reading | None, refusal: HouseError | None) -> Page:
    facts: dict[str, Any] = {"units": plan_units(request_cycle.db(), signed_in()), "reading": reading}
    if reading is not None:
        notice = reading.notice
        facts |= {
            "unread": notice.left("unread"),
            "aside": notice.left(*ASIDE),
            "not_held": notice.left("not-held"),
            "sentences": notice.left("rule"),
            "rule_of": lambda guess: rule_words(language(), rule_reason(guess.rule, guess.months)[1]),
            "readings": _two_readings(reading),
            "warnings": reading.preview.warning_lines(language()) if reading.preview else [],
            "posts": _known(form)[1],
            "way_words": WAY_WORDS,
        }
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return render_template("pasted_notice/paste.html", form=form, refusal=refusal, **facts), status


def _two_readings(reading: Reading) -> dict[str, Any]:
    """By series key where its rule, read the other way, gives another day."""
    series = reading.plan.series if reading.plan else ()
    return {one.key: found for one in series if (found := readings_of(one.timing))}


def _unit(form: PasteForm) -> Unit:
    db = request_cycle.db()
    try:
        unit = unit_by_code(db, (form.unit.data or "").strip())
        require(db, signed_in(), "plan", unit.id)
    except NotFound:
        raise BadInput("schedules.no-unit", "unit") from None
    return unit


def _known(form: PasteForm) -> tuple[Unit | None, list[Post]]:
    """The unit as far as it is known, with the posts that may sit for it."""
    db = request_cycle.db()
    try:
        unit = _unit(form)
    except HouseError:
        return None, []
    return unit, posts_of(db, [unit.id, *(body.id for body in bodies_of(db, unit))], request_cycle.today())
