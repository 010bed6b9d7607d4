"""The screen of a waiting room: numbers only, for everybody who can see the wall; both languages at once."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, current_app

from scheduler.language import LANGUAGES, say
from scheduler.language.dates import long_date
from scheduler.queries.counter import board_of
from web import request_cycle
from web.guards import public

pages = Blueprint("screen", __name__)
FRESH = timedelta(seconds=2)
"""So long an answer stands for everybody who asks."""
SECONDS = 4
"""How often a television without script asks again."""
MOST_KEPT = 1_000
Kept = dict[str, tuple[datetime, str]]


@pages.get("/screens/<name>")
@public
def show(name: str) -> Response:
    """Called, waiting, next; cheap to ask for often: no account, no cookie, one answer for all for two seconds."""
    now = request_cycle.now()
    kept: Kept = current_app.extensions.setdefault("lichdan.screens", {})
    made_at, page = kept.get(name, (None, ""))
    if made_at is None or not timedelta(0) <= now - made_at < FRESH:
        page = _page(name, now)
        if len(kept) >= MOST_KEPT:
            kept.clear()
        kept[name] = (now, page)
    answer = Response(page, mimetype="text/html")
    answer.headers["Cache-Control"] = f"public, max-age={int(FRESH.total_seconds())}"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _page(name: str, now: datetime) -> str:
    board = board_of(request_cycle.db(), name, now)
    # Without the context of pages: it would look for who is signed in.
    template = current_app.jinja_env.get_template("counter/screen.html")
    days = {tongue: long_date(tongue, board.day) if board.day else "" for tongue in LANGUAGES}
    return template.render(board=board, days=days, say_in=say, seconds=SECONDS)
