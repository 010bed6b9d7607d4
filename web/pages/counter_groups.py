"""A group at the door: one form for forty people, who is told of it, and what is corrected later."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.counter import Group, correct_group, enter_group
from scheduler.actions.crowd import tell_crowd
from scheduler.database import vault_of
from scheduler.models import Occurrence, Registration
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.counter import crowd_notices
from scheduler.queries.crowd import listeners_of_crowd, police_phone
from scheduler.queries.registrations import find_registration
from scheduler.rules.counter import is_open
from scheduler.rules.registration_input import checked_count
from web import request_cycle
from web.counter_forms import GroupForm
from web.form_rows import number_of
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.names_opened import note_sitting_opened

pages = Blueprint("counter_groups", __name__)
TELL = "tell"


@pages.route("/desk/counter/<slug>/group", methods=["GET", "POST"])
@staff("receive")
def enter(slug: str) -> Response | tuple[str, int]:
    """One number for a group; whoever will be told stands there before the press."""
    occurrence, form = _sitting(slug), GroupForm()
    made: list[Registration] = []

    def deed() -> None:
        db, by, now = request_cycle.db(), signed_in(), request_cycle.now()
        made.append(enter_group(db, slug, _group(form), mark=form.mark.data or "", by=by, now=now))
        if request.form.get("do") == TELL:
            tell_crowd(db, made[0].slug, phone=form.phone.data or "", by=by, now=now)

    if carried_out(form, deed):
        return redirect(url_for("counter_groups.group", visit=made[0].slug), 303)
    occurrence = _sitting(slug)
    _offer_phone(form, occurrence)
    return form_page("counter/group.html", form, one=occurrence, visit=None, told=[], **_listeners(occurrence))


@pages.route("/desk/counter/groups/<visit>", methods=["GET", "POST"])
@staff("receive")
def group(visit: str) -> Response | tuple[str, int]:
    """A group's number, who was told with their telephones, and its form to count anew."""
    kept = _visit(visit)
    note_sitting_opened(kept.occurrence_id, kept.unit_id)
    form = GroupForm() if request.method == "POST" else _shown(kept)

    def deed() -> None:
        version = number_of(form.version.data or "") or 0
        correct_group(
            request_cycle.db(), visit, _group(form), version=version, by=signed_in(), now=request_cycle.now()
        )  # fmt: skip

    if carried_out(form, deed):
        return redirect(url_for("counter.show", slug=kept.occurrence.slug, _anchor=f"n{kept.ticket}"), 303)
    kept = _visit(visit)
    told = crowd_notices(request_cycle.db(), kept.id)
    _offer_phone(form, kept.occurrence)
    return form_page(
        "counter/group.html", form, one=kept.occurrence, visit=kept, told=told, **_listeners(kept.occurrence)
    )  # fmt: skip


@pages.post("/desk/counter/groups/<visit>/tell")
@staff("receive")
def tell(visit: str) -> Response | tuple[str, int]:
    """Tell the office and the police of a group that was only counted before."""
    form = GroupForm()
    kept = _visit(visit)

    def deed() -> None:
        tell_crowd(
            request_cycle.db(), visit, phone=form.phone.data or "", by=signed_in(), now=request_cycle.now()
        )  # fmt: skip

    if carried_out(form, deed):
        return redirect(url_for("counter_groups.group", visit=visit), 303)
    kept = _visit(visit)
    shown = _shown(kept)
    shown.refusal, shown.phone.data, shown.phone.errors = form.refusal, form.phone.data, form.phone.errors
    return form_page(
        "counter/group.html", shown, one=kept.occurrence, visit=kept, told=[], **_listeners(kept.occurrence)
    )


def _group(form: GroupForm) -> Group:
    return Group(
        people=checked_count(form.people.data or ""),
        topic=form.topic.data or "",
        words=form.words.data or "",
        representatives=tuple((form.representatives.data or "").splitlines()),
    )


def _shown(kept: Registration) -> GroupForm:
    vault = vault_of(request_cycle.db())
    return GroupForm(
        None,
        data={
            "people": str(kept.people), "topic": kept.topic, "words": vault.open(kept.words),
            "representatives": vault.open(kept.representatives), "version": str(kept.version),
        },
    )  # fmt: skip


def _sitting(slug: str) -> Occurrence:
    occurrence = find_occurrence(request_cycle.db(), slug)
    require(request_cycle.db(), signed_in(), "receive", occurrence.unit_id)
    return occurrence


def _visit(slug: str) -> Registration:
    kept = find_registration(request_cycle.db(), slug)
    require(request_cycle.db(), signed_in(), "receive", kept.occurrence.unit_id)
    return kept


def _listeners(occurrence: Occurrence) -> dict[str, object]:
    db, today = request_cycle.db(), request_cycle.today()
    listeners = listeners_of_crowd(db, occurrence, by=signed_in(), today=today)
    known = any(one.role == "police" and (one.email or one.phone) for one in listeners)
    return {"listeners": listeners, "police_known": known, "open_": is_open(occurrence.state, occurrence.day, today)}


def _offer_phone(form: GroupForm, occurrence: Occurrence) -> None:
    if not form.phone.data:
        form.phone.data = police_phone(request_cycle.db(), occurrence.unit_id)
