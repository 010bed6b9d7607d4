"""Somebody who was received and answered, as the tests of residents' pages need it."""

from datetime import timedelta
from typing import Any

from scheduler.database import Db, vault_of
from scheduler.models import Matter, Occurrence, Registration
from tests.build import NOW, make_registration

ANSWER = "Phường nạo vét cống hẻm 12 trước ngày 30/12/2026."


def make_answered(db: Db, sitting: Occurrence, **values: Any) -> Registration:
    """A visit to a sitting of the past whose matter was answered and is said to be carried out."""
    visit = make_registration(db, sitting, state="received", began_at=sitting.starts_at, **values)
    day = sitting.day or sitting.planned_day
    last = db.query(Matter).filter_by(unit_id=sitting.unit_id).count()
    matter = Matter(
        unit_id=sitting.unit_id, occurrence_id=sitting.id, registration=visit, year=day.year, number=last + 1,
        summary=vault_of(db).seal("Hẻm 12 ngập"), received_on=day, due_day=day + timedelta(days=14),
        due_why=[["why.due", {"start": day.isoformat(), "to": (day + timedelta(days=14)).isoformat(), "n": 10}]],
        direction="accepted", in_charge="Phòng Kinh tế", contact="Chị Hoa, 024 3825 0009",
        answer=vault_of(db).seal(ANSWER), answered_on=day, done_on=day, made_at=NOW,
    )  # fmt: skip
    db.add(matter)
    db.flush()
    return visit
