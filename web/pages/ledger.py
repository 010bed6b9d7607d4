"""The ledger: who did what and when, in the units the reader serves."""

from flask import Blueprint, render_template, request

from scheduler.queries.ledger import PAGE, newest_entries, subjects_of
from web import request_cycle
from web.guards import signed_in, staff

pages = Blueprint("ledger", __name__)


@pages.get("/desk/ledger")
@staff("read")
def ledger() -> str:
    """The newest deeds first, a page at a time."""
    before = request.args.get("before", "")
    number = int(before) if before.isdecimal() and len(before) < 10 else None
    entries = newest_entries(request_cycle.db(), signed_in(), before=number)
    return render_template(
        "ledger/ledger.html",
        entries=entries, more=len(entries) == PAGE, subjects=subjects_of(request_cycle.db(), entries),
    )  # fmt: skip
