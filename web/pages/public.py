"""What everybody sees: the first page, the search, and the pages of units and posts with their year."""

from dataclasses import replace
from datetime import date, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from scheduler.models import Occurrence, OccurrenceChange, Unit
from scheduler.queries.agenda import holders_on, next_public, public_between
from scheduler.queries.days import working_calendar
from scheduler.queries.documents import public_documents_of_units
from scheduler.queries.duties import PostDays, Wanted, days_of_posts
from scheduler.queries.office_settings import office_settings
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
from scheduler.queries.registrations import may_be_registered_for
from scheduler.queries.units import unit_label
from scheduler.rules.workflow import TAKEN_PLACE
from web.asked_calendar import GROUPS, Asked, asked_calendar
from web.guards import public
from web.news import news_since
from web.request_cycle import db, now, settings, today
from web.year import has_day, shown_day, year_of

pages = Blueprint("public", __name__)

PROVINCE = "province"
HOME_SITTINGS = 8
HOME_CHANGES = 6
PAGE_CHANGES = 5
HANDED_OVER = "hand_over"
"""A step that is told once for all sittings, by the line of the unit that ended."""
TOLD = ("head", "part", "stand_in", "cancelled", "unrecorded")
"""What became of a day, as facts that are always public."""


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
    lines += ["Disallow: /registrations", "Allow: /feeds/", f"Sitemap: {settings().base_url}/sitemap.xml"]
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
    asked = asked_calendar(subject)
    heads = [head.id for head in subject.heads]
    upcoming_of = next_public(db(), heads, now())
    sittings = _sittings(subject, asked)
    dated = [sitting for sitting in sittings if has_day(sitting)]
    return render_template(
        "public/calendar.html",
        subject=subject,
        asked=asked,
        groups=GROUPS,
        base_url=settings().base_url,
        below=below,
        label=unit_label,
        months=year_of(asked.first.year, dated, working_calendar(db()), months=asked.months, today=today()),
        sittings=sittings,
        parts=_parts(sittings),
        shared_place=_shared_place(sittings),
        answer=min(upcoming_of.values(), key=lambda sitting: (sitting.starts_at, sitting.id), default=None),
        registers=lambda sitting: may_be_registered_for(sitting, now=now()),
        next_of=upcoming_of,
        holders=holders_on(db(), heads, today()),
        changes=_news_of(_sittings(subject, None)) if asked.filtered else _news_of(sittings),
        facts=_facts_of(subject, asked.first.year),
        rates=_rates_public(subject),
        records=records_of(db(), [sitting.id for sitting in sittings if sitting.state in TAKEN_PLACE]),
        documents=[] if subject.post else public_documents_of_units(db(), [unit.id for unit in subject.units]),
    )


def _sittings(subject: Subject, asked: Asked | None) -> list[Occurrence]:
    """The calendar's sittings of the wanted time, post and kinds; without wishes those of the year."""
    asked = asked or replace(asked_calendar(subject), post=None, kinds=())
    post = asked.post or subject.post
    return public_between(
        db(),
        asked.first,
        asked.last,
        whose=() if subject.post else (subject.sittings,),
        post_id=post.id if post else None,
        kinds=asked.kinds,
    )


def _parts(sittings: list[Occurrence]) -> list[tuple[str, list[Occurrence]]]:
    """The list's parts: those to come, those whose day is not set yet, those that are over."""
    dated = [sitting for sitting in sittings if has_day(sitting)]
    parts = [
        ("coming", [sitting for sitting in dated if shown_day(sitting) >= today()]),
        ("undated", [sitting for sitting in sittings if not has_day(sitting)]),
        ("past", [sitting for sitting in dated if shown_day(sitting) < today()]),
    ]
    return [(key, some) for key, some in parts if some]


def _facts_of(subject: Subject, year: int) -> list[PostDays]:
    """What each head did in the year so far; what the law asks is counted of weeks and months that have ended."""
    month = today().replace(day=1)
    last = min(date(year, 12, 31), date(month.year + month.month // 12, month.month % 12 + 1, 1) - timedelta(days=1))
    if last.year != year:
        return []
    wanted = Wanted(date(year, 1, 1), last)
    found = [replace(wanted, post_code=head.code) for head in subject.heads if head.duty]
    if subject.post is None and subject.unit.level != "province":
        found = [replace(wanted, unit_id=subject.unit.id)]
    facts = [days for one in found for days in days_of_posts(db(), one, today=today())]
    return [days for days in facts if any(days.tally.number(column) for column in TOLD)]


def _rates_public(subject: Subject) -> bool:
    """Whether the province has decided that rates are public."""
    return bool(office_settings(db()).value("rates_public", subject.unit.id, today()))


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
