"""An office that held a sitting and concluded it, with a department that carries out what was decided."""

from datetime import UTC, date, datetime

from scheduler.actions.conclusions import ConclusionGiven, ItemGiven, record_conclusion
from scheduler.actions.followups import Report, compile_task
from scheduler.database import Db
from scheduler.models import ConclusionItem, Task, Unit
from scheduler.rules.permissions import Actor, Grant, job_actor
from tests.build import make_account, make_actor, make_occurrence, make_office, make_unit

GIVEN_AT = datetime(2026, 9, 3, 9, tzinfo=UTC)
DUE = date(2026, 9, 17)


class Office:
    """An office that held a sitting, its clerk, and a department with an address and an officer."""

    def __init__(self, db: Db) -> None:
        self.db = db
        self.unit, chairman = make_office(db)
        self.clerk = make_actor(db, self.unit)
        self.department = make_unit(
            db, name="Phòng Kinh tế", parent=self.unit, kind="department", email="kinhte@example.vn"
        )
        make_account(db, self.department, "officer", email="canbo@example.vn")
        self.officer = Actor("Cán bộ", "link", grants=(Grant("officer", self.department.id),))
        self.sitting = make_occurrence(db, self.unit, chairman, day=date(2026, 9, 3), state="held")

    def conclude(self, *helpers: Unit) -> ConclusionItem:
        """A conclusion with one item, due on 17/09/2026."""
        helping = tuple(helper.id for helper in helpers)
        item = ItemGiven("Dựng biển báo ở hẻm 12", self.department.id, 10, helping)
        given = ConclusionGiven("12/TB-UBND", date(2026, 9, 3), "Nguyễn Văn Thử", (item,))
        made = record_conclusion(self.db, self.sitting.slug, self.sitting.version, given, by=self.clerk, now=GIVEN_AT)
        return made.items[0]

    def task(self) -> Task:
        """The task of that item."""
        made = compile_task(self.db, self.conclude().id, by=job_actor("followups"), now=GIVEN_AT)
        assert made is not None
        return made


def says(task: Task, text: str, by: Actor, now: datetime = GIVEN_AT) -> Report:
    return Report(task.version, text, by, now)
