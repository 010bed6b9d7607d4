"""What a proposal would change, in words, wherever the desk lists proposals."""

from collections.abc import Iterable
from typing import Any

from scheduler.language.dates import short_date
from scheduler.language.sitting_changes import proposal_words
from scheduler.models import Proposal
from scheduler.queries.differences import current_values
from scheduler.queries.planned import titles_of
from web import request_cycle
from web.filters import as_day
from web.language import language, say


def words_of(rows: Iterable[Proposal]) -> dict[int, str]:
    """The words of each of these proposals by its id; one statement for all of them."""
    listed = list(rows)
    titles = titles_of(request_cycle.db(), [host for row in listed if row.occurrence for host in _hosts(row)])
    return {row.id: _words(row, titles) for row in listed}


def _hosts(row: Proposal) -> list[int]:
    there = [host.post_id for host in row.occurrence.hosts] if row.occurrence else []
    return [*there, *row.proposed.get("hosts", [])]


def _words(row: Proposal, titles: dict[int, str]) -> str:
    if row.occurrence is not None:
        return proposal_words(language(), current_values(row.occurrence), row.proposed, titles=titles)
    facts: dict[str, Any] = {name: short_date(language(), as_day(row.proposed[name])) for name in ("from", "due_day")}
    return say("proposals.due-day", before=facts["from"], until=facts["due_day"])
