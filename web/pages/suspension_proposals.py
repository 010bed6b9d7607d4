"""Suspensions proposed to many units: asked on one page, answered by each unit with one press, urged where silent."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.clashes import TAKEN
from scheduler.actions.suspension_proposals import Asked, agree, decline, propose_suspension, urge
from scheduler.actions.suspensions import proposed_choices
from scheduler.errors import NotAllowed
from scheduler.models import SuspensionAnswer, SuspensionProposal, Unit
from scheduler.queries.access import may, require
from scheduler.queries.suspension_proposals import (
    askable_units,
    asking_units,
    count_met,
    find_answer,
    find_asked,
    proposals_of,
    waiting_answers,
)
from scheduler.queries.suspensions import find_suspension, published_within
from scheduler.rules.change_reasons import SUSPENSION_REASONS
from web import request_cycle
from web.change_effects import effects_of_all
from web.change_steps import reason_choices
from web.form_rows import number_of
from web.forms import carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.many_rows import Row, choices_of, rows_of, told_of_all
from web.suspension_proposal_forms import AnswerForm, ProposeForm

pages = Blueprint("suspension_proposals", __name__)
Page = Response | tuple[str, int]


@pages.get("/desk/suspensions/asked")
@staff("read")
def asked() -> str:
    """What waits for an answer of the reader's units, and what they proposed themselves."""
    db, actor = request_cycle.db(), signed_in()
    return render_template(
        "suspension_proposals/asked.html",
        waiting=waiting_answers(db, actor, request_cycle.today()), made=proposals_of(db, actor),
        may_ask=bool(asking_units(db, actor)),
    )  # fmt: skip


@pages.route("/desk/suspensions/propose", methods=["GET", "POST"])
@staff("change")
def propose() -> Page:
    """The span, the reason and the units; how many sittings that meets; then the letters."""
    db, form = request_cycle.db(), ProposeForm()
    offices = asking_units(db, signed_in())
    if not offices:
        raise NotAllowed("errors.not-allowed")
    form.unit.choices = choices(*((str(unit.id), unit.name) for unit in offices))
    form.unit.data = form.unit.data or str(offices[0].id)
    form.why.choices = reason_choices(SUSPENSION_REASONS)
    office = next((unit for unit in offices if str(unit.id) == form.unit.data), offices[0])
    below = askable_units(db, office.id)
    ticked = _ticked(form, below)
    made: list[SuspensionProposal] = []
    if request.form.get("do") == "send" and carried_out(form, lambda: made.append(_send(form, ticked))):
        flash(say("suspension_proposals.sent", n=len(made[0].answers)))
        return redirect(url_for("suspension_proposals.show", proposal_id=made[0].id), 303)
    met = None
    if request.method == "POST" and not form.errors and form.validate_on_submit():
        met = count_met(db, [unit.id for unit in ticked], form.first.data, form.last.data)
    return form_page(
        "suspension_proposals/propose.html", form,
        office=office, below=below, ticked={unit.id for unit in ticked}, met=met,
    )  # fmt: skip


@pages.get("/desk/suspensions/proposals/<int:proposal_id>")
@staff("read")
def show(proposal_id: int) -> str:
    """Who has answered what."""
    db, actor = request_cycle.db(), signed_in()
    proposal = find_asked(db, proposal_id)
    require(db, actor, "read", proposal.unit_id)
    silent = sum(answer.state == "open" for answer in proposal.answers)
    return render_template(
        "suspension_proposals/show.html",
        one=proposal, silent=silent,
        may_urge=silent and proposal.last_day >= request_cycle.today() and may(db, actor, "change", proposal.unit_id),
    )  # fmt: skip


@pages.post("/desk/suspensions/proposals/<int:proposal_id>/remind")
@staff("change")
def remind(proposal_id: int) -> Page:
    """Urge those who have not answered."""
    n = urge(request_cycle.db(), proposal_id, by=signed_in(), now=request_cycle.now())
    flash(say("suspension_proposals.urged", n=n) if n else say("suspension_proposals.urged-already"))
    return redirect(url_for("suspension_proposals.show", proposal_id=proposal_id), 303)


@pages.get("/desk/suspensions/answers/<int:answer_id>")
@staff("read")
def answer(answer_id: int) -> Page:
    """What is proposed, which sittings it meets here, and the two answers."""
    return _answer_page(AnswerForm(formdata=None), answer_id)


@pages.post("/desk/suspensions/answers/<int:answer_id>")
@staff("change")
def give(answer_id: int) -> Page:
    """Agree with what is shown, or say why not."""
    db, form, done = request_cycle.db(), AnswerForm(), list[SuspensionAnswer]()
    require(db, signed_in(), "change", find_answer(db, answer_id).unit_id)
    given: dict[str, Any] = {"by": signed_in(), "now": request_cycle.now()}

    def deed() -> None:
        if request.form.get("do") == "decline":
            done.append(decline(db, answer_id, reason=form.reason.data or "", **given))
            return
        found = find_answer(db, answer_id)
        rows = _rows(found, form) if found.state != "agreed" else []
        keep = form.keep_reason.data or ""
        done.append(agree(db, answer_id, choices=choices_of(rows), keep_reason=keep, **given))

    if carried_out(form, deed):
        return _answered(done[0])
    return _answer_page(form, answer_id)


def _answered(found: SuspensionAnswer) -> Response:
    if found.suspension_id is None or found.state != "agreed":
        flash(say("suspension_proposals.declined"))
        return redirect(url_for("suspension_proposals.answer", answer_id=found.id), 303)
    flash(say("suspension_proposals.agreed", n=_changed(found)))
    return redirect(url_for("suspensions.show", suspension_id=found.suspension_id), 303)


def _answer_page(form: AnswerForm, answer_id: int) -> Page:
    db, actor = request_cycle.db(), signed_in()
    found = find_answer(db, answer_id)
    require(db, actor, "read", found.unit_id)
    over = found.proposal.last_day < request_cycle.today()
    may_answer = found.state != "agreed" and not over and may(db, actor, "change", found.unit_id)
    rows = _rows(found, form) if may_answer else []
    return form_page(
        "suspension_proposals/answer.html", form,
        one=found, over=over, may_answer=may_answer, rows=rows, told=told_of_all(db, [row.one for row in rows]),
        effects=effects_of_all(db, [(row.one, row.step, row.day) for row in rows]),
        clashing=bool(form.keep_reason.data) or (form.refusal is not None and form.refusal.key in TAKEN),
    )  # fmt: skip


def _rows(found: SuspensionAnswer, form: AnswerForm) -> list[Row]:
    """Each published sitting in the span with its choice, as the page of one unit's suspension has it."""
    db, proposal = request_cycle.db(), found.proposal
    first = max(proposal.first_day, request_cycle.today())
    met = published_within(db, found.unit_id, first, proposal.last_day, with_below=True)
    rows = rows_of(met, proposed_choices(db, met, proposal.last_day))
    return [replace(row, version=row.one.version) for row in rows] if form.refusal else rows


def _changed(found: SuspensionAnswer) -> int:
    assert found.suspension_id is not None
    return len(find_suspension(request_cycle.db(), found.suspension_id).occurrence_ids)


def _ticked(form: ProposeForm, below: list[Unit]) -> list[Unit]:
    if form.whom.data != "chosen":
        return below
    chosen = {number_of(text) for text in request.form.getlist("below")}
    return [unit for unit in below if unit.id in chosen]


def _send(form: ProposeForm, ticked: list[Unit]) -> SuspensionProposal:
    assert form.first.data is not None
    assert form.last.data is not None
    reason = (form.reason.data or "").strip() or form.why.data or ""
    what = Asked(form.first.data, form.last.data, reason, form.ground.data or "")
    units = None if form.whom.data != "chosen" else [unit.id for unit in ticked]
    unit_id = number_of(form.unit.data or "") or 0
    return propose_suspension(request_cycle.db(), unit_id, what, units=units, by=signed_in(), now=request_cycle.now())
