"""A unit's task without an account: opened by the signed address of its letter, for the unit in charge alone."""

from flask import Blueprint, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.models import Task
from scheduler.queries.days import working_calendar
from scheduler.queries.followups import find_task
from scheduler.rules.followups import WITH_UNIT, days_late
from scheduler.rules.permissions import Actor, Grant
from web import request_cycle
from web.guards import public, require_signed
from web.record_forms import TaskForm
from web.task_steps import FIELDS, Tried, steps_for, take_step

pages = Blueprint("task_link", __name__)
VIA = "letter link"


@pages.get("/tasks/<slug>/<signature>")
@public
def show(slug: str, signature: str) -> str:
    """The task's story and the unit's steps. Any address that is not ours does not exist."""
    return _page(_task(slug, signature), signature, None, "")


@pages.post("/tasks/<slug>/<signature>/<step>")
@public
def move_on(slug: str, signature: str, step: str) -> Response | tuple[str, int]:
    """The unit takes a step: progress, an extension, done."""
    task = _task(slug, signature)
    tried = take_step(task, step, _actor(task))
    if tried.done:
        answer = Response(status=303)
        answer.headers["Location"] = url_for("task_link.show", slug=slug, signature=signature, done=step)
        return answer
    return _page(_task(slug, signature), signature, tried, step), tried.status


def _task(slug: str, signature: str) -> Task:
    require_signed("tasks", slug, signature)
    return find_task(request_cycle.db(), slug)


def _actor(task: Task) -> Actor:
    """The unit itself: it may report on its own tasks and nothing else."""
    return Actor(task.unit.name, VIA, grants=(Grant("officer", task.unit_id),))


def _page(task: Task, signature: str, tried: Tried | None, step: str) -> str:
    calendar = working_calendar(request_cycle.db())
    return render_template(
        "task_link/show.html",
        task=task, signature=signature, tried=tried, tried_step=step, fields=FIELDS,
        steps=steps_for(task, ("unit",)), form=TaskForm(formdata=None, data={"version": task.version}),
        late=days_late(task.due_day, request_cycle.today(), calendar) if task.state in WITH_UNIT else 0,
    )  # fmt: skip
