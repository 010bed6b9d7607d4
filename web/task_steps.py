"""The steps of a task as forms send them, for the desk and for the page without an account alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scheduler.actions import followups
from scheduler.actions.followups import Report
from scheduler.database import Db
from scheduler.errors import HouseError, NotFound
from scheduler.models import Task
from scheduler.rules.followups import TASK_STEP, open_task_steps
from scheduler.rules.permissions import Actor
from web import request_cycle
from web.errors import status_of
from web.form_rows import Told, number_of, tell_faults
from web.record_forms import TaskForm

Make = Callable[[Db, str, Report, TaskForm], Task]


def _done(db: Db, slug: str, report: Report, form: TaskForm) -> Task:
    name, content = form.pdf.given()
    return followups.report_done(db, slug, report, pdf=content, file_name=name)


MAKERS: Mapping[str, Make] = {
    "progress": lambda db, slug, report, form: followups.report_progress(db, slug, report),
    "ask_extension": lambda db, slug, report, form: followups.ask_extension(db, slug, report, until=form.until.data),
    "grant_extension": lambda db, slug, report, form: followups.grant_extension(db, slug, report),
    "refuse_extension": lambda db, slug, report, form: followups.refuse_extension(db, slug, report),
    "report_done": _done,
    "accept": lambda db, slug, report, form: followups.accept_task(db, slug, report),
    "reopen": lambda db, slug, report, form: followups.reopen_task(
        db, slug, report, working_days=form.working_days.data
    ),
}
FIELDS: Mapping[str, tuple[str, ...]] = {
    "progress": ("text",),
    "ask_extension": ("until", "text"),
    "grant_extension": ("text",),
    "refuse_extension": ("text",),
    "report_done": ("text", "pdf"),
    "accept": ("text",),
    "reopen": ("working_days", "text"),
}
MAIN = ("grant_extension", "accept", "report_done")
"""The next step, first that is open: the only main button of a task's page."""


@dataclass
class Tried:
    """A step that was tried: the form as typed, and what was told when it was refused."""

    form: TaskForm
    told: Told
    status: int

    @property
    def done(self) -> bool:
        """Whether the step was taken."""
        return self.status < 400


def steps_for(task: Task, sides: tuple[str, ...]) -> list[str]:
    """The steps that are open to these sides ("unit", "owner"), the next one first."""
    open_ = open_task_steps(task.state, asked=task.asked_day is not None)
    mine = [step for step in open_ if TASK_STEP[step].side in sides]
    return sorted(mine, key=lambda step: MAIN.index(step) if step in MAIN else len(MAIN))


def take_step(task: Task, step: str, actor: Actor) -> Tried:
    """Take the step that a form asks for. Raises NotFound for a step that does not exist."""
    if step not in MAKERS:
        raise NotFound("errors.not-found")
    form, refusal = TaskForm(), None
    if form.validate_on_submit():
        report = Report(number_of(form.version.data or "") or 0, form.text.data or "", actor, request_cycle.now())
        try:
            MAKERS[step](request_cycle.db(), task.slug, report, form)
            return Tried(form, Told(), 200)
        except HouseError as broken:
            refusal = broken
            request_cycle.db().rollback()
    return Tried(form, tell_faults(form, refusal, {}), status_of(refusal) if refusal else 422)
