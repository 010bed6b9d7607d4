"""`/api/v1`: sittings, units and posts as the contract names their fields."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request

from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Occurrence
from scheduler.queries.agenda import public_between
from scheduler.queries.feeds import Subject, hosted_by, shown_in, subject_of_post, subject_of_unit, units_of
from scheduler.queries.open_data import changed_by, posts_listed, units_listed
from scheduler.rules.kinds import LEVELS
from web.api.items import occurrence_item, post_item, unit_item
from web.api.lists import LIMIT, MOST, page_of, read_cursor, sent
from web.api.openapi import document
from web.asked import asked_day, asked_flag, asked_kinds, asked_language, asked_number, asked_text, known_shape, shown
from web.guards import public
from web.request_cycle import db, now, settings, today

pages = Blueprint("api", __name__, url_prefix="/api/v1")

MOST_DAYS = 400
"""The longest span of one question: a year with its edges."""
USUAL_DAYS = 90


@pages.before_request
def _speak() -> None:
    asked_language()


@pages.after_request
def _open_to_all(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


@pages.get("/occurrences")
@public
def occurrences() -> Response:
    """Public sittings from `from` to `to`, both days included, by day."""
    first = asked_day("from", today())
    last = asked_day("to", first + timedelta(days=USUAL_DAYS))
    _require_span(first, last)
    limit = asked_number("limit", LIMIT, MOST)
    unit, post = _asked_unit("unit"), asked_text("post")
    head = subject_of_post(db(), known_shape(post), today()) if post else None
    rows = public_between(
        db(),
        first,
        last,
        whose=[*([shown_in(unit, below=asked_flag("below"))] if unit else []), *([hosted_by(head)] if head else [])],
        kinds=asked_kinds(),
        limit=limit + 1,
        after=_after(),
    )
    shown_rows = rows[:limit]
    more = len(rows) > limit
    return page_of(
        [occurrence_item(row, settings().base_url, now()) for row in shown_rows],
        _place_of(shown_rows[-1]) if more else None,
        modified=changed_by(db(), shown_rows, now(), today()),
    )


@pages.get("/units")
@public
def units() -> Response:
    """Units that exist today, by code."""
    limit, level, parent = asked_number("limit", LIMIT, MOST), asked_text("level"), _asked_unit("parent")
    if level and level not in LEVELS:
        raise BadInput("api.unknown-level", place="level", value=shown(level), known=", ".join(LEVELS))
    rows = units_listed(
        db(), today(), level=level, parent_id=parent.id if parent else None, after=_after_code(), limit=limit + 1
    )
    return page_of([unit_item(row) for row in rows[:limit]], [rows[limit - 1].code] if len(rows) > limit else None)


@pages.get("/posts")
@public
def posts() -> Response:
    """Posts that exist today, by code."""
    limit, unit = asked_number("limit", LIMIT, MOST), _asked_unit("unit")
    among = None if unit is None else units_of(unit, below=asked_flag("below"))
    rows = posts_listed(db(), today(), units=among, after=_after_code(), limit=limit + 1)
    return page_of(
        [post_item(row, settings().base_url) for row in rows[:limit]],
        [rows[limit - 1].code] if len(rows) > limit else None,
    )


@pages.get("/openapi.json")
@public
def openapi() -> Response:
    """The description of this interface."""
    return sent(document(settings().base_url))


def _asked_unit(name: str) -> Subject | None:
    code = asked_text(name)
    return subject_of_unit(db(), known_shape(code), today()) if code else None


def _place_of(row: Occurrence) -> list[Any]:
    return [(row.day or row.planned_day).isoformat(), row.id]


def _after() -> tuple[date, int] | None:
    last = read_cursor(str, int)
    if last is None:
        return None
    try:
        return date.fromisoformat(last[0]), last[1]
    except ValueError:
        raise BadInput("api.bad-cursor", place="cursor", value=shown(str(last[0]))) from None


def _after_code() -> str:
    last = read_cursor(str)
    return str(last[0]) if last else ""


def _require_span(first: date, last: date) -> None:
    if last < first:
        raise RuleBroken("api.span-backwards", first=first.isoformat(), last=last.isoformat())
    if (last - first).days >= MOST_DAYS:
        raise RuleBroken("api.span-too-long", first=first.isoformat(), last=last.isoformat(), most=MOST_DAYS)
