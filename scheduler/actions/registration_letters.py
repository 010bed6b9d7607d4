"""How somebody registered is told: by letter, by message to a telephone, or by a call where neither can be sent.

No name and no address stands in the outbox: the letter names the registration, and is filled when it leaves.
"""

from datetime import datetime
from typing import Any

from scheduler.actions.letters import Recipient, queue_letter
from scheduler.database import Db
from scheduler.models import Call, Registration

CHANNELS = {"email": "email", "phone": "sms"}
"""The way out for each kind of contact."""


def tell_registrant(
    db: Db,
    registration: Registration,
    kind: str,
    facts: dict[str, Any],
    *,
    key: str,
    now: datetime,
    due_at: datetime | None = None,
    words: str = "",
) -> bool:
    """Queue one letter or message to who registered; `key` makes it unique for its cause. False: it was told already.

    Who left no contact is put on the call list with `words` to read out, where there are any.
    """
    channel = CHANNELS.get(registration.contact_kind)
    if channel is None:
        return _list_call(db, registration, words, now=now)
    return queue_letter(
        db,
        kind,
        Recipient("", language=registration.language, about=f"registration:{registration.id}", channel=channel),
        facts,
        key=key,
        due_at=due_at or now,
        now=now,
        unit_id=registration.unit_id,
        occurrence_id=registration.occurrence_id,
        registration_id=registration.id,
        sequence=registration.occurrence.sequence,
        expires_at=registration.occurrence.ends_at,
    )


def _list_call(db: Db, registration: Registration, words: str, *, now: datetime) -> bool:
    if not words:
        return False
    call = Call(
        unit_id=registration.unit_id,
        occurrence_id=registration.occurrence_id,
        registration_id=registration.id,
        role="registered",
        name="",
        words=words,
        made_at=now,
    )
    db.add(call)
    db.flush()
    return True
