"""Approving: what was approved before beside what it is now, many at once; giving back with a reason."""

from flask import Blueprint, flash, redirect, request
from werkzeug.wrappers import Response

from scheduler.actions.occurrences import approve_occurrences, return_occurrences
from scheduler.errors import RuleBroken
from scheduler.models import Occurrence
from scheduler.queries.access import require
from scheduler.queries.approved import compared
from web import request_cycle
from web.approval_lines import groups_of, marks_of, seen_contents
from web.chosen_sittings import back_to, chosen_ids, readable, told
from web.forms import Form, carried_out, form_page
from web.guards import signed_in, staff
from web.occurrence_forms import ReturnForm

pages = Blueprint("approval", __name__)
AT_ONCE = 100
"""Sittings on one page: each brings back what was shown of it."""


@pages.route("/desk/occurrences/approve", methods=["GET", "POST"])
@staff("approve")
def approve() -> Response | tuple[str, int]:
    """The difference to what was approved before, then the deed. Approved is what was shown, or nothing."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form, wanted = Form(), request.values.get("do", "approve")
    ids = _asked(wanted)
    seen = seen_contents(request.form)
    done: list[int] = []

    def deed() -> None:
        chosen = ids if wanted != "new-dates" else _new_dates()
        if not chosen:
            raise RuleBroken("occurrences.none-chosen")
        done.append(approve_occurrences(db, chosen, seen=marks_of(seen), by=actor, now=now))

    before = {one.id for one in readable(ids) if one.state == "submitted"} if request.method == "POST" else set()
    if wanted != "look" and carried_out(form, deed):
        rest = [one for one in readable(ids) if one.id not in before] if wanted == "approve" else []
        flash(told("approve", done[0], rest))
        return redirect(back_to("to-approve"), 303)
    if form.refusal is not None:
        # All that stood on the page stand there again, ticked as they were.
        ids = _shown() or ids
    shown = readable(ids)
    for unit_id in {one.unit_id for one in shown}:
        require(db, actor, "approve", unit_id)
    waiting = [one for one in shown if one.state == "submitted"]
    groups = groups_of(db, _first(waiting or shown), actor, seen)
    rows = [row for group in groups for row in group.rows]
    return form_page(
        "approval/approve.html", form, groups=groups, n=len(rows), total=len(waiting or shown), waiting=waiting,
        new_dates=[row for row in rows if row.novelty == "new-date" and not row.own],
        ticked=set(_asked(wanted)) if form.refusal else {row.occurrence.id for row in rows if not row.own},
        back=request.values.get("back", ""), behalf={grant.behalf for grant in actor.grants if grant.behalf},
    )  # fmt: skip


@pages.route("/desk/occurrences/return", methods=["GET", "POST"])
@staff("approve")
def return_to_drafter() -> Response | tuple[str, int]:
    """Give sittings back to who drafted them, with a reason."""
    db, form, ids = request_cycle.db(), ReturnForm(), chosen_ids()
    done: list[int] = []

    def deed() -> None:
        reason = form.reason.data or ""
        done.append(return_occurrences(db, ids, reason, by=signed_in(), now=request_cycle.now()))

    if request.form.get("do") == "return":
        before = {one.id for one in readable(ids) if one.state in ("submitted", "approved")}
        if carried_out(form, deed):
            flash(told("return", done[0], [one for one in readable(ids) if one.id not in before]))
            return redirect(back_to("to-approve"), 303)
    return form_page("occurrences/return.html", form, rows=readable(ids), back=request.values.get("back", ""))


def _asked(wanted: str) -> list[int]:
    """The sittings of the address or the form; for who only opens the page all that wait."""
    if request.method == "GET":
        return chosen_ids("to-approve")
    return _shown() if wanted == "new-dates" else chosen_ids()


def _new_dates() -> list[int]:
    """Of all on the page those that are only further dates of an approved rule, and were not drafted by the reader."""
    drafter = signed_in().account_id
    rows = [one for one in readable(_shown()) if one.state == "submitted"]
    new = [one.occurrence for one in compared(request_cycle.db(), rows) if one.novelty == "new-date"]
    return [one.id for one in new if drafter not in (one.drafted_by_id, one.submitted_by_id)]


def _shown() -> list[int]:
    """The sittings that stood on the page, ticked or not."""
    return sorted(seen_contents(request.form))[:AT_ONCE]


def _first(rows: list[Occurrence]) -> list[Occurrence]:
    return rows[:AT_ONCE]
