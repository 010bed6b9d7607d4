"""Public pages and data answered from memory for visitors who carry no cookie of ours.

The one rule when an answer is stale: it was made before the newest change of any public calendar (which a process
learns within a second), on another day, or more than a minute ago. What raises no calendar (a new telephone number
of a place, a posting, the minute at which a sitting ends) is therefore told within a minute. Nothing about
registrations stands on these pages. An answer that sets a cookie, shows a form's token, or differs for who is
signed in is never kept: only the pages of ENDPOINTS are, and only as everybody gets them.
"""

import gzip
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from flask import Flask, Response, g, request

from calendars.kept import Shelf
from scheduler.clock import local_date
from web.kept_answers import ENTITY, Environ, Headers, KeptAnswer, Pulse, wants_packed
from web.state import State

ENDPOINTS = frozenset(
    {
        "public.home",
        "public.unit",
        "public.post",
        "find.list_provinces",
        "find.province",
        "occurrence.show",
        "occurrence.poster",
        "embed.unit",
        "open_data.about",
        "open_data.of_unit",
        "open_data.of_post",
        "api.occurrences",
        "api.units",
        "api.posts",
        "api.openapi",
    }
)
"""Pages that are the same for everybody without a sign-in."""
PATH = re.compile(
    r"(?:/en)?/(?:|(?:units|posts)/[a-z0-9-]+(?:/[0-9]{4}\.csv)?|occurrences/[a-z0-9]+(?:/poster)?|embed/units/[a-z0-9-]+"
    r"|open-data|provinces(?:/[a-z0-9-]+)?|api/v1/(?:occurrences|units|posts|openapi\.json))"
)
"""Their addresses: anything else is passed on as it came."""
LONGEST_QUERY = 200
KEPT_FOR = timedelta(seconds=60)
HELD = 64_000_000
WORTH_PACKING = 600
MARK = "lichdan.kept_page"
"""Where a request leaves the answer that may be kept."""
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
OWN_COOKIES = ("lichdan=", "__Host-lichdan=", "province=")
Start = Callable[..., Any]


@dataclass(frozen=True)
class Keepable:
    """An answer everybody may get: the page it is of, its whole body as it was sent, its tag, when it last changed."""

    route: str
    body: bytes
    etag: str
    modified: datetime | None


@dataclass(frozen=True)
class KeptPage:
    """A kept answer, of which page it is, and until when it holds."""

    answer: KeptAnswer
    route: str
    until: datetime


def install(app: Flask) -> None:
    """Tag, pack and mark what is the same for everybody, as the application answers it."""
    app.after_request(_offer)


class KeptPages:
    """The layer around the application, inside the one of calendars."""

    def __init__(self, app: Any, state: State, count: Callable[[str, str, str], None], pulse: Pulse) -> None:
        self.app = app
        self.state = state
        self.count = count
        self.pulse = pulse
        self._kept: Shelf[KeptPage] = Shelf(HELD, lambda page: len(page.answer.body) + 2_000)

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        if not self.state.keeps_pages or not _same_for_all(environ):
            passed: Iterable[bytes] = self.app(environ, start_response)
            return passed
        packed = wants_packed(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = (environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", ""), packed)
        pulse, now, page = self.pulse.current(), self.state.clock(), self._kept.get(key)
        if page is not None and self._holds(page, pulse, now):
            status, body = page.answer.sent(environ, start_response, now)
            self.count(page.route, environ["REQUEST_METHOD"], status)
            return body
        return self._ask(environ, start_response, key, pulse)

    def _holds(self, page: KeptPage, pulse: int | None, now: datetime) -> bool:
        return page.answer.pulse == pulse and now < page.until and page.answer.day == local_date(now)

    def _ask(self, environ: Environ, start_response: Start, key: Any, pulse: int | None) -> Iterable[bytes]:
        """Let the application answer in full, keep what it marked, and send that to who asked."""
        if environ["REQUEST_METHOD"] != "GET" or pulse is None:
            passed: Iterable[bytes] = self.app(environ, start_response)
            return passed
        now = self.state.clock()
        conditions = {name: environ.pop(name) for name in CONDITIONS if name in environ}
        told: list[tuple[str, Headers]] = []

        def listen(status: str, headers: Headers, _fault: Any = None) -> Any:
            told[:] = [(status, list(headers))]
            return _write_nothing

        answer: Iterable[bytes] = self.app(environ, listen)
        status, headers = told[0]
        marked: Keepable | None = environ.get(MARK)
        sets_cookie = any(name.lower() == "set-cookie" for name, _ in headers)  # also the session's, which comes last
        if marked is None or sets_cookie or not status.startswith("200"):
            start_response(status, headers)
            return answer
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        kept = KeptAnswer(
            [(name, value) for name, value in headers if name.lower() != "date"],
            [(name, value) for name, value in headers if name.lower() not in (*ENTITY, "date")],
            marked.body, marked.etag, marked.modified, pulse, local_date(now),
        )  # fmt: skip
        self._kept.put(key, KeptPage(kept, marked.route, now + KEPT_FOR))
        return kept.sent({**environ, **conditions}, start_response, now)[1]


def _same_for_all(environ: Environ) -> bool:
    """Whether the answer may come from memory by what was asked, and by whom."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or "HTTP_AUTHORIZATION" in environ:
        return False
    if len(environ.get("QUERY_STRING", "")) > LONGEST_QUERY or not PATH.fullmatch(environ.get("PATH_INFO", "")):
        return False
    cookies = environ.get("HTTP_COOKIE", "")
    return not cookies or not any(name in cookies for name in OWN_COOKIES)


def _write_nothing(_data: bytes) -> None:
    raise AssertionError("pages answer with a body, they do not write")


def _offer(response: Response) -> Response:
    """Give the answer its tag, pack it, and mark it as one that may be kept."""
    if request.endpoint not in ENDPOINTS or response.status_code != 200 or request.method not in ("GET", "HEAD"):
        return response
    if "Set-Cookie" in response.headers or g.get("actor") is not None:
        return response
    body = response.get_data()
    packed = len(body) >= WORTH_PACKING and wants_packed(request.headers.get("Accept-Encoding", ""))
    etag = response.get_etag()[0] or sha256(body).hexdigest()[:32]
    if packed:
        body = gzip.compress(body, 6, mtime=0)
        response.set_data(body)
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(etag, weak=packed)
    response.vary.add("Accept-Encoding")
    rule = request.url_rule
    tag = f'W/"{etag}"' if packed else f'"{etag}"'
    request.environ[MARK] = Keepable(rule.rule if rule else "", body, tag, response.last_modified)
    response.make_conditional(request)
    return response
