"""The conclusion notice of a sitting: written with its items, then read with the tasks that followed; closing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.conclusions import ConclusionGiven, ItemGiven, close_occurrence, record_conclusion
from scheduler.errors import BadInput, HouseError, NotFound
from scheduler.models import Occurrence, Unit
from scheduler.queries.access import may, require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.days import working_calendar
from scheduler.queries.followups import unit_named, units_near
from scheduler.queries.records import conclusion_of_sitting, record_of_sitting, tasks_of_conclusion
from scheduler.rules.deadlines import LONGEST, due_day
from web import request_cycle
from web.errors import status_of
from web.form_rows import day_of, number_of, tell_faults, typed_rows
from web.guards import signed_in, staff
from web.language import say
from web.record_forms import ConclusionForm

pages = Blueprint("conclusions", __name__)
ITEM = ("text", "lead_unit", "working_days", "co_units")
ROWS = 2
MOST_ITEMS = 50
Page = Response | str | tuple[str, int]


@pages.get("/desk/conclusions/<slug>")
@staff("read")
def show(slug: str) -> str:
    """The notice with the task of each item; before it exists, the form for it."""
    db, actor = request_cycle.db(), signed_in()
    occurrence = find_occurrence(db, slug)
    require(db, actor, "read", occurrence.unit_id)
    conclusion = conclusion_of_sitting(db, occurrence.id)
    may_write = may(db, actor, "conclude", occurrence.unit_id)
    if conclusion is None:
        if not may_write or occurrence.state == "closed":
            raise NotFound("conclusions.none")
        holder = ConclusionForm(data={"version": occurrence.version, "signed_on": request_cycle.today()})
        return _form_page(occurrence, holder, [_blank() for _ in range(ROWS)], None)[0]
    tasks = tasks_of_conclusion(db, conclusion.id)
    done = all(item.id in tasks and tasks[item.id].state == "accepted" for item in conclusion.items)
    return render_template(
        "conclusions/show.html",
        one=occurrence, conclusion=conclusion, tasks=tasks, record=record_of_sitting(db, occurrence.id),
        may_close=may_write and done and occurrence.state == "concluded",
    )  # fmt: skip


@pages.post("/desk/conclusions/<slug>")
@staff("conclude")
def write(slug: str) -> Page:
    """Record the notice; one more row of items, or the due days, without recording, on their buttons."""
    db, actor, refusal = request_cycle.db(), signed_in(), None
    occurrence = find_occurrence(db, slug)
    require(db, actor, "conclude", occurrence.unit_id)
    form, items = ConclusionForm(), typed_rows("items", ITEM, MOST_ITEMS)
    do = request.form.get("do", "")
    if do == "more":
        items.append(_blank())
    elif do != "preview" and form.validate_on_submit():
        try:
            given = _given(form, items, units_near(db, occurrence.unit, request_cycle.today()))
            version = number_of(form.version.data or "") or 0
            record_conclusion(db, slug, version, given, by=actor, now=request_cycle.now())
            flash(say("conclusions.done", n=len(given.items)))
            return redirect(url_for("conclusions.show", slug=slug), 303)
        except HouseError as broken:
            refusal = broken
            db.rollback()
            occurrence = find_occurrence(db, slug)
    page, status = _form_page(occurrence, form, items, refusal)
    return page if status == 200 else (page, status)


@pages.post("/desk/conclusions/<slug>/close")
@staff("conclude")
def close(slug: str) -> Response:
    """Close the sitting once all its tasks are accepted."""
    version = number_of(request.form.get("version", "")) or 0
    close_occurrence(request_cycle.db(), slug, version, by=signed_in(), now=request_cycle.now())
    flash(say("conclusions.closed"))
    return redirect(url_for("occurrences.show", slug=slug), 303)


def _form_page(
    occurrence: Occurrence, form: ConclusionForm, items: list[dict[str, str]], refusal: HouseError | None
) -> tuple[str, int]:
    db, today = request_cycle.db(), request_cycle.today()
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    told = tell_faults(form, refusal, {"items": "conclusions.item-number"})
    page = render_template(
        "conclusions/write.html",
        one=occurrence, form=form, items=items, told=told, near=units_near(db, occurrence.unit, today),
        dues=_dues(form, items), record=record_of_sitting(db, occurrence.id),
    )  # fmt: skip
    return page, status


def _dues(form: ConclusionForm, items: list[dict[str, str]]) -> list[object]:
    """For each row the due day its deadline gives, None while the day or the number is missing."""
    signed_on = form.signed_on.data or day_of(request.form.get("signed_on", ""))
    calendar = working_calendar(request_cycle.db())
    days = [number_of(item["working_days"]) for item in items]
    return [due_day(signed_on, n, calendar) if signed_on and n and 1 <= n <= LONGEST else None for n in days]


def _given(form: ConclusionForm, items: list[dict[str, str]], near: list[Unit]) -> ConclusionGiven:
    name, content = form.pdf.given()
    return ConclusionGiven(
        form.number.data or "",
        form.signed_on.data,
        form.signer.data or "",
        tuple(_item(item, number, near) for number, item in enumerate(items) if any(item.values())),
        bool(form.nothing_to_do.data),
        content,
        name,
    )


def _item(item: dict[str, str], number: int, near: list[Unit]) -> ItemGiven:
    db = request_cycle.db()
    lead = unit_named(db, item["lead_unit"], near)
    helpers = []
    for text in filter(None, (part.strip() for part in item["co_units"].split(";"))):
        helper = unit_named(db, text, near)
        if helper is None:
            raise BadInput("conclusions.unknown-unit", f"items.{number}.co_units", unit=text)
        helpers.append(helper.id)
    if item["lead_unit"] and lead is None:
        raise BadInput("conclusions.unknown-unit", f"items.{number}.lead_unit", unit=item["lead_unit"])
    return ItemGiven(item["text"], lead.id if lead else None, number_of(item["working_days"]), tuple(helpers))


def _blank() -> dict[str, str]:
    return dict.fromkeys(ITEM, "")
