"""A page that shows sealed names leaves a note: of a sitting's visits, of a unit's register or of its calls."""

from scheduler.actions.names_opened import note_names_opened
from scheduler.queries.names_opened import opened_today
from web import request_cycle
from web.guards import signed_in


def note_sitting_opened(occurrence_id: int | None, unit_id: int) -> None:
    """Leave a line that somebody read who comes to the sitting; nothing for a matter without one."""
    if occurrence_id is not None:
        _note("counter.opened", f"occurrence:{occurrence_id}", unit_id)


def note_register_opened(unit_id: int) -> None:
    """Leave a line that somebody read the unit's reception register."""
    _note("register-book.opened", f"unit:{unit_id}", unit_id)


def note_calls_opened(unit_id: int) -> None:
    """Leave a line that somebody read which residents of the unit are to be called."""
    _note("calls.opened", f"unit:{unit_id}", unit_id)


def _note(deed: str, subject: str, unit_id: int) -> None:
    """Asked first without writing: most pages of a day only read."""
    actor, now = signed_in(), request_cycle.now()
    if not opened_today(request_cycle.db(), deed, subject, account_id=actor.account_id, now=now):
        request_cycle.note(lambda notes: note_names_opened(notes, deed, subject, unit_id=unit_id, by=actor, now=now))
