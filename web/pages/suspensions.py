"""Tạm dừng tiếp công dân: the span, what becomes of each sitting in it, who is told, and its end."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.suspensions import lift_suspension, proposed_choices, suspend
from scheduler.models import Occurrence, Suspension, Unit
from scheduler.queries.access import may, require
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.suspensions import (
    drafts_within,
    find_suspension,
    published_within,
    suspendable_units,
    suspended_among,
    suspended_on,
    suspensions_for,
    suspensions_of_code,
    suspensions_read,
)
from scheduler.rules.change_reasons import SUSPENSION_REASONS
from web import request_cycle
from web.change_effects import effects_of_all
from web.change_steps import reason_choices
from web.form_rows import number_of
from web.forms import carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.many_rows import Row, choices_of, rows_of, told_of_all
from web.suspension_forms import LiftForm, SuspensionForm

pages = Blueprint("suspensions", __name__)

AHEAD = timedelta(days=366)
"""How far ahead a unit's public page tells of a suspension."""


@pages.app_template_global()
def suspensions_ahead(units: Iterable[Unit]) -> list[Suspension]:
    """Standing suspensions of these units from today on, for the page that everybody reads."""
    today = request_cycle.today()
    return suspensions_for(request_cycle.db(), [unit.id for unit in units], today, today + AHEAD)


@pages.app_template_global()
def suspensions_at(code: str) -> list[Suspension]:
    """The same for one unit by its code, for whoever plans there."""
    return suspensions_of_code(request_cycle.db(), code, request_cycle.today()) if code else []


@pages.app_template_global()
def paused_among(rows: Iterable[Occurrence]) -> set[int]:
    """Ids of those sittings of a list whose day is suspended."""
    return suspended_among(request_cycle.db(), rows)


@pages.app_template_global()
def suspension_of(one: Occurrence) -> Suspension | None:
    """The suspension that the sitting's day lies in, for its public page."""
    return suspended_on(request_cycle.db(), one.unit_id, one.day or one.planned_day)


@pages.get("/desk/suspensions")
@staff("read")
def list_suspensions() -> tuple[str, int]:
    """Those that stand and those that were, in the reader's units."""
    db, actor = request_cycle.db(), signed_in()
    return form_page("suspensions/list.html", LiftForm(formdata=None), rows=suspensions_read(db, actor))


@pages.route("/desk/suspensions/new", methods=["GET", "POST"])
@staff("change")
def new() -> Response | tuple[str, int]:
    """The span first, then each sitting in it with a proposal, and one button for all."""
    db, actor = request_cycle.db(), signed_in()
    units = suspendable_units(db, actor)
    # A commune's own place holds no sitting: its bodies do.
    whole = bool(units) and units[0].level == "commune"
    form = SuspensionForm(data={"with_below": whole}) if request.method == "GET" else SuspensionForm()
    form.unit.choices = choices(*((str(unit.id), unit.name) for unit in units))
    form.why.choices = reason_choices(SUSPENSION_REASONS)
    made: list[Suspension] = []
    if request.form.get("do") == "suspend" and carried_out(form, lambda: made.append(_suspend(form))):
        flash(say("suspensions.done", n=len(made[0].occurrence_ids)))
        return redirect(url_for("suspensions.show", suspension_id=made[0].id), 303)
    asked = request.method == "POST" and not form.errors and form.validate_on_submit()
    met, drafts = _met(form) if asked else ([], [])
    rows = _rows(form, met)
    return form_page(
        "suspensions/new.html", form,
        asked=asked, drafts=drafts, told=told_of_all(db, met), rows=rows,
        effects=effects_of_all(db, [(row.one, row.step, row.day) for row in rows]),
    )  # fmt: skip


@pages.get("/desk/suspensions/<int:suspension_id>")
@staff("read")
def show(suspension_id: int) -> tuple[str, int]:
    """What was suspended, which sittings it changed, and how it ends."""
    return _page(LiftForm(formdata=None), suspension_id)


@pages.post("/desk/suspensions/<int:suspension_id>/lift")
@staff("change")
def lift(suspension_id: int) -> Response | tuple[str, int]:
    """End it; the sittings it changed are changed back one by one."""
    form = LiftForm()
    ended = carried_out(
        form,
        lambda: lift_suspension(
            request_cycle.db(), suspension_id, reason=form.reason.data or "", by=signed_in(), now=request_cycle.now()
        ),
    )
    if ended:
        flash(say("suspensions.done-lifted"))
        return redirect(url_for("suspensions.show", suspension_id=suspension_id), 303)
    return _page(form, suspension_id)


def _rows(form: SuspensionForm, met: list[Occurrence]) -> list[Row]:
    """Each sitting with its choice; whoever saw a refusal sees the newest versions and presses again."""
    proposed = proposed_choices(request_cycle.db(), met, form.last.data) if met and form.last.data else {}
    rows = rows_of(met, proposed)
    return [replace(row, version=row.one.version) for row in rows] if form.refusal else rows


def _suspend(form: SuspensionForm) -> Suspension:
    assert form.first.data is not None
    assert form.last.data is not None
    met, _ = _met(form)
    return suspend(
        request_cycle.db(),
        number_of(form.unit.data or "") or 0,
        form.first.data,
        form.last.data,
        reason=(form.reason.data or "").strip() or form.why.data or "",
        choices=choices_of(_rows(form, met)),
        with_below=bool(form.with_below.data),
        ground=form.ground.data or "",
        keep_reason=form.keep_reason.data or "",
        by=signed_in(),
        now=request_cycle.now(),
    )


def _met(form: SuspensionForm) -> tuple[list[Occurrence], list[Occurrence]]:
    """The published sittings in the span, and the drafts."""
    db, unit_id = request_cycle.db(), number_of(form.unit.data or "") or 0
    require(db, signed_in(), "change", unit_id)
    assert form.first.data is not None
    assert form.last.data is not None
    first, below = max(form.first.data, request_cycle.today()), bool(form.with_below.data)
    return (
        published_within(db, unit_id, first, form.last.data, with_below=below),
        drafts_within(db, unit_id, first, form.last.data, with_below=below),
    )


def _page(form: LiftForm, suspension_id: int) -> tuple[str, int]:
    db, actor = request_cycle.db(), signed_in()
    suspension = find_suspension(db, suspension_id)
    require(db, actor, "read", suspension.unit_id)
    return form_page(
        "suspensions/show.html", form,
        one=suspension, sittings=occurrences_by_id(db, suspension.occurrence_ids),
        may_lift=suspension.lifted_at is None and may(db, actor, "change", suspension.unit_id),
    )  # fmt: skip
