"""Documents made from what is published, of a sitting or a unit, and the Word templates a unit puts in their place."""

from io import BytesIO

from flask import Blueprint, Response, flash, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from scheduler.actions.documents import remove_template
from scheduler.clock import local_date
from scheduler.documents.making import (
    make_for_sitting,
    make_for_unit,
    make_poster,
    replace_template,
    template_bytes,
)
from scheduler.errors import NotFound
from scheduler.models import Document, Occurrence, Unit
from scheduler.queries.access import may, require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.documents import (
    document_by_slug,
    documents_of_sitting,
    documents_of_unit,
    newest_document,
    public_document,
    templates_of,
)
from scheduler.rules.documents import WITH_TEMPLATE
from scheduler.rules.workflow import PUBLIC
from web.document_forms import SittingDocumentForm, TemplateForm, UnitDocumentForm, filled_from
from web.forms import carried_out, choices, form_page
from web.guards import public, signed_in, staff
from web.language import say
from web.named_units import own_unit
from web.request_cycle import db, now, settings, today
from web.security import FILE_POLICY

pages = Blueprint("papers", __name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MEDIA = {"pdf": "application/pdf", "docx": WORD}
LAST_MONTH = 12


@pages.route("/desk/occurrences/<slug>/documents", methods=["GET", "POST"])
@staff("read")
def sitting(slug: str) -> AnyResponse | tuple[str, int]:
    """What was made of a sitting, and what can be."""
    occurrence = find_occurrence(db(), slug)
    require(db(), signed_in(), "read" if request.method == "GET" else "publish", occurrence.unit_id)
    if occurrence.state not in PUBLIC:
        raise NotFound("errors.not-found")
    form = SittingDocumentForm()
    form.kind.choices = choices(*((kind, f"documents.kind-{kind}") for kind in _kinds_for(occurrence)))
    if request.method == "GET":
        _prefill(form, occurrence)
    made: list[Document] = []
    if carried_out(form, lambda: made.append(_of_sitting(occurrence, form))):
        return _made(url_for("papers.sitting", slug=slug))
    return form_page(
        "papers/sitting.html", form, sitting=occurrence, made=documents_of_sitting(db(), occurrence.id),
        may_make=may(db(), signed_in(), "publish", occurrence.unit_id),
    )  # fmt: skip


@pages.route("/desk/units/<code>/documents", methods=["GET", "POST"])
@staff("read")
def unit(code: str) -> AnyResponse | tuple[str, int]:
    """Schedules of a unit for a month or a year, and its poster."""
    found = own_unit(code, "read" if request.method == "GET" else "publish")
    form = UnitDocumentForm()
    if request.method == "GET":
        year = today().year + (today().month == LAST_MONTH)
        form.first.data, form.last.data = today().replace(year, 1, 1), today().replace(year, 12, 31)
        form.kind.data = "schedule"
        filled_from(form, newest_document(db(), found.id, "schedule"))
    made: list[Document] = []
    if carried_out(form, lambda: made.append(_of_unit(found, form))):
        return _made(url_for("papers.unit", code=code))
    return form_page(
        "papers/unit.html", form, unit=found, made=documents_of_unit(db(), found.id),
        may_make=may(db(), signed_in(), "publish", found.id),
    )  # fmt: skip


@pages.get("/desk/documents/<slug>.<any(pdf, docx):shape>")
@staff("read")
def kept(slug: str, shape: str) -> Response:
    """A document as it was made, for who may read the unit."""
    found = document_by_slug(db(), slug, bytes_too=True)
    require(db(), signed_in(), "read", found.unit_id)
    return _sent(found, shape)


@pages.get("/documents/<slug>.pdf")
@public
def published(slug: str) -> Response:
    """A document for everybody, as paper shows it."""
    response = _sent(public_document(db(), slug), "pdf")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@pages.route("/desk/units/<code>/templates", methods=["GET", "POST"])
@staff("read")
def templates(code: str) -> AnyResponse | tuple[str, int]:
    """The unit's Word templates: its own, those from above, and ours."""
    found, form = own_unit(code, "read" if request.method == "GET" else "post"), TemplateForm()
    if carried_out(form, lambda: _replace(found, form)):
        flash(say("documents.done-template"))
        return redirect(url_for("papers.templates", code=code), 303)
    return form_page(
        "papers/templates.html", form, unit=found, kinds=WITH_TEMPLATE, held=templates_of(db(), found.id),
        may_replace=may(db(), signed_in(), "post", found.id),
    )  # fmt: skip


@pages.get("/desk/units/<code>/templates/<kind>.docx")
@staff("read")
def template(code: str, kind: str) -> Response:
    """The template that holds for the unit, to be changed and put back."""
    found = own_unit(code, "read")
    if kind not in WITH_TEMPLATE:
        raise NotFound("errors.not-found")
    _, content = template_bytes(db(), found.id, kind)
    return send_file(BytesIO(content), mimetype=WORD, as_attachment=True, download_name=f"{kind}.docx")


@pages.post("/desk/units/<code>/templates/<kind>/remove")
@staff("post")
def remove(code: str, kind: str) -> AnyResponse:
    """Take the unit's own template back."""
    remove_template(db(), own_unit(code, "read"), kind, by=signed_in(), now=now())
    flash(say("documents.done-removed"))
    return redirect(url_for("papers.templates", code=code), 303)


def _kinds_for(occurrence: Occurrence) -> list[str]:
    """What can be made of the sitting as it stands."""
    kinds = ["change"] if occurrence.changes else []
    if occurrence.state == "published" and occurrence.day is not None:
        kinds += (["invitation"] if occurrence.attend else []) + ["agenda"]
    return [*kinds, "door"]


def _prefill(form: SittingDocumentForm, occurrence: Occurrence) -> None:
    """What is known already is not typed twice: the change's number, the notice's signer, the last document's rest."""
    wanted, kinds = request.args.get("kind", ""), _kinds_for(occurrence)
    form.kind.data = wanted if wanted in kinds else kinds[0]
    if form.kind.data == "change":
        form.number.data = occurrence.changes[-1].notice_number
    if occurrence.notice is not None:
        form.signer.data = occurrence.notice.signer
        form.signature_form.data = occurrence.notice.paper.signature_form if occurrence.notice.paper else ""
    if form.kind.data == "invitation":
        form.recipients.data = "\n".join([*occurrence.attend, say("documents.filed")])
    filled_from(form, newest_document(db(), occurrence.unit_id, str(form.kind.data)))


def _of_sitting(occurrence: Occurrence, form: SittingDocumentForm) -> Document:
    return make_for_sitting(db(), occurrence, form.kind.data, form.own_head(), by=signed_in(), now=now())


def _of_unit(found: Unit, form: UnitDocumentForm) -> Document:
    if form.kind.data == "poster":
        return make_poster(db(), found, base_url=settings().base_url, by=signed_in(), now=now())
    assert form.first.data is not None
    assert form.last.data is not None
    return make_for_unit(
        db(), found, form.own_head(), first=form.first.data, last=form.last.data, by=signed_in(), now=now()
    )


def _replace(found: Unit, form: TemplateForm) -> None:
    name, content = form.file.given()
    replace_template(db(), found, form.kind.data, name=name, content=content, by=signed_in(), now=now())


def _made(address: str) -> AnyResponse:
    flash(say("documents.done-made"))
    return redirect(address, 303)


def _sent(document: Document, shape: str) -> Response:
    content = document.pdf if shape == "pdf" else document.docx
    if content is None:
        raise NotFound("errors.not-found")
    name = f"{document.kind}-{local_date(document.made_at):%Y-%m-%d}.{shape}"
    response = send_file(
        BytesIO(content), mimetype=MEDIA[shape], as_attachment=shape == "docx", download_name=name,
        etag=f"{document.slug}-{shape}",
    )  # fmt: skip
    # Our own bytes: no sandbox, in which browsers refuse to show a PDF.
    response.headers["Content-Security-Policy"] = f"{FILE_POLICY}; object-src 'self'"
    return response
