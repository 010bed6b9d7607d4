"""A follower's own page, opened by the signed address of a letter: confirm, see what comes, leave."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.followers import confirm_follower, leave
from scheduler.errors import HouseError
from scheduler.queries.feeds import subject_of_post, subject_of_unit
from scheduler.queries.followers import followed_by, follower_by_slug
from scheduler.rules.followers import CONFIRM_LIFE
from web.asked import known_shape
from web.errors import status_of
from web.guards import public, require_signed
from web.request_cycle import db, now, today

pages = Blueprint("follow", __name__)
ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What a mail program sends when its own button is pressed (RFC 8058 3.1)."""


@pages.get("/units/<code>/subscribe/sent")
@public
def sent_unit(code: str) -> str:
    """What happens next; the same for an address that is known and one that is not."""
    subject = subject_of_unit(db(), known_shape(code), today())
    return render_template("follow/sent.html", subject=subject)


@pages.get("/posts/<code>/subscribe/sent")
@public
def sent_post(code: str) -> str:
    """The same for a post."""
    subject = subject_of_post(db(), known_shape(code), today())
    return render_template("follow/sent.html", subject=subject)


@pages.get("/follow/<slug>/<signature>")
@public
def show(slug: str, signature: str) -> Response:
    """Programs that look into letters open every address; this page only has buttons."""
    require_signed("follow", slug, signature)
    return _page(slug, signature)


@pages.post("/follow/<slug>/<signature>")
@public
def leave_at_once(slug: str, signature: str) -> Response:
    """The button of a mail program: no page, no cookie, no form token; the signature alone lets it pass."""
    require_signed("follow", slug, signature)
    name, value = ONE_CLICK
    if request.form.get(name) != value:
        abort(400)
    leave(db(), slug, now=now())
    return _page(slug, signature)


@pages.post("/follow/<slug>/<signature>/confirm")
@public
def confirm(slug: str, signature: str) -> Response:
    """News come from now on."""
    require_signed("follow", slug, signature)
    try:
        confirm_follower(db(), slug, now=now())
    except HouseError as refusal:
        return _page(slug, signature, refusal)
    return redirect(url_for("follow.show", slug=slug, signature=signature), 303)


@pages.post("/follow/<slug>/<signature>/leave")
@public
def leave_by_page(slug: str, signature: str) -> Response:
    """No letter any more, and the address is erased."""
    require_signed("follow", slug, signature)
    leave(db(), slug, now=now())
    return redirect(url_for("follow.show", slug=slug, signature=signature), 303)


def _page(slug: str, signature: str, refusal: HouseError | None = None) -> Response:
    follower = follower_by_slug(db(), slug)
    state = follower.state if follower is not None else "ended"
    if follower is not None and state == "asked" and now() - follower.asked_at >= CONFIRM_LIFE:
        state = "late"
    page = render_template(
        "follow/show.html",
        state=state,
        follower=follower,
        subject=followed_by(db(), follower, today()) if follower is not None else None,
        signature=signature,
    )
    answer = make_response(page, status_of(refusal) if refusal else 200)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
