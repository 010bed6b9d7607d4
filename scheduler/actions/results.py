"""What the resident waits for: the answer, what was promised carried out, the matter settled for good."""

from datetime import date, datetime

from scheduler.actions.ledger import record
from scheduler.actions.matter_letters import tell_result
from scheduler.actions.matter_steps import Step, about, check_day, check_step, refuse_erased
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput
from scheduler.models import Matter, Task
from scheduler.models.base import clean
from scheduler.queries.matters import facts_of, matters_of_task, readable_matter
from scheduler.rules.matters import state_of


def answer_matter(db: Db, matter_id: int, text: str, step: Step, *, day: date | None = None) -> Matter:
    """Answer the resident, in words that stand on their page; `day` is when it was said or sent, else today."""
    matter = readable_matter(db, step.by, matter_id)
    text, day = clean(text).strip(), day or step.today
    if matter.answer and vault_of(db).open(matter.answer) == text and matter.answered_on == day:
        return matter
    check_step(db, matter, "answer", step)
    refuse_erased(matter)
    if not text:
        raise BadInput("matters.answer-missing", "text")
    check_day(matter, day, step.today)
    matter.answer, matter.answered_on = vault_of(db).seal(text), day
    record(db, "matter.answered", **about(matter), by=step.by, now=step.now)
    tell_result(db, matter, "answered", now=step.now)
    return matter


def mark_done(db: Db, matter_id: int, step: Step, *, day: date | None = None) -> Matter:
    """What was promised is carried out (đã thực hiện xong); the resident may say that it is not."""
    matter = readable_matter(db, step.by, matter_id)
    day = day or step.today
    if matter.done_on == day:
        return matter
    check_step(db, matter, "done", step)
    check_day(matter, day, step.today)
    matter.done_on = day
    record(db, "matter.done", **about(matter), by=step.by, now=step.now)
    tell_result(db, matter, "done", now=step.now)
    return matter


def settle_matter(db: Db, matter_id: int, step: Step) -> Matter:
    """Answered, carried out, and nobody disputes it: settled for good (giải quyết dứt điểm)."""
    matter = readable_matter(db, step.by, matter_id)
    if matter.settled_on is not None:
        return matter
    check_step(db, matter, "settle", step)
    matter.settled_on = step.today
    record(db, "matter.settled", **about(matter), by=step.by, now=step.now)
    tell_result(db, matter, "settled", now=step.now)
    return matter


def tell_task_accepted(db: Db, task: Task, *, now: datetime) -> None:
    """Tell the residents whose matters this task carries that it was accepted as done."""
    for matter in matters_of_task(db, task.id):
        if state_of(facts_of(matter)) == "done":
            tell_result(db, matter, "done", now=now, cause=f"task-{task.version}")
