"""What the pages of the counter share: the hour in words, and the note that a sitting's names were opened."""

from datetime import datetime

from scheduler.actions.counter import note_opening
from scheduler.clock import to_local
from scheduler.language.dates import hour_words
from scheduler.models import Occurrence
from scheduler.queries.counter import opened_today
from web import request_cycle
from web.guards import signed_in
from web.language import language


def hour_of(moment: datetime | None) -> str:
    """ "8 giờ 05", blank where it is not known."""
    return hour_words(language(), f"{to_local(moment):%H:%M}") if moment else ""


def note_names_opened(occurrence: Occurrence) -> None:
    """Leave a note in the ledger, once for each account, sitting and day."""
    db, actor, now = request_cycle.db(), signed_in(), request_cycle.now()
    if opened_today(db, occurrence.id, actor.account_id, now):
        return
    ids = (occurrence.id, occurrence.unit_id)
    request_cycle.note(lambda notes: note_opening(notes, *ids, by=actor, now=now))
