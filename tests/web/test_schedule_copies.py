"""Last year's plan copied on the page: seen first, saved all or none, and once however often it is sent."""

from datetime import date

import pytest
from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.actions.schedules import create_schedule, extend_schedule
from scheduler.database import Database
from scheduler.models import Account, Occurrence, Schedule
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_account, make_occurrence, make_office, make_unit
from tests.conftest import NOW
from tests.visitors import SignIn
from tests.web.checks import check_page
from tests.web.conftest import Statements

ADDRESS = "/desk/schedules/copy?unit=00070-ubnd&year=2027"
BASE = {
    "kind": "periodic_reception",
    "host": ["Chủ tịch UBND"],
    "starts": "2026-01-01",
    "until": "2026-12-31",
    "hours": ["07:30-11:30"],
}
RULES = {
    "ngay-15": {"rule": {"every": "month", "days": [15]}},
    "lan-cuoi": {"rule": {"every": "month", "nth": [-1], "weekday": "FR"}, "hours": ["13:30-16:30"]},
    "danh-sach": {"rule": {"dates": ["2026-03-05"]}, "hours": ["14:00-15:00"]},
    "mai-mai": {"rule": {"every": "year", "month": [6], "days": [1]}},
}


@pytest.fixture
def clerk(database: Database) -> Account:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        seed_days(db, NOW)
        for key, more in RULES.items():
            series = BASE | more | {"key": key}
            if key == "mai-mai":
                del series["until"]
            schedule = create_schedule(db, unit.id, series, by=COMMAND_LINE, now=NOW)
            extend_schedule(db, schedule.id, by=COMMAND_LINE, now=NOW)
        make_occurrence(db, unit, chairman, day=date(2027, 4, 15))
        return make_account(db, unit)


def ids(database: Database, *keys: str) -> list[int]:
    with database.open() as db:
        return list(db.scalars(select(Schedule.id).where(Schedule.key.in_(keys)).order_by(Schedule.key)))


def test_the_page_says_what_each_becomes(clerk: Account, sign_in: SignIn, statements: Statements) -> None:
    visitor = sign_in(clerk)
    with statements() as sent:
        page = visitor.get(ADDRESS)
    check_page(page.text)
    assert "Lịch mới</span>" in page.text
    assert "ngay-15" not in page.text  # the key of a schedule is no word for a clerk
    assert "Áp dụng từ 01/01/2027 đến hết 31/12/2027." in page.text
    assert "Cần ngày mới" in page.text
    assert "Không có ngày kết thúc, vẫn tiếp tục" in page.text
    assert "1 buổi trùng lịch" in page.text  # the sitting of 15/04/2027 that stands already
    assert len(sent) < 40
    check_page(visitor.get(f"/en{ADDRESS}").text, "en")


def test_the_chosen_are_saved_once(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor, chosen = sign_in(clerk), ids(database, "ngay-15", "lan-cuoi")
    data = {"unit": "00070-ubnd", "year": "2027", "id": chosen}
    done = visitor.submit(ADDRESS, data, follow_redirects=True)
    assert "Đã sao chép 2 lịch, thêm 24 buổi dự thảo." in done.text
    again = visitor.submit(ADDRESS, data, follow_redirects=True)
    assert "Đã sao chép 0 lịch, thêm 0 buổi dự thảo." in again.text
    assert "Đã có từ trước: lan-cuoi-2027, ngay-15-2027." in again.text
    with database.open() as db:
        made = db.scalars(select(Schedule).where(Schedule.key.like("%-2027"))).all()
        assert {one.drafted_by_id for one in made} == {clerk.id}
        rows = select(func.count()).select_from(Occurrence).where(Occurrence.schedule_id.in_([one.id for one in made]))
        assert db.scalar(rows) == 24


def test_all_or_none(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    refused = visitor.submit(
        ADDRESS, {"unit": "00070-ubnd", "year": "2027", "id": ids(database, "danh-sach", "lan-cuoi", "ngay-15")}
    )
    assert refused.status_code == 422
    check_page(refused.text)
    assert "không sao chép được" in refused.text
    none = visitor.submit(ADDRESS, {"unit": "00070-ubnd", "year": "2027"})
    assert none.status_code == 422
    odd = visitor.submit(ADDRESS, {"unit": "00070-ubnd", "year": "99999", "id": "1"})
    assert odd.status_code == 422
    with database.open() as db:
        assert db.scalar(select(func.count()).select_from(Schedule)) == len(RULES)


def test_another_unit_s_plan_is_not_there(clerk: Account, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        stranger = make_account(db, make_unit(db, "00073-ubnd"))
    visitor = sign_in(stranger)
    assert visitor.get(ADDRESS).status_code == 404
    data = {"unit": "00070-ubnd", "year": "2027", "id": ids(database, "ngay-15")}
    assert visitor.submit("/desk/schedules/copy", data).status_code == 404
