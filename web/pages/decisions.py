"""Decisions on days off: the paper pasted and read over, what it touches, and one page on which all is decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.clashes import TAKEN
from scheduler.actions.decisions import CHOICES, Paper, RowRefused, Verdict, decide_rows, take_decision
from scheduler.errors import BadInput
from scheduler.intake.pasted_decision import PastedDecision
from scheduler.models import Decision
from scheduler.queries.access import require_administrator
from scheduler.queries.days import working_calendar
from scheduler.queries.decisions import (
    Row,
    decidable_units,
    drafts_of,
    find_decision,
    latest_decisions,
    rows_of,
    touches,
)
from scheduler.rules.calendar_days import check_days
from scheduler.rules.kinds import KIND
from web import request_cycle
from web.decision_forms import (
    MOST_DAYS,
    DecideForm,
    DecisionForm,
    TypedDay,
    chosen_days,
    days_of_file,
    read_again,
    typed_days,
)
from web.form_rows import day_of, number_of
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.proposal_words import words_of
from web.touched_lines import touched_facts

pages = Blueprint("decisions", __name__)
Page = Response | str | tuple[str, int]
LATER = "later"


@dataclass(frozen=True)
class Shown:
    """A row with what is typed for it; `mine` where the reader decides it now."""

    row: Row
    choice: str
    day: date | None
    mine: bool
    needed: int
    working: bool
    refused: bool = False


@pages.get("/desk/decisions")
@staff("read")
def decisions() -> str:
    """The decisions that were taken in, and what waits of each."""
    actor = signed_in()
    rows = latest_decisions(request_cycle.db(), actor)
    return render_template("decisions/list.html", rows=rows, may_paste=actor.ever("administer"))


@pages.route("/desk/days/decision", methods=["GET", "POST"])
@staff("administer")
def paste() -> Page:
    """The text is read into a table; the table is read over and saved, with what it touches shown before."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    require_administrator(db, actor)
    form, step, facts = DecisionForm(), request.form.get("do"), dict[str, Any]()
    rows = typed_days()
    made: list[tuple[Decision, int]] = []

    def deed() -> None:
        nonlocal rows
        if step == "read":
            rows = _read_into(form)
        days = chosen_days(rows, form)
        check_days(days)
        if step == "save":
            decision, changed = take_decision(db, _paper(form), days, by=actor, now=now)
            made.append((decision, changed.proposals))
        else:
            facts.update(touched_facts(days))

    if carried_out(form, deed) and made:
        flash(say("decisions.taken", number=made[0][0].number, n=made[0][1]))
        return redirect(url_for("decisions.review", decision_id=made[0][0].id), 303)
    reading = _reading(form)
    read = {one.day.isoformat(): one for one in reading.days}
    rows = [TypedDay(row.day, row.off, row.name, row.used, read.get(row.day)) for row in rows]
    return form_page("decisions/paste.html", form, rows=rows, unread=reading.unread, most=MOST_DAYS, **facts)


@pages.get("/desk/decisions/<int:decision_id>")
@staff("read")
def review(decision_id: int) -> Page:
    """Everything the decision touches in the reader's units, each row with its verdict."""
    return _page(DecideForm(formdata=None), find_decision(request_cycle.db(), decision_id))


@pages.post("/desk/decisions/<int:decision_id>")
@staff("decide")
def decide(decision_id: int) -> Page:
    """Carry out the verdicts, all or none."""
    db, form = request_cycle.db(), DecideForm()
    decision = find_decision(db, decision_id)
    done: list[dict[str, int]] = []

    def deed() -> None:
        done.append(
            decide_rows(
                db, _verdicts(), reason=form.reason.data or "", keep_reason=form.keep_reason.data or "",
                by=signed_in(), now=request_cycle.now(),
            )
        )  # fmt: skip

    if carried_out(form, deed):
        flash(say("decisions.decided", n=done[0]["accept"], m=done[0]["leave"]))
        return redirect(url_for("decisions.review", decision_id=decision.id), 303)
    return _page(form, decision)


def _page(form: DecideForm, decision: Decision) -> Page:
    db, actor = request_cycle.db(), signed_in()
    found = rows_of(db, actor, decision, working_calendar(db), today=request_cycle.today())
    mine = decidable_units(db, actor, [row.proposal.unit_id for row in found])
    waiting = [_shown(row, mine, form) for row in found if row.proposal.state == "open"]
    return form_page(
        "decisions/review.html", form,
        decision=decision, waiting=waiting, decided=[row for row in found if row.proposal.state != "open"],
        drafts=drafts_of(db, actor, decision), counts=touches(db, actor, decision),
        words=words_of(row.proposal for row in found), may_decide=any(one.mine for one in waiting), later=LATER,
        choices=(*CHOICES, LATER), accept=sum(one.choice in ("accept", "other") for one in waiting),
        leave=sum(one.choice == "leave" for one in waiting),
        clashing=bool(form.keep_reason.data) or (form.refusal is not None and form.refusal.key in TAKEN),
    )  # fmt: skip


def _shown(row: Row, mine: set[int], form: DecideForm) -> Shown:
    one, actor = row.proposal, signed_in()
    own = one.proposed_by_id is not None and one.proposed_by_id in actor.accounts()
    may = one.unit_id in mine
    usual = "accept" if may and row.current and not own else LATER
    choice = request.form.get(f"do-{one.id}", usual)
    kind = KIND[one.occurrence.kind] if one.occurrence is not None else None
    return Shown(
        row,
        choice if may else "",
        day_of(request.form.get(f"day-{one.id}", "")),
        may,
        kind.notice_days if kind else 0,
        kind.working if kind else True,
        isinstance(form.refusal, RowRefused) and form.refusal.row == one.id,
    )


def _verdicts() -> dict[int, Verdict]:
    ids = [number for number in map(number_of, request.form.getlist("id")) if number is not None]
    chosen = {number: request.form.get(f"do-{number}", LATER) for number in ids}
    return {
        number: Verdict(choice, day_of(request.form.get(f"day-{number}", "")))
        for number, choice in chosen.items()
        if choice != LATER
    }


def _read_into(form: DecisionForm) -> list[TypedDay]:
    """The rows of the text or the file; how the paper names itself goes into the blanks that are still empty."""
    listed = days_of_file()
    if listed:
        form.text.data = ""
        return [TypedDay(day.day.isoformat(), day.off, day.name) for day in listed]
    found = read_again(form, request_cycle.today())
    if not found.days and not found.unread:
        raise BadInput("decisions.no-dates", "text")
    form.number.data = form.number.data or found.number
    form.signed_on.data = form.signed_on.data or found.signed_on
    return [TypedDay(one.day.isoformat(), one.off, one.name, read=one) for one in found.days]


def _reading(form: DecisionForm) -> PastedDecision:
    try:
        return read_again(form, request_cycle.today())
    except BadInput:
        return PastedDecision()


def _paper(form: DecisionForm) -> Paper:
    if form.signed_on.data is None:
        raise BadInput("forms.required", "signed_on")
    return Paper(form.number.data or "", form.signed_on.data, form.name.data or "", form.text.data or "")
