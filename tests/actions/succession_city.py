"""Two wards of Hà Nội, one with a year of sittings, its people and a task: the ground of tests of succession."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.actions.succession import confirm_succession, preview_succession
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.models import Conclusion, ConclusionItem, Occurrence, Post, Schedule, Task, Unit
from scheduler.rules.permissions import COMMAND_LINE, Actor
from scheduler.rules.succession import Decision, Share
from tests.build import NOW, actor_for, make_account, make_holder, make_place, make_post, make_published, make_unit

TODAY = local_date(NOW)
DAY = TODAY
LATER = date(2027, 1, 1)
SERIES = {
    "key": "chu-tich",
    "kind": "periodic_reception",
    "host": "Chủ tịch UBND",
    "rule": {"every": "month", "days": [10]},
    "starts": "2026-01-01",
    "hours": ["07:30-11:30"],
    "place": "7 Hàng Bông",
}


@dataclass
class City:
    """Hà Nội with two wards, a year of sittings in one of them, its people, a task and an urging to come."""

    ward: Unit
    office: Unit
    chairman: Post
    heir: Unit
    heir_chairman: Post
    by: Actor
    clerk: int
    task: Task


def make_city(db: Db) -> City:
    """All of it."""
    top = make_unit(db, "01", name="Thành phố Hà Nội", kind="place", level="province")
    ward = make_unit(db, "00073", name="Phường Cửa Nam", parent=top, kind="place")
    office = make_unit(db, "00073-ubnd", name="UBND phường Cửa Nam", parent=ward, email="cuanam@example.vn")
    room = make_unit(
        db,
        "00073-kt",
        name="Phòng Kinh tế",
        parent=office,
        kind="department",
        level="department",
        email="kt@example.vn",
    )
    chairman = make_post(db, office, "Chủ tịch UBND", code="00073-ubnd-chu-tich")
    make_holder(db, chairman, "Lê Văn Cửa", email="cua@example.vn")
    deputy = make_post(db, office, "Phó Chủ tịch UBND", code="00073-ubnd-pho", duty="", is_head=False)
    make_holder(db, deputy, "Trần Thị Nam", email="nam@example.vn")
    make_place(db, office, "Phòng tiếp công dân").address = "7 Hàng Bông"
    heir = make_unit(db, "00070", name="Phường Hoàn Kiếm", parent=top, kind="place")
    new_office = make_unit(db, "00070-ubnd", name="UBND phường Hoàn Kiếm", parent=heir)
    heir_chairman = make_post(db, new_office, "Chủ tịch UBND", code="00070-ubnd-chu-tich")
    make_holder(db, heir_chairman, "Phạm Hoàn", email="hoan@example.vn")
    make_account(db, new_office, "secretariat", email="vphk@example.vn")
    clerk = make_account(db, office, "secretariat", email="vpcn@example.vn")
    head = make_account(db, top, "administrator")
    schedule = create_schedule(db, office.id, SERIES, by=COMMAND_LINE, now=NOW - timedelta(days=300))
    extend_schedule(db, schedule.id, until=date(2027, 3, 31), by=COMMAND_LINE, now=NOW - timedelta(days=300))
    publish(db, schedule, until=date(2027, 1, 31))
    task = _task(db, office, room, chairman)
    return City(ward, office, chairman, heir, heir_chairman, actor_for(head, top, "administrator"), clerk.id, task)


def publish(db: Db, schedule: Schedule, *, until: date) -> None:
    """Its sittings until then, as if made public in time."""
    for row in db.scalars(select(Occurrence).where(Occurrence.schedule_id == schedule.id)):
        if row.day and row.day <= until:
            row.state = "published"
            row.published_day, row.published_at = row.day, NOW - timedelta(days=290)
    db.flush()


def _task(db: Db, office: Unit, room: Unit, chairman: Post) -> Task:
    held = make_published(db, office, chairman, day=date(2026, 11, 5), state="concluded")
    conclusion = Conclusion(occurrence_id=held.id, number="1", signed_on=held.day, signer="x", recorded_at=NOW)
    item = ConclusionItem(
        position=1, text="Dựng biển báo", lead_unit_id=room.id, working_days=5, due_day=TODAY, due_why=[]
    )
    conclusion.items.append(item)
    task = Task(
        slug="t" * 32, item=item, unit_id=room.id, owner_unit_id=office.id, state="assigned", due_day=TODAY,
        due_why=[], first_due_day=TODAY, made_at=NOW - timedelta(days=15),
    )  # fmt: skip
    db.add_all([conclusion, task])
    db.flush()
    return task


def join(day: date = DAY) -> Decision:
    return Decision("join", "00073", day, "12/NQ-HĐND", day - timedelta(days=7), shares=(Share("00070"),))


def found(day: date = DAY) -> Decision:
    return Decision(
        "found", "00073", day, "12/NQ-HĐND", day - timedelta(days=7), name="Phường Hồ Gươm", code="00099",
        others=("00070",),
    )  # fmt: skip


def divide(day: date = DAY) -> Decision:
    shares = (Share("00070", ("Phố Hàng Bông", "Tổ dân phố 1")), Share("Phường Ga", ("Tổ dân phố 2",)))
    return Decision("divide", "00073", day, "12/NQ-HĐND", day - timedelta(days=7), shares=shares)


def decide(db: Db, decision: Decision, by: Actor) -> None:
    seen = preview_succession(db, decision, by=by, now=NOW).seen
    assert confirm_succession(db, decision, seen, by=by, now=NOW) is not None
    db.flush()


def sittings(db: Db, unit: Unit) -> dict[str, list[date]]:
    rows = db.execute(
        select(Occurrence.state, Occurrence.day).where(Occurrence.unit_id == unit.id).order_by(Occurrence.day)
    )
    found: dict[str, list[date]] = {}
    for state, day in rows:
        found.setdefault(state, []).append(day)
    return found
