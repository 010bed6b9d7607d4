"""Paper at the counter: the kit to print, and the entry afterwards of what was written by hand."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from scheduler.actions.paper import ENTERED_WHILE, Came, Entered, PaperSheet, enter_paper
from scheduler.actions.paper_corrections import correct_paper
from scheduler.actions.paper_kit import reception, take_paper_kit
from scheduler.clock import to_local
from scheduler.documents.paper_kit import paper_kit_name, paper_kit_pdf
from scheduler.errors import HouseError
from scheduler.models import Occurrence
from scheduler.queries.paper import Expected, block_of, entered_row, expected_at, kit_sent
from scheduler.queries.records import record_of_sitting
from scheduler.rules.paper import COMES_FROM, MOST_ROWS, NO_BLOCK, Block, PaperRow
from scheduler.rules.registrations import TOPICS
from web import request_cycle
from web.asked import asked_text
from web.errors import status_of
from web.form_rows import Told, number_of, tell_faults, typed_rows
from web.forms import Form, carried_out
from web.guards import signed_in, staff
from web.language import say
from web.names_opened import note_sitting_opened

pages = Blueprint("paper", __name__)
ROW = ("number", "name", "contact", "topic", "words", "people", "starts", "ends")
CAME = ("slug", "came", "starts", "ends")
ROWS_OPEN = 6
"""So many rows stand open; the rest is one press away."""
MOST_CAME = 300
ROWS_NAMED = {"rows": "paper.row", "came": "paper.came-line"}


class PaperForm(Form):
    """The form's own word: sent twice it enters a row without a number once. Rows are fields of their own."""

    form = HiddenField()


class CorrectForm(Form):
    """Which visit is corrected, and the version it was opened in; its row is a field of its own."""

    number = HiddenField()
    version = HiddenField()


@dataclass
class Correcting:
    """The row that is being corrected, as it is or as it was typed."""

    form: CorrectForm
    number: int
    row: PaperRow


@dataclass
class Typed:
    """What stands in the fields: blank rows with their numbers, or what was typed."""

    rows: list[dict[str, str]]
    came: list[dict[str, str]]
    told: Told = field(default_factory=Told)


@pages.route("/desk/counter/<slug>/paper", methods=["GET", "POST"])
@staff("receive")
def show(slug: str) -> Response:
    """What is kept for paper and when it was sent; the entry afterwards, kept as typed when it is refused.

    Names stand on it, which is noted as at the counter.
    """
    db, actor = request_cycle.db(), signed_in()
    occurrence, form = reception(db, slug, by=actor), PaperForm()
    refusal: HouseError | None = None
    if form.validate_on_submit():
        try:
            entered = enter_paper(db, slug, _sheet(form), by=actor, now=request_cycle.now())
            flash(_told(entered))
            return redirect(url_for("paper.show", slug=slug), 303)
        except HouseError as broken:
            refusal = broken
            db.rollback()
            occurrence = reception(db, slug, by=actor)
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return _answer(_page(occurrence, form, refusal, _asked_to_correct(occurrence)), status)


@pages.post("/desk/counter/<slug>/paper/correct")
@staff("receive")
def correct(slug: str) -> Response:
    """A row that was typed wrongly, written anew."""
    db, form = request_cycle.db(), CorrectForm()
    number, version = number_of(form.number.data or "") or 0, number_of(form.version.data or "") or 0
    row = PaperRow(**(_typed_rows() or [dict.fromkeys(ROW, "")])[0])

    def deed() -> None:
        correct_paper(db, slug, number, row, version=version, by=signed_in(), now=request_cycle.now())

    if carried_out(form, deed):
        flash(say("paper.corrected"))
        return redirect(url_for("paper.show", slug=slug), 303)
    occurrence = reception(db, slug, by=signed_in())
    status = status_of(form.refusal) if form.refusal else 422
    return _answer(_page(occurrence, PaperForm(formdata=None), None, Correcting(form, number, row)), status)


@pages.post("/desk/counter/<slug>/paper/kit")
@staff("receive")
def kit(slug: str) -> Response:
    """The kit as everything stands now; taking it keeps its numbers and is noted, so it is no mere reading."""
    db, now = request_cycle.db(), request_cycle.now()
    occurrence, _ = take_paper_kit(db, slug, by=signed_in(), now=now)
    answer = Response(paper_kit_pdf(db, occurrence.id, now=now), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{paper_kit_name(occurrence)}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(page: str, status: int) -> Response:
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked_to_correct(occurrence: Occurrence) -> "Correcting | None":
    """The row of `?number=`, as it was entered; none in a form that was sent."""
    number = number_of(asked_text("number"))
    if request.method != "GET" or number is None:
        return None
    kept, row = entered_row(request_cycle.db(), occurrence.id, number)
    form = CorrectForm(formdata=None, number=str(number), version=str(kept.version))
    return Correcting(form, number, row)


def _page(
    occurrence: Occurrence, form: PaperForm, refusal: HouseError | None, wrong: "Correcting | None" = None
) -> str:  # fmt: skip
    db, now = request_cycle.db(), request_cycle.now()
    note_sitting_opened(occurrence.id, occurrence.unit_id)
    block = block_of(db, occurrence.id)
    expected, entered = expected_at(db, occurrence.id), expected_at(db, occurrence.id, on_paper=True)
    coming = [one for one in expected if one.state in COMES_FROM]
    if form.is_submitted() and wrong is None:
        typed = Typed(_typed_rows(), _typed_came(), tell_faults(form, refusal, ROWS_NAMED))
    else:
        form.form.data = secrets.token_hex(16)
        typed = Typed(_blank_rows(block, {one.ticket for one in entered}), [_blank_came(one) for one in coming])
    typed.told.refusal = typed.told.refusal or refusal
    if wrong is not None:
        typed.told = tell_faults(wrong.form, wrong.form.refusal, {"rows": "paper.row"})
    return render_template(
        "paper/show.html",
        one=occurrence, form=form, wrong=wrong, typed=typed, told=typed.told,
        block=None if block == NO_BLOCK else block, sent=kit_sent(db, occurrence), now=now,
        names={one.slug: one for one in expected}, entered=entered,
        recorded=_recorded(occurrence, [*expected, *entered]),
        may_take=_may_take(occurrence), may_enter=occurrence.state in ENTERED_WHILE, hour=_hour,
        topics=[("", say("paper.no-topic")), *((topic, say(f"registrations.topic-{topic}")) for topic in TOPICS)],
        rows_open=max([ROWS_OPEN, *(number + 1 for number, row in enumerate(typed.rows) if _written(row))]),
    )  # fmt: skip


def _recorded(occurrence: Occurrence, visits: list[Expected]) -> dict[str, int]:
    """What the sitting's record counts beside what the visits come to, where they differ."""
    kept = record_of_sitting(request_cycle.db(), occurrence.id)
    came = [one.people for one in visits if one.state == "received"]
    if kept is None or (kept.visits, kept.persons) == (len(came), sum(came)):
        return {}
    return {"visits": kept.visits, "persons": kept.persons, "n": len(came), "people": sum(came)}


def _may_take(occurrence: Occurrence) -> bool:
    day = occurrence.day
    return occurrence.state == "published" and day is not None and day >= request_cycle.today()


def _sheet(form: PaperForm) -> PaperSheet:
    rows = [PaperRow(**row) for row in _typed_rows()]
    came = [Came(row["slug"], row["starts"], row["ends"]) for row in _typed_came() if _has_come(row)]
    return PaperSheet(rows, came, form.form.data or "")


def _typed_rows() -> list[dict[str, str]]:
    return typed_rows("rows", ROW, MOST_ROWS + 1)


def _typed_came() -> list[dict[str, str]]:
    return typed_rows("came", CAME, MOST_CAME)


def _has_come(row: dict[str, str]) -> bool:
    return bool(row["came"] or row["starts"] or row["ends"])


def _written(row: dict[str, str]) -> bool:
    return any(text for name, text in row.items() if name not in ("number", "people"))


def _blank_rows(block: Block, used: set[int]) -> list[dict[str, str]]:
    """A row for each number that is not entered yet, and two without a number."""
    numbers = [str(number) for number in range(block.first, block.last + 1) if number not in used]
    return [dict.fromkeys(ROW, "") | {"number": number} for number in (*numbers[: MOST_ROWS - 2], "", "")]


def _blank_came(one: Expected) -> dict[str, str]:
    return {"slug": one.slug, "came": "", "starts": _hour(one.began_at), "ends": ""}


def _hour(moment: datetime | None) -> str:
    return f"{to_local(moment):%H:%M}" if moment is not None else ""


def _told(entered: Entered) -> str:
    if not entered.rows and not entered.came:
        return say("paper.nothing-new")
    return say("paper.entered", n=entered.rows, came=entered.came)
