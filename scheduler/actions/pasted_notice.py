"""The series of a pasted notice as drafts: all of them or none, and a second time nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from scheduler.actions.schedules import create_schedule, extend_schedule, to_json
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Schedule
from scheduler.queries.access import require
from scheduler.rules.permissions import Actor


@dataclass(frozen=True, slots=True)
class Drafted:
    """How many schedules were made with how many sittings, and how many were there before just so."""

    made: int = 0
    sittings: int = 0
    same: int = 0


def draft_series(
    db: Db, unit_id: int, series: Sequence[Mapping[str, Any]], *, domain: str = "", by: Actor, now: datetime
) -> Drafted:
    """Make a schedule of each series with its draft sittings; one that is there just so is left as it is.

    Raises BadInput where the unit has another series of the same key: nothing is made then.
    """
    require(db, by, "plan", unit_id)
    keys = [plain["key"] for plain in series]
    known = {row.key: row for row in db.scalars(select(Schedule).where(Schedule.unit_id == unit_id))}
    otherwise = [
        plain["key"] for plain in series if plain["key"] in known and known[plain["key"]].series != to_json(plain)
    ]
    if otherwise:
        raise BadInput("pasted_notice.planned-otherwise", "", keys=", ".join(otherwise))
    made = [create_schedule(db, unit_id, plain, by=by, now=now) for plain in series if plain["key"] not in known]
    sittings = sum(extend_schedule(db, one.id, domain=domain, by=by, now=now) for one in made)
    return Drafted(len(made), sittings, len(keys) - len(made))
