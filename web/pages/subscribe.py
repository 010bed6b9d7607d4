"""How to follow a calendar, on a telephone or by e-mail: the pages of units and posts; and the staff's own address."""

from flask import Blueprint, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from calendars.served import Wish
from scheduler.actions.feed_tokens import make_account_address, revoke_account_address
from scheduler.actions.followers import ask_to_follow, count_trapped
from scheduler.database import Db
from scheduler.documents.qr import qr_svg
from scheduler.errors import NotFound
from scheduler.models import Account
from scheduler.queries.accounts import account_by_id
from scheduler.queries.feeds import Subject, posts_with_calendars, subject_of_post, subject_of_unit
from scheduler.queries.private_feeds import addresses_of
from scheduler.rules.kinds import KINDS
from web.asked import known_shape
from web.devices import client
from web.feed_addresses import feed_address, google_address, outlook_address, webcal_address
from web.follow_forms import FollowForm, follow_form
from web.forms import carried_out, form_page
from web.guards import public, signed_in, staff
from web.language import language, say
from web.open_forms import too_quick
from web.request_cycle import db, note, now, settings, today

pages = Blueprint("subscribe", __name__)
Page = Response | tuple[str, int]


@pages.route("/units/<code>/subscribe", methods=["GET", "POST"])
@public
def unit(code: str) -> Page:
    """The calendar of a unit, and those of the posts in it; news of it by e-mail."""
    subject = subject_of_unit(db(), known_shape(code), today())
    if subject.leads_to:
        return redirect(f"{request.script_root}/units/{subject.leads_to}/subscribe", 301)
    return _page(subject, posts_with_calendars(db(), subject, today()))


@pages.route("/posts/<code>/subscribe", methods=["GET", "POST"])
@public
def post(code: str) -> Page:
    """The calendar of a post; news of it by e-mail."""
    subject = subject_of_post(db(), known_shape(code), today())
    if subject.leads_to:
        return redirect(f"{request.script_root}/posts/{subject.leads_to}/subscribe", 301)
    return _page(subject, [])


@pages.get("/desk/feeds")
@staff("own_feed")
def own() -> str:
    """Whether there is a private address, when it was made and last used."""
    account = _own_account(db())
    return render_template("subscribe/own.html", given=addresses_of(db(), account_id=account.id), address="")


@pages.post("/desk/feeds")
@staff("own_feed")
def make() -> str:
    """A new private address, shown this once; the earlier one closes."""
    account = _own_account(db())
    secret = make_account_address(db(), account, by=signed_in(), now=now())
    address = f"{settings().base_url}/feeds/private/{secret}.ics"
    return render_template(
        "subscribe/own.html",
        given=addresses_of(db(), account_id=account.id),
        address=address,
        links=_links(address, say("feeds.name-private", name=account.name)),
    )


@pages.post("/desk/feeds/revoke")
@staff("own_feed")
def revoke() -> Response:
    """Close the private address."""
    revoke_account_address(db(), _own_account(db()), by=signed_in(), now=now())
    return redirect(f"{request.script_root}/desk/feeds", 303)


def _page(subject: Subject, posts: list[Subject]) -> Page:
    form = follow_form(subject, posts)
    if form.trapped:
        where, at = client(), now()
        note(lambda notes: count_trapped(notes, client=where, now=at))
        return redirect(f"{request.script_root}{request.path}/sent", 303)
    if carried_out(form, lambda: _follow(subject, posts, form)):
        return redirect(f"{request.script_root}{request.path}/sent", 303)
    address = feed_address(settings().base_url, subject, Wish(language()))
    kinds = [
        (kind.key, webcal_address(feed_address(settings().base_url, subject, Wish(language(), (kind.key,)))))
        for kind in KINDS
    ]
    return form_page(
        "subscribe/subscribe.html",
        form,
        subject=subject,
        posts=posts,
        address=address,
        links=_links(address, say("feeds.name-unit", name=subject.name)),
        kinds=kinds,
        picture=_qr_code(f"{settings().base_url}{request.script_root}{request.path}"),
    )


def _follow(subject: Subject, posts: list[Subject], form: FollowForm) -> None:
    """Have the letter of confirmation sent, for the calendar or for the one of its heads that was chosen."""
    quick = too_quick(form, subject.feed, "follow.once-more")
    if quick is not None:
        raise quick
    wanted = next((post for post in posts if post.code == form.post_code), subject)
    ask_to_follow(db(), wanted, form.email.data or "", kind=form.kind, language=language(), client=client(), now=now())


def _links(address: str, name: str) -> dict[str, str]:
    return {
        "google": google_address(address),
        "apple": webcal_address(address),
        "outlook": outlook_address(address, name),
        "outlook_at_work": outlook_address(address, name, at_work=True),
    }


def _qr_code(address: str) -> Markup:
    """The page's own address as lines: a telephone that reads it has the same buttons."""
    return Markup(qr_svg(address))


def _own_account(db: Db) -> Account:
    account_id = signed_in().account_id
    if account_id is None:
        raise NotFound("errors.not-found")
    return account_by_id(db, account_id)
