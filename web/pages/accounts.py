"""Signing in and out, one-time links, and one's own account."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from scheduler.actions.accounts import (
    change_password,
    count_failed_sign_in,
    end_sign_in,
    sign_in,
    sign_out,
    use_link,
)
from scheduler.actions.staff import edit_account
from scheduler.errors import BadInput, HouseError, RuleBroken
from scheduler.links import hash_secret
from scheduler.queries.accounts import account_by_email, account_by_id, link_of_secret, sign_ins_of
from web import request_cycle
from web.account_forms import ChangePasswordForm, NewPasswordForm, OwnAccountForm, SignInForm
from web.devices import client, device
from web.errors import status_of
from web.guards import public, signed_in, staff
from web.language import ENGLISH, address, language, say

pages = Blueprint("accounts", __name__)
Page = Response | str | tuple[str, int]


@pages.route("/sign-in", methods=["GET", "POST"])
@public
def enter() -> Page:
    """E-mail and password; afterwards on to where one wanted to go."""
    if request.method == "GET" and request_cycle.actor() is not None:
        return redirect(_next(), 303)
    form, refusal = SignInForm(), None
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            secret = sign_in(
                request_cycle.db(),
                email,
                form.password.data or "",
                client=client(),
                device=device(),
                now=request_cycle.now(),
                production=request_cycle.settings().production,
            )
            return _entered(secret, account_by_email(request_cycle.db(), email))
        except RuleBroken as wrong:
            refusal = wrong
            where, at = client(), request_cycle.now()
            request_cycle.note(lambda db: count_failed_sign_in(db, email, client=where, now=at))
    page = render_template("accounts/sign_in.html", form=form, refusal=refusal, next=_next())
    return (page, status_of(refusal) if refusal else 422) if request.method == "POST" else page


@pages.post("/sign-out")
@public
def leave() -> Response:
    """End this sign-in here and on the server; an old cookie opens nothing any more."""
    secret = request_cycle.sign_in_secret()
    if secret is not None:
        sign_out(request_cycle.db(), secret, now=request_cycle.now())
    session.clear()
    return redirect(url_for("public.home"), 303)


@pages.route("/links/<secret>", methods=["GET", "POST"])
@public
def one_time_link(secret: str) -> Page:
    """A page with a button: programs that look into letters open every address, and must use up none."""
    db, now = request_cycle.db(), request_cycle.now()
    link = link_of_secret(db, secret, now)
    account = account_by_id(db, link.account_id)
    form, refusal = NewPasswordForm(), None
    if request.method == "POST":
        try:
            return _entered(_use(secret, link.purpose, form), account)
        except HouseError as broken:
            refusal = broken
    page = render_template(
        "accounts/link.html", form=form, link=link, account=account, refusal=_only_general(form, refusal)
    )
    return (page, status_of(refusal)) if refusal else page


@pages.get("/desk/account")
@staff()
def own() -> str:
    """Name, language, password, and where one is signed in."""
    return _own_page()


@pages.post("/desk/account")
@staff()
def edit_own() -> Page:
    """Change name and language."""
    actor, form = signed_in(), OwnAccountForm()
    if not form.validate():
        return _own_page(about=form), 422
    account = account_by_id(request_cycle.db(), actor.account_id or 0)
    edit_account(
        request_cycle.db(),
        account,
        name=form.name.data or "",
        language=form.language.data,
        by=actor,
        now=request_cycle.now(),
    )
    flash(say("accounts.saved"))
    return redirect(url_for("accounts.own"), 303)


@pages.post("/desk/account/password")
@staff()
def change_own_password() -> Page:
    """A new password for who knows the old one; every other sign-in ends."""
    db, actor, form = request_cycle.db(), signed_in(), ChangePasswordForm()
    account = account_by_id(db, actor.account_id or 0)
    email, where, at = account.email, client(), request_cycle.now()
    refusal: HouseError | None = None
    try:
        if form.validate() and _same_twice(form):
            change_password(
                db,
                account,
                form.old_password.data or "",
                form.password.data or "",
                client=where,
                keep=request_cycle.sign_in_secret() or "",
                by=actor,
                now=at,
            )
            flash(say("accounts.password-changed"))
            return redirect(url_for("accounts.own"), 303)
    except HouseError as broken:
        refusal = broken
        if broken.key == "accounts.old-password-wrong":
            request_cycle.note(lambda notes: count_failed_sign_in(notes, email, client=where, now=at))
    page = _own_page(password=form, refusal=_only_general(form, refusal))
    return page, status_of(refusal) if refusal else 422


@pages.post("/desk/account/sign-ins/<int:sign_in_id>/end")
@staff()
def end_own_sign_in(sign_in_id: int) -> Response:
    """End one of one's sign-ins, for a lost telephone."""
    end_sign_in(request_cycle.db(), sign_in_id, by=signed_in(), now=request_cycle.now())
    flash(say("accounts.sign-in-ended"))
    return redirect(url_for("accounts.own"), 303)


def _own_page(
    about: OwnAccountForm | None = None,
    password: ChangePasswordForm | None = None,
    refusal: HouseError | None = None,
) -> str:
    db, actor = request_cycle.db(), signed_in()
    account = account_by_id(db, actor.account_id or 0)
    return render_template(
        "accounts/own.html",
        account=account,
        about=about or OwnAccountForm(formdata=None, obj=account),
        password=password or ChangePasswordForm(formdata=None),
        refusal=refusal,
        sign_ins=sign_ins_of(db, account.id, request_cycle.now()),
        here=hash_secret(request_cycle.sign_in_secret() or ""),
    )


def _use(secret: str, purpose: str, form: NewPasswordForm) -> str:
    if purpose == "password" and not (form.validate() and _same_twice(form)):
        raise RuleBroken("accounts.password-needed")
    return use_link(
        request_cycle.db(),
        secret,
        password=form.password.data or "",
        client=device(),
        now=request_cycle.now(),
        production=request_cycle.settings().production,
    )


def _same_twice(form: NewPasswordForm) -> bool:
    if form.password.data == form.again.data:
        return True
    form.again.errors = [*form.again.errors, "accounts.passwords-differ"]
    return False


def _only_general(form: NewPasswordForm, refusal: HouseError | None) -> HouseError | None:
    """A fault of a field is told at the field; what is left is told above the form."""
    if isinstance(refusal, BadInput) and refusal.place in form:
        form[refusal.place].errors = [*form[refusal.place].errors, say(refusal.key, **refusal.facts)]
        return None
    return None if refusal is not None and any(field.errors for field in form) else refusal


def _entered(secret: str, account: object) -> Response:
    """A new cookie for the new sign-in; nothing of before stays in it."""
    session.clear()
    session[request_cycle.SIGN_IN] = secret
    wanted = getattr(account, "language", language())
    if not request.args.get("next") and wanted != language():
        return redirect(f"{ENGLISH}/desk" if wanted == "en" else "/desk", 303)
    return redirect(_next(), 303)


def _next() -> str:
    """Where to go on: only an address within this site, else the desk."""
    wanted = request.args.get("next", "")
    inside = wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted and wanted.isprintable()
    return address(wanted if inside else "/desk")
