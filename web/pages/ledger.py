"""The ledger: who did what and when, in the units the reader serves; of one person, one unit, one kind of thing."""

from flask import Blueprint, render_template, request

from scheduler.errors import NotFound
from scheduler.queries.ledger import PAGE, READERS, newest_entries, subjects_of
from web import request_cycle
from web.asked import asked_text
from web.guards import signed_in, staff
from web.unit_choice import asked_units

pages = Blueprint("ledger", __name__)


@pages.get("/desk/ledger")
@staff("read")
def ledger() -> str:
    """The newest deeds first, a page at a time."""
    db, actor, about = request_cycle.db(), signed_in(), asked_text("about")
    if about and about not in READERS:
        raise NotFound("errors.not-found")
    units, who = asked_units(db, actor), _number("who")
    entries = newest_entries(db, actor, before=_number("before"), units=units.ids, account_id=who, about=about)
    return render_template(
        "ledger/ledger.html",
        entries=entries, more=len(entries) == PAGE, subjects=subjects_of(db, entries), units=units, who=who,
        about=about, abouts=tuple(READERS), name=entries[0].actor if who and entries else "",
        asked={"unit": units.text or None, "who": who, "about": about or None},
    )  # fmt: skip


def _number(name: str) -> int | None:
    value = request.args.get(name, "")
    return int(value) if value.isdecimal() and value.isascii() and len(value) < 10 else None
