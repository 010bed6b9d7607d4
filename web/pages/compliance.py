"""The compliance board: places down, what the law asks across, and behind every cell the list of what is missing."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.actions.sent_reports import note_sent_report
from scheduler.documents.tables import remark_words
from scheduler.errors import BadInput, NotFound
from scheduler.models import Occurrence, Unit
from scheduler.queries.access import may
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.compliance import COLUMNS, Asked, Line, compliance
from scheduler.queries.units import unit_by_code
from scheduler.reports.compliance import USUAL, sentence
from scheduler.rules.duties import DUTY_KEYS
from web import request_cycle
from web.asked import asked_day, asked_text
from web.compliance_forms import SentReportForm
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import language, say
from web.unit_choice import UnitChoice, asked_units

pages = Blueprint("compliance", __name__)
LEVELS = ("commune", "province")


@dataclass(frozen=True)
class View:
    """What the address asks for, as the page's own links repeat it."""

    asked: Asked
    unit: Unit | None
    units: UnitChoice

    @property
    def link(self) -> dict[str, str]:
        """The query of this view, without the unit."""
        asked = self.asked
        return {
            "from": asked.first.isoformat(),
            "to": asked.as_at.isoformat(),
            "duty": asked.duty,
            "level": asked.level,
        }


@pages.get("/desk/reports/compliance")
@staff("read_reports")
def board() -> str:
    """All places of a branch on one page, as at any day."""
    view = _view()
    unknown = view.units.text and not view.units.meant
    lines = [] if unknown else compliance(request_cycle.db(), view.asked)
    if asked_text("sort") == "gaps":
        lines = sorted(lines, key=lambda line: -line.gaps)
    return render_template(
        "compliance/board.html",
        lines=lines, columns=COLUMNS, view=view, duties=DUTY_KEYS, levels=LEVELS, sort=asked_text("sort"),
        summary=remark_words(sentence(lines, view.asked.as_at), language()) if lines else "",
        gaps={column: sum(bool(line.cells[column].missing) for line in lines) for column in COLUMNS},
    )  # fmt: skip


@pages.route("/desk/reports/compliance/<code>/<column>", methods=["GET", "POST"])
@staff("read_reports")
def missing(code: str, column: str) -> Response | tuple[str, int]:
    """What is missing in one cell, each thing opening to its sitting; a report that was sent is noted here."""
    db, view, form = request_cycle.db(), _view(), SentReportForm()
    line = next((one for one in compliance(db, _of_place(view, code)) if one.place.code == code), None)
    if line is None or column not in COLUMNS:
        raise NotFound("errors.not-found")
    here = url_for("compliance.missing", code=code, column=column, _external=False, **view.link)
    if carried_out(form, lambda: _note(code, form)):
        flash(say("compliance.noted"))
        return redirect(here, 303)
    cell = line.cells[column]
    sittings = {one.id: one for one in _sittings(line, column)}
    return form_page(
        "compliance/missing.html",
        form, line=line, cell=cell, column=column, view=view, sittings=sittings, here=here,
        may_note=column == "reported" and may(db, signed_in(), "record", line.place.id),
    )  # fmt: skip


def _sittings(line: Line, column: str) -> list[Occurrence]:
    ids = {number for gap in line.cells[column].missing for number in gap.sittings}
    return list(occurrences_by_id(request_cycle.db(), sorted(ids))) if ids else []


def _note(code: str, form: SentReportForm) -> None:
    if form.sent_on.data is None:
        raise BadInput("forms.required", "sent_on")
    note_sent_report(
        request_cycle.db(), code, form.period.data or "",
        sent_on=form.sent_on.data, number=form.number.data or "", by=signed_in(), now=request_cycle.now(),
    )  # fmt: skip


def _view() -> View:
    today, actor = request_cycle.today(), signed_in()
    units = asked_units(request_cycle.db(), actor)
    as_at = min(asked_day("to", today), today)
    first = asked_day("from", date(as_at.year, 1, 1))
    duty, level = asked_text("duty") or USUAL, asked_text("level") or LEVELS[0]
    if duty not in DUTY_KEYS or level not in LEVELS or first > as_at or as_at.year - first.year > 5:
        raise NotFound("errors.not-found")
    unit = units.meant[0] if units.meant else None
    readable = None if actor.trusted else actor.units_for("read_reports")
    return View(Asked(first, as_at, duty, level, unit.id if unit else None, readable), unit, units)


def _of_place(view: View, code: str) -> Asked:
    """The same question about one place only."""
    place, asked = unit_by_code(request_cycle.db(), code), view.asked
    return Asked(asked.first, asked.as_at, asked.duty, asked.level, place.id, asked.readable)
