"""A group at the door is told to the office and the police in one press: how many, about what, where; no names."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.actions.letters import Recipient, queue_letter
from scheduler.clock import local_date, to_local
from scheduler.database import Db
from scheduler.errors import RuleBroken
from scheduler.language import say
from scheduler.language.dates import hour_words
from scheduler.models import Call, CrowdNotice, Occurrence, Registration
from scheduler.queries.access import require
from scheduler.queries.audience import Listener
from scheduler.queries.counter import crowd_notices
from scheduler.queries.crowd import listeners_of_crowd, with_phone
from scheduler.queries.registrations import find_registration
from scheduler.rules.counter import is_group
from scheduler.rules.permissions import Actor
from scheduler.rules.registration_input import checked_phone

SHORT_NUMBER = re.compile(r"11[0-9]")
WORTH = timedelta(hours=12)
"""After so long nobody needs to be told of it any more."""


def tell_crowd(db: Db, slug: str, *, phone: str = "", by: Actor, now: datetime) -> list[CrowdNotice]:
    """Tell the office and the police of a group, each by letter or, without an address, by a call to be made.

    `phone` is the number of the police where none is known. A second press tells nobody again. Raises NotFound,
    RuleBroken where it is no group or nobody is known, BadInput for a number that is none.
    """
    visit = find_registration(db, slug)
    require(db, by, "receive", visit.occurrence.unit_id)
    db.execute(select(Registration.id).where(Registration.id == visit.id).with_for_update())
    told = list(crowd_notices(db, visit.id))
    if told:
        return told
    if not is_group(visit.people):
        raise RuleBroken("counter.no-group")
    listeners = listeners_of_crowd(db, visit.occurrence, by=by, today=local_date(now))
    listeners = with_phone(listeners, say(by.language, "counter.police"), _checked_phone(phone))
    if not listeners:
        raise RuleBroken("counter.nobody-to-tell")
    notices = [_tell(db, visit, one, now=now) for one in listeners]
    db.add_all(notices)
    db.flush()
    subject, n = f"registration:{visit.id}", len(notices)
    record(db, "visit.crowd-told", by=by, now=now, unit_id=visit.unit_id, subject=subject, number=visit.ticket, n=n)
    return notices


def _tell(db: Db, visit: Registration, one: Listener, *, now: datetime) -> CrowdNotice:
    notice = CrowdNotice(
        registration_id=visit.id, occurrence_id=visit.occurrence_id, role=one.role, name=one.name, phone=one.phone,
        by_letter=bool(one.email), made_at=now,
    )  # fmt: skip
    if one.email:
        _queue(db, visit, one, now=now)
    else:
        call = Call(
            unit_id=visit.unit_id, occurrence_id=visit.occurrence_id, role=one.role, name=one.name, phone=one.phone,
            words=_words(visit, one.language, now), state="open", made_at=now,
        )  # fmt: skip
        db.add(call)
        db.flush()
        notice.call_id = call.id
    return notice


def _queue(db: Db, visit: Registration, one: Listener, *, now: datetime) -> None:
    sitting = visit.occurrence
    path = "/desk/counter" if one.role == "staff" else "/occurrences"
    facts = {
        "unit": sitting.unit.name,
        "day": local_date(now).isoformat(),
        "hour": _hour(one.language, now),
        "place": _place(sitting),
        "people": visit.people,
        "topic": say(one.language, f"registrations.topic-{visit.topic}"),
        "url": f"{path}/{sitting.slug}",
        "why_you": "crowd",
    }
    queue_letter(
        db, "crowd", Recipient(one.email, one.name, one.language), facts, key=f"crowd:{visit.id}", due_at=now,
        now=now, unit_id=visit.unit_id, occurrence_id=visit.occurrence_id, sequence=sitting.sequence,
        expires_at=now + WORTH,
    )  # fmt: skip


def _words(visit: Registration, language: str, now: datetime) -> str:
    return say(
        language,
        "counter.crowd-call",
        unit=visit.occurrence.unit.name,
        hour=_hour(language, now),
        people=visit.people,
        topic=say(language, f"registrations.topic-{visit.topic}"),
        place=_place(visit.occurrence),
    )


def _hour(language: str, now: datetime) -> str:
    return hour_words(language, f"{to_local(now):%H:%M}")


def _place(sitting: Occurrence) -> str:
    return sitting.place or (sitting.place_row.name if sitting.place_row else "") or sitting.unit.name


def _checked_phone(phone: str) -> str:
    phone = phone.strip()
    return phone if not phone or SHORT_NUMBER.fullmatch(phone) else checked_phone(phone, "phone")
