"""Holders of posts for the staff: who holds what, appointing, reaching, and a file of many."""

import csv
import io

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.people import (
    HolderRow,
    Imported,
    PersonFacts,
    appoint,
    edit_person,
    end_holding,
    import_people,
    preview_people,
)
from scheduler.errors import NotFound
from scheduler.intake.people_file import COLUMNS, read_people_file
from scheduler.models import Person, Post
from scheduler.queries.access import may, require, units_readable
from scheduler.queries.people import (
    count_holders,
    holders_in,
    holding_by_id,
    holdings_of,
    person_by_id,
    posts_of_person,
    unreached_posts,
)
from scheduler.queries.units import post_by_code
from scheduler.rules.names import post_in_words
from web import request_cycle
from web.directory_forms import HolderForm, HoldersFileForm, LeaveForm, PersonForm
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import say

pages = Blueprint("people", __name__)
Page = Response | str | tuple[str, int]
PAGE = 100
MOST_PAGES = 1_000


@pages.get("/desk/people")
@staff("read")
def people() -> str:
    """What is missing first, then who holds the posts of the reader's units; links for who may change them."""
    db, actor, today = request_cycle.db(), signed_in(), request_cycle.today()
    number = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    units = units_readable(actor)
    return render_template(
        "people/people.html",
        unreached=unreached_posts(db, actor, today),
        holdings=holders_in(db, units, today, limit=PAGE, after=(number - 1) * PAGE),
        total=count_holders(db, units, today),
        number=number,
        per_page=PAGE,
        may_edit=actor.ever("administer"),
        post_in_words=post_in_words,
    )


@pages.route("/desk/posts/<code>", methods=["GET", "POST"])
@staff("administer")
def post(code: str) -> Page:
    """One post: who holds it, a new holder, and everybody who held it."""
    found, form = _own_post(code), HolderForm()

    def deed() -> None:
        assert form.since.data is not None
        appoint(
            request_cycle.db(),
            found,
            PersonFacts(form.name.data or "", form.email.data or "", form.phone.data or ""),
            since=form.since.data,
            until=form.until.data,
            by=signed_in(),
            now=request_cycle.now(),
        )

    if carried_out(form, deed):
        flash(say("directory.appointed", name=form.name.data, post=found.title))
        return redirect(url_for("people.post", code=found.code), 303)
    terms = holdings_of(request_cycle.db(), [found.id]).get(found.id, [])
    return form_page("people/post.html", form, post=found, terms=terms)


@pages.route("/desk/holdings/<int:holding_id>/end", methods=["GET", "POST"])
@staff("administer")
def leave(holding_id: int) -> Page:
    """The last day of a holder in a post."""
    db, form = request_cycle.db(), LeaveForm()
    holding = holding_by_id(db, holding_id)
    require(db, signed_in(), "administer", holding.post.unit_id)

    def deed() -> None:
        assert form.until.data is not None
        end_holding(db, holding_id, form.until.data, by=signed_in(), now=request_cycle.now())

    if carried_out(form, deed):
        flash(say("directory.saved", name=holding.person.name))
        return redirect(url_for("people.post", code=holding.post.code), 303)
    return form_page("people/leave.html", form, holding=holding)


@pages.route("/desk/people/<int:person_id>", methods=["GET", "POST"])
@staff("administer")
def person(person_id: int) -> Page:
    """One holder: how to reach them, and their posts."""
    db, actor = request_cycle.db(), signed_in()
    found = person_by_id(db, person_id)
    terms = posts_of_person(db, person_id)
    if not any(may(db, actor, "administer", term.post.unit_id) for term in terms):
        raise NotFound("errors.not-found")
    form = PersonForm(obj=found)
    if carried_out(form, lambda: _edit(found, form)):
        flash(say("directory.saved", name=found.name))
        return redirect(url_for("people.person", person_id=person_id), 303)
    return form_page("people/person.html", form, person=found, terms=terms)


@pages.route("/desk/people/import", methods=["GET", "POST"])
@staff("administer")
def import_file() -> Page:
    """A file of holders: first what it would do, line by line, then the deed."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form, done = HoldersFileForm(), list[Imported]()
    importing = request.form.get("do") == "import"

    def deed() -> None:
        rows = read_people_file(_given(form))
        done.append((import_people if importing else preview_people)(db, rows, by=actor, now=now))
        form.rows.data = _as_csv(rows)

    if carried_out(form, deed) and importing:
        flash(_in_words(done[0]))
        return redirect(url_for("people.people"), 303)
    preview = done[0] if done else None
    return form_page("people/import.html", form, preview=preview, columns=COLUMNS, words=_in_words)


def _edit(found: Person, form: PersonForm) -> None:
    facts = PersonFacts(form.name.data or "", form.email.data or "", form.phone.data or "", form.language.data)
    edit_person(request_cycle.db(), found, facts, by=signed_in(), now=request_cycle.now())


def _given(form: HoldersFileForm) -> bytes:
    name, data = form.file.given()
    return data if name else (form.rows.data or "").encode()


def _as_csv(rows: list[HolderRow]) -> str:
    """The rows as text, to be sent again with the second button."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([row.unit, row.post, row.name, row.email, row.since or "", row.until or ""])
    return text.getvalue()


def _in_words(done: Imported) -> str:
    counted = {outcome: done.count(outcome) for outcome in ("appointed", "changed", "unchanged")}
    return say("people.imported", n=len(done.lines), **counted)


def _own_post(code: str) -> Post:
    found = post_by_code(request_cycle.db(), code)
    require(request_cycle.db(), signed_in(), "administer", found.unit_id)
    return found
