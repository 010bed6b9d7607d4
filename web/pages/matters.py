"""What became of residents' matters, on the desk: a sitting's visits, what waits, and one matter as a story."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.matter_steps import Step
from scheduler.actions.matters import DirectionGiven, correct_matter, direct_matter, link_task, make_matter
from scheduler.actions.results import answer_matter, mark_done, settle_matter
from scheduler.database import vault_of
from scheduler.errors import NotFound
from scheduler.models import Matter, Unit
from scheduler.queries.access import require, units_below
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.days import working_calendar
from scheduler.queries.followups import units_near
from scheduler.queries.matter_lists import PAGE, VIEWS, ratings_told, visits_of, waiting_matters
from scheduler.queries.matters import (
    disputes_told,
    facts_of,
    matters_of,
    readable_matter,
    story_of,
    tasks_to_link,
    visit_to_note,
)
from scheduler.rules.followups import days_late
from scheduler.rules.matters import is_late, open_matter_steps, state_of
from web import request_cycle
from web.asked import asked_text
from web.form_rows import number_of
from web.forms import Form, form_page
from web.guards import signed_in, staff
from web.language import say
from web.matter_forms import (
    AnswerForm,
    CorrectForm,
    DirectForm,
    DoneForm,
    LinkForm,
    NewMatterForm,
    SettleForm,
    fill_choices,
    matter_data,
    version_of,
)
from web.matter_lines import carried_out_beside
from web.names_opened import note_sitting_opened

pages = Blueprint("matters", __name__)
Page = Response | str | tuple[str, int]
MOST_PAGES = 10_000

FORMS: Mapping[str, type[Form]] = {
    "direct": DirectForm,
    "answer": AnswerForm,
    "done": DoneForm,
    "settle": SettleForm,
    "link": LinkForm,
    "correct": CorrectForm,
}


@pages.get("/desk/matters")
@staff("answer")
def matters() -> str:
    """What waits for an answer, the first due first; with `?sitting=` the visits of one sitting and their matters."""
    if request.args.get("sitting"):
        return _sitting(asked_text("sitting"))
    db, actor, today = request_cycle.db(), signed_in(), request_cycle.today()
    view = request.args.get("view", "due")
    if view not in VIEWS:
        raise NotFound("errors.not-found")
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    found = waiting_matters(db, actor, view, today=today, page=number)
    since = today.replace(month=1, day=1)
    return render_template(
        "matters/list.html",
        rows=found[:PAGE], more=len(found) > PAGE, view=view, views=VIEWS, number=number, since=since,
        late={one.matter.id: _late(one.matter) for one in found},
        ratings=ratings_told(db, units_below(actor.units_for("answer")), since=since),
    )  # fmt: skip


@pages.route("/desk/matters/new/<slug>", methods=["GET", "POST"])
@staff("answer")
def new(slug: str) -> Page:
    """A matter of this visit, beginning with what its resident wrote; where it goes may be said at once."""
    db, actor = request_cycle.db(), signed_in()
    visit = visit_to_note(db, actor, slug)
    near = units_near(db, visit.occurrence.unit, request_cycle.today())
    vault = vault_of(db)
    first = {} if matters_of(db, visit.id) else {"summary": vault.open(visit.words), "topic": visit.topic}
    form = fill_choices(NewMatterForm(data=first))
    note_sitting_opened(visit.occurrence_id, visit.unit_id)
    made: list[Matter] = []

    def deed() -> None:
        direction = form.given(near) if form.direction.data else None
        by, now, once = actor, request_cycle.now(), form.once.data or ""
        made.append(make_matter(db, slug, form.words(), by=by, now=now, direction=direction, once=once))

    if carried_out_beside(form, deed):
        flash(say("matters.made"))
        return redirect(url_for("matters.show", matter_id=made[0].id), 303)
    visit = visit_to_note(db, actor, slug)
    return form_page(
        "matters/new.html", form, visit=visit, one=visit.occurrence, name=vault.open(visit.name), near=near
    )


@pages.get("/desk/matters/<int:matter_id>")
@staff("answer")
def show(matter_id: int) -> Page:
    """One matter from top to bottom, with its next step."""
    return _page(readable_matter(request_cycle.db(), signed_in(), matter_id), "", None)


@pages.post("/desk/matters/<int:matter_id>/<step>")
@staff("answer")
def move_on(matter_id: int, step: str) -> Page:
    """Take a step; refused, the page comes again with what was typed."""
    db, actor = request_cycle.db(), signed_in()
    matter = readable_matter(db, actor, matter_id)
    if step not in FORMS:
        raise NotFound("errors.not-found")
    form = _form(matter, step, units_near(db, matter.unit, request_cycle.today()), sent=True)
    near = units_near(db, matter.unit, request_cycle.today())
    if carried_out_beside(form, lambda: DEEDS[step](matter_id, form, near)):
        flash(say(f"matters.step-{step}"))
        return redirect(url_for("matters.show", matter_id=matter_id), 303)
    return _page(readable_matter(db, actor, matter_id), step, form)


def _sitting(slug: str) -> str:
    db, actor, today = request_cycle.db(), signed_in(), request_cycle.today()
    one = find_occurrence(db, slug)
    require(db, actor, "answer", one.unit_id)
    note_sitting_opened(one.id, one.unit_id)
    visits = visits_of(db, one.id)
    since = today.replace(month=1, day=1)
    units = units_below([one.unit_id])
    return render_template(
        "matters/sitting.html",
        one=one, visits=visits, late={row.matter.id: _late(row.matter) for visit in visits for row in visit.matters},
        ahead=(one.day or one.planned_day) > today,
        ratings=ratings_told(db, units, since=since, occurrence_id=one.id), since=since,
    )  # fmt: skip


def _page(matter: Matter, tried: str, form: Form | None) -> Page:
    db, today = request_cycle.db(), request_cycle.today()
    note_sitting_opened(matter.occurrence_id, matter.unit_id)
    vault, facts = vault_of(db), facts_of(matter)
    tasks, near = tasks_to_link(db, matter.occurrence_id), units_near(db, matter.unit, today)
    steps = [step for step in open_matter_steps(facts) if step != "link" or tasks]
    forms = {step: _form(matter, step, near) for step in steps}
    if form is not None:  # refused: what was typed stays, even where the step is no longer open
        forms[tried] = form
        steps += [tried] if tried not in steps else []
    return form_page(
        "matters/show.html", form or Form(formdata=None),
        matter=matter, state=state_of(facts), facts=facts, late=_late(matter), steps=steps, forms=forms, tried=tried,
        name=vault.open(matter.registration.name) if matter.registration else "",
        summary=vault.open(matter.summary), answer=vault.open(matter.answer), near=near,
        disputes=list(zip(matter.disputes, disputes_told(db, matter), strict=True)), story=story_of(db, matter),
    )  # fmt: skip


def _form(matter: Matter, step: str, near: list[Unit], *, sent: bool = False) -> Form:
    """The form of one step, with its own names, since several stand on the page; `sent`: as it was typed."""
    db = request_cycle.db()
    data = matter_data(matter, vault_of(db).open(matter.summary))
    data["day"] = request_cycle.today()
    data["text"] = vault_of(db).open(matter.answer)
    prefix, tasks = f"{step}-", tasks_to_link(db, matter.occurrence_id)
    form = FORMS[step](prefix=prefix) if sent else FORMS[step](formdata=None, prefix=prefix, data=data)
    return fill_choices(form, tasks)


def _late(matter: Matter) -> int:
    """How many working days the answer is late; 0 where none is owed."""
    today = request_cycle.today()
    if not is_late(facts_of(matter), matter.due_day, today):
        return 0
    return days_late(matter.due_day, today, working_calendar(request_cycle.db()))


def _step(form: Form) -> Step:
    return Step(version_of(form), signed_in(), request_cycle.now())


def _direct(matter_id: int, form: Form, near: list[Unit]) -> Matter:
    assert isinstance(form, DirectForm)
    given: DirectionGiven = form.given(near)
    return direct_matter(request_cycle.db(), matter_id, given, _step(form))


def _correct(matter_id: int, form: Form, _near: list[Unit]) -> Matter:
    assert isinstance(form, CorrectForm)
    return correct_matter(request_cycle.db(), matter_id, form.words(), _step(form))


DEEDS: Mapping[str, Callable[[int, Form, list[Unit]], Matter]] = {
    "direct": _direct,
    "correct": _correct,
    "answer": lambda matter_id, form, _: answer_matter(
        request_cycle.db(), matter_id, form["text"].data or "", _step(form), day=form["day"].data
    ),
    "done": lambda matter_id, form, _: mark_done(request_cycle.db(), matter_id, _step(form), day=form["day"].data),
    "settle": lambda matter_id, form, _: settle_matter(request_cycle.db(), matter_id, _step(form)),
    "link": lambda matter_id, form, _: link_task(
        request_cycle.db(), matter_id, number_of(form["task"].data or ""), _step(form)
    ),
}
"""What each step's form does."""
