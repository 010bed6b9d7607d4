"""Tasks: the worklist by what hurts, and one task's story from top to bottom with its next step."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from scheduler.errors import NotFound
from scheduler.models import Task
from scheduler.queries.access import may
from scheduler.queries.days import working_calendar
from scheduler.queries.followups import PAGE, VIEWS, Filter, count_views, readable_task, worklist
from scheduler.rules.followups import WITH_UNIT, days_late
from web import request_cycle
from web.guards import signed_in, staff
from web.language import say
from web.record_forms import TaskForm
from web.task_steps import FIELDS, Tried, steps_for, take_step

pages = Blueprint("followups", __name__)
MOST_PAGES = 10_000
LONGEST = 100


@pages.get("/desk/tasks")
@staff("read_tasks")
def tasks() -> str:
    """The reader's tasks: open, overdue, due soon, to accept, to decide, closed; the most late first."""
    db, actor, today = request_cycle.db(), signed_in(), request_cycle.today()
    view = request.args.get("view", "open")
    if view not in VIEWS:
        raise NotFound("errors.not-found")
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    text = request.args.get("q", "")[:LONGEST]
    found = worklist(db, actor, Filter(view, text, number), today)
    calendar = working_calendar(db)
    return render_template(
        "followups/list.html",
        rows=found[:PAGE], more=len(found) > PAGE, view=view, views=VIEWS, number=number, text=text,
        counts=count_views(db, actor, today),
        late={task.id: days_late(task.due_day, today, calendar) for task in found if task.state in WITH_UNIT},
    )  # fmt: skip


@pages.get("/desk/tasks/<slug>")
@staff("read_tasks")
def show(slug: str) -> str:
    """One task as a story, with the steps that are open to the reader."""
    task = readable_task(request_cycle.db(), signed_in(), slug)
    return _page(task, None, "")


@pages.post("/desk/tasks/<slug>/<step>")
@staff("read_tasks")
def move_on(slug: str, step: str) -> Response | tuple[str, int]:
    """Take a step; refused, the page comes again with what was typed."""
    db, actor = request_cycle.db(), signed_in()
    tried = take_step(readable_task(db, actor, slug), step, actor)
    if tried.done:
        flash(say(f"followups.done-{step.replace('_', '-')}"))
        return redirect(url_for("followups.show", slug=slug), 303)
    return _page(readable_task(db, actor, slug), tried, step), tried.status


@pages.get("/desk/tasks/<slug>/proof/<name>")
@staff("read_tasks")
def proof(slug: str, name: str) -> Response:
    """A file that came with the task, for who may read the task."""
    task = readable_task(request_cycle.db(), signed_in(), slug)
    kept = next((event.attachment for event in task.events if event.attachment and event.attachment.slug == name), None)
    if kept is None:
        raise NotFound("errors.not-found")
    return send_file(BytesIO(kept.content), kept.media_type, as_attachment=True, download_name=kept.name)


def _page(task: Task, tried: Tried | None, step: str) -> str:
    db, actor, today = request_cycle.db(), signed_in(), request_cycle.today()
    sides = tuple(
        side
        for side, act, unit_id in (
            ("owner", "accept", task.owner_unit_id),
            ("unit", "report_task", task.unit_id),
        )
        if may(db, actor, act, unit_id)
    )
    return render_template(
        "followups/show.html",
        task=task, tried=tried, tried_step=step, fields=FIELDS, steps=steps_for(task, sides),
        form=TaskForm(formdata=None, data={"version": task.version}),
        late=days_late(task.due_day, today, working_calendar(db)) if task.state in WITH_UNIT else 0,
        may_read=may(db, actor, "read", task.owner_unit_id),
    )  # fmt: skip
