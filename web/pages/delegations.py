"""Delegations of approval: made by the approver or an administrator, seen by whom they concern, ended at any time."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.delegations import Lent, delegate, revoke_delegation
from scheduler.clock import local_date
from scheduler.language.dates import table_date
from scheduler.models import Account, Delegation, Role
from scheduler.queries.access import may
from scheduler.queries.delegations import approver_roles, delegations_for, may_stand_in
from scheduler.rules.permissions import DELEGABLE
from web import request_cycle
from web.delegation_forms import DelegationForm
from web.form_rows import number_of
from web.forms import carried_out, choices, form_page
from web.guards import signed_in, staff
from web.language import say

pages = Blueprint("delegations", __name__)


@pages.route("/desk/delegations", methods=["GET", "POST"])
@staff()
def delegations() -> Response | tuple[str, int]:
    """Those that concern the reader, and for an approver or administrator the form of a new one."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    today = local_date(now)
    roles = approver_roles(db, actor, today) if actor.ever("delegate") else []
    role = _chosen_role(roles)
    receivers = [one for one in may_stand_in(db, {role.unit_id}, today) if one.id not in _not(role)] if role else []
    form = DelegationForm()
    if request.method == "GET":
        form.process(data={"giver": role.id if role else "", "acts": list(DELEGABLE), "first_day": today})
    form.receiver.choices = choices(("", "delegations.choose"), *((str(one.id), _named(one)) for one in receivers))

    def lend() -> Delegation:
        assert role is not None
        assert form.first_day.data is not None
        assert form.last_day.data is not None
        acts, days = tuple(form.acts.data or ()), (form.first_day.data, form.last_day.data)
        receiver = number_of(form.receiver.data or "") or 0
        lent = Lent(role.account_id, receiver, role.unit_id, acts, *days, form.reason.data or "")
        return delegate(db, lent, by=actor, now=now)

    if role is not None and carried_out(form, lend):
        name = next(_named(one) for one in receivers if str(one.id) == form.receiver.data)
        first, last = (table_date(day) for day in (form.first_day.data, form.last_day.data))
        flash(say("delegations.done", name=name, first=first, last=last))
        return redirect(url_for("delegations.delegations"), 303)
    rows = delegations_for(db, actor)
    return form_page(
        "delegations/delegations.html", form, roles=roles, role=role, receivers=receivers, rows=rows, today=today,
        endable={one.id for one in rows if _may_end(one)},
    )  # fmt: skip


@pages.post("/desk/delegations/<int:delegation_id>/revoke")
@staff("delegate")
def revoke(delegation_id: int) -> Response:
    """End it; a second press finds it ended."""
    revoke_delegation(request_cycle.db(), delegation_id, by=signed_in(), now=request_cycle.now())
    flash(say("delegations.done-revoke"))
    return redirect(url_for("delegations.delegations"), 303)


def _chosen_role(roles: list[Role]) -> Role | None:
    """The role that is lent: the one asked for, else one's own, else the only one there is."""
    asked = number_of(request.values.get("giver", ""))
    own = [role for role in roles if role.account_id == signed_in().account_id]
    wanted = [role for role in roles if role.id == asked]
    return next(iter([*wanted, *own] or (roles if len(roles) == 1 else [])), None)


def _not(role: Role) -> tuple[int | None, int]:
    """Who cannot be given it: who makes it, and who gives it."""
    return signed_in().account_id, role.account_id


def _may_end(one: Delegation) -> bool:
    actor = signed_in()
    if one.revoked_at is not None or one.last_day < request_cycle.today():
        return False
    return actor.account_id == one.from_account_id or may(request_cycle.db(), actor, "administer", one.unit_id)


def _named(account: Account) -> str:
    return f"{account.name} ({account.email})" if account.name else account.email
