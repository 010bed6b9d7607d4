"""The public page of one sitting with its history, and the signed papers that it cites."""

from io import BytesIO
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, send_file
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from scheduler.documents.qr import qr_svg
from scheduler.errors import NotFound
from scheduler.language import dates
from scheduler.models import Occurrence
from scheduler.queries.agenda import holders_on, next_public, public_occurrence, status_of
from scheduler.queries.days import working_calendar
from scheduler.queries.documents import public_documents
from scheduler.queries.public import public_paper, records_of
from scheduler.queries.sitting_page import public_slug, sittings_after
from scheduler.rules.short_codes import number_of
from web.guards import public
from web.language import language
from web.request_cycle import db, now, settings, today
from web.security import FILE_POLICY
from web.sitting_page_lines import held_lines, is_reception, news_of, postings_of, short_path, standing_of
from web.year import shown_day

pages = Blueprint("occurrence", __name__)

SHOWN_INSIDE = ("application/pdf", "image/png", "image/jpeg")
"""What browsers show by themselves; other files are handed over to be kept."""


@pages.get("/occurrences/<slug>")
@public
def show(slug: str) -> str:
    """When, where, by whom, what to bring, and every change since it was told; afterwards who really sat."""
    sitting = public_occurrence(db(), slug)
    heads = [host.post_id for host in sitting.hosts]
    day, record = shown_day(sitting), records_of(db(), [sitting.id]).get(sitting.id)
    called_off = status_of(sitting) in ("cancelled", "postponed")
    nearest = next_public(db(), heads, now()) if called_off else {}
    return render_template(
        "occurrence/show.html",
        sitting=sitting,
        day=day,
        off=not working_calendar(db()).is_working(day),
        holders=holders_on(db(), heads, day),
        standing=standing_of(sitting, sittings_after(db(), sitting, now()), now=now(), today=today()),
        reception=is_reception(sitting),
        news=news_of(sitting),
        held=held_lines(sitting, record),
        later=[found for found in dict.fromkeys(nearest.values()) if found.id != sitting.id],
        hours=dates.span_words(language(), sitting.hours),
        postings=postings_of(sitting.notice),
        documents=public_documents(db(), notice_id=sitting.notice_id, occurrence_id=sitting.id),
        **_short_address(sitting),
    )


@pages.get("/occurrences/<slug>/poster")
@public
def poster(slug: str) -> str:
    """One sitting on one sheet of paper, to be read from two metres."""
    sitting = public_occurrence(db(), slug)
    day = shown_day(sitting)
    return render_template(
        "occurrence/poster.html",
        sitting=sitting,
        day=day,
        off=not working_calendar(db()).is_working(day),
        reception=is_reception(sitting),
        **_short_address(sitting),
    )


@pages.get("/b/<code>")
@public
def short(code: str) -> AnyResponse:
    """A sitting's short address leads to its page. What is no code, or a draft's, is not there."""
    number = number_of(code)
    slug = public_slug(db(), number) if number is not None else ""
    if not slug:
        raise NotFound("errors.not-found")
    return redirect(f"{request.script_root}/occurrences/{slug}", 302)


def _short_address(sitting: Occurrence) -> dict[str, Any]:
    """The address for paper and speech, as text (the site, then its path) and as a QR code."""
    path = f"{'' if language() == 'vi' else f'/{language()}'}{short_path(sitting)}"
    site = settings().base_url
    return {"short": (site.partition("://")[2], path), "qr": qr_code(f"{site}{path}")}


@pages.get("/papers/<slug>")
@public
def paper(slug: str) -> Response:
    """A signed paper as it was given."""
    found = public_paper(db(), slug)
    inside = found.media_type in SHOWN_INSIDE
    response = send_file(
        BytesIO(found.content),
        mimetype=found.media_type if inside else "application/octet-stream",
        as_attachment=not inside,
        download_name=found.name,
        etag=found.sha256,
    )
    response.headers["Content-Security-Policy"] = f"{FILE_POLICY}; sandbox"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def qr_code(address: str) -> Markup:
    """The address as a QR code, an inline picture of lines."""
    return Markup(qr_svg(address))
