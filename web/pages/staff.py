"""Accounts of staff: who may do what in which unit, one-time links, opening and closing."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.accounts import make_link
from scheduler.actions.staff import Added, add_staff, close_account, end_role, reopen_account
from scheduler.errors import BadInput, NotFound
from scheduler.models import Account, Post, Unit
from scheduler.queries.access import may
from scheduler.queries.accounts import account_by_id, staff_of
from scheduler.queries.units import find_post
from web import request_cycle
from web.account_forms import StaffForm
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.named_units import named_unit

pages = Blueprint("staff", __name__)
Page = Response | str | tuple[str, int]
LONGEST = 100
"""Letters of a search that are read."""


@pages.route("/desk/staff", methods=["GET", "POST"])
@staff("administer")
def accounts() -> Page:
    """The accounts of the reader's units, and a role for one more person."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    form, added = StaffForm(), list[Added]()

    def deed() -> None:
        unit = named_unit(form.unit.data or "", place="unit")
        added.append(
            add_staff(
                db,
                form.email.data or "",
                role=form.role.data,
                unit=unit,
                post=_post(unit, form.post.data or ""),
                name=(form.name.data or "").strip(),
                language=form.language.data,
                by=actor,
                now=now,
            )
        )

    if carried_out(form, deed):
        return _added(added[0], form)
    asked = request.args.get("q", "")[:LONGEST]
    return form_page("staff/staff.html", form, accounts=staff_of(db, actor, asked=asked), asked=asked)


@pages.get("/desk/staff/<int:account_id>")
@staff("administer")
def account(account_id: int) -> str:
    """One account with its roles."""
    return _account_page(_seen_account(account_id))


@pages.post("/desk/staff/<int:account_id>/link")
@staff("administer")
def new_link(account_id: int) -> Response:
    """A one-time link, shown this once."""
    found = _seen_account(account_id)
    purpose = "sign-in" if found.demo else "password"
    secret = make_link(request_cycle.db(), found, purpose=purpose, by=signed_in(), now=request_cycle.now())
    response = make_response(_account_page(found, f"{request_cycle.settings().base_url}/links/{secret}"))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/desk/staff/<int:account_id>/close")
@staff("administer")
def close(account_id: int) -> Response:
    """Close the account: every sign-in ends with the next request."""
    found = _seen_account(account_id)
    close_account(request_cycle.db(), found, by=signed_in(), now=request_cycle.now())
    return _done("accounts.closed-now", found)


@pages.post("/desk/staff/<int:account_id>/reopen")
@staff("administer")
def reopen(account_id: int) -> Response:
    """Open a closed account again."""
    found = _seen_account(account_id)
    reopen_account(request_cycle.db(), found, by=signed_in(), now=request_cycle.now())
    return _done("accounts.reopened-now", found)


@pages.post("/desk/staff/roles/<int:role_id>/end")
@staff("administer")
def take_role(role_id: int) -> Response:
    """Take a role back."""
    role = end_role(request_cycle.db(), role_id, by=signed_in(), now=request_cycle.now())
    return _done("accounts.role-taken", role.account)


def _account_page(found: Account, link: str = "") -> str:
    db, actor = request_cycle.db(), signed_in()
    roles = [(role, may(db, actor, "administer", role.unit_id)) for role in found.roles]
    return render_template("staff/account.html", account=found, roles=roles, link=link)


def _seen_account(account_id: int) -> Account:
    """An account with a role in the reader's units. Raises NotFound for any other."""
    found = account_by_id(request_cycle.db(), account_id)
    if not any(may(request_cycle.db(), signed_in(), "administer", role.unit_id) for role in found.roles):
        raise NotFound("errors.not-found")
    return found


def _added(done: Added, form: StaffForm) -> Response:
    key = "accounts.added" if done.new_account else "accounts.role-added"
    unit = named_unit(form.unit.data or "", place="unit")
    words = {"role": say(f"roles.{form.role.data}"), "unit": unit.name}
    flash(say(key if done.new_role else "accounts.there-already", email=done.account.email, **words))
    return redirect(url_for("staff.account", account_id=done.account.id), 303)


def _post(unit: Unit, text: str) -> Post | None:
    if not text.strip():
        return None
    found = find_post(request_cycle.db(), unit, text)
    if found is None:
        raise BadInput("people.unknown-post", place="post", post=text, unit=unit.name)
    return found


def _done(key: str, found: Account) -> Response:
    flash(say(key, email=found.email))
    return redirect(url_for("staff.account", account_id=found.id), 303)
