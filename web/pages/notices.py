"""A notice: what it made public, its number and signer, its documents, and where it hangs (niêm yết)."""

from datetime import datetime, time

from flask import Blueprint, flash, redirect, url_for
from werkzeug.wrappers import Response
from wtforms import DateField, SelectField, StringField, TimeField
from wtforms.validators import InputRequired, Length

from scheduler.actions.notices import add_posting, sign_notice
from scheduler.clock import at_local, to_local
from scheduler.documents.making import make_for_notice
from scheduler.models import Document, Notice
from scheduler.queries.access import may, require
from scheduler.queries.documents import documents_of_notice, newest_document
from scheduler.queries.notices import find_notice, sittings_of
from scheduler.rules.publication import POSTING_PLACES, missing_places
from web import request_cycle
from web.document_forms import SheetForm, filled_from
from web.forms import Form, carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say
from web.occurrence_forms import PaperForm
from web.papers import paper_of

pages = Blueprint("notices", __name__)

SHEET = "sheet-"
"""Before the names of the document's fields: the signed paper's form stands on the same page."""


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
def show(notice_id: int) -> tuple[str, int]:
    """The notice with its sittings, its documents and its posting list."""
    notice = _readable(notice_id)
    return _page(notice, _fresh_posting(notice))


@pages.post("/desk/notices/<int:notice_id>/postings")
@staff("post")
def post(notice_id: int) -> Response | tuple[str, int]:
    """Note that it hangs somewhere; the same twice is one posting."""
    notice, form = _readable(notice_id), PostingForm()
    if carried_out(form, lambda: _add_posting(notice, form)):
        return _done(notice_id, "notices.done-posting")
    return _page(notice, form)


@pages.post("/desk/notices/<int:notice_id>/paper")
@staff("publish")
def sign(notice_id: int) -> Response | tuple[str, int]:
    """Number, date, signer and the signed file, which documents use and the public pages cite."""
    notice, form = _readable(notice_id), PaperForm()
    now = request_cycle.now()
    if carried_out(form, lambda: sign_notice(request_cycle.db(), notice_id, paper_of(form), by=signed_in(), now=now)):
        return _done(notice_id, "notices.done-paper")
    return _page(notice, form)


@pages.post("/desk/notices/<int:notice_id>/documents")
@staff("publish")
def document(notice_id: int) -> Response | tuple[str, int]:
    """Make the schedule notice under the number and signer the notice has."""
    notice, form = _readable(notice_id), SheetForm(prefix=SHEET)
    if carried_out(form, lambda: _make(notice, form)):
        return _done(notice_id, "documents.done-made")
    return _page(notice, form)


def _page(notice: Notice, form: Form) -> tuple[str, int]:
    """The page with one of its forms as it was sent, the others fresh."""
    db, actor = request_cycle.db(), signed_in()
    require(db, actor, "read", notice.unit_id)
    return form_page(
        "notices/show.html", form,
        notice=notice, sittings=sittings_of(db, notice),
        posting=form if isinstance(form, PostingForm) else _fresh_posting(notice),
        paper=form if isinstance(form, PaperForm) else _fresh_paper(notice),
        sheet=form if isinstance(form, SheetForm) else _fresh_sheet(notice),
        made=documents_of_notice(db, notice.id), missing=missing_places(one.where for one in notice.postings),
        may_post=may(db, actor, "post", notice.unit_id), may_sign=may(db, actor, "publish", notice.unit_id),
    )  # fmt: skip


def _readable(notice_id: int) -> Notice:
    notice = find_notice(request_cycle.db(), notice_id)
    require(request_cycle.db(), signed_in(), "read", notice.unit_id)
    return notice


def _done(notice_id: int, key: str) -> Response:
    flash(say(key))
    return redirect(url_for("notices.show", notice_id=notice_id), 303)


def _add_posting(notice: Notice, form: PostingForm) -> None:
    add_posting(
        request_cycle.db(), notice.id, form.where.data, posted_at=_moment(form), who=form.who.data or "",
        note=form.note.data or "", by=signed_in(), now=request_cycle.now(),
    )  # fmt: skip


def _make(notice: Notice, form: SheetForm) -> Document:
    head = form.head(notice.number, notice.signed_on, notice.signer)
    return make_for_notice(request_cycle.db(), notice, head, by=signed_in(), now=request_cycle.now())


def _fresh_posting(notice: Notice) -> PostingForm:
    local = to_local(request_cycle.now())
    missing = missing_places(one.where for one in notice.postings)
    return PostingForm(
        formdata=None, where=missing[0] if missing else POSTING_PLACES[-1], day=local.date(),
        hour=time(local.hour, local.minute),
    )  # fmt: skip


def _fresh_paper(notice: Notice) -> PaperForm:
    """What was given when it was published is not typed once more."""
    return PaperForm(formdata=None, number=notice.number, signed_on=notice.signed_on, signer=notice.signer)


def _fresh_sheet(notice: Notice) -> SheetForm:
    form = SheetForm(formdata=None, prefix=SHEET, signature_form=notice.paper.signature_form if notice.paper else "")
    filled_from(form, newest_document(request_cycle.db(), notice.unit_id, "schedule"))
    return form


def _moment(form: PostingForm) -> datetime:
    assert form.day.data is not None
    assert form.hour.data is not None
    return at_local(form.day.data, form.hour.data)
