"""The steps of a change as forms: which fields each asks for, what is filled in before, and the action it leads to."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from flask import request

from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.language import DEFAULT
from scheduler.language import say as say_in
from scheduler.models import Occurrence, OccurrenceChange
from scheduler.queries.agenda import holders_on
from scheduler.queries.audience import Told, audience_of, residents_of, told_of_change
from scheduler.queries.change_offers import offered_days, stand_ins
from scheduler.rules.change_reasons import CHANGE_REASONS
from scheduler.rules.hours import read_hours, written_hours
from web import request_cycle
from web.change_effects import effects_of
from web.form_rows import day_of, number_of
from web.forms import choices
from web.guards import signed_in
from web.occurrence_forms import ChangeForm

STEPS: dict[str, tuple[str, ...]] = {
    # step in the address: the fields it asks for
    "move": ("free_day", "day", "hours", "place"),
    "postpone": ("told_by",),
    "cancel": (),
    "restore": (),
    "change_place": ("place",),
    "change_hours": ("hours",),
    "change_chair": ("back_to_head", "chair_post", "chair"),
}


def change_form(db: Db, occurrence: Occurrence, step: str) -> ChangeForm:
    """The form of the step: as it was sent, or with what stands, and over it what the address asks for."""
    shown: dict[str, object] = {
        "version": occurrence.version,
        "hours": written_hours(occurrence.hours),
        "place": occurrence.place,
    }
    form = ChangeForm(data=shown | _asked_for(step)) if request.method == "GET" else ChangeForm()
    days = offered_days(db, occurrence, today=request_cycle.today()) if step == "move" else []
    form.free_day.choices = choices(*((day.isoformat(), day.isoformat()) for day in days))
    form.why.choices = reason_choices()
    posts = stand_ins(db, occurrence, today=request_cycle.today()) if step == "change_chair" else []
    rows = [
        (str(one.post.id), f"{one.post.title} · {one.person.name}" if one.person else one.post.title) for one in posts
    ]
    form.chair_post.choices = choices(("", "changes.no-post"), *rows)
    return form


def reason_choices(reasons: Sequence[str] = CHANGE_REASONS) -> list[tuple[str, str]]:
    """The reasons as residents read them, each its own value."""
    said = [say_in(DEFAULT, f"changes.why-{key}") for key in reasons]
    return [(words, words) for words in said]


def is_asked_for(step: str) -> bool:
    """Whether the address chose already what the step asks for, so that its fields may stay folded."""
    return bool(_asked_for(step))


def carry_out(db: Db, occurrence: Occurrence, step: str, form: ChangeForm) -> OccurrenceChange:
    """Do the step by its action, as the form says it."""
    order = Order(
        number_of(form.version.data or "") or 0,
        (form.reason.data or "").strip() or form.why.data or "",
        signed_in(),
        request_cycle.now(),
        form.notice_number.data or "",
        keep_reason=form.keep_reason.data or "",
    )
    return MAKERS[step](db, occurrence.slug, order, form)


def asked_day(form: ChangeForm) -> date | None:
    """The day typed, or else the free day chosen."""
    return form.day.data or day_of(form.free_day.data or "")


def told_of(db: Db, occurrence: Occurrence, step: str, form: ChangeForm) -> Told:
    """Who would be told by this step as the form stands."""
    chair = None
    if step == "change_chair" and not form.back_to_head.data:
        found = [one.post for one in stand_ins(db, occurrence, today=request_cycle.today())]
        chair = next((post for post in found if str(post.id) == form.chair_post.data), None)
    day = asked_day(form) if step == "move" and not form.day.errors else None
    told = told_of_change(audience_of(db, occurrence), audience_of(db, occurrence, day=day, chair=chair))
    return replace(told, residents=residents_of(db, [occurrence.id], restored=step == "restore"))


def effects(db: Db, occurrence: Occurrence, step: str, form: ChangeForm) -> list[str]:
    """What the step would mean, as the form stands."""
    if step == "change_chair":
        return effects_of(db, occurrence, step, day=occurrence.day, by_head=bool(form.back_to_head.data))
    moved_to = asked_day(form) if step == "move" and not form.day.errors else None
    return effects_of(db, occurrence, step, day=moved_to, by_head=not occurrence.chair_stands_in)


def _asked_for(step: str) -> dict[str, object]:
    """What the address fills in: `?day=2026-12-03&hours=…`, only fields of the step."""
    given: dict[str, object] = {
        name: request.args[name][:200] for name in STEPS[step] if request.args.get(name) and name != "free_day"
    }
    for name in ("day", "told_by"):
        if name in given:
            given[name] = day_of(str(given[name]))
    return {name: value for name, value in given.items() if value is not None}


def _move(db: Db, slug: str, order: Order, form: ChangeForm) -> OccurrenceChange:
    hours = read_hours(form.hours.data) if form.hours.data else ()
    return changes.move_occurrence(db, slug, order, day=asked_day(form), hours=hours, place=form.place.data or "")


def _chair(db: Db, slug: str, order: Order, form: ChangeForm) -> OccurrenceChange:
    if form.back_to_head.data:
        return changes.change_chair(db, slug, order, name="", stands_in=False)
    post_id = number_of(form.chair_post.data or "")
    if post_id is not None and str(post_id) not in {choice.value for choice in form.chair_post.choices or ()}:
        raise BadInput("forms.not-a-choice", "chair_post")
    return changes.change_chair(db, slug, order, name=form.chair.data or holder_name(db, post_id), post_id=post_id)


def holder_name(db: Db, post_id: int | None) -> str:
    """The name of who holds the chosen post, so that nobody needs to type it."""
    found = holders_on(db, [post_id], request_cycle.today()).get(post_id) if post_id is not None else None
    return found.name if found else ""


MAKERS: dict[str, Callable[[Db, str, Order, ChangeForm], OccurrenceChange]] = {
    "move": _move,
    "postpone": lambda db, slug, order, form: changes.postpone_occurrence(db, slug, order, told_by=form.told_by.data),
    "cancel": lambda db, slug, order, form: changes.cancel_occurrence(db, slug, order),
    "restore": lambda db, slug, order, form: changes.restore_occurrence(db, slug, order),
    "change_place": lambda db, slug, order, form: changes.change_place(db, slug, order, place=form.place.data or ""),
    "change_hours": lambda db, slug, order, form: changes.change_hours(
        db, slug, order, hours=read_hours(form.hours.data or "")
    ),
    "change_chair": _chair,
}
