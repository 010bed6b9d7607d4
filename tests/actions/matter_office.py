"""An office that received somebody on Thursday 19/11/2026, and its clerk."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from scheduler.actions.matter_steps import Step
from scheduler.actions.matters import DirectionGiven, MatterGiven, make_matter
from scheduler.actions.results import answer_matter
from scheduler.database import Db
from scheduler.models import Entry, Letter, Matter, Registration
from scheduler.queries.matters import facts_of
from scheduler.rules.matters import state_of
from tests.build import make_actor, make_office, make_published, make_registration, make_unit

DAY, DUE = date(2026, 11, 19), date(2026, 12, 4)
"""24/11/2026 is a day off: the tenth working day after Thursday 19/11 is Friday 04/12."""
AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
SUMMARY = "Hẻm 12 ngập mỗi khi mưa"
ANSWER = "Phường sẽ nạo vét cống hẻm 12 trước ngày 30/12/2026."


class Office:
    """The office, its clerk, a department, the sitting, and who was received."""

    def __init__(self, db: Db, **values: Any) -> None:
        self.db = db
        self.unit, self.chairman = make_office(db)
        self.clerk = make_actor(db, self.unit)
        self.department = make_unit(
            db, "00070-kt", name="Phòng Kinh tế", parent=self.unit, kind="department", phone="024 3825 0009"
        )
        self.sitting = make_published(db, self.unit, self.chairman, day=DAY, state="held")
        self.visit = self.received(**values)

    def received(self, **values: Any) -> Registration:
        """One more who was received."""
        began = datetime(2026, 11, 19, 1, 30, tzinfo=UTC)
        values = {"state": "received", "began_at": began, "words": SUMMARY} | values
        return make_registration(self.db, self.sitting, **values)

    def noted(self, direction: DirectionGiven | None = None, **values: Any) -> Matter:
        """A matter of the visit."""
        given = MatterGiven(SUMMARY, "feedback", "environment")
        return make_matter(self.db, self.visit.slug, given, by=self.clerk, now=AT, direction=direction, **values)

    def accepted(self) -> Matter:
        """A matter that the department settles."""
        return self.noted(DirectionGiven("accepted", in_charge_unit_id=self.department.id))

    def answered(self) -> Matter:
        """A matter that was answered the next day."""
        matter = self.accepted()
        return answer_matter(self.db, matter.id, ANSWER, self.step(matter, days=1))

    def step(self, matter: Matter, *, days: int = 0) -> Step:
        """The clerk's, on the newest version."""
        return Step(matter.version, self.clerk, AT + timedelta(days=days))


def letters(office: Office) -> list[str]:
    """The steps the resident was told, in their order."""
    rows = office.db.scalars(select(Letter).where(Letter.kind == "registration-result").order_by(Letter.id))
    return [row.facts["step"] for row in rows if row.registration_id == office.visit.id]


def deeds(office: Office) -> list[str]:
    """What the ledger keeps of its matters."""
    return list(office.db.scalars(select(Entry.deed).where(Entry.subject.startswith("matter:")).order_by(Entry.id)))


def state(matter: Matter) -> str:
    """One of rules.matters.STATES."""
    return state_of(facts_of(matter))
