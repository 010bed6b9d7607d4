"""A letter of the outbox in words: what the postman wraps is what a page shows beforehand and afterwards."""

from datetime import date

from scheduler.letters import Rendered, render
from scheduler.models import Letter
from scheduler.rules.letters import LETTER


def words_of_letter(letter: Letter, *, base_url: str, today: date, url: str | None = None) -> Rendered:
    """Subject, text and HTML as the reader gets them; `url` takes the place of the address in the facts.

    Raises KeyError for a letter whose facts are no longer kept.
    """
    facts = letter.facts if url is None else letter.facts | {"url": url}
    return render(
        letter.kind,
        facts,
        letter.language,
        name=letter.recipient_name,
        base_url=base_url,
        leaf=LETTER[letter.kind].leaf,
        today=today,
    )
