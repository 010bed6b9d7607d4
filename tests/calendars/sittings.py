"""The sittings whose events are shown in the tests: one in each state, with fixed names, so that bytes can be kept."""

from datetime import UTC, date, datetime, timedelta

from scheduler.actions.changes import (
    Order,
    cancel_occurrence,
    change_chair,
    change_hours,
    change_place,
    move_occurrence,
    postpone_occurrence,
)
from scheduler.actions.feeds import raise_versions
from scheduler.database import Db
from scheduler.models import Occurrence, Post, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_holder, make_occurrence, make_office, make_post, make_published

BASE = "https://lich.example.vn"
CHANGED = datetime(2026, 11, 20, 9, 20, tzinfo=UTC)
REASON = "Chủ tịch dự kỳ họp của Hội đồng nhân dân thành phố; lịch mới được niêm yết"
STATES = ("plain", "moved", "cancelled", "postponed", "open", "stand-in", "elsewhere", "halves")


def make_every_state(db: Db) -> dict[str, Occurrence]:
    """One published sitting for each of STATES, on Thursdays from 03/12/2026 on, through the product's own actions."""
    office, chairman = make_office(db)
    deputy = make_post(db, office, "Phó Chủ tịch UBND", code="00070-ubnd-pho-chu-tich", duty="", is_head=False)
    make_holder(db, deputy, "Trần Thị Thử")
    rows = {state: _published(db, office, chairman, state, place) for place, state in enumerate(STATES)}
    move_occurrence(db, rows["moved"].slug, _order(rows["moved"]), day=date(2026, 12, 11))
    cancel_occurrence(db, rows["cancelled"].slug, _order(rows["cancelled"]))
    postpone_occurrence(db, rows["postponed"].slug, _order(rows["postponed"]), told_by=date(2026, 12, 20))
    change_chair(db, rows["stand-in"].slug, _order(rows["stand-in"]), name="Trần Thị Thử", post_id=deputy.id)
    change_place(db, rows["elsewhere"].slug, _order(rows["elsewhere"]), place="Nhà văn hóa, số 2 phố Lê Thái Tổ")
    change_hours(db, rows["halves"].slug, _order(rows["halves"]), hours=("08:00-11:00", "14:00-16:00"))
    return rows


def make_many(db: Db, office: Unit, post: Post, number: int) -> None:
    """So many published sittings within the window of the calendars, three a day."""
    made = [
        make_published(
            db,
            office,
            post,
            day=date(2026, 11, 23) + timedelta(days=place // 6),
            hours=[f"{8 + place % 6:02}:00-{8 + place % 6:02}:45"],
            uid=f"phien-{place:05}@example.vn",
        ).id
        for place in range(number)
    ]
    raise_versions(db, made, now=CHANGED)


def _order(row: Occurrence) -> Order:
    return Order(row.version, REASON, COMMAND_LINE, CHANGED)


def _published(db: Db, office: Unit, post: Post, state: str, place: int) -> Occurrence:
    day = date(2026, 12, 3) + timedelta(days=7 * place)
    names = {"uid": f"phien-{state}@example.vn", "created_at": datetime(2026, 10, 1, tzinfo=UTC)}
    if state == "open":
        values = {"state": "published", "published_at": CHANGED, "content_changed_at": CHANGED, "planned_day": day}
        row = make_occurrence(db, office, post, day=None, outcome="to_be_announced", **values, **names)
    else:
        row = make_published(db, office, post, day=day, content="Tiếp nhận kiến nghị, phản ánh; khiếu nại", **names)
    row.slug = "buoi" + state.replace("-", "")
    raise_versions(db, [row.id], now=CHANGED)
    return row
