"""What the calendar or a new plan proposes for public sittings and open tasks: accepted or refused, many at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.clashes import TAKEN
from scheduler.actions.proposals import accept_proposal, public_reason, refuse_proposal
from scheduler.errors import HouseError, RuleBroken
from scheduler.queries.access import require
from scheduler.queries.decisions import latest_decisions
from scheduler.queries.proposals import count_open, find_proposal, is_current, open_proposals
from web import request_cycle
from web.errors import status_of
from web.form_rows import number_of
from web.guards import signed_in, staff
from web.language import say
from web.proposal_words import words_of

pages = Blueprint("proposals", __name__)
Page = Response | str | tuple[str, int]
PAGE = 200
DEEDS = {"accept": accept_proposal, "refuse": refuse_proposal}
DONE = {"accept": "proposals.done-accept", "refuse": "proposals.done-refuse"}


@pages.get("/desk/proposals")
@staff("read")
def list_proposals() -> str:
    """What waits for a decision, unit by unit."""
    return _page(None)


@pages.post("/desk/proposals")
@staff("decide")
def decide() -> Page:
    """Accept or refuse the chosen ones, all or none."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    deed = "refuse" if request.form.get("do") == "refuse" else "accept"
    # In one order for everybody, so that two who decide the same ones wait for each other instead of for ever.
    ids = sorted({number for number in map(number_of, request.form.getlist("id")) if number is not None})
    reason, keep = ((request.form.get(name) or "")[:1000] for name in ("reason", "keep_reason"))
    more = {"keep_reason": keep} if deed == "accept" else {}
    try:
        if not ids:
            raise RuleBroken("proposals.none-chosen")
        for proposal_id in ids:
            DEEDS[deed](db, proposal_id, reason=reason, by=actor, now=now, **more)
    except HouseError as refusal:
        db.rollback()
        return _page(refusal, reason, keep), status_of(refusal)
    flash(say(DONE[deed], n=len(ids)))
    return redirect(url_for("proposals.list_proposals"), 303)


@pages.get("/desk/proposals/<int:proposal_id>")
@staff("read")
def show(proposal_id: int) -> Response:
    """The proposal in the list of what waits."""
    db = request_cycle.db()
    require(db, signed_in(), "read", find_proposal(db, proposal_id).unit_id)
    return redirect(url_for("proposals.list_proposals") + f"#proposal-{proposal_id}", 303)


def _page(refusal: HouseError | None, reason: str = "", keep_reason: str = "") -> str:
    db, actor = request_cycle.db(), signed_in()
    units = actor.units_for("read")
    rows = open_proposals(db, units, limit=PAGE)
    return render_template(
        "proposals/list.html",
        rows=rows,
        words=words_of(rows),
        decisions=[(decision, n) for decision, n in latest_decisions(db, actor) if n],
        current={row.id for row in rows if is_current(row)},
        reasons={row.id: public_reason(row) for row in rows if row.occurrence},
        total=count_open(db, units),
        refusal=refusal,
        reason=reason,
        keep_reason=keep_reason,
        clashing=bool(keep_reason) or (refusal is not None and refusal.key in TAKEN),
        may_decide=actor.ever("decide"),
    )
