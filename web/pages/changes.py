"""Changing a published sitting: three choices at once, then who is told, what it means, and one button."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.database import Db
from scheduler.errors import NotFound, RuleBroken, Stale
from scheduler.letters import Rendered, render, sms_of
from scheduler.models import Letter, Occurrence
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.calls import open_calls_of
from scheduler.queries.change_offers import later_the_same_day, offered_days, stand_ins
from scheduler.queries.outbox import unsent_of
from scheduler.rules.undoing import inverse_of
from scheduler.rules.workflow import TRANSITION
from web import request_cycle
from web.change_effects import days_in_person, notice_left, sent_words
from web.change_steps import STEPS, carry_out, change_form, effects, is_asked_for, told_of
from web.form_rows import day_of
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.occurrence_forms import ChangeForm

pages = Blueprint("changes", __name__)
pages.add_app_template_global(sent_words)

FEW_STAND_INS = 5


@dataclass(frozen=True)
class ReadyLetter:
    """A letter as it would leave."""

    recipient: str
    language: str
    words: Rendered


@pages.get("/desk/occurrences/<slug>/change")
@staff("change")
def quick(slug: str) -> str:
    """The head is called away: later that day, another day, a stand-in; the rest folded."""
    db, occurrence = request_cycle.db(), _to_change(slug)
    today = request_cycle.today()
    may_chair = _is_open(occurrence, "change_chair") and not occurrence.chair_stands_in
    days = offered_days(db, occurrence, today=today) if _is_open(occurrence, "move") else []
    later = later_the_same_day(db, occurrence, now=request_cycle.now()) if _is_open(occurrence, "change_hours") else []
    return render_template(
        "changes/quick.html",
        one=occurrence, later=later, days=days, notice=notice_left(db, occurrence, days),
        is_today=occurrence.day == today,
        stand_ins=stand_ins(db, occurrence, today=today)[:FEW_STAND_INS] if may_chair else [],
        counting=days_in_person(db, occurrence, None) if may_chair else [],
        rest=[step for step in STEPS if _is_open(occurrence, step)],
    )  # fmt: skip


@pages.route("/desk/occurrences/<slug>/change/<step>", methods=["GET", "POST"])
@staff("change")
def change(slug: str, step: str) -> Response | tuple[str, int]:
    """What the choice means, who is told, the letters on demand, and one button."""
    db, letters = request_cycle.db(), list[ReadyLetter]()
    if step not in STEPS:
        raise NotFound("errors.not-found")
    occurrence = _to_change(slug)
    form = change_form(db, occurrence, step)
    told = told_of(db, occurrence, step, form)
    if carried_out(form, lambda: carry_out(db, occurrence, step, form)):
        if request.form.get("do") != "preview":
            flash(_done(db, occurrence, step))
            return redirect(url_for("occurrences.show", slug=slug), 303)
        letters = _letters(db, occurrence)
        # Looking at the letters is the change itself, undone: what one reads is what would go.
        db.rollback()
    if request.method == "POST":
        occurrence = find_occurrence(db, slug)
    if isinstance(form.refusal, Stale):
        # Both versions are shown; pressing again is the choice between them.
        form.version.data = str(occurrence.version)
    return form_page(
        "changes/change.html", form,
        one=occurrence, step=step, fields=STEPS[step], told=told, letters=letters, chosen=is_asked_for(step),
        undoing="undo" in request.args,
        is_open=_is_open(occurrence, step), overtaken=isinstance(form.refusal, Stale),
        effects=effects(db, occurrence, step, form), notice=notice_left(db, occurrence, _offered(form)),
    )  # fmt: skip


@pages.get("/desk/occurrences/<slug>/change/undo")
@staff("change")
def undo(slug: str) -> Response:
    """The newest change led back by another one, filled in; refused where it can no longer be."""
    occurrence = _to_change(slug)
    if not occurrence.changes:
        raise RuleBroken("changes.undo-nothing")
    last = occurrence.changes[-1]
    back = inverse_of(last.step, last.before, last.after, today=request_cycle.today())
    filled_in: dict[str, Any] = {"undo": "1", **back.given}
    return redirect(url_for("changes.change", slug=slug, step=back.step, **filled_in))


def _to_change(slug: str) -> Occurrence:
    occurrence = find_occurrence(request_cycle.db(), slug)
    require(request_cycle.db(), signed_in(), "change", occurrence.unit_id)
    return occurrence


def _is_open(occurrence: Occurrence, step: str) -> bool:
    return occurrence.state in TRANSITION[step].sources


def _offered(form: ChangeForm) -> list[date]:
    return [day for day in (day_of(choice.value) for choice in form.free_day.choices or ()) if day]


def _done(db: Db, occurrence: Occurrence, step: str) -> str:
    """What was done, with the letters, messages and calls that came of it."""
    waiting = [*_of_this(db, occurrence, "change"), *_of_this(db, occurrence, "registration-change")]
    messages = sum(letter.channel == "sms" for letter in waiting)
    sent = sent_words(len(waiting) - messages, messages)
    return say(f"changes.done-{step}", sent=sent, calls=len(open_calls_of(db, occurrence.id)))


def _of_this(db: Db, occurrence: Occurrence, kind: str) -> list[Letter]:
    """The letters of the change just made: those of earlier ones may still wait beside them."""
    waiting = unsent_of(db, occurrence.id, kind)
    return [letter for letter in waiting if letter.sequence == occurrence.sequence]


def _letters(db: Db, occurrence: Occurrence) -> list[ReadyLetter]:
    """The letters this change would send, as their recipients would read them; of those to residents the first."""
    to_residents = _of_this(db, occurrence, "registration-change")[:1]
    return [_as_read(letter) for letter in (*_of_this(db, occurrence, "change"), *to_residents)]


def _as_read(letter: Letter) -> ReadyLetter:
    to = letter.recipient or say("letters.to-ticket", n=letter.facts["ticket"] or "")
    if letter.channel == "sms":
        text = sms_of(letter.kind, letter.facts, letter.language)
        return ReadyLetter(to, letter.language, Rendered(say("letters.by-message"), text, ""))
    url = request_cycle.settings().base_url
    words = render(letter.kind, letter.facts, letter.language, name=letter.recipient_name, base_url=url)
    return ReadyLetter(to, letter.language, words)
