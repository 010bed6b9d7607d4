"""The public page of one sitting with its history, and the signed papers that it cites."""

from io import BytesIO

from flask import Blueprint, Response, render_template, send_file
from markupsafe import Markup

from scheduler.documents.qr import qr_svg
from scheduler.language import dates
from scheduler.queries.agenda import holders_on, next_public, public_occurrence
from scheduler.queries.days import working_calendar
from scheduler.queries.documents import public_documents
from scheduler.queries.public import public_paper, records_of
from web.guards import public
from web.language import language
from web.request_cycle import db, now, settings
from web.year import shown_day

pages = Blueprint("occurrence", __name__)

SHOWN_INSIDE = ("application/pdf", "image/png", "image/jpeg")
"""What browsers show by themselves; other files are handed over to be kept."""


@pages.get("/occurrences/<slug>")
@public
def show(slug: str) -> str:
    """When, where, by whom, why on this day, and every change since it was told."""
    sitting = public_occurrence(db(), slug)
    heads = [host.post_id for host in sitting.hosts]
    day = shown_day(sitting)
    later = next_public(db(), heads, now())
    prefix = "" if language() == "vi" else f"/{language()}"
    return render_template(
        "occurrence/show.html",
        sitting=sitting,
        day=day,
        off=not working_calendar(db()).is_working(day),
        holders=holders_on(db(), heads, day),
        record=records_of(db(), [sitting.id]).get(sitting.id),
        later=[found for found in dict.fromkeys(later.values()) if found.id != sitting.id],
        qr=qr_code(f"{settings().base_url}{prefix}/occurrences/{sitting.slug}"),
        hours=dates.span_words(language(), sitting.hours),
        documents=public_documents(db(), notice_id=sitting.notice_id, occurrence_id=sitting.id),
    )


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
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


def qr_code(address: str) -> Markup:
    """The address as a QR code, an inline picture of lines."""
    return Markup(qr_svg(address))
