"""A letter of the outbox in words: what the postman wraps is what a page shows beforehand and afterwards."""

from collections.abc import Mapping
from datetime import date

from scheduler.letters import Rendered, render
from scheduler.models import Letter
from scheduler.rules.letters import LETTER


def words_of_letter(letter: Letter, *, base_url: str, today: date, links: Mapping[str, str] | None = None) -> Rendered:
    """Subject, text and HTML as the reader gets them; `links` take the place of the addresses in the facts.

    Raises KeyError for a letter whose facts are no longer kept.
    """
    facts = letter.facts | dict(links or {})
    return render(
        letter.kind,
        facts,
        letter.language,
        name=letter.recipient_name,
        base_url=base_url,
        leaf=LETTER[letter.kind].leaf,
        today=today,
    )
