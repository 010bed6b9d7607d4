"""The paper kit of a reception as one PDF: the day's list, numbered blank rows, receipts, and the sheet on the door.

It is drawn when somebody takes it or when its letter leaves, and never kept: names stand in it.
"""

from collections.abc import Sequence
from datetime import datetime

from scheduler.clock import to_local
from scheduler.database import Db
from scheduler.documents.frame import Facts, frame_of, issuer_name
from scheduler.documents.pdf import pdf_of
from scheduler.documents.posters import leaf_of
from scheduler.language import say
from scheduler.language.dates import long_date, moment_words, span_words
from scheduler.models import Occurrence
from scheduler.queries.agenda import host_titles, occurrences_by_id
from scheduler.queries.days import working_calendar
from scheduler.queries.mouths import phone_of, place_words
from scheduler.queries.paper import Expected, block_of, expected_at
from scheduler.rules.documents import Head, decree_date
from scheduler.rules.paper import Block
from scheduler.rules.registrations import TOPICS

LANGUAGE = "vi"
RECEIPT_SHEETS = 2
LIST_HEADS = ("number", "window", "name", "people", "topic", "starts", "ends")
ROW_HEADS = ("number", "hours", "person", "identity", "matter", "kind", "people", "settled", "direction")
RECEIPT_WORDS = (
    "title", "about", "when", "taker", "post", "giver", "papers", "phone", "home", "things", "copies", "left", "right",
    "sign",
)  # fmt: skip


def paper_kit_pdf(db: Db, occurrence_id: int, *, now: datetime) -> bytes:
    """The kit of a sitting as everything stands now."""
    (occurrence,) = occurrences_by_id(db, [occurrence_id])
    facts = kit_facts(db, occurrence, expected_at(db, occurrence_id), block_of(db, occurrence_id), now=now)
    return pdf_of("paper_kit", facts, made_at=now)


def paper_kit_of(db: Db, occurrence_id: int, now: datetime) -> list[tuple[str, bytes]]:
    """What goes along with its letter: name and bytes."""
    (occurrence,) = occurrences_by_id(db, [occurrence_id])
    return [(paper_kit_name(occurrence), paper_kit_pdf(db, occurrence_id, now=now))]


def paper_kit_name(occurrence: Occurrence) -> str:
    """What its file is called."""
    return f"{_words('file-name')}-{occurrence.day or occurrence.planned_day:%Y-%m-%d}.pdf"


def kit_facts(db: Db, occurrence: Occurrence, expected: Sequence[Expected], block: Block, *, now: datetime) -> Facts:
    """What stands on its sheets."""
    day = occurrence.day or occurrence.planned_day
    hours, place = span_words(LANGUAGE, list(occurrence.hours)), place_words(occurrence)
    who, phone = ", ".join(host_titles(occurrence)) or occurrence.unit.name, phone_of(occurrence)
    sitting = [who, _words("kit-when", day=long_date(LANGUAGE, day), hours=hours, place=place)]
    return {
        "title": _words("kit-title"),
        "frame": frame_of(occurrence.unit, "door", Head()),
        "sitting": sitting,
        "version": _words("kit-version", moment=moment_words(LANGUAGE, now)),
        "list": {
            "title": _words("kit-list"),
            "heads": [_words(f"kit-list-{name}") for name in LIST_HEADS],
            "rows": [_row(one) for one in expected],
            "empty": _words("kit-nobody"),
            "below": [_words("kit-private"), _words("kit-order")],
        },
        "blank": {
            "title": _words("kit-rows"),
            "heads": [_words(f"kit-row-{name}") for name in ROW_HEADS],
            "numbers": [str(number) for number in range(block.first, block.last + 1)],
            "starts": _words("kit-from"),
            "ends": _words("kit-to"),
            "below": [_words("kit-topics", topics=_topics()), _words("kit-no-denunciation"), _words("kit-afterwards")],
        },
        "receipt": {word: _words(f"kit-receipt-{word}") for word in RECEIPT_WORDS}
        | {"day": decree_date(day), "place": _words("kit-at", place=place), "sheets": RECEIPT_SHEETS},
        "door": {
            "office": issuer_name(occurrence.unit).upper(),
            "head": _words("kit-door"),
            "who": who,
            "leaf": leaf_of(day, working_calendar(db)),
            "hours": hours,
            "place": place,
            "below": [_words("kit-door-number"), *([_words("kit-door-phone", phone=phone)] if phone else [])],
        },
    }


def _row(one: Expected) -> Facts:
    window = [f"{to_local(at):%H:%M}" for at in (one.arrive_from, one.arrive_until) if at is not None]
    names = "; ".join(name for name in one.representatives if name != one.name)
    return {
        "number": str(one.ticket),
        "window": " - ".join(window),
        "name": one.name,
        "with": _words("kit-with", names=names) if names else "",
        "people": str(one.people),
        "topic": say(LANGUAGE, f"registrations.topic-{one.topic}") if one.topic else "",
    }


def _topics() -> str:
    words = (say(LANGUAGE, f"registrations.topic-{topic}") for topic in TOPICS)
    return "; ".join(f"{number}. {word}" for number, word in enumerate(words, 1))


def _words(key: str, **facts: str) -> str:
    return say(LANGUAGE, f"paper.{key}", **facts)
