"""What pages of matters share: faults told beside their fields, and what waits on the desk."""

from collections.abc import Callable

from flask import url_for

from scheduler.database import Db
from scheduler.errors import Faults
from scheduler.queries.desk import Today
from scheduler.queries.matter_lists import ToAnswer, count_to_answer
from scheduler.rules.permissions import Actor
from web.form_rows import tell_faults
from web.forms import Form, carried_out


def carried_out_beside(form: Form, deed: Callable[[], object]) -> bool:
    """As `carried_out`, with each of several faults told at its field."""
    if carried_out(form, deed):
        return True
    if isinstance(form.refusal, Faults):
        form.refusal = tell_faults(form, form.refusal, {}).refusal
    return False


def disputes_waiting(db: Db, actor: Actor, today: Today) -> tuple[int, str, bool]:
    """How many disputes wait, where they stand, and that this hurts."""
    found = _to_answer(db, actor, today)
    one = url_for("disputes.answer", dispute_id=found.dispute_id) if found.disputes == 1 else ""
    return found.disputes, one or url_for("disputes.disputes"), True


def answers_due(db: Db, actor: Actor, today: Today) -> tuple[int, str, bool]:
    """How many answers are due within three working days or late, where they stand, and whether one is late."""
    found = _to_answer(db, actor, today)
    one = url_for("matters.show", matter_id=found.matter_id) if found.due == 1 else ""
    late = found.first_day is not None and found.first_day < today.day
    return found.due, one or url_for("matters.matters", view="due"), late


def _to_answer(db: Db, actor: Actor, today: Today) -> ToAnswer:
    found = today.once("to-answer", lambda: count_to_answer(db, actor, today=today.day))
    assert isinstance(found, ToAnswer)
    return found
