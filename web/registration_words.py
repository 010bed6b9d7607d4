"""A registration in words, for the pages of residents and of the staff."""

from datetime import datetime

from flask import Flask

from scheduler.language.dates import short_date
from scheduler.models import Occurrence, Registration
from scheduler.rules.registration_input import shown_code
from web.language import language, say
from web.sittings import hour_of, start_hour

SHOWN_DIGITS = 3


def install(app: Flask) -> None:
    """Give templates these words."""
    for function in (arrival_words, span_of, masked, shown_code):
        app.add_template_global(function)


def span_of(since: datetime, until: datetime) -> str:
    """ "từ 7 giờ 30 đến 8 giờ"."""
    return say("registrations.from-until", first=hour_of(since), last=hour_of(until))


def arrival_words(registration: Registration) -> str:
    """When to come: the window, or any time of the sitting, by number."""
    if registration.arrive_from is not None and registration.arrive_until is not None:
        return span_of(registration.arrive_from, registration.arrive_until)
    return say("registrations.any-time")


def sitting_words(sitting: Occurrence) -> str:
    """ "thứ Năm, 10/12/2026, 7 giờ 30"."""
    when = short_date(language(), sitting.day) if sitting.day else ""
    return f"{when}, {start_hour(sitting)}"


def masked(contact: str) -> str:
    """Enough of a contact to know one's own: "•••678", "l•••@example.vn"."""
    if "@" in contact:
        name, _, host = contact.partition("@")
        return f"{name[:1]}•••@{host}"
    return f"•••{contact[-SHOWN_DIGITS:]}" if contact else ""
