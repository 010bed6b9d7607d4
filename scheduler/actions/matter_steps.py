"""What every step of a matter asks first, and what its line in the ledger is about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.actions.ledger import stale
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput, RuleBroken
from scheduler.models import Matter
from scheduler.queries.matters import facts_of
from scheduler.rules.matters import require_step
from scheduler.rules.permissions import Actor


@dataclass(frozen=True)
class Step:
    """Who takes a step on which version of a matter, and when."""

    version: int
    by: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The Vietnamese day of the step."""
        return local_date(self.now)


def check_step(db: Db, matter: Matter, step: str, given: Step) -> None:
    """The version that was read, then whether the step is open. Raises Stale, RuleBroken."""
    if matter.version != given.version:
        raise stale(db, f"matter:{matter.id}", language=given.by.language, otherwise=matter.made_at)
    require_step(facts_of(matter), step)


def check_day(matter: Matter, day: date, today: date) -> None:
    """Raise BadInput for a day before the matter was received, or one still ahead."""
    if not matter.received_on <= day <= today:
        raise BadInput("matters.day-outside", "day")


def refuse_erased(matter: Matter) -> None:
    """Raise RuleBroken where the visit's personal data were erased: nothing of the kind is written again."""
    if matter.registration is not None and matter.registration.erased_at is not None:
        raise RuleBroken("matters.erased")


def about(matter: Matter) -> dict[str, Any]:
    """What a line of the ledger says the deed was about; nothing of the resident's stands in it."""
    return {"unit_id": matter.unit_id, "subject": f"matter:{matter.id}"}
