"""What a resolution makes of a unit, step by step: what happens, from which day, what moves, and one confirmation."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from scheduler.actions.clashes import TAKEN
from scheduler.actions.succession import Preview, confirm_succession, preview_succession
from scheduler.errors import BadInput
from scheduler.models import Unit
from scheduler.queries.units import units_around
from scheduler.rules.succession import KINDS, Decision, codes_of, shares_of
from web import request_cycle
from web.directory_forms import SuccessionForm
from web.forms import carried_out, form_page
from web.guards import signed_in, staff
from web.language import say
from web.named_units import offered, own_unit

pages = Blueprint("succession", __name__)
Page = Response | str | tuple[str, int]

MOVES = (
    "names", "founded", "units", "below", "parts", "published", "cancelled", "clashes", "drafts", "dropped",
    "schedules", "ended", "consents", "tasks", "calls", "sheets", "posts", "holders", "left", "roles", "delegations",
    "places", "suspensions", "lifted", "settings", "templates", "busy", "forgotten", "addresses", "letters",
)  # fmt: skip
"""What a preview tells, in this order; the words are `succession.moves-<what>`."""
FIELDS = {
    "rename": ("name",),
    "join": ("shares",),
    "found": ("name", "code", "others"),
    "divide": ("shares",),
}
"""What each kind asks besides the day and the document."""
ASKS = ("which", "series", "task", "account")
"""What a preview asks, in this order; the words are `succession.asks-<what>`."""
SEEN_AGAIN = ("succession.changed-since", *TAKEN)
"""Refusals after which the preview is shown anew."""
ANSWER = "answer-"
MOST_ANSWERS = 2000


@pages.route("/desk/units/<code>/succession", methods=["GET", "POST"])
@staff("administer")
def decide(code: str) -> Page:
    """First what happens, then the form, then the preview, which is what will be done."""
    found, form = own_unit(code), SuccessionForm()
    if not form.is_submitted():
        form.kind.data = request.args.get("kind", "")
    previews: list[Preview] = []

    def deed() -> None:
        decision = _decision(form, found)
        db, by, now = request_cycle.db(), signed_in(), request_cycle.now()
        if request.form.get("do") == "confirm":
            confirm_succession(db, decision, form.seen.data or "", by=by, now=now)
        else:
            previews.append(preview_succession(db, decision, by=by, now=now))

    editing = request.form.get("do") == "edit"
    done = not editing and carried_out(form, deed)
    if done and not previews:
        flash(say("succession.done", name=found.name))
        return redirect(url_for("directory.unit", code=found.code), 303)
    if form.refusal is not None and form.refusal.key in SEEN_AGAIN:
        previews.append(_again(form, found))
    return _page(form, found, previews[0] if previews else None)


def _again(form: SuccessionForm, found: Unit) -> Preview:
    decision = _decision(form, found)
    return preview_succession(request_cycle.db(), decision, by=signed_in(), now=request_cycle.now())


def _page(form: SuccessionForm, found: Unit, preview: Preview | None) -> Page:
    kind = form.kind.data if form.kind.data in KINDS else ""
    form.seen.data = preview.seen if preview else ""
    return form_page(
        "succession/succession.html",
        form,
        unit=found,
        kind=kind,
        kinds=KINDS,
        fields=FIELDS.get(kind, ()),
        preview=preview,
        moves=MOVES,
        asks=ASKS,
        answers=_answers() if preview is None else {},
        offers=[offered(unit) for unit in units_around(request_cycle.db(), found, request_cycle.today())],
    )


def _decision(form: SuccessionForm, found: Unit) -> Decision:
    if form.day.data is None or form.signed_on.data is None:
        raise BadInput("forms.required", "day")
    asked = FIELDS.get(form.kind.data or "", ())
    return Decision(
        form.kind.data or "",
        found.code,
        form.day.data,
        (form.number.data or "").strip(),
        form.signed_on.data,
        name=" ".join((form.name.data or "").split()) if "name" in asked else "",
        code=(form.code.data or "").strip() if "code" in asked else "",
        others=codes_of(form.others.data or "") if "others" in asked else (),
        shares=shares_of(form.shares.data or "") if "shares" in asked else (),
        answers=_answers(),
        keep_reason=form.keep_reason.data or "",
    )


def _answers() -> dict[str, str]:
    """What was chosen of single rows, by their names."""
    sent = [(name.removeprefix(ANSWER), value) for name, value in request.form.items() if name.startswith(ANSWER)]
    return dict(sent[:MOST_ANSWERS])
