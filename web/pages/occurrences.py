"""Sittings as the staff see them: lists to choose from, one sitting's page, and submitting for approval."""

from math import ceil

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from scheduler.actions.occurrences import submit_occurrences
from scheduler.queries.access import may, require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.approved import lapsed_fields
from scheduler.queries.audience import audience_of
from scheduler.queries.clashes import kept_of
from scheduler.queries.consents import agreements_of, awaited_offices, other_offices
from scheduler.queries.desk import LISTS, PAGE, occurrences_in
from scheduler.queries.records import record_of_sitting
from scheduler.queries.story import story_of_sitting
from scheduler.rules.kinds import KINDS
from scheduler.rules.publication import missing_places
from scheduler.rules.workflow import BEFORE_PUBLIC, PUBLIC, TRANSITIONS
from web import request_cycle
from web.approval_lines import field_names
from web.chosen_sittings import asked_list, back_to, chosen_ids, lines_of, readable, today, told
from web.guards import signed_in, staff

pages = Blueprint("occurrences", __name__)
MOST_PAGES = 10_000


@pages.get("/desk/occurrences")
@staff("read")
def list_occurrences() -> str:
    """One list of the desk, a page at a time, with the deeds that fit it."""
    db, actor, asked, day = request_cycle.db(), signed_in(), asked_list(), today()
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    rows, total = occurrences_in(db, actor, asked.key, day, **asked.narrowing, page=number)
    lapsed = lapsed_fields(db, rows)
    return render_template(
        "occurrences/list.html",
        rows=rows, total=total, asked=asked, key=asked.key, number=number, lists=LISTS, kinds=KINDS,
        last=max(ceil(total / PAGE), 1), calendar=day.calendar, lines=lines_of(rows, day),
        lapsed={one: field_names(fields) for one, fields in lapsed.items()},
        chosen_all="all" in request.args,
        acts={act for act in ("submit", "approve", "publish") if actor.ever(act)},
    )  # fmt: skip


@pages.post("/desk/occurrences/submit")
@staff("read")
def submit() -> Response:
    """Submit the chosen sittings, or all that the list finds: all or none."""
    db, ids = request_cycle.db(), chosen_ids()
    before = {one.id for one in readable(ids) if one.state == "draft"}
    done = submit_occurrences(db, ids, by=signed_in(), now=request_cycle.now())
    flash(told("submit", done, [one for one in readable(ids) if one.id not in before]))
    return redirect(back_to("drafts"), 303)


@pages.get("/desk/occurrences/<slug>")
@staff("read")
def show(slug: str) -> str:
    """A sitting's whole story on one page, with the steps that are open to the reader."""
    db, actor, day = request_cycle.db(), signed_in(), today()
    occurrence = find_occurrence(db, slug)
    require(db, actor, "read", occurrence.unit_id)
    steps = [
        transition.step
        for transition in TRANSITIONS
        if occurrence.state in transition.sources and may(db, actor, transition.act, occurrence.unit_id)
    ]
    hung = [posting.where for posting in occurrence.notice.postings] if occurrence.notice else []
    record = record_of_sitting(db, occurrence.id)
    return render_template(
        "occurrences/show.html",
        one=occurrence, steps=steps, today=day.day, story=story_of_sitting(db, occurrence),
        audience=audience_of(db, occurrence), missing=missing_places(hung) if occurrence.notice else (),
        line=lines_of([occurrence], day).get(occurrence.id), is_public=occurrence.state in PUBLIC,
        kept_clashes=kept_of(db, [occurrence.id]), record=record, quiet=record is not None and record.nobody_came,
        lapsed=field_names(lapsed_fields(db, [occurrence]).get(occurrence.id, ())),
        offices=other_offices(occurrence), agreements={one.unit_id: one for one in agreements_of(db, [occurrence])},
        awaited=awaited_offices(db, [occurrence]).get(occurrence.id, []),
        before_public=occurrence.state in BEFORE_PUBLIC,
        acts={act for act in ("publish",) if may(db, actor, act, occurrence.unit_id)},
    )  # fmt: skip
