"""Changing a published sitting: what, why, the next free days, who is told, and their letters before they go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions import changes
from scheduler.actions.change_history import Order
from scheduler.database import Db
from scheduler.errors import BadInput, HouseError, NotFound, Stale
from scheduler.letters import Rendered, render
from scheduler.models import Letter, Occurrence, OccurrenceChange
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence, free_days, holders_on
from scheduler.queries.audience import Listener, audience_of
from scheduler.queries.days import working_calendar
from scheduler.queries.outbox import unsent_of
from scheduler.queries.units import posts_of
from scheduler.rules.hours import read_hours, written_hours
from scheduler.rules.workflow import TRANSITION
from web import request_cycle
from web.change_effects import effects_of, notice_left
from web.errors import status_of
from web.form_rows import day_of, number_of
from web.forms import choices
from web.guards import signed_in, staff
from web.language import say
from web.occurrence_forms import ChangeForm

pages = Blueprint("changes", __name__)

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


@dataclass(frozen=True)
class Told:
    """Who will be told: by letter, and those who must be called."""

    letters: list[Listener]
    calls: list[Listener]


@dataclass(frozen=True)
class ReadyLetter:
    """A letter as it would leave."""

    recipient: str
    language: str
    words: Rendered


@pages.route("/desk/occurrences/<slug>/change/<step>", methods=["GET", "POST"])
@staff("change")
def change(slug: str, step: str) -> Response | tuple[str, int]:
    """One page: the fields of the step, who is told, the letters on demand, and one button."""
    db, actor, refusal, letters = request_cycle.db(), signed_in(), None, []
    if step not in STEPS:
        raise NotFound("errors.not-found")
    occurrence = find_occurrence(db, slug)
    require(db, actor, "change", occurrence.unit_id)
    form = _form(db, occurrence, step)
    told = _told(db, occurrence)
    if form.validate_on_submit():
        try:
            _make(db, occurrence, step, form)
            if request.form.get("do") != "preview":
                sent = len(_of_this(db, occurrence))
                flash(say(f"changes.done-{step}", letters=sent, calls=len(told.calls)))
                return redirect(url_for("occurrences.show", slug=slug), 303)
            letters = _letters(db, occurrence)
        except HouseError as broken:
            refusal = broken
        # Looking at the letters is the change itself, undone: what one reads is what would go.
        db.rollback()
        occurrence = find_occurrence(db, slug)
    if isinstance(refusal, Stale):
        # Both versions are shown; pressing again is the choice between them.
        form.version.data = str(occurrence.version)
    page = render_template(
        "changes/change.html",
        one=occurrence, step=step, form=form, fields=STEPS[step], told=told, refusal=refusal, letters=letters,
        is_open=occurrence.state in TRANSITION[step].sources, overtaken=isinstance(refusal, Stale),
        effects=_effects(db, occurrence, step, form), notice=notice_left(db, occurrence, _offered(form)),
    )  # fmt: skip
    status = status_of(refusal) if refusal else 422 if form.errors else 200
    return page, status


def _effects(db: Db, occurrence: Occurrence, step: str, form: ChangeForm) -> list[str]:
    if step == "change_chair":
        return effects_of(db, occurrence, step, day=occurrence.day, by_head=bool(form.back_to_head.data))
    moved_to = _asked_day(form) if step == "move" and not form.day.errors else None
    return effects_of(db, occurrence, step, day=moved_to, by_head=not occurrence.chair_stands_in)


def _form(db: Db, occurrence: Occurrence, step: str) -> ChangeForm:
    shown = {"version": occurrence.version, "hours": written_hours(occurrence.hours), "place": occurrence.place}
    form = ChangeForm(data=shown) if request.method == "GET" else ChangeForm()
    days = free_days(db, occurrence, working_calendar(db), today=request_cycle.today()) if step == "move" else []
    form.free_day.choices = choices(*((day.isoformat(), day.isoformat()) for day in days))
    others = [post for post in posts_of(db, [occurrence.unit_id]) if post.id not in _hosts(occurrence)]
    names = holders_on(db, [post.id for post in others], occurrence.day or request_cycle.today())
    rows = [
        (str(post.id), f"{post.title} · {names[post.id].name}" if post.id in names else post.title) for post in others
    ]
    form.chair_post.choices = choices(("", "changes.no-post"), *rows)
    return form


def _make(db: Db, occurrence: Occurrence, step: str, form: ChangeForm) -> OccurrenceChange:
    order = Order(
        number_of(form.version.data or "") or 0,
        form.reason.data or "",
        signed_in(),
        request_cycle.now(),
        form.notice_number.data or "",
        keep_reason=form.keep_reason.data or "",
    )
    return MAKERS[step](db, occurrence.slug, order, form)


def _move(db: Db, slug: str, order: Order, form: ChangeForm) -> OccurrenceChange:
    day = _asked_day(form)
    hours = read_hours(form.hours.data) if form.hours.data else ()
    return changes.move_occurrence(db, slug, order, day=day, hours=hours, place=form.place.data or "")


def _asked_day(form: ChangeForm) -> date | None:
    return form.day.data or day_of(form.free_day.data or "")


def _chair(db: Db, slug: str, order: Order, form: ChangeForm) -> OccurrenceChange:
    if form.back_to_head.data:
        return changes.change_chair(db, slug, order, name="", stands_in=False)
    post_id = number_of(form.chair_post.data or "")
    if post_id is not None and str(post_id) not in {choice.value for choice in form.chair_post.choices or ()}:
        raise BadInput("forms.not-a-choice", "chair_post")
    return changes.change_chair(db, slug, order, name=form.chair.data or _holder(db, post_id), post_id=post_id)


def _holder(db: Db, post_id: int | None) -> str:
    """The name of who holds the chosen post, so that nobody needs to type it."""
    found = holders_on(db, [post_id], request_cycle.today()).get(post_id) if post_id is not None else None
    return found.name if found else ""


def _offered(form: ChangeForm) -> list[date]:
    return [day for day in (day_of(choice.value) for choice in form.free_day.choices or ()) if day]


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


def _of_this(db: Db, occurrence: Occurrence) -> list[Letter]:
    """The letters of the change just made: those of earlier ones may still wait beside them."""
    waiting = unsent_of(db, occurrence.id, "change")
    return [letter for letter in waiting if letter.sequence == occurrence.sequence]


def _letters(db: Db, occurrence: Occurrence) -> list[ReadyLetter]:
    """The letters this change would send, as their recipients would read them."""
    base_url = request_cycle.settings().base_url
    return [
        ReadyLetter(
            letter.recipient,
            letter.language,
            render(letter.kind, letter.facts, letter.language, name=letter.recipient_name, base_url=base_url),
        )
        for letter in _of_this(db, occurrence)
    ]


def _told(db: Db, occurrence: Occurrence) -> Told:
    audience = audience_of(db, occurrence)
    return Told([one for one in audience if one.email], [one for one in audience if not one.email])


def _hosts(occurrence: Occurrence) -> set[int]:
    return {host.post_id for host in occurrence.hosts}
