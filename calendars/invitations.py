"""Invitations in letters (iMIP, RFC 6047): the same event in another envelope, one sitting and one person a letter."""

from dataclasses import dataclass, replace
from datetime import datetime

from icalendar import Calendar, vCalAddress

from calendars.components import Audience, component_of, event_of
from calendars.feeds import END, PRODUCT
from calendars.timezone import TIMEZONE
from calendars.wording import one_line
from scheduler.models import Occurrence

METHODS = {"REQUEST": "REQUEST", "CANCEL": "CANCEL", "UNINVITE": "CANCEL"}
"""What a letter asks for, and the METHOD it goes by. UNINVITE takes one person off a sitting that stays."""
CONTENT_TYPE = "text/calendar; method={method}; charset=UTF-8; component=vevent"


@dataclass(frozen=True)
class Mailbox:
    """An address and the name it goes by."""

    email: str
    name: str = ""


def invitation(
    occurrence: Occurrence,
    *,
    method: str,
    attendee: Mailbox,
    organizer: Mailbox,
    language: str,
    base_url: str,
    now: datetime,
) -> bytes:
    """The text/calendar part of a letter; `method` is a key of METHODS, `organizer` a role's mailbox.

    DTSTAMP is `now`, as a letter asks (RFC 5545 3.8.7.2). A CANCEL for all carries STATUS:CANCELLED; one that takes
    a person off carries none (RFC 5546 3.2.5). Raises ValueError for a method that is none, or that says the
    opposite of the sitting.
    """
    if method not in METHODS:
        raise ValueError(f"no such method: {method}")
    facts = event_of(occurrence, language=language, audience=Audience(), base_url=base_url)
    if method == "REQUEST" and facts.status == "CANCELLED":
        raise ValueError("a cancelled sitting invites nobody")
    status = {"REQUEST": facts.status, "CANCEL": "CANCELLED", "UNINVITE": ""}[method]
    event = component_of(replace(facts, status=status))
    event.pop("dtstamp")
    event.add("dtstamp", now)
    event.add("organizer", _address(organizer))
    event.add("attendee", _guest(attendee) if method == "REQUEST" else _address(attendee))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", METHODS[method])
    head: bytes = calendar.to_ical(sorted=False)
    text: bytes = event.to_ical(sorted=False)
    return b"".join((head.removesuffix(END), TIMEZONE, text, END))


def content_type_of(method: str) -> str:
    """The part's Content-Type; the same METHOD as inside, or clients show a plain file (RFC 6047 2.4)."""
    return CONTENT_TYPE.format(method=METHODS[method])


def _address(mailbox: Mailbox) -> vCalAddress:
    address = vCalAddress(f"mailto:{mailbox.email}")
    if mailbox.name:
        address.params["CN"] = one_line(mailbox.name)
    return address


def _guest(mailbox: Mailbox) -> vCalAddress:
    address = _address(mailbox)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "NEEDS-ACTION"
    address.params["RSVP"] = "TRUE"
    return address
