"""One change, every mouth: the texts of a sitting's newest version, or of a notice, ready to be copied."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from scheduler.errors import NotFound
from scheduler.language.announcements import door_sheet, loudspeaker_text, sms_text, zalo_text
from scheduler.language.listings import loud_listing, sms_listing, zalo_listing
from scheduler.language.mouths import telephone_words
from scheduler.language.spoken import reading_seconds
from scheduler.models import Occurrence
from scheduler.queries.access import require
from scheduler.queries.agenda import find_occurrence
from scheduler.queries.mouths import listing_of, news_of
from scheduler.queries.notices import find_notice, sittings_of
from scheduler.rules.workflow import PUBLIC
from web.asked import asked_text
from web.guards import signed_in, staff
from web.language import language
from web.request_cycle import db, now, settings, today

pages = Blueprint("mouths", __name__)


@pages.get("/desk/occurrences/<slug>/texts")
@staff("read")
def sitting(slug: str) -> str | Response:
    """The texts of one version; its number stands in the address, so that an old text is known as such."""
    occurrence = _public(slug)
    version = _asked_version(occurrence.sequence)
    if version is None:
        return redirect(url_for("mouths.sitting", slug=slug, version=occurrence.sequence), 303)
    news = news_of(occurrence, told_on=today(), sequence=version)
    loud, sms = loudspeaker_text(news, language()), sms_text(news, language())
    return render_template(
        "mouths/sitting.html",
        sitting=occurrence,
        version=version,
        since=_since(occurrence, version),
        void_since=_void_since(occurrence, version),
        zalo=zalo_text(news, language()),
        loud=loud,
        seconds=reading_seconds(loud),
        sms=sms,
        phone=telephone_words(news, language()),
        fragment=render_template(
            "mouths/table.html",
            rows=[occurrence],
            office=occurrence.unit.name,
            at=now(),
            live=f"{settings().base_url}/occurrences/{slug}",
        ).strip(),
    )


@pages.get("/desk/occurrences/<slug>/door")
@staff("read")
def door(slug: str) -> str | Response:
    """The sheet for the door, to be printed from the browser."""
    occurrence = _public(slug)
    version = _asked_version(occurrence.sequence)
    if version is None:
        return redirect(url_for("mouths.door", slug=slug, version=occurrence.sequence), 303)
    sheet = door_sheet(news_of(occurrence, told_on=today(), sequence=version), language())
    return render_template(
        "mouths/door.html", sitting=occurrence, sheet=sheet, void_since=_void_since(occurrence, version)
    )


@pages.get("/desk/notices/<int:notice_id>/texts")
@staff("read")
def notice(notice_id: int) -> str | Response:
    """The texts of a whole notice: what of it is still to come. An address of an older version says that it is void."""
    found = find_notice(db(), notice_id)
    require(db(), signed_in(), "read", found.unit_id)
    sittings = sittings_of(db(), found)
    newest = sum(one.sequence for one in sittings)
    version = _asked_version(newest)
    if version is None:
        return redirect(url_for("mouths.notice", notice_id=notice_id, version=newest), 303)
    listing = listing_of(found, sittings, today())
    loud = loud_listing(listing, language())
    return render_template(
        "mouths/notice.html",
        notice=found,
        at=now(),
        void_since=max(one.content_changed_at for one in sittings) if version < newest else None,
        coming=bool(listing.series),
        zalo=zalo_listing(listing, language()),
        loud=loud,
        seconds=reading_seconds(loud),
        sms=sms_listing(listing, language()),
        fragment=render_template(
            "mouths/table.html",
            rows=sittings,
            office=found.unit.name,
            at=now(),
            live=f"{settings().base_url}/units/{found.unit.code}",
        ).strip(),
    )


def _public(slug: str) -> Occurrence:
    occurrence = find_occurrence(db(), slug)
    require(db(), signed_in(), "read", occurrence.unit_id)
    if occurrence.state not in PUBLIC:
        raise NotFound("errors.not-found")
    return occurrence


def _asked_version(newest: int) -> int | None:
    """The version the address names; None where it names none. Raises NotFound for one there never was."""
    asked = asked_text("version")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and len(asked) < 6 and int(asked) <= newest):
        raise NotFound("errors.not-found")
    return int(asked)


def _since(occurrence: Occurrence, version: int) -> datetime | None:
    """When this version was made public."""
    return occurrence.changes[version - 1].at if version else occurrence.published_at


def _void_since(occurrence: Occurrence, version: int) -> datetime | None:
    """When the change came that made this version void; None for the newest."""
    return occurrence.changes[version].at if version < len(occurrence.changes) else None
