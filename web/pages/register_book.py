"""The reception register of a unit: read on a page, taken out as a PDF or a workbook with the reason noted."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, make_response, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, StringField, SubmitField
from wtforms.validators import InputRequired, Length

from scheduler.actions.register_book import note_taken
from scheduler.documents.register_book import Sheet, heading_of, register_pdf, register_xlsx, sheets_of
from scheduler.errors import BadInput
from scheduler.models import Unit
from scheduler.queries.access import require
from scheduler.queries.register_book import MOST_ROWS, BookRow, register_rows, units_with_visits
from scheduler.rules.register_book import parts_of
from web import request_cycle
from web.asked import asked_day
from web.form_rows import day_of
from web.forms import Form, carried_out, form_page
from web.guards import signed_in, staff
from web.language import language, say
from web.named_units import named_unit, own_unit
from web.names_opened import note_register_opened

pages = Blueprint("register_book", __name__)
FEW = 40
"""So many units stand in a list to choose from; where there are more, one is typed."""
TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class TakeForm(Form):
    """Which register is taken out, why, and as what."""

    unit = HiddenField()
    first = HiddenField()
    last = HiddenField()
    reason = StringField("register_book.reason", [InputRequired(), Length(max=200)])
    pdf = SubmitField()
    xlsx = SubmitField()


@dataclass(frozen=True)
class Asked:
    """The register that is asked for; no unit where there are several and none was chosen."""

    unit: Unit | None
    first: date
    last: date


@pages.get("/desk/register-book")
@staff("receive")
def show() -> Response:
    """The register of a unit and some days, in the columns of the form of each day."""
    units = units_with_visits(request_cycle.db(), signed_in(), FEW + 1)
    today = request_cycle.today()
    asked = Asked(_unit(units), asked_day("from", today.replace(day=1)), asked_day("to", today))
    return _page(asked, units, TakeForm(formdata=None))


@pages.post("/desk/register-book")
@staff("receive")
def take() -> Response:
    """The same as a file; the ledger keeps who took it, when and why, and nothing of what stands in it."""
    form = TakeForm()
    first, last = day_of(form.first.data or ""), day_of(form.last.data or "")
    if first is None or last is None:
        raise BadInput("api.not-a-day", "first", value="")
    unit = own_unit(form.unit.data or "", "receive")
    asked, made = Asked(unit, first, last), []
    shape = "xlsx" if form.xlsx.data else "pdf"
    if carried_out(form, lambda: made.append(_file(asked, unit, shape, form.reason.data or ""))):
        answer = Response(made[0], content_type=TYPES[shape])
        name = f"{say('register_book.file-name')}-{unit.code}-{first}-{last}.{shape}"
        answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return _page(asked, units_with_visits(request_cycle.db(), signed_in(), FEW + 1), form)


def _file(asked: Asked, unit: Unit, shape: str, reason: str) -> bytes:
    rows, sheets = _register(asked, unit, "vi")
    sheets = [sheet for sheet in sheets if sheet.rows] or sheets[-1:]
    note_taken(
        request_cycle.db(), unit, shape=shape, reason=reason, first=asked.first, last=asked.last, n=len(rows),
        by=signed_in(), now=request_cycle.now(),
    )  # fmt: skip
    return register_xlsx(unit, sheets) if shape == "xlsx" else register_pdf(unit, sheets, now=request_cycle.now())


def _page(asked: Asked, units: list[Unit], form: TakeForm) -> Response:
    """The page; where names stand on it, that is noted."""
    parts_of(asked.first, asked.last)
    rows, sheets = _register(asked, asked.unit, language()) if asked.unit else ([], [])
    if asked.unit and rows:
        note_register_opened(asked.unit.id)
    if not form.is_submitted():
        form.unit.data = asked.unit.code if asked.unit else ""
        form.first.data, form.last.data = asked.first.isoformat(), asked.last.isoformat()
    page, status = form_page(
        "register_book/show.html", form, asked=asked, units=units if len(units) <= FEW else [], rows=rows,
        sheets=sheets, heading=lambda part, column: heading_of(part, column, language()), full=len(rows) == MOST_ROWS,
        many=len(units) > FEW,
    )  # fmt: skip
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _register(asked: Asked, unit: Unit, words: str) -> tuple[list[BookRow], list[Sheet]]:
    rows = register_rows(request_cycle.db(), unit.id, asked.first, asked.last)
    return rows, sheets_of(rows, asked.first, asked.last, words)


def _unit(units: list[Unit]) -> Unit | None:
    """The unit of `?unit=`, by its code or as lists offer it; without one the only one there is."""
    text = request.args.get("unit", "").strip()
    if not text:
        return units[0] if len(units) == 1 else None
    found = named_unit(text[:200], place="unit")
    require(request_cycle.db(), signed_in(), "receive", found.id)
    return found
