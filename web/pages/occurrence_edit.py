"""Before a sitting is public: edit it, approve it on the strength of a signed paper, plan one ad hoc."""

from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.adhoc import AdhocSitting, plan_adhoc
from scheduler.actions.occurrences import OccurrenceEdit, approve_on_paper, edit_occurrence
from scheduler.database import Db
from scheduler.errors import Stale
from scheduler.models import Occurrence, Unit
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.units import local_units, posts_of, unit_by_code
from scheduler.rules.hours import read_hours, written_hours
from scheduler.rules.kinds import KINDS
from web import request_cycle
from web.asked import asked_day
from web.form_rows import number_of
from web.forms import carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.occurrence_forms import AdhocForm, EditForm, PaperForm
from web.papers import paper_of

pages = Blueprint("occurrence_edit", __name__)
Answer = Response | tuple[str, int]
ADHOC_KINDS = tuple(kind.key for kind in KINDS if kind.key != "periodic_reception")


@pages.route("/desk/occurrences/<slug>/edit", methods=["GET", "POST"])
@staff("plan")
def edit(slug: str) -> Answer:
    """Change what is not public yet; an approval lapses, a second editor is told."""
    db, actor = request_cycle.db(), signed_in()
    occurrence = find_occurrence(db, slug)
    require(db, actor, "plan", occurrence.unit_id)
    form = EditForm(data=_shown(occurrence)) if request.method == "GET" else EditForm()

    def deed() -> None:
        version = number_of(form.version.data or "") or 0
        edit_occurrence(db, slug, version, _edit_of(form), by=actor, now=request_cycle.now())

    if carried_out(form, deed):
        flash(say("occurrences.done-edit"))
        return redirect(url_for("occurrences.show", slug=slug), 303)
    occurrence = find_occurrence(db, slug)
    overtaken = isinstance(form.refusal, Stale)
    if overtaken:
        # Both versions are shown; saving again is the choice between them.
        form.version.data = str(occurrence.version)
    return form_page("occurrences/edit.html", form, one=occurrence, overtaken=overtaken)


@pages.route("/desk/occurrences/<slug>/paper", methods=["GET", "POST"])
@staff("submit")
def paper(slug: str) -> Answer:
    """Approval given on paper: signed paper is the truth."""
    db, actor, form = request_cycle.db(), signed_in(), PaperForm()
    occurrence = find_occurrence(db, slug)
    require(db, actor, "submit", occurrence.unit_id)

    def deed() -> None:
        approve_on_paper(db, [occurrence.id], paper_of(form), by=actor, now=request_cycle.now())

    if carried_out(form, deed):
        flash(say("occurrences.done-approve", n=1))
        return redirect(url_for("occurrences.show", slug=slug), 303)
    return form_page("occurrences/paper.html", form, one=find_occurrence(db, slug))


@pages.route("/desk/occurrences/new", methods=["GET", "POST"])
@staff("plan")
def adhoc() -> Answer:
    """A sitting outside the yearly plan, for a unit the address names."""
    db, actor, made = request_cycle.db(), signed_in(), []
    unit = _unit(db)
    require(db, actor, "plan", unit.id)
    day = asked_day("day", request_cycle.today()) if request.method == "GET" and request.args.get("day") else None
    form = AdhocForm(unit=unit.code, day=day)
    form.kind.choices = choices(*((kind, f"kinds.{kind}") for kind in ADHOC_KINDS))
    form.post.choices = choices(*((str(post.id), post.title) for post in posts_of(db, local_units(db, unit))))
    if carried_out(form, lambda: made.append(_plan(db, unit, form, request_cycle.now()))):
        flash(say("adhoc.done"))
        return redirect(url_for("occurrences.show", slug=made[0].slug), 303)
    return form_page("occurrences/adhoc.html", form, unit=unit)


def _unit(db: Db) -> Unit:
    code = request.values.get("unit", "")
    if code:
        return unit_by_code(db, code)
    actor = signed_in()
    return db.get_one(Unit, actor.units_for("plan")[0])


def _plan(db: Db, unit: Unit, form: AdhocForm, now: datetime) -> Occurrence:
    post = next(post for post in posts_of(db, local_units(db, unit)) if str(post.id) == form.post.data)
    assert form.day.data is not None
    sitting = AdhocSitting(
        (post.id,), form.day.data, read_hours(form.hours.data or ""), form.place.data or "",
        kind=form.kind.data, ground=form.ground.data or "", content=form.content.data or "",
        attend=_lines(form.attend.data),
    )  # fmt: skip
    domain = request_cycle.settings().feed_domain
    keep = form.keep_reason.data or ""
    return plan_adhoc(db, post.unit_id, sitting, feed_domain=domain, keep_reason=keep, by=signed_in(), now=now)


def _shown(occurrence: Occurrence) -> dict[str, object]:
    return {
        "version": occurrence.version,
        "day": occurrence.day,
        "hours": written_hours(occurrence.hours),
        "place": occurrence.place,
        "content": occurrence.content,
        "attend": "\n".join(occurrence.attend),
        "stand_in": occurrence.stand_in,
    }


def _edit_of(form: EditForm) -> OccurrenceEdit:
    return OccurrenceEdit(
        day=form.day.data,
        hours=read_hours(form.hours.data or ""),
        place=form.place.data or "",
        content=form.content.data or "",
        attend=_lines(form.attend.data),
        stand_in=form.stand_in.data or "",
        reason=form.reason.data or "",
    )


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())
