"""Public calendars answered from memory, before the application is asked: most polls end here with a 304.

An answer is kept with all its headers as the application gave it, under its host, address and encoding. It stands
as long as no calendar of the installation has changed (one small question a second finds out) and the day is the
same. Everything else passes through; pages and data are kept by web/kept_pages.
"""

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Accept
from werkzeug.http import http_date, is_resource_modified, parse_accept_header

from calendars.kept import Shelf
from scheduler.clock import local_date
from scheduler.database import Broken, read_only
from scheduler.queries.feeds import pulse_of
from web.state import State

if TYPE_CHECKING:
    from calendars.feeds import KeptFeed

MARK = "lichdan.kept_feed"
"""Where the page leaves the calendar it has just answered with."""
ROUTE = "/feeds/<any(unit, post):kind>/<code>.ics"
"""The page whose answers are kept, as figures name it."""
PATHS = ("/feeds/unit/", "/feeds/post/")
QUERY = re.compile(r"(?:(?:kind=[a-z_,]{0,80}|below=[01]|lang=(?:vi|en))(?:&|$)){0,8}")
FRESH_SECONDS = 1.0
HELD = 64_000_000
ENTITY = ("content-type", "content-length", "content-encoding", "content-language")
"""Headers of the calendar itself, which a 304 does not repeat."""
Environ = dict[str, Any]
Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class KeptAnswer:
    """A whole answer of the application, and until when it holds."""

    headers: Headers
    unchanged: Headers  # the same for a 304 (RFC 9110 15.4.5)
    body: bytes
    etag: str
    modified: Any
    pulse: int
    day: date

    def sent(
        self, environ: Environ, start_response: Callable[..., Any], now: datetime
    ) -> tuple[str, Iterable[bytes]]:  # fmt: skip
        """The status with which it was sent, and its body: 304 for whoever has it (RFC 9110 13.1)."""
        date_ = ("Date", http_date(now))
        if not is_resource_modified(environ, etag=self.etag, last_modified=self.modified):
            start_response("304 NOT MODIFIED", [*self.unchanged, date_])
            return "304", ()
        start_response("200 OK", [*self.headers, date_])
        return "200", () if environ["REQUEST_METHOD"] == "HEAD" else (self.body,)


class Pulse:
    """A number that rises with every change of any public calendar, asked for at most once a second."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._number, self._until = -1, 0.0

    def forget(self) -> None:
        """Ask again at the next reading: this process has just written something."""
        self._until = 0.0

    def current(self) -> int | None:
        """The number, at most a second old; None while the database cannot be asked."""
        moment = time.monotonic()
        if moment < self._until:
            return self._number
        try:
            with self._state.database.open() as db:
                read_only(db)
                self._number, _ = pulse_of(db)
        except Broken:
            return None
        self._until = moment + FRESH_SECONDS
        return self._number


def wants_packed(accept: str) -> bool:
    """Whether an Accept-Encoding asks for gzip."""
    if "gzip" not in accept or "q=" not in accept:
        return "gzip" in accept
    return parse_accept_header(accept, Accept)["gzip"] > 0


class KeptAnswers:
    """The layer around the application."""

    def __init__(self, app: Any, state: State, count: Callable[[str, str], None], pulse: Pulse) -> None:
        self.app = app
        self.state = state
        self.count = count
        self.pulse = pulse
        self.answered = 0
        self._kept: Shelf[KeptAnswer] = Shelf(HELD, lambda answer: len(answer.body) + 2_000)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            try:
                passed: Iterable[bytes] = self.app(environ, start_response)
                return passed
            finally:
                self.pulse.forget()
        if not environ.get("PATH_INFO", "").startswith(PATHS) or not QUERY.fullmatch(environ.get("QUERY_STRING", "")):
            passed = self.app(environ, start_response)
            return passed
        packed = wants_packed(environ.get("HTTP_ACCEPT_ENCODING", ""))
        key = (environ.get("HTTP_HOST", ""), environ["PATH_INFO"], environ.get("QUERY_STRING", ""), packed)
        pulse, answer = self.pulse.current(), self._kept.get(key)
        if answer is not None and answer.pulse == pulse and answer.day == local_date(self.state.clock()):
            return self._answer(answer, environ, start_response)
        return self._ask(environ, start_response, key, pulse)

    def _answer(self, kept: KeptAnswer, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        self.answered += 1
        status, body = kept.sent(environ, start_response, self.state.clock())
        self.count(environ["REQUEST_METHOD"], status)
        return body

    def _ask(
        self, environ: Environ, start_response: Callable[..., Any], key: Any, pulse: int | None
    ) -> Iterable[bytes]:
        """Let the application answer, and keep what it gave."""
        told: list[tuple[str, Headers]] = []

        def listen(status: str, headers: Headers, fault: Any = None) -> Any:
            told.append((status, list(headers)))
            return start_response(status, headers, fault) if fault else start_response(status, headers)

        answer: Iterable[bytes] = self.app(environ, listen)
        feed: KeptFeed | None = environ.get(MARK)
        if feed is not None and pulse is not None and told and told[0][0].startswith("200"):
            headers = [(name, value) for name, value in told[0][1] if name.lower() != "date"]
            packed = any(name.lower() == "content-encoding" for name, _ in headers)
            unchanged = [(name, value) for name, value in headers if name.lower() not in ENTITY]
            body = feed.packed if packed else feed.body
            today = local_date(self.state.clock())
            self._kept.put(key, KeptAnswer(headers, unchanged, body, feed.etag, feed.modified, pulse, today))
        return answer
