"""A notice: what it made public, its paper, and where it hangs (niêm yết)."""

from datetime import datetime, time

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from scheduler.actions.notices import add_posting, sign_notice
from scheduler.clock import at_local, to_local
from scheduler.errors import HouseError
from scheduler.models import Notice
from scheduler.queries.access import may, require
from scheduler.queries.notices import find_notice, sittings_of
from scheduler.rules.publication import POSTING_PLACES, missing_places
from web import request_cycle
from web.errors import status_of
from web.forms import Form, choices
from web.guards import signed_in, staff
from web.language import say
from web.occurrence_forms import PaperForm
from web.papers import paper_of

pages = Blueprint("notices", __name__)


PLACES = [(place, f"notices.place-{place}") for place in POSTING_PLACES]


class PostingForm(Form):
    """Where the notice hangs, since when, and who put it there."""

    where = SelectField(
        "notices.where", choices=choices(*((place, f"notices.place-{place}") for place in POSTING_PLACES))
    )
    day = DateField("notices.day", [InputRequired()])
    hour = TimeField("notices.hour", [InputRequired()])
    who = StringField("notices.who", [Length(max=200)])
    note = StringField("notices.note", [Length(max=500)])


@pages.get("/desk/notices/<int:notice_id>")
@staff("read")
def show(notice_id: int) -> str:
    """The notice with its sittings and its posting list."""
    notice = find_notice(request_cycle.db(), notice_id)
    require(request_cycle.db(), signed_in(), "read", notice.unit_id)
    return _page(notice, _fresh_posting(notice), PaperForm(formdata=None), None)


@pages.post("/desk/notices/<int:notice_id>/postings")
@staff("post")
def post(notice_id: int) -> Response | tuple[str, int]:
    """Note that it hangs somewhere; the same twice is one posting."""
    db, form = request_cycle.db(), PostingForm()
    notice = find_notice(db, notice_id)
    refusal = None
    if form.validate_on_submit():
        try:
            add_posting(
                db, notice_id, form.where.data, posted_at=_moment(form), who=form.who.data or "",
                note=form.note.data or "", by=signed_in(), now=request_cycle.now(),
            )  # fmt: skip
            flash(say("notices.done-posting"))
            return redirect(url_for("notices.show", notice_id=notice_id), 303)
        except HouseError as broken:
            refusal = broken
    return _page(notice, form, PaperForm(formdata=None), refusal), status_of(refusal) if refusal else 422


@pages.post("/desk/notices/<int:notice_id>/paper")
@staff("publish")
def sign(notice_id: int) -> Response | tuple[str, int]:
    """Number, date, signer and the signed file, which the public pages then cite."""
    db, form = request_cycle.db(), PaperForm()
    notice = find_notice(db, notice_id)
    refusal = None
    if form.validate_on_submit():
        try:
            sign_notice(db, notice_id, paper_of(form), by=signed_in(), now=request_cycle.now())
            flash(say("notices.done-paper"))
            return redirect(url_for("notices.show", notice_id=notice_id), 303)
        except HouseError as broken:
            refusal = broken
    return _page(notice, _fresh_posting(notice), form, refusal), status_of(refusal) if refusal else 422


def _page(notice: Notice, posting: PostingForm, paper: PaperForm, refusal: HouseError | None) -> str:
    db, actor = request_cycle.db(), signed_in()
    require(db, actor, "read", notice.unit_id)
    return render_template(
        "notices/show.html",
        notice=notice, sittings=sittings_of(db, notice), posting=posting, paper=paper, refusal=refusal,
        missing=missing_places(one.where for one in notice.postings),
        may_post=may(db, actor, "post", notice.unit_id), may_sign=may(db, actor, "publish", notice.unit_id),
    )  # fmt: skip


def _fresh_posting(notice: Notice) -> PostingForm:
    local = to_local(request_cycle.now())
    missing = missing_places(one.where for one in notice.postings)
    return PostingForm(
        formdata=None, where=missing[0] if missing else POSTING_PLACES[-1], day=local.date(),
        hour=time(local.hour, local.minute),
    )  # fmt: skip


def _moment(form: PostingForm) -> datetime:
    assert form.day.data is not None
    assert form.hour.data is not None
    return at_local(form.day.data, form.hour.data)
