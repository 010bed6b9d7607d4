"""Registering for a sitting without an account, and one's own registration by its code or its signed address."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.registration_contact import checked_contact
from scheduler.actions.registration_limits import (
    count_registration,
    count_trapped,
    count_wrong_code,
    require_guesses_left,
)
from scheduler.actions.registrations import (
    RESIDENT,
    Wish,
    accept_offer,
    change_registration,
    decline_offer,
    register,
    withdraw,
)
from scheduler.errors import BadInput, NotFound, RuleBroken, Stale, TooMany
from scheduler.links import SIGNED_PAGES, sign
from scheduler.models import Occurrence, Registration
from scheduler.queries.matters import results_of
from scheduler.queries.registrations import (
    guard_of,
    later_sittings,
    may_be_registered_for,
    open_for_registration,
    registration_by_code,
    told_in,
    windows_of,
)
from scheduler.rules.registration_input import checked_code, denounces
from web import request_cycle
from web.devices import client
from web.form_rows import number_of
from web.forms import carried_out, form_page
from web.guards import public
from web.language import say
from web.open_forms import fresh_key, too_quick
from web.registering import above_page, closed_page, form_again, given_in, no_store, own_registration, prepared
from web.registration_forms import (
    AboutForm,
    CodeForm,
    PressForm,
    RegisterForm,
    WishForm,
    offer_sittings,
    offer_windows,
)
from web.registration_words import sitting_words

pages = Blueprint("registrations", __name__)
MOST_BYTES = 64 * 1024
"""More than any of these forms can hold when it is whole."""
ANSWERS = {"accept": accept_offer, "decline": decline_offer}


@pages.before_request
def refuse_too_much() -> None:
    """A form that is larger than it can be is not looked into."""
    if (request.content_length or 0) > MOST_BYTES:
        abort(413)


@pages.route("/occurrences/<slug>/register", methods=["GET", "POST"])
@public
def enter(slug: str) -> Response:
    """First the notice and one question, then the form; what was sent is confirmed at once."""
    asked = open_for_registration(request_cycle.db(), slug)
    if request.method == "GET" or "name" not in request.form:
        return _question(asked)
    form = RegisterForm()
    if form.trapped:
        return _trapped(asked)
    if form.about.data == "yes":
        return above_page(asked, 200)
    if denounces(*form.texts()):
        return above_page(asked, 422)
    try:
        sitting = prepared(form, asked)
    except Stale as refusal:
        return closed_page(asked, refusal)
    return _sent(form, asked) or form_again(form, asked, sitting)


def _question(asked: Occurrence) -> Response:
    form = AboutForm()
    try:
        sitting = prepared(RegisterForm(formdata=None), asked)
    except Stale as refusal:
        return closed_page(asked, refusal)
    if form.validate_on_submit():
        if form.about.data == "yes":
            return above_page(asked, 200)
        empty = RegisterForm(formdata=None, data={"about": "no", "together": "alone"})
        prepared(empty, asked)
        fresh_key(empty, asked.slug)
        return form_again(empty, asked, sitting)
    return no_store(form_page("registrations/question.html", form, asked=asked, sitting=sitting))


def _sent(form: RegisterForm, asked: Occurrence) -> Response | None:
    """The way to the own page once it is registered; None where the form comes again."""
    db, now, where, made = request_cycle.db(), request_cycle.now(), client(), []

    def deed() -> None:
        refusal = too_quick(form, asked.slug, "registrations.once-more")
        if refusal is not None:
            raise refusal
        made.append(register(db, asked.slug, given_in(form, way="web", client=where), by=RESIDENT, now=now))

    done = carried_out(form, deed)
    if form.errors or (form.refusal and isinstance(form.refusal, TooMany)):
        return None
    guard = guard_of(db, _contact(form.contact.data or ""))
    request_cycle.note(lambda notes: count_registration(notes, where, guard, now=now))
    return _to_own(made[0], done="registered") if done else None


def _contact(text: str) -> str:
    """The contact as it is stored, blank where it is none."""
    try:
        return checked_contact(text)[1]
    except BadInput:
        return ""


def _trapped(asked: Occurrence) -> Response:
    """What a program takes for a confirmation. It says nothing but what is true for everybody."""
    where, now = client(), request_cycle.now()
    request_cycle.note(lambda notes: count_trapped(notes, where, now=now))
    return no_store(render_template("registrations/received.html", asked=asked))


@pages.route("/registrations", methods=["GET", "POST"])
@public
def find() -> Response:
    """The own registration by its code and the contact that was given; every miss is answered alike."""
    form, found = CodeForm(), []
    if carried_out(form, lambda: found.append(_by_code(form))):
        return _to_own(found[0])
    page = no_store(form_page("registrations/find.html", form))
    if isinstance(form.refusal, TooMany):
        page.headers["Retry-After"] = str(form.refusal.facts["retry_after"])
    return page


def _by_code(form: CodeForm) -> Registration:
    db, now, where = request_cycle.db(), request_cycle.now(), client()
    typed = form.contact.data or ""
    contacts = [guard_of(db, contact) for contact in (_contact(typed),) if contact]
    guards = tuple(dict.fromkeys((*contacts, guard_of(db, "", typed[:200]))))
    require_guesses_left(db, where, guards, now=now)
    code = checked_code((form.code.data or "")[:20])
    found = registration_by_code(db, code, guards) if code else None
    if found is None:
        request_cycle.note(lambda notes: count_wrong_code(notes, where, guards, now=now))
        raise RuleBroken("registrations.not-found")
    return found


@pages.get("/registrations/<slug>/<signature>")
@public
def show(slug: str, signature: str) -> Response:
    """Number, code, when and where to come, what became of it. Any address that is not ours does not exist."""
    return _own_page(own_registration(slug, signature), signature)


@pages.route("/registrations/<slug>/<signature>/change", methods=["GET", "POST"])
@public
def change(slug: str, signature: str) -> Response:
    """Another contact, other words, another window or sitting."""
    db, now = request_cycle.db(), request_cycle.now()
    registration = own_registration(slug, signature)
    told = told_in(db, registration)
    start = {"version": registration.version, "topic": registration.topic, "words": told.words, "sitting": ""}
    form = WishForm(data=start)
    later = later_sittings(db, registration.occurrence, now=now, most=4)
    free = windows_of(db, registration.occurrence, now=now)
    facts = {
        "registration": registration, "signature": signature, "contact": told.contact,
        "windows": offer_windows(form, free, first=say("registrations.keep-window")),
        "sittings": offer_sittings(form, later, sitting_words),
        "open": registration.state == "booked" and may_be_registered_for(registration.occurrence, now=now),
    }  # fmt: skip
    if denounces(form.words.data or "", form.contact.data or ""):
        return above_page(registration.occurrence, 422)
    if carried_out(form, lambda: _change(registration, form)):
        return _to_own(registration, done="changed")
    return no_store(form_page("registrations/change.html", form, **facts))


def _change(registration: Registration, form: WishForm) -> None:
    wish = Wish(
        contact=(form.contact.data or "").strip() or None,
        topic=form.topic.data,
        words=form.words.data,
        window=datetime.fromisoformat(form.window.data) if form.window.data else None,
        sitting=form.sitting.data or "",
    )
    version = number_of(form.version.data or "") or 0
    change_registration(request_cycle.db(), registration, wish, version=version, by=RESIDENT, now=request_cycle.now())


@pages.route("/registrations/<slug>/<signature>/cancel", methods=["GET", "POST"])
@public
def cancel(slug: str, signature: str) -> Response:
    """A page with a button: programs that look into letters open every address, and must take nothing back."""
    registration, form = own_registration(slug, signature), PressForm()
    db, now = request_cycle.db(), request_cycle.now()
    if carried_out(form, lambda: withdraw(db, registration, by=RESIDENT, now=now)):
        return _to_own(registration, done="withdrawn")
    return no_store(form_page("registrations/cancel.html", form, registration=registration, signature=signature))


@pages.post("/registrations/<slug>/<signature>/<answer>")
@public
def answer_offer(slug: str, signature: str, answer: str) -> Response:
    """Take the sitting offered instead of a cancelled one, or not."""
    deed = ANSWERS.get(answer)
    if deed is None:
        raise NotFound("errors.not-found")
    registration = own_registration(slug, signature)
    deed(request_cycle.db(), registration, by=RESIDENT, now=request_cycle.now())
    return _to_own(registration, done="accepted" if answer == "accept" else "withdrawn")


def _own_page(registration: Registration, signature: str) -> Response:
    db, sitting = request_cycle.db(), registration.occurrence
    late = registration.asked_occurrence_id != sitting.id and registration.asked_occurrence.state == "published"
    comes = may_be_registered_for(sitting, now=request_cycle.now())
    page = render_template(
        "registrations/show.html",
        registration=registration, signature=signature, sitting=sitting, late=late,
        told=told_in(db, registration), results=results_of(db, registration),
        open=comes and registration.state == "booked",
        again=comes and registration.state == "withdrawn",
        done=request.args.get("done", ""),
    )  # fmt: skip
    return no_store(page)


def _to_own(registration: Registration, done: str | None = None) -> Response:
    signature = sign(request_cycle.settings().secret, SIGNED_PAGES["registrations"], registration.slug)
    way = url_for("registrations.show", slug=registration.slug, signature=signature, done=done)
    return no_store(redirect(way, 303))
