"""What a resident answers to the office on the own page: how it was, and that what was promised was not done."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from scheduler.actions.disputes import dispute_matter
from scheduler.actions.ratings import rate_answer, rate_reception
from scheduler.actions.registrations import RESIDENT
from scheduler.errors import NotFound
from scheduler.models import Registration
from scheduler.queries.matters import Result, results_of
from web import request_cycle
from web.form_rows import number_of
from web.forms import carried_out, form_page
from web.guards import public
from web.matter_forms import NotDoneForm
from web.registering import no_store, own_registration

pages = Blueprint("results", __name__)


@pages.post("/registrations/<slug>/<signature>/rating")
@public
def rate_visit(slug: str, signature: str) -> Response:
    """One press: how the reception was; a second one changes nothing."""
    rate_reception(request_cycle.db(), own_registration(slug, signature), _score(), now=request_cycle.now())
    return _back(slug, signature, "rated")


@pages.post("/registrations/<slug>/<signature>/matters/<int:n>/rating")
@public
def rate(slug: str, signature: str, n: int) -> Response:
    """One press: how the answer to the n-th matter is."""
    matter = _result(own_registration(slug, signature), n).matter
    rate_answer(request_cycle.db(), matter, _score(), now=request_cycle.now())
    return _back(slug, signature, "rated")


@pages.route("/registrations/<slug>/<signature>/matters/<int:n>/not-done", methods=["GET", "POST"])
@public
def not_done(slug: str, signature: str, n: int) -> Response:
    """A few lines about what was not done; the office must answer them."""
    result, form = _result(own_registration(slug, signature), n), NotDoneForm()
    db, now = request_cycle.db(), request_cycle.now()
    if carried_out(form, lambda: dispute_matter(db, result.matter, form.words.data or "", by=RESIDENT, now=now)):
        return _back(slug, signature, "not-done")
    visit = own_registration(slug, signature)
    page = form_page("results/not_done.html", form, result=_result(visit, n), back=_own_page(slug, signature))
    return no_store(page)


def _result(visit: Registration, n: int) -> Result:
    found = next((one for one in results_of(request_cycle.db(), visit).matters if one.n == n), None)
    if found is None:
        raise NotFound("errors.not-found")
    return found


def _score() -> int | None:
    return number_of(request.form.get("score", ""))


def _own_page(slug: str, signature: str) -> str:
    return f"{request.script_root}/registrations/{slug}/{signature}"


def _back(slug: str, signature: str, done: str) -> Response:
    answer = Response(status=303)
    answer.headers["Location"] = f"{_own_page(slug, signature)}?done={done}#results"
    return answer
