"""A reception on Thursday with numbers kept for paper, and what the tests of its paper ask."""

from datetime import date

from scheduler.actions.paper_kit import keep_numbers
from scheduler.clock import at_local
from scheduler.database import Db
from scheduler.errors import Faults, HouseError
from scheduler.models import Occurrence, Registration
from scheduler.rules.paper import PaperRow
from tests.build import make_office, make_published, make_registration

THURSDAY = date(2026, 11, 26)
EVE = at_local(date(2026, 11, 25), "16:00")
NOON = at_local(THURSDAY, "12:00")
NEXT_DAY = at_local(date(2026, 11, 27), "09:00")
ROW = PaperRow("2", "Trần Văn Giấy", "0912 345 678", "land", "Xin cấp sổ đỏ", "2", "8:05", "8h30")


def make_sitting(db: Db) -> Occurrence:
    """Number 1 registered, 2 to 21 are kept for paper."""
    office, chairman = make_office(db)
    sitting = make_published(db, office, chairman, day=THURSDAY)
    make_registration(db, sitting, name="Lê Thị Đăng Ký")
    keep_numbers(db, sitting)
    return sitting


def entered(db: Db, occurrence: Occurrence) -> list[Registration]:
    db.flush()
    return (
        db.query(Registration).filter_by(occurrence_id=occurrence.id, way="paper").order_by(Registration.ticket).all()
    )


def faults(refused: HouseError) -> dict[str, list[str]]:
    """The keys of the faults by place."""
    found: dict[str, list[str]] = {}
    for fault in refused.faults if isinstance(refused, Faults) else [refused]:
        found.setdefault(getattr(fault, "place", ""), []).append(fault.key)
    return found
