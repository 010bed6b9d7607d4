"""What a change leaves to be done by hand: people to call, with the words to read out, and old sheets to take down."""

from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.calls import note_call, take_down
from scheduler.models import Call, Occurrence, OldSheet, Suspension
from scheduler.queries.calls import call_lines, calls_made, calls_of, old_sheets, old_sheets_of, open_calls, tickets_of
from scheduler.queries.suspensions import suspended_on
from web import request_cycle
from web.form_rows import number_of
from web.guards import signed_in, staff
from web.language import say
from web.names_opened import note_calls_opened

pages = Blueprint("calls", __name__)


@dataclass(frozen=True)
class LeftByHand:
    """What stands beside a sitting for the staff: calls, old sheets, and the suspension its day lies in."""

    calls: list[Call]
    sheets: list[OldSheet]
    suspended: Suspension | None
    tickets: dict[int, int]  # of residents, by the call's id


@pages.app_template_global()
def left_by_hand(one: Occurrence) -> LeftByHand:
    """What the sitting's changes left to be done by hand, for its page."""
    db, day = request_cycle.db(), one.day or one.planned_day
    calls = calls_of(db, one.id)
    suspended = suspended_on(db, one.unit_id, day)
    return LeftByHand(calls, old_sheets_of(db, one.id), suspended, tickets_of(db, calls))


@pages.get("/desk/calls")
@staff("change")
def show() -> Response:
    """Each call with its number and sentence until somebody was reached; below, those of the last days."""
    db, actor = request_cycle.db(), signed_in()
    calls = open_calls(db, actor)
    for unit_id in sorted({call.unit_id for call in calls if call.registration_id is not None}):
        note_calls_opened(unit_id)
    page = render_template(
        "calls/show.html",
        lines=call_lines(db, calls),
        made=call_lines(db, calls_made(db, actor, request_cycle.now())),
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"  # names and numbers of residents stand on it
    return answer


@pages.post("/desk/calls/<int:call_id>/<any('called', 'no-answer'):answer>")
@staff("change")
def note(call_id: int, answer: str) -> Response:
    """Somebody was told, or nobody answered: then the call stays open."""
    seen = number_of(request.form.get("tries", "")) or 0
    call = note_call(
        request_cycle.db(), call_id, answer, tries=seen, by=signed_in(), now=request_cycle.now()
    )  # fmt: skip
    (line,) = call_lines(request_cycle.db(), [call])
    name = line.name if line.ticket is None else say("letters.to-ticket", n=line.ticket)
    flash(say("calls.done-called" if call.state == "called" else "calls.done-no-answer", name=name))
    return redirect(url_for("calls.show"), 303)


@pages.get("/desk/old-sheets")
@staff("post")
def sheets() -> str:
    """Posted sheets whose text no longer holds."""
    return render_template("calls/sheets.html", sheets=old_sheets(request_cycle.db(), signed_in()))


@pages.post("/desk/old-sheets/<int:sheet_id>")
@staff("post")
def take_down_sheet(sheet_id: int) -> Response:
    """Note that an old sheet hangs no more."""
    take_down(request_cycle.db(), [sheet_id], by=signed_in(), now=request_cycle.now())
    flash(say("calls.done-sheet"))
    return redirect(url_for("calls.sheets"), 303)
