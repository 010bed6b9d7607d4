"""What somebody tells when registering: checked and put into one form, with the marks by which it is known again."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions.registration_contact import checked_contact
from scheduler.database import Db, vault_of
from scheduler.errors import BadInput, RuleBroken, Stale
from scheduler.models import Registration
from scheduler.queries.registrations import find_registration
from scheduler.rules.permissions import Actor
from scheduler.rules.registration_input import (
    checked_line,
    checked_name,
    checked_representatives,
    checked_words,
    denounces,
)
from scheduler.rules.registrations import TOPICS, WAYS

CODE_DIGITS = 6
RESIDENT = Actor("công dân", "web")
"""Who registers without an account, and who opens the own page by its link."""
COMMUNE = 200


@dataclass(frozen=True)
class Given:
    """What somebody tells when registering; the contact in the form that letters and messages need.

    `window` is the beginning of the wished arrival window (None: the earliest with a place). `form` is the form's own
    word: sent twice, it is one registration. `client` is the network address that limits count.
    """

    name: str
    contact_kind: str = ""
    contact: str = ""
    home: str = ""
    topic: str = ""
    words: str = ""
    people: int = 1
    representatives: tuple[str, ...] = ()
    way: str = "web"
    language: str = "vi"
    window: datetime | None = None
    form: str = ""
    client: str = ""


def checked(given: Given, *, contact_needed: bool) -> Given:
    """The same in the form it is stored. Raises BadInput at its field, RuleBroken for a denunciation."""
    refuse_denunciation(given.name, given.home, given.words, *given.representatives)
    name = checked_name(given.name)
    if given.way not in WAYS or given.people < 1:
        raise BadInput("forms.not-a-choice", "way")
    kind, contact = checked_contact(given.contact) if given.contact.strip() else ("", "")
    if contact_needed and not contact:
        raise BadInput("registrations.no-contact", "contact")
    return replace(
        given,
        name=name,
        contact_kind=kind,
        contact=contact,
        home=checked_line(given.home, "home", COMMUNE),
        topic=checked_topic(given.topic),
        words=checked_words(given.words),
        representatives=checked_representatives("\n".join(given.representatives), given.people, name),
    )


def checked_topic(topic: str) -> str:
    if topic and topic not in TOPICS:
        raise BadInput("forms.not-a-choice", "topic")
    return topic


def refuse_denunciation(*texts: str) -> None:
    if denounces(*texts):
        raise RuleBroken("registrations.denounces")


def same_form(db: Db, given: Given) -> Registration | None:
    """What this very form made before. Raises Stale where it came with other words then."""
    if not given.form:
        return None
    mark = vault_of(db).mark(f"form\0{given.form}")
    known = db.scalars(select(Registration).where(Registration.form_mark == mark)).one_or_none()
    if known is not None and known.form_body != body_mark(db, given):
        raise Stale("registrations.form-used", slug=known.slug)
    return find_registration(db, known.slug) if known is not None else None


def body_mark(db: Db, given: Given) -> str:
    """A mark of all that was typed, so that nobody without the key can guess the words from it."""
    parts = (given.name, given.contact, given.home, given.topic, given.words, str(given.people), str(given.window))
    return vault_of(db).mark("\0".join(("body", *parts, *given.representatives)))


def fresh_code(db: Db, guard: str) -> str:
    """Six digits that no other registration of this contact has."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        if not knows_code(db, guard, code):
            return code


def knows_code(db: Db, guard: str, code: str) -> bool:
    mark = vault_of(db).mark(code)
    known = select(Registration.id).where(Registration.guard_mark == guard, Registration.code_mark == mark)
    return db.execute(known.limit(1)).first() is not None


def named(registration: Registration) -> dict[str, Any]:
    """How the ledger names the registration: by its row, never by what was told."""
    return {"unit_id": registration.unit_id, "subject": f"registration:{registration.id}"}
