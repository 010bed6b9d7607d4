"""The outbox and the jobs: what was sent to whom, what the mail server said, and what waits for a person."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectField

from scheduler.actions.delivery import release_held, send_again
from scheduler.documents.letter_words import words_of_letter
from scheduler.letters import Rendered, sms_of
from scheduler.models import Letter
from scheduler.queries.access import may
from scheduler.queries.job_runs import job_beats, newest_beat, newest_runs, ticks
from scheduler.queries.outbox import count_letters, find_letter, list_letters
from scheduler.rules.letters import LETTER, LETTER_STATES, LETTERS, MAY_SEND_AGAIN
from web import request_cycle
from web.form_rows import number_of
from web.forms import QueryForm, choices
from web.guards import signed_in, staff
from web.language import say

pages = Blueprint("letters", __name__)

PAGE = 50


class Chosen(QueryForm):
    """Which letters are listed."""

    state = SelectField(
        "letters.state",
        choices=choices(("", "letters.any"), *((state, f"letters.state-{state}") for state in LETTER_STATES)),
    )
    kind = SelectField(
        "letters.kind",
        choices=choices(("", "letters.any"), *((kind.key, f"letters.kind-{kind.key}") for kind in LETTERS)),
    )


@pages.get("/desk/letters")
@staff("read")
def letters() -> str:
    """The letters of the reader's units, newest first, and how many are in which state."""
    db, reader, chosen = request_cycle.db(), signed_in(), Chosen(request.args)
    state, kind = chosen.state.data or "", chosen.kind.data or ""
    found = list_letters(
        db,
        reader,
        state=state if state in LETTER_STATES else "",
        kind=kind if kind in LETTER else "",
        before=number_of(request.args.get("before", "")),
        limit=PAGE,
    )
    counts = count_letters(db, reader)
    return render_template(
        "letters/letters.html",
        letters=found,
        chosen=chosen,
        counts=[(state, counts[state]) for state in LETTER_STATES if counts.get(state)],
        admin=reader.ever("administer"),
        held=counts.get("held", 0) if reader.ever("administer") else 0,
        more=len(found) == PAGE,
    )


@pages.get("/desk/letters/<int:letter_id>")
@staff("read")
def letter(letter_id: int) -> str:
    """One letter: its words, its fate, and the button to send it again where that may be."""
    db, reader = request_cycle.db(), signed_in()
    found = find_letter(db, reader, letter_id)
    again = found.state in MAY_SEND_AGAIN and found.unit_id is not None and may(db, reader, "send", found.unit_id)
    return render_template("letters/letter.html", letter=found, words=_words(found), again=again)


@pages.post("/desk/letters/<int:letter_id>/again")
@staff("send")
def again(letter_id: int) -> Response:
    """Send it once more."""
    db, reader = request_cycle.db(), signed_in()
    send_again(db, find_letter(db, reader, letter_id).id, by=reader, now=request_cycle.now())
    flash(say("letters.done-again"))
    return redirect(url_for("letters.letter", letter_id=letter_id), 303)


@pages.post("/desk/letters/held")
@staff("administer")
def held() -> Response:
    """Let the letters go that a restored database held back."""
    released = release_held(request_cycle.db(), by=signed_in(), now=request_cycle.now())
    flash(say("letters.done-held", n=released))
    return redirect(url_for("letters.letters"), 303)


@pages.get("/desk/jobs")
@staff("administer")
def jobs() -> str:
    """When each job last ticked, and what the newest beats did."""
    db, now = request_cycle.db(), request_cycle.now()
    return render_template(
        "letters/jobs.html",
        beats=job_beats(db),
        runs=newest_runs(db),
        broken=newest_runs(db, failed=True, limit=20),
        ticking=ticks(newest_beat(db), now),
    )


@pages.app_template_global()
def reader_of(found: Letter) -> str:
    """Whom a letter goes to: its address, or for a resident the number in the queue and no name."""
    if found.registration_id is not None:
        ticket = found.facts.get("ticket")
        return say("letters.to-ticket", n=ticket) if ticket else say("letters.to-registered")
    return say("letters.to-follower") if found.follower_id is not None else found.recipient


def _words(found: Letter) -> Rendered | None:
    """The letter's words, None where its facts are no longer kept."""
    if not found.facts:
        return None
    if found.channel == "sms":
        return Rendered(say(f"letters.kind-{found.kind}"), sms_of(found.kind, found.facts, found.language), "")
    return words_of_letter(found, base_url=request_cycle.settings().base_url, today=request_cycle.today())
