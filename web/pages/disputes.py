"""What residents say was not done: the list, and the answer each of them must get."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.actions.disputes import answer_dispute
from scheduler.database import vault_of
from scheduler.models import Dispute
from scheduler.queries.matter_lists import open_disputes
from scheduler.queries.matters import facts_of, readable_dispute, readable_matter
from scheduler.rules.matters import state_of
from web import request_cycle
from web.forms import form_page
from web.guards import signed_in, staff
from web.language import say
from web.matter_forms import DisputeAnswerForm, fill_choices
from web.matter_lines import carried_out_beside
from web.names_opened import note_sitting_opened

pages = Blueprint("disputes", __name__)


@pages.get("/desk/disputes")
@staff("answer")
def disputes() -> str:
    """What waits for an answer in the reader's units, the oldest first."""
    return render_template("matters/disputes.html", rows=open_disputes(request_cycle.db(), signed_in()))


@pages.route("/desk/disputes/<int:dispute_id>", methods=["GET", "POST"])
@staff("answer")
def answer(dispute_id: int) -> Response | tuple[str, int]:
    """One of them beside what the office had said, and the form that answers it."""
    db, actor = request_cycle.db(), signed_in()
    dispute = readable_dispute(db, actor, dispute_id)
    form = fill_choices(DisputeAnswerForm())
    assert isinstance(form, DisputeAnswerForm)

    def deed() -> Dispute:
        upheld = {"yes": True, "no": False}.get(form.upheld.data or "")
        text, now = form.text.data or "", request_cycle.now()
        return answer_dispute(db, dispute_id, text, upheld=upheld, by=actor, now=now)

    if carried_out_beside(form, deed):
        flash(say("matters.dispute-answered"))
        return redirect(url_for("matters.show", matter_id=dispute.matter_id), 303)
    dispute = readable_dispute(db, actor, dispute_id)
    matter, vault = readable_matter(db, actor, dispute.matter_id), vault_of(db)
    note_sitting_opened(matter.occurrence_id, matter.unit_id)
    return form_page(
        "matters/dispute.html", form,
        dispute=dispute, matter=matter, state=state_of(facts_of(matter)), words=vault.open(dispute.words),
        replied=vault.open(dispute.answer), summary=vault.open(matter.summary), answer=vault.open(matter.answer),
        name=vault.open(matter.registration.name) if matter.registration else "",
    )  # fmt: skip
