"""Sittings as the staff see them: lists, one sitting's page, submitting, approving and publishing."""

from datetime import date
from math import ceil

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.occurrences import approve_occurrences, return_occurrences, submit_occurrences
from scheduler.actions.publication import NoticeHead, late_ones, publish_occurrences
from scheduler.clock import parse_day
from scheduler.errors import HouseError, NotFound, RuleBroken
from scheduler.models import Notice, Occurrence
from scheduler.queries.access import may, require
from scheduler.queries.agenda import find_occurrence, occurrences_by_id
from scheduler.queries.audience import audience_of
from scheduler.queries.clashes import clashes_of, kept_of
from scheduler.queries.days import working_calendar
from scheduler.queries.desk import LIST, LISTS, PAGE, Today, occurrences_in
from scheduler.queries.ledger import story_of
from scheduler.queries.records import record_of_sitting
from scheduler.queries.units import unit_by_code
from scheduler.rules.kinds import KINDS
from scheduler.rules.publication import missing_places, notice_days, publish_by
from scheduler.rules.workflow import PUBLIC, TRANSITIONS
from web import request_cycle
from web.errors import status_of
from web.guards import signed_in, staff
from web.language import say
from web.occurrence_forms import NoticeForm, ReturnForm

pages = Blueprint("occurrences", __name__)
BULK = {"submit": submit_occurrences, "approve": approve_occurrences}
BACK_TO = {"submit": "drafts", "approve": "to-approve", "return": "to-approve"}
MOST_PAGES = 10_000


@pages.get("/desk/occurrences")
@staff("read")
def list_occurrences() -> str:
    """One list of the desk, a page at a time, with the deeds that fit it."""
    db, actor = request_cycle.db(), signed_in()
    key = request.args.get("list", "upcoming")
    kind = request.args.get("kind", "")
    if key not in LIST or (kind and kind not in {one.key for one in KINDS}):
        raise NotFound("errors.not-found")
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    unit = unit_by_code(db, request.args["unit"]) if request.args.get("unit") else None
    today = _today()
    rows, total = occurrences_in(
        db, actor, key, today, unit_id=unit.id if unit else None, kind=kind, day=_asked_day(), page=number
    )
    return render_template(
        "occurrences/list.html",
        rows=rows, total=total, key=key, kind=kind, unit=unit, number=number, lists=LISTS, kinds=KINDS,
        last=max(ceil(total / PAGE), 1), calendar=today.calendar, lines=_lines(rows, today),
        chosen_all="all" in request.args,
        acts={act for act in ("submit", "approve", "publish") if actor.ever(act)},
    )  # fmt: skip


@pages.post("/desk/occurrences/<any(submit, approve):step>")
@staff("read")
def move_on(step: str) -> Response:
    """Submit or approve the chosen sittings, all or none."""
    done = BULK[step](request_cycle.db(), _chosen(), by=signed_in(), now=request_cycle.now())
    flash(say(f"occurrences.done-{step}", n=done))
    return redirect(url_for("occurrences.list_occurrences", list=BACK_TO[step]), 303)


@pages.route("/desk/occurrences/return", methods=["GET", "POST"])
@staff("approve")
def return_to_drafter() -> Response | str | tuple[str, int]:
    """Give sittings back to who drafted them, with a reason."""
    form, refusal = ReturnForm(), None
    ids = _chosen()
    if request.form.get("do") == "return" and form.validate_on_submit():
        try:
            n = return_occurrences(
                request_cycle.db(), ids, form.reason.data or "", by=signed_in(), now=request_cycle.now()
            )
            flash(say("occurrences.done-return", n=n))
            return redirect(url_for("occurrences.list_occurrences", list=BACK_TO["return"]), 303)
        except HouseError as broken:
            refusal = broken
    page = render_template("occurrences/return.html", form=form, rows=_readable(ids), refusal=refusal)
    return (page, status_of(refusal)) if refusal else page


@pages.route("/desk/occurrences/publish", methods=["GET", "POST"])
@staff("publish")
def publish() -> Response | str | tuple[str, int]:
    """First what it will touch: which pages and feeds, who is reminded, what comes late; then the deed."""
    db, form, refusal = request_cycle.db(), NoticeForm(), None
    ids = _chosen()
    if request.method == "POST" and request.form.get("do") == "publish" and form.validate_on_submit():
        head = NoticeHead(form.number.data or "", form.signed_on.data, form.signer.data or "")
        try:
            notices = publish_occurrences(
                db, ids, reason=form.reason.data or "", keep_reason=form.keep_reason.data or "", head=head,
                by=signed_in(), now=request_cycle.now(),
            )  # fmt: skip
            flash(say("occurrences.done-publish", n=len(ids)))
            return redirect(_after_publishing(notices), 303)
        except HouseError as broken:
            refusal = broken
            db.rollback()
    rows = _readable(ids)
    today = _today()
    page = render_template(
        "occurrences/publish.html",
        form=form, rows=rows, refusal=refusal, lines=_lines(rows, today),
        late={one.id for one in late_ones(rows, today.calendar, today.day)},
        units=sorted({one.unit.name for one in rows}),
        clashes=clashes_of(db, ids),
    )  # fmt: skip
    return (page, status_of(refusal)) if refusal else page


@pages.get("/desk/occurrences/<slug>")
@staff("read")
def show(slug: str) -> str:
    """A sitting's whole story on one page, with the steps that are open to the reader."""
    db, actor = request_cycle.db(), signed_in()
    occurrence = find_occurrence(db, slug)
    require(db, actor, "read", occurrence.unit_id)
    today = _today()
    steps = [
        transition.step
        for transition in TRANSITIONS
        if occurrence.state in transition.sources and may(db, actor, transition.act, occurrence.unit_id)
    ]
    hung = [posting.where for posting in occurrence.notice.postings] if occurrence.notice else []
    record = record_of_sitting(db, occurrence.id)
    return render_template(
        "occurrences/show.html",
        one=occurrence, steps=steps, today=today.day, story=story_of(db, f"occurrence:{occurrence.id}"),
        audience=audience_of(db, occurrence), missing=missing_places(hung) if occurrence.notice else (),
        line=_lines([occurrence], today).get(occurrence.id), is_public=occurrence.state in PUBLIC,
        kept_clashes=kept_of(db, [occurrence.id]), record=record, quiet=record is not None and record.nobody_came,
    )  # fmt: skip


def _after_publishing(notices: list[Notice]) -> str:
    if len(notices) == 1:
        return url_for("notices.show", notice_id=notices[0].id)
    return url_for("occurrences.list_occurrences", list="upcoming")


def _asked_day() -> date | None:
    """The day the address asks for. Raises NotFound for what is no day."""
    given = request.args.get("day", "")
    try:
        return parse_day(given) if given else None
    except ValueError:
        raise NotFound("errors.not-found") from None


def _today() -> Today:
    return Today(request_cycle.today(), working_calendar(request_cycle.db()))


def _lines(rows: list[Occurrence], today: Today) -> dict[int, tuple[object, int]]:
    """For each dated sitting the last day for publishing it in time, and the notice it would have from today."""
    return {
        one.id: (
            publish_by(one.day, one.kind, today.calendar),
            notice_days(today.day, one.day, one.kind, today.calendar),
        )
        for one in rows
        if one.day is not None
    }


def _chosen() -> list[int]:
    """The ids ticked in a list. Raises RuleBroken where none is."""
    given = dict.fromkeys(request.values.getlist("id"))
    ids = [int(value) for value in given if value.isdecimal() and len(value) < 10]
    if not ids:
        raise RuleBroken("occurrences.none-chosen")
    return ids


def _readable(ids: list[int]) -> list[Occurrence]:
    db, actor = request_cycle.db(), signed_in()
    rows = occurrences_by_id(db, ids)
    for unit_id in {one.unit_id for one in rows}:
        require(db, actor, "read", unit_id)
    return rows
