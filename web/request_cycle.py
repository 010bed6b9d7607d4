"""The edge of every request: opens the database, knows the reader, and decides at the end what stays written.

A safe method cannot write: its transaction is read-only where the database can say so, and is always rolled back.
An unsafe one is committed when its answer is below 400. What a reading or a refusal must still leave behind is a
note, written in a short transaction of its own after that.
"""

import secrets
import time
from collections.abc import Callable
from datetime import date, datetime

import structlog
from flask import Flask, Response, g, request, session

from scheduler.actions.accounts import touch_sign_in
from scheduler.clock import local_date
from scheduler.database import Db, read_only
from scheduler.queries.accounts import account_of_secret, actor_of
from scheduler.rules.permissions import Actor
from scheduler.settings import Settings
from web.language import language
from web.state import state_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
SIGN_IN = "sign_in"
"""Where the signed cookie keeps the secret of a sign-in; the table keeps only its hash."""
VIA = "web"
Note = Callable[[Db], object]
log = structlog.get_logger("web")

__all__ = [
    "SIGN_IN",
    "actor",
    "db",
    "install",
    "language",
    "note",
    "now",
    "reference",
    "settings",
    "settle",
    "sign_in_secret",
    "today",
]


def install(app: Flask) -> None:
    """Open and close every request of the application."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_close)


def settings() -> Settings:
    """The settings of this process."""
    return state_of().settings


def now() -> datetime:
    """The moment at which the request began, in UTC."""
    moment = g.get("now")
    if moment is None:
        moment = g.now = state_of().clock()
    assert isinstance(moment, datetime)
    return moment


def today() -> date:
    """The Vietnamese day of the request."""
    return local_date(now())


def db() -> Db:
    """The request's session, opened at first use."""
    opened: Db | None = g.get("db")
    if opened is None:
        opened = g.db = state_of().database.open()
        if request.method in SAFE:
            read_only(opened)
    return opened


def actor() -> Actor | None:
    """Who is signed in, None for everybody else."""
    if "actor" not in g:
        g.actor = None if g.get("failed") else _find_actor()
    found: Actor | None = g.actor
    return found


def sign_in_secret() -> str | None:
    """The secret of this browser's sign-in, as its cookie has it."""
    secret = session.get(SIGN_IN)
    return secret if isinstance(secret, str) else None


def note(write: Note) -> None:
    """Have `write(db)` done in a transaction of its own once the request has ended, whatever its answer."""
    g.setdefault("notes", []).append(write)


def reference() -> str:
    """A name for this request, told to the reader of a fault and written in the log."""
    name = g.setdefault("reference", secrets.token_hex(4))
    return str(name)


def _find_actor() -> Actor | None:
    secret = sign_in_secret()
    if secret is None:
        return None
    account = account_of_secret(db(), secret, now(), production=settings().production)
    if account is None:
        return None
    if state_of().rests_since(secret, now()):
        note(lambda notes: touch_sign_in(notes, secret, now=now()))
    return actor_of(db(), account, via=VIA, now=now())


def _begin() -> None:
    g.began = time.perf_counter()
    now()


def settle(response: Response) -> Response:
    """Commit what an unsafe request wrote, if its answer is below 400. Raises what the database refuses."""
    opened: Db | None = g.get("db")
    if opened is not None and request.method not in SAFE and response.status_code < 400:
        try:
            opened.commit()
        except Exception:
            session.pop("_flashes", None)  # the sentence that said it was done
            raise
    return response


def _end(response: Response) -> Response:
    opened: Db | None = g.get("db")
    if opened is not None:
        opened.rollback()
    for write in g.pop("notes", []):
        _write_note(write)
    log.info(
        "request",
        reference=reference(),
        method=request.method,
        endpoint=request.endpoint or "",
        status=response.status_code,
        language=language(),
        milliseconds=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
    )
    return response


def _write_note(write: Note) -> None:
    try:
        with state_of().database.transaction() as notes:
            write(notes)
    except Exception:
        # The answer is already made; a note that cannot be written must not turn it into a fault.
        log.exception("note", reference=reference(), endpoint=request.endpoint or "")


def _close(_fault: BaseException | None) -> None:
    opened: Db | None = g.pop("db", None)
    if opened is not None:
        opened.close()
