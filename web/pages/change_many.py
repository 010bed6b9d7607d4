"""Many sittings changed by one order: those ticked in a list, or all of one head from a day to a day."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.change_many import MOST, STEPS_OF_MANY, ManyOrder, OneOfMany, change_many
from scheduler.actions.suspensions import Choice, proposed_choices
from scheduler.errors import BadInput, NotFound, RuleBroken
from scheduler.models import Occurrence
from scheduler.queries.access import require
from scheduler.queries.agenda import occurrences_by_id, public_between
from scheduler.queries.change_offers import stand_ins
from scheduler.queries.units import post_by_code
from scheduler.rules.workflow import TRANSITION
from web import request_cycle
from web.change_effects import effects_of_all, sent_words
from web.change_steps import holder_name, reason_choices
from web.form_rows import day_of, number_of
from web.forms import carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.many_rows import Row, ToldOfAll, rows_of, told_of_all
from web.occurrence_forms import ChangeForm

pages = Blueprint("change_many", __name__)

FIELDS: dict[str, tuple[str, ...]] = {
    "move": (),
    "postpone": ("told_by",),
    "cancel": (),
    "change_place": ("place",),
    "change_chair": ("chair_post", "chair"),
}


@pages.route("/desk/occurrences/change-many", methods=["GET", "POST"])
@staff("change")
def choose() -> str:
    """Which sittings, and what is to be done to all of them."""
    sittings = _sittings()
    return render_template(
        "changes/many.html", rows=sittings, steps=[step for step in STEPS_OF_MANY if _all_open(sittings, step)],
        post=request.args.get("post", ""), first=_day("from"), last=_day("to"), most=MOST,
    )  # fmt: skip


@pages.route("/desk/occurrences/change-many/<step>", methods=["GET", "POST"])
@staff("change")
def change(step: str) -> Response | tuple[str, int]:
    """One preview and one confirmation for all of them."""
    db = request_cycle.db()
    if step not in STEPS_OF_MANY:
        raise NotFound("errors.not-found")
    sittings = _sittings()
    if not sittings:
        raise RuleBroken("occurrences.none-chosen")
    form = _form(sittings, step)
    rows = rows_of(sittings, _proposed(sittings, step))
    told = told_of_all(db, sittings)
    if carried_out(form, lambda: _carry_out(form, rows, step)):
        flash(say("changes.done-many", n=len(rows), sent=sent_words(told.letters, told.messages), calls=told.calls))
        return redirect(url_for("occurrences.list_occurrences", list="upcoming"), 303)
    return _page(form, rows, step, told)


def _page(form: ChangeForm, rows: list[Row], step: str, told: ToldOfAll) -> tuple[str, int]:
    if form.refusal is not None:
        fresh = {one.id: one for one in occurrences_by_id(request_cycle.db(), [row.one.id for row in rows])}
        rows = [Row(fresh[row.one.id], row.step, row.day, fresh[row.one.id].version) for row in rows]
    moves = [(row.one, step, row.day if step == "move" else None) for row in rows]
    return form_page(
        "changes/many_step.html", form,
        rows=rows, step=step, fields=FIELDS[step], told=told, effects=effects_of_all(request_cycle.db(), moves),
    )  # fmt: skip


def _form(sittings: list[Occurrence], step: str) -> ChangeForm:
    form = ChangeForm()
    form.why.choices = reason_choices()
    form.free_day.choices = []
    one_unit = len({one.unit_id for one in sittings}) == 1
    posts = stand_ins(request_cycle.db(), sittings[0], today=request_cycle.today()) if one_unit else []
    if step != "change_chair":
        posts = []
    rows = [
        (str(one.post.id), f"{one.post.title} · {one.person.name}" if one.person else one.post.title) for one in posts
    ]
    form.chair_post.choices = choices(("", "changes.no-post"), *rows)
    return form


def _proposed(sittings: list[Occurrence], step: str) -> dict[str, Choice]:
    if step != "move":
        return {one.slug: Choice(step) for one in sittings}
    latest = max([request_cycle.today(), *(one.day for one in sittings if one.day)])
    found = proposed_choices(request_cycle.db(), sittings, latest)
    return {slug: Choice("move", choice.day) for slug, choice in found.items()}


def _carry_out(form: ChangeForm, rows: list[Row], step: str) -> None:
    post_id = number_of(form.chair_post.data or "")
    if post_id is not None and str(post_id) not in {choice.value for choice in form.chair_post.choices or ()}:
        raise BadInput("forms.not-a-choice", "chair_post")
    db = request_cycle.db()
    order = ManyOrder(
        step=step,
        reason=(form.reason.data or "").strip() or form.why.data or "",
        notice_number=form.notice_number.data or "",
        keep_reason=form.keep_reason.data or "",
        told_by=form.told_by.data,
        place=form.place.data or "",
        chair_name=form.chair.data or holder_name(db, post_id),
        chair_post_id=post_id,
    )
    sittings = [OneOfMany(row.one.slug, row.version, row.day if step == "move" else None) for row in rows]
    change_many(db, sittings, order, by=signed_in(), now=request_cycle.now())


def _sittings() -> list[Occurrence]:
    """The sittings that are ticked, or those of the head in the span; only where the reader may change them."""
    db, actor = request_cycle.db(), signed_in()
    ids = [number for number in (number_of(text) for text in request.values.getlist("id")) if number is not None]
    if len(set(ids)) > MOST:
        raise RuleBroken("changes.too-many", most=MOST)
    found: list[Occurrence] = []
    if ids:
        found = occurrences_by_id(db, ids)
    elif request.args.get("post"):
        post = post_by_code(db, request.args["post"])
        require(db, actor, "change", post.unit_id)
        first, last = _day("from") or request_cycle.today(), _day("to")
        listed = public_between(db, first, last, post_id=post.id, limit=MOST) if last else []
        found = [one for one in listed if one.state in ("published", "postponed")]
    for unit_id in {one.unit_id for one in found}:
        require(db, actor, "change", unit_id)
    return found


def _all_open(sittings: list[Occurrence], step: str) -> bool:
    return bool(sittings) and all(one.state in TRANSITION[step].sources for one in sittings)


def _day(name: str) -> date | None:
    return day_of(request.args.get(name, ""))
