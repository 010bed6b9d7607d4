"""The record of a sitting: who sat, from when to when, and how many came; correcting it with a reason."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.records import Sheet, TurnGiven, correct_record, record_sitting
from scheduler.clock import to_local
from scheduler.errors import HouseError
from scheduler.models import Occurrence, Person, Record
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence, holders_on, titled
from scheduler.queries.counter import visits_of
from scheduler.queries.records import record_of_sitting
from scheduler.queries.units import posts_of
from scheduler.rules.counter import Proposal, minutes_of, proposed
from scheduler.rules.counting import CONFERENCE_FIELDS, RECEPTION_FIELDS, Counts, fields_of
from web import request_cycle
from web.errors import status_of
from web.form_rows import number_of, tell_faults, typed_rows
from web.guards import signed_in, staff
from web.language import say
from web.record_forms import RecordForm

pages = Blueprint("records", __name__)
TURN = ("host", "who", "name", "post", "starts", "ends")
SPARE_ROWS = 2
MOST_TURNS = 20
STAND_IN = "stand_in"


@pages.route("/desk/records/<slug>", methods=["GET", "POST"])
@staff("record")
def record(slug: str) -> Response | str | tuple[str, int]:
    """One form for writing and for correcting; what was typed stays when it is refused."""
    db, actor, refusal = request_cycle.db(), signed_in(), None
    occurrence = find_occurrence(db, slug)
    require(db, actor, "record", occurrence.unit_id)
    kept = record_of_sitting(db, occurrence.id)
    counted = proposed(occurrence.kind, visits_of(db, occurrence.id))
    form = RecordForm() if request.method == "POST" else _shown(occurrence, kept, counted)
    turns = typed_rows("turns", TURN, MOST_TURNS) if request.method == "POST" else _turns(occurrence, kept)
    if form.validate_on_submit():
        try:
            _write(occurrence, kept, form, turns)
            flash(say("records.done"))
            return redirect(url_for("occurrences.show", slug=slug), 303)
        except HouseError as broken:
            refusal = broken
            db.rollback()
            occurrence = find_occurrence(db, slug)
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    told = tell_faults(form, refusal, {"turns": "records.turn-number"})
    page = render_template(
        "records/record.html",
        one=occurrence, kept=kept, form=form, turns=turns, told=told, numbers=fields_of(occurrence.kind),
        hosts=[(host.post_id, titled(host.post)) for host in occurrence.hosts],
        deputies=_deputies(occurrence), counted=counted, minutes_of=minutes_of,
    )  # fmt: skip
    return page if status == 200 else (page, status)


def _write(occurrence: Occurrence, kept: Record | None, form: RecordForm, turns: list[dict[str, str]]) -> None:
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    sheet = Sheet(
        tuple(_turn(row) for row in turns if row["starts"] or row["ends"] or row["name"]),
        Counts(**{name: form[name].data or 0 for name in (*RECEPTION_FIELDS, *CONFERENCE_FIELDS)}),
        bool(form.nobody_came.data),
        form.note.data or "",
    )
    version = number_of(form.version.data or "") or 0
    if kept is None:
        record_sitting(db, occurrence.slug, version, sheet, by=actor, now=now)
    else:
        correct_record(db, occurrence.slug, version, sheet, reason=form.reason.data or "", by=actor, now=now)


def _turn(row: dict[str, str]) -> TurnGiven:
    stands_in = row["who"] == STAND_IN
    return TurnGiven(
        for_post_id=number_of(row["host"]) or 0,
        starts=row["starts"],
        ends=row["ends"],
        stands_in=stands_in,
        name=row["name"],
        post_id=number_of(row["post"]) if stands_in else None,
    )


def _shown(occurrence: Occurrence, kept: Record | None, counted: Proposal | None) -> RecordForm:
    """What is recorded, else what the counter proposes."""
    if kept is None:
        proposal = (
            {name: getattr(counted.counts, name) or None for name in fields_of(occurrence.kind)} if counted else {}
        )
        nobody = counted is not None and counted.nobody_came
        return RecordForm(data={"version": occurrence.version, "nobody_came": nobody} | proposal)
    numbers = {name: getattr(kept, name) or None for name in fields_of(occurrence.kind)}
    facts = {"version": kept.version, "nobody_came": kept.nobody_came, "note": kept.note}
    return RecordForm(data=facts | numbers)


def _turns(occurrence: Occurrence, kept: Record | None) -> list[dict[str, str]]:
    """The rows to begin with: what is recorded, or each head over the published hours; and some blank ones."""
    rows = _recorded(kept) if kept else _expected(occurrence)
    first = str(occurrence.hosts[0].post_id) if occurrence.hosts else ""
    blank = {"host": first, "who": STAND_IN, "name": "", "post": "", "starts": "", "ends": ""}
    return [*rows, *(dict(blank) for _ in range(SPARE_ROWS))]


def _recorded(kept: Record) -> list[dict[str, str]]:
    return [
        {
            "host": str(turn.for_post_id),
            "who": STAND_IN if turn.stands_in else "head",
            "name": turn.name,
            "post": str(turn.post_id or ""),
            "starts": f"{to_local(turn.starts_at):%H:%M}",
            "ends": f"{to_local(turn.ends_at):%H:%M}",
        }
        for turn in sorted(kept.turns, key=lambda turn: (turn.starts_at, turn.for_post_id))
    ]


def _expected(occurrence: Occurrence) -> list[dict[str, str]]:
    holders = holders_on(
        request_cycle.db(), [host.post_id for host in occurrence.hosts], occurrence.day or occurrence.planned_day
    )
    stands_in = occurrence.chair_stands_in
    return [
        {
            "host": str(host.post_id),
            "who": STAND_IN if stands_in else "head",
            "name": occurrence.chair_name if stands_in else _name(holders.get(host.post_id)),
            "post": str(occurrence.chair_post_id or "") if stands_in else "",
            "starts": occurrence.hours[0].split("-")[0] if occurrence.hours else "",
            "ends": occurrence.hours[-1].split("-")[1] if occurrence.hours else "",
        }
        for host in occurrence.hosts
    ]


def _name(person: Person | None) -> str:
    return person.name if person is not None else ""


def _deputies(occurrence: Occurrence) -> list[tuple[int, str]]:
    hosts = {host.post_id for host in occurrence.hosts}
    posts = posts_of(request_cycle.db(), [occurrence.unit_id])
    return [(post.id, post.title) for post in posts if post.id not in hosts]
