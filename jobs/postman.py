"""A letter of the outbox as a finished message: composed with `emails`, never sent by it."""

from collections.abc import Callable
from datetime import datetime
from email.encoders import encode_base64
from email.mime.nonmultipart import MIMENonMultipart
from email.utils import format_datetime, parseaddr
from typing import Any

from emails.message import Message

from calendars.invitations import Mailbox as CalendarMailbox
from calendars.invitations import content_type_of, invitation
from jobs.carriers import Parcel
from jobs.mailing_lists import list_headers
from scheduler.clock import local_date, to_local
from scheduler.database import Db
from scheduler.documents.letter_words import words_of_letter
from scheduler.documents.paper_kit import paper_kit_of
from scheduler.letters import Rendered, sms_of
from scheduler.letters.blanks import LINKS
from scheduler.links import signed_path
from scheduler.models import Letter
from scheduler.queries.agenda import occurrences_by_id
from scheduler.queries.outbox import sealed_facts
from scheduler.settings import Settings

INVITATION_FILE = "invite.ics"
Pdfs = list[tuple[str, bytes]]
ATTACHED: dict[str, Callable[[Db, int, datetime], Pdfs]] = {"paper-kit": paper_kit_of}
"""What goes along with a kind of letter: names and bytes of PDFs about its sitting, made when the letter leaves."""


def compose_letter(db: Db, letter: Letter, *, settings: Settings, now: datetime) -> Parcel:
    """The claimed letter, ready to be carried. Raises KeyError or ValueError where its facts make no letter."""
    if letter.channel == "sms":
        return _message(db, letter, settings)
    links = {name: signed_path(settings.secret, str(letter.facts[name])) for name in LINKS if name in letter.facts}
    filled = links | sealed_facts(db, letter)
    words = words_of_letter(letter, base_url=settings.base_url, today=local_date(now), links=filled)
    calendar = _invitation(db, letter, settings=settings, now=now) if letter.invitation else b""
    attach = ATTACHED.get(letter.kind)
    pdfs = attach(db, letter.occurrence_id, now) if attach and letter.occurrence_id else []
    assert letter.message_id is not None
    return Parcel(
        sender=parseaddr(settings.mail_from)[1],
        recipient=letter.recipient,
        raw=_bytes(letter, words, calendar, pdfs=pdfs, settings=settings, now=now),
        name=letter.message_id,
    )


def _message(db: Db, letter: Letter, settings: Settings) -> Parcel:
    """The same for a telephone: a few words, and nothing to open."""
    assert letter.message_id is not None
    text = sms_of(letter.kind, letter.facts | sealed_facts(db, letter), letter.language)
    return Parcel(sender=settings.sms_from, recipient=letter.recipient, raw=text.encode(), name=letter.message_id)


def _bytes(letter: Letter, words: Rendered, calendar: bytes, *, pdfs: Pdfs, settings: Settings, now: datetime) -> bytes:
    message = Message(
        subject=words.subject,
        text=words.text,
        html=words.html,
        mail_from=parseaddr(settings.mail_from),
        mail_to=(_one_line(letter.recipient_name), letter.recipient),
        message_id=letter.message_id,
        # As text: a moment given as such comes out wrong wherever the machine's zone is not UTC.
        date=format_datetime(to_local(now)),
        headers={
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            "Content-Language": letter.language,
        }
        | list_headers(letter, settings),
    )
    if calendar:
        message.attach(filename=INVITATION_FILE, data=calendar, mime_type="application/ics")
    for name, content in pdfs:
        message.attach(filename=name, data=content, mime_type="application/pdf")

    def arrange(_message: Message, root: Any) -> None:
        # The library wraps the alternatives once more for inline pictures, of which a letter has none.
        parts = root.get_payload()
        alternatives = parts[0].get_payload()[0]
        parts[0] = alternatives
        if calendar:
            # The calendar comes last: clients show the last alternative they understand (RFC 2046 5.1.4).
            alternatives.attach(_calendar_part(letter.invitation, calendar))

    message.after_build = arrange
    raw = message.as_bytes()
    assert isinstance(raw, bytes)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def _calendar_part(method: str, calendar: bytes) -> MIMENonMultipart:
    part = MIMENonMultipart("text", "calendar")
    part.replace_header("Content-Type", content_type_of(method))
    part.set_payload(calendar)
    encode_base64(part)
    return part


def _invitation(db: Db, letter: Letter, *, settings: Settings, now: datetime) -> bytes:
    assert letter.occurrence_id is not None
    occurrence = occurrences_by_id(db, [letter.occurrence_id])[0]
    unit = occurrence.unit
    return invitation(
        occurrence,
        method=letter.invitation,
        attendee=CalendarMailbox(letter.recipient, letter.recipient_name),
        organizer=CalendarMailbox(unit.email or parseaddr(settings.mail_from)[1], unit.name),
        language=letter.language,
        base_url=settings.base_url,
        now=now,
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
