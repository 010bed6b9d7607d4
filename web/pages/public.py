"""What everybody sees: the first page, the search, and the pages of units and posts with their year."""

from dataclasses import replace
from datetime import date, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from scheduler.errors import BadInput, HouseError
from scheduler.models import Occurrence, OccurrenceChange, Unit
from scheduler.queries.agenda import holders_on, next_public, public_between
from scheduler.queries.days import working_calendar
from scheduler.queries.documents import public_documents_of_units
from scheduler.queries.duties import PostDays, Wanted, days_of_posts
from scheduler.queries.public import (
    Subject,
    places_below,
    post_subject,
    provinces,
    recent_changes,
    records_of,
    unit_subject,
    upcoming,
)
from scheduler.queries.units import unit_label
from scheduler.rules.workflow import TAKEN_PLACE
from web.guards import public
from web.news import news_since
from web.request_cycle import db, now, settings, today
from web.year import shown_day, year_of

pages = Blueprint("public", __name__)

PROVINCE = "province"
HOME_SITTINGS = 8
HOME_CHANGES = 6
PAGE_CHANGES = 5
FIRST_YEAR, LAST_YEAR = 2014, 2100
HANDED_OVER = "hand_over"
"""A step that is told once for all sittings, by the line of the unit that ended."""
WHOLE_YEAR = tuple(range(1, 13))


@pages.get("/")
@public
def home() -> AnyResponse | str:
    """The question, the next sittings, and what changed. A chosen province has an address of its own."""
    known = provinces(db())
    chosen = request.args.get(PROVINCE, "")
    if any(unit.code == chosen for unit in known):
        return redirect(url_for("find.province", code=chosen), 303)
    return render_template(
        "public/home.html",
        provinces=known,
        sittings=upcoming(db(), now(), today(), limit=HOME_SITTINGS),
        changes=[
            (change.occurrence, change) for change in recent_changes(db(), news_since(), today(), limit=HOME_CHANGES)
        ],
    )


@pages.get("/units/<code>")
@public
def unit(code: str) -> AnyResponse | str:
    """Who receives here, when next, where, and the year."""
    subject = unit_subject(db(), code, today())
    return _led_on(subject) or _calendar_page(subject, below=places_below(db(), subject.unit))


@pages.get("/posts/<code>")
@public
def post(code: str) -> AnyResponse | str:
    """One post: when next, where, and the year."""
    subject = post_subject(db(), code, today())
    return _led_on(subject) or _calendar_page(subject, below=[])


@pages.get("/robots.txt")
@public
def robots() -> Response:
    """Search engines may read what is public, the calendars too."""
    lines = ["User-agent: *", "Disallow: /desk", "Disallow: /sign-in", "Disallow: /links/", "Disallow: /tasks/"]
    lines += ["Allow: /feeds/", f"Sitemap: {settings().base_url}/sitemap.xml"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@pages.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The provinces, from which all places are reached."""
    page = render_template("public/sitemap.xml", provinces=provinces(db()), base_url=settings().base_url)
    return Response(page, mimetype="application/xml")


def _led_on(subject: Subject) -> AnyResponse | None:
    """After a merger the old address leads to the new page; a year or a month of the old one is still shown."""
    if not subject.leads_on or "year" in request.args or "month" in request.args:
        return None
    return redirect(f"{request.script_root}{subject.leads_on}", 301)


def _calendar_page(subject: Subject, *, below: list[Unit]) -> str:
    first, last, months = _period()
    post_id = subject.post.id if subject.post else None
    whose = () if subject.post else (subject.sittings,)
    sittings = public_between(db(), first, last, whose=whose, post_id=post_id)
    heads = [head.id for head in subject.heads]
    held = [sitting for sitting in sittings if sitting.state in TAKEN_PLACE]
    return render_template(
        "public/calendar.html",
        subject=subject,
        base_url=settings().base_url,
        below=below,
        label=unit_label,
        first=first,
        whole_year=len(months) > 1,
        months=year_of(first.year, sittings, working_calendar(db()), months=months, today=today()),
        sittings=sittings,
        coming_sittings=[sitting for sitting in sittings if shown_day(sitting) >= today()],
        past_sittings=[sitting for sitting in sittings if shown_day(sitting) < today()],
        shared_place=_shared_place(sittings),
        next_of=next_public(db(), heads, now()),
        holders=holders_on(db(), heads, today()),
        changes=_news_of(sittings),
        facts=_facts_of(subject, first.year),
        facts_last=_last_ended(first.year),
        records=records_of(db(), [sitting.id for sitting in held]),
        documents=[] if subject.post else public_documents_of_units(db(), [unit.id for unit in subject.units]),
    )


def _facts_of(subject: Subject, year: int) -> list[PostDays]:
    """The days of each head in the months of the year that have ended; nothing before the first of them has."""
    last = _last_ended(year)
    if last.year != year:
        return []
    wanted = Wanted(date(year, 1, 1), last)
    found = [replace(wanted, post_code=head.code) for head in subject.heads if head.duty]
    if subject.post is None and subject.unit.level != "province":
        found = [replace(wanted, unit_id=subject.unit.id)]
    return [days for one in found for days in days_of_posts(db(), one, today=today()) if days.tally.number("planned")]


def _last_ended(year: int) -> date:
    """The last day of the year's newest month that has ended."""
    return min(date(year, 12, 31), today().replace(day=1) - timedelta(days=1))


def _news_of(sittings: list[Occurrence]) -> list[tuple[Occurrence, OccurrenceChange]]:
    """The newest change of each sitting that was told lately and still matters, the newest first."""
    found = []
    for sitting in sittings:
        change = next((one for one in reversed(sitting.changes) if one.step != HANDED_OVER), None)
        days = [day for day in (sitting.day, sitting.published_day) if day]
        if change and change.at >= news_since() and max(days, default=today()) >= today():
            found.append((sitting, change))
    return sorted(found, key=lambda pair: pair[1].at, reverse=True)[:PAGE_CHANGES]


def _shared_place(sittings: list[Occurrence]) -> str:
    """The place, where all of them are at one and the same."""
    places = {sitting.place for sitting in sittings}
    return places.pop() if len(places) == 1 else ""


def _period() -> tuple[date, date, tuple[int, ...]]:
    """First and last day of what the address asks for, and its months. Raises BadInput."""
    year, month = _number("year", today().year), _number("month", 0)
    if not FIRST_YEAR <= year <= LAST_YEAR or not 0 <= month <= 12:
        raise _no_such_period()
    if not month:
        return date(year, 1, 1), date(year, 12, 31), WHOLE_YEAR
    after = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), after - timedelta(days=1), (month,)


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise _no_such_period()
    return int(text)


def _no_such_period() -> HouseError:
    return BadInput("public.no-such-period", first=FIRST_YEAR, last=LAST_YEAR)
