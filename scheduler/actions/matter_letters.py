"""The resident is told that there is news of a matter and where to read it; never what it is about."""

from datetime import datetime

from scheduler.actions.registration_letters import tell_registrant
from scheduler.database import Db
from scheduler.models import Matter, Unit

KIND = "registration-result"


def tell_result(db: Db, matter: Matter, step: str, *, now: datetime, cause: str = "") -> bool:
    """One letter for this step and its `cause` (the matter's version); False where nobody is left, or was told."""
    registration = matter.registration
    if registration is None or registration.erased_at is not None:
        return False
    unit = db.get_one(Unit, matter.unit_id)
    owed = matter.answered_on is None and matter.direction == "accepted"
    facts = {
        "unit": unit.name,
        "day": matter.received_on.isoformat(),
        "step": f"result-{step}",
        "due_day": matter.due_day.isoformat() if owed else None,
        "phone": unit.phone,
        "url": f"/registrations/{registration.slug}",
        "why_you": "registered",
    }
    key = f"matter:{matter.id}:{cause or matter.version}:{step}"
    return tell_registrant(db, registration, KIND, facts, key=key, now=now)
