"""Joint sittings: what another office asks this one to agree to, and the agreement that came on paper."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.consents import agree, agree_on_paper
from scheduler.clock import local_date
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.consents import agreements_asked, awaited_offices
from web import request_cycle
from web.approval_lines import marks_of, seen_contents, shown_content
from web.chosen_sittings import chosen_ids
from web.forms import Form, carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.occurrence_forms import AgreementForm

pages = Blueprint("consents", __name__)


@pages.route("/desk/consents", methods=["GET", "POST"])
@staff("consent")
def consents() -> Response | tuple[str, int]:
    """The sittings that wait for one of the reader's offices; agreed to is what was shown, or nothing."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form, done = Form(), []
    ids = chosen_ids() if request.method == "POST" else []
    seen = marks_of(seen_contents(request.form))
    if carried_out(form, lambda: done.append(agree(db, ids, seen=seen, by=actor, now=now))):
        flash(say("consents.done" if done[0] else "consents.nothing", n=done[0]))
        return redirect(url_for("consents.consents"), 303)
    rows = agreements_asked(db, actor, local_date(now))
    shown = {one.id: shown_content(one) for one in rows}
    return form_page("consents/consents.html", form, rows=rows, shown=shown)


@pages.route("/desk/occurrences/<slug>/agreement", methods=["GET", "POST"])
@staff("publish")
def on_paper(slug: str) -> Response | tuple[str, int]:
    """The other office agreed in writing: number, day and signer of its paper."""
    db, actor, form = request_cycle.db(), signed_in(), AgreementForm()
    occurrence = find_occurrence(db, slug)
    require(db, actor, "publish", occurrence.unit_id)

    def deed() -> None:
        agree_on_paper(
            db, slug, number=form.number.data or "", signed_on=form.signed_on.data, signer=form.signer.data or "",
            by=actor, now=request_cycle.now(),
        )  # fmt: skip

    if carried_out(form, deed):
        flash(say("consents.done-paper"))
        return redirect(url_for("occurrences.show", slug=slug), 303)
    offices = awaited_offices(db, [occurrence]).get(occurrence.id, [])
    return form_page("consents/paper.html", form, one=occurrence, offices=offices)
