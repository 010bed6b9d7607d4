"""Công bố: first what it will touch, which pages and calendars, whom letters go to and when; then the deed."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.publication import NoticeHead, late_ones, publish_occurrences
from scheduler.models import Notice, Unit
from scheduler.queries.access import may
from scheduler.queries.clashes import clashes_of
from scheduler.queries.consents import awaited_offices
from scheduler.queries.publication import announcement_of
from scheduler.rules.workflow import PUBLIC
from web import request_cycle
from web.chosen_sittings import back_to, chosen_ids, lines_of, readable, today, told
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.occurrence_forms import NoticeForm

pages = Blueprint("publication", __name__)
SHOWN = 200
"""Rows of the table and of the lists; the numbers are of all."""


@pages.route("/desk/occurrences/publish", methods=["GET", "POST"])
@staff("publish")
def publish() -> Response | tuple[str, int]:
    """What becomes of it, in numbers that hold; then the deed, which a second press does not repeat."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form, ids, made = NoticeForm(), chosen_ids(), []
    head = NoticeHead(form.number.data or "", form.signed_on.data, form.signer.data or "")

    def deed() -> None:
        reason, keep_reason = form.reason.data or "", form.keep_reason.data or ""
        made.extend(publish_occurrences(db, ids, reason=reason, keep_reason=keep_reason, head=head, by=actor, now=now))

    if request.form.get("do") == "publish":
        public = [one for one in readable(ids) if one.state in PUBLIC]
        if carried_out(form, deed):
            flash(told("publish", len(ids) - len(public), public))
            return redirect(_after(made), 303)
    rows, day = readable(ids), today()
    return form_page(
        "occurrences/publish.html", form, rows=rows[:SHOWN], ids=ids, lines=lines_of(rows, day),
        late={one.id for one in late_ones(rows, day.calendar, day.day)}, clashes=clashes_of(db, ids),
        told=announcement_of(db, [one for one in rows if one.state not in PUBLIC], now=now), most=SHOWN,
        awaited=_by_office(awaited_offices(db, rows)), back=request.values.get("back", ""),
    )  # fmt: skip


def _by_office(awaited: Mapping[int, list[Unit]]) -> list[tuple[str, int, bool]]:
    """(office, how many joint sittings, whether the reader serves it and agrees by publishing) of those awaited."""
    units = {unit.id: unit for offices in awaited.values() for unit in offices}
    counts = {key: sum(unit.id == key for offices in awaited.values() for unit in offices) for key in units}
    served = {key: may(request_cycle.db(), signed_in(), "consent", key) for key in units}
    return [(unit.name, counts[key], served[key]) for key, unit in units.items()]


def _after(notices: list[Notice]) -> str:
    """Back to the sitting it was done from; else to the one notice it made, or the list."""
    if not request.form.get("back") and len(notices) == 1:
        return url_for("notices.show", notice_id=notices[0].id)
    return back_to("upcoming")
