"""The one table from what was refused to its status and its page; for programs the same as problem documents."""

from typing import Any
from urllib.parse import quote, urlsplit

import structlog
from flask import Flask, Response, g, jsonify, redirect, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from scheduler import errors
from scheduler.database import Broken, LostRace
from scheduler.intake.plan_faults import place_words
from web import request_cycle
from web.language import language, say

STATUSES: tuple[tuple[type[errors.HouseError], int], ...] = (
    (errors.NotFound, 404),
    (errors.SignInNeeded, 401),
    (errors.NotAllowed, 403),
    (errors.Stale, 409),
    (errors.RuleBroken, 422),
    (errors.TooMany, 429),
    (errors.BadInput, 422),
    (errors.Faults, 422),
)
HTTP_WORDS = {
    400: "errors.unreadable",
    404: "errors.not-found",
    405: "errors.method",
    413: "errors.too-large",
    421: "errors.other-host",
}
TITLES = {
    401: "errors.title-sign-in",
    403: "errors.title-not-allowed",
    404: "errors.title-not-found",
    409: "errors.title-stale",
    422: "errors.title-refused",
    429: "errors.title-too-many",
    500: "errors.title-unexpected",
    503: "errors.title-busy",
}
SEND_AGAIN = (400, 401, 503)
"""Refusals that lie in the moment, not in what was typed: the form expired, the sign-in ended, the database is busy."""
PROGRAMS = "/api/"
MEGABYTE = 1024 * 1024
RETRY_SECONDS = 30
log = structlog.get_logger("web")


def install(app: Flask) -> None:
    """Let every refusal of the application end here."""
    app.register_error_handler(errors.HouseError, _refused)
    app.register_error_handler(CSRFError, _form_expired)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Broken, _busy)
    for overtaken in LostRace:
        app.register_error_handler(overtaken, _overtaken)
    app.register_error_handler(Exception, _unexpected)
    app.add_template_global(sentences)


def status_of(refusal: errors.HouseError) -> int:
    """The status a refusal is answered with; also where its form is shown again."""
    return next((status for kind, status in STATUSES if isinstance(refusal, kind)), 422)


def sentences(refusal: errors.HouseError) -> list[str]:
    """The refusal in the reader's language, one sentence a fault."""
    if isinstance(refusal, errors.Faults):
        return [_sentence(fault) for fault in refusal.faults]
    return [_sentence(refusal)]


def _sentence(refusal: errors.HouseError) -> str:
    text = say(refusal.key, **refusal.facts)
    place = place_words(language(), refusal.place) if isinstance(refusal, errors.BadInput) else ""
    return f"{place}: {text}" if place else text


def _refused(refusal: errors.HouseError) -> AnyResponse:
    status = status_of(refusal)
    if isinstance(refusal, errors.SignInNeeded) and request.method == "GET" and not _for_program():
        back = request.full_path.rstrip("?")
        return redirect(f"{request.script_root}/sign-in?next={quote(back)}", 303)
    response = answer(status, sentences(refusal))
    if isinstance(refusal, errors.TooMany):
        response.headers["Retry-After"] = str(refusal.facts.get("retry_after", RETRY_SECONDS))
    return response


def _form_expired(_refusal: CSRFError) -> AnyResponse:
    return answer(400, [say("errors.form-expired")])


def _http(refusal: HTTPException) -> AnyResponse:
    status = refusal.code or 500
    if status < 400:
        return refusal.get_response()
    limit = (request.max_content_length or 0) // MEGABYTE
    key = HTTP_WORDS.get(status, "errors.unreadable")
    response = answer(status, [say(key, megabytes=limit)])
    for name, value in refusal.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _overtaken(_refusal: Exception) -> AnyResponse:
    """Two did it at the same moment: the first one's deed stands, the second one is told and nothing is lost of it."""
    g.failed = True
    log.info("overtaken", reference=request_cycle.reference(), endpoint=request.endpoint or "")
    return answer(409, [say("errors.overtaken")])


def _busy(_refusal: Broken) -> AnyResponse:
    g.failed = True
    log.exception("database", reference=request_cycle.reference(), endpoint=request.endpoint or "")
    response = answer(503, [say("errors.busy")])
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _unexpected(_fault: Exception) -> AnyResponse:
    g.failed = True
    log.exception("unexpected", reference=request_cycle.reference(), endpoint=request.endpoint or "")
    return answer(500, [say("errors.unexpected", reference=request_cycle.reference())])


def answer(status: int, lines: list[str]) -> Response:
    """A refusal as a page, or as a problem document (RFC 9457) under /api/."""
    title = say(TITLES.get(status, "errors.title-refused"))
    if _for_program():
        problem: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": " ".join(lines)}
        response = jsonify(problem)
        response.mimetype = "application/problem+json"
    else:
        g.actor = None if g.get("failed") else g.get("actor")
        page = render_template("errors/refused.html", title=title, lines=lines, status=status, kept=_kept(status))
        response = Response(page)
        response.mimetype = "text/html"
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _kept(status: int) -> list[tuple[str, str]]:
    """What was typed, so that it can be sent once more: only from our own pages, never a password, no files."""
    # A browser that withholds the referrer says "null" for the origin, and where it comes from in a header of its own.
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    own = own or urlsplit(request.headers.get("Origin", "")).netloc == request.host
    if request.method != "POST" or status not in SEND_AGAIN or not own:
        return []
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]


def _for_program() -> bool:
    return request.path.startswith(PROGRAMS)
