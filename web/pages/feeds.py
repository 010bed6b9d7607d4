"""Calendars over HTTP: public ones by unit and post, private ones by a secret address, one sitting as a file."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from calendars.feeds import FEED, KeptFeed
from calendars.served import Calendars, Wish
from scheduler.actions.feed_tokens import NOTED_EVERY, note_use
from scheduler.queries.agenda import public_occurrence
from scheduler.queries.feeds import subject_of_post, subject_of_unit
from scheduler.queries.private_feeds import Owner, owner_of
from web.asked import asked_flag, asked_kinds, asked_language, known_shape
from web.feed_addresses import feed_address
from web.guards import public
from web.kept_answers import MARK, wants_packed
from web.meter import Meter
from web.request_cycle import db, note, now, settings, today

pages = Blueprint("feeds", __name__)

CALENDAR = "text/calendar; charset=utf-8"
MOST_AN_HOUR = 600
"""Fetches of one private address; a phone that asks every five minutes needs twelve."""
HIDDEN = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


@pages.get("/feeds/<any(unit, post):kind>/<code>.ics")
@public
def calendar(kind: str, code: str) -> AnyResponse:
    """A public calendar; after a merger the old address leads to the new one."""
    wish = Wish(asked_language(), asked_kinds(), kind == "unit" and asked_flag("below"))
    find = subject_of_unit if kind == "unit" else subject_of_post
    subject = find(db(), known_shape(code), today())
    if subject.leads_to:
        query = request.query_string.decode("ascii", "replace")
        address = f"{request.script_root}/feeds/{kind}/{subject.leads_to}.ics"
        return redirect(f"{address}?{query}" if query else address, 301)
    feed = calendars().public_feed(
        db(), subject, wish, source=feed_address(settings().base_url, subject, wish), now=now()
    )
    request.environ[MARK] = feed
    return _sent(feed, FEED[kind].cache_control)


@pages.get("/feeds/private/<path:name>")
@public
def private_calendar(name: str) -> Response:
    """The calendar behind a secret address. One that is unknown, closed or malformed is not there, all alike."""
    secret = name.removesuffix(".ics") if name.endswith(".ics") else ""
    owner = owner_of(db(), secret, today=today(), production=settings().production)
    if owner is None:
        return Response(b"", 404, HIDDEN, "text/plain")
    wait = _meter().wait(owner.token_id, now())
    if wait:
        return Response(b"", 429, HIDDEN | {"Retry-After": str(wait)}, "text/plain")
    _note_use(owner)
    return _sent(calendars().private_feed(db(), owner, now=now()), FEED["private"].cache_control)


@pages.get("/occurrences/<slug>.ics")
@public
def sitting(slug: str) -> Response:
    """One public sitting as a file for a calendar."""
    language = asked_language()
    feed = calendars().single(public_occurrence(db(), slug), language=language, now=now())
    response = _sent(feed, "public, max-age=60")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug[:8]}.ics"'
    return response


def calendars() -> Calendars:
    """The calendars kept in this process."""
    kept = current_app.extensions.get("lichdan.calendars")
    if kept is None:
        kept = current_app.extensions["lichdan.calendars"] = Calendars(settings().base_url, settings().feed_domain)
    assert isinstance(kept, Calendars)
    return kept


def _sent(feed: KeptFeed, cache_control: str) -> Response:
    """The calendar, packed when asked, or 304. The packed form's tag is weak: other bytes, the same calendar."""
    packed = wants_packed(request.headers.get("Accept-Encoding", ""))
    response = Response(feed.packed if packed else feed.body, content_type=CALENDAR)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(feed.etag, weak=packed)
    response.last_modified = feed.modified
    response.headers["Cache-Control"] = cache_control
    response.headers["X-Robots-Tag"] = "noindex"
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    return response


def _note_use(owner: Owner) -> None:
    moment = now()
    if owner.used_at is None or moment - owner.used_at >= NOTED_EVERY:
        note(lambda notes: note_use(notes, owner.token_id, now=moment))


def _meter() -> Meter:
    meter = current_app.extensions.setdefault("lichdan.feed_meter", Meter(MOST_AN_HOUR, timedelta(hours=1)))
    assert isinstance(meter, Meter)
    return meter
