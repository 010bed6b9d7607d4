"""A notice pasted on the page: read, looked over, chosen and made into drafts, once however often it is sent."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.database import Database
from scheduler.models import Account, Occurrence, Schedule
from tests.build import make_account, make_office, make_unit
from tests.conftest import NOW
from tests.visitors import SignIn
from tests.web.checks import check_page
from tests.web.sent_forms import sent

ADDRESS = "/desk/schedules/paste"
TAYSON = (Path(__file__).parent.parent / "intake" / "notices" / "tayson-gialai-2025.txt").read_text()
PRINTED = """Chủ tịch UBND tiếp công dân tại Phòng tiếp công dân, từ 7h30 đến 11h30
Tháng 3: Ngày 05; 12; 19 (Thứ 6)
Xin cảm ơn"""


@pytest.fixture
def clerk(database: Database) -> Account:
    with database.transaction() as db:
        unit, _ = make_office(db)
        seed_days(db, NOW)
        make_unit(db, "00080-ubnd")
        return make_account(db, unit, "secretariat")


def counted(database: Database) -> tuple[int, int]:
    with database.open() as db:
        return tuple(db.scalar(select(func.count()).select_from(table)) or 0 for table in (Schedule, Occurrence))


def days_of(database: Database) -> Iterable[str]:
    with database.open() as db:
        return [str(day) for day in db.scalars(select(Occurrence.planned_day).order_by(Occurrence.planned_day))]


def test_a_notice_becomes_next_years_drafts_by_its_rule(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    check_page(visitor.get(ADDRESS).text)
    shown = visitor.submit(ADDRESS, {"do": "read", "unit": "00070-ubnd", "year": "2027", "text": TAYSON})
    assert shown.status_code == 200
    page = check_page(shown.text)
    assert "Đã đọc được 26 ngày" in shown.text
    assert "thứ Năm hằng tuần" in shown.text
    assert "Đơn vị chưa có chức danh" not in shown.text, "the chairman of the other commune is this unit's chairman"
    assert "Giao Công an xã phối hợp thực hiện." in shown.text
    assert counted(database) == (0, 0)
    data = sent(page, "save", text=TAYSON)
    assert len(data["day"]) == 27
    done = visitor.submit(ADDRESS, data, follow_redirects=True)
    assert "Đã thêm 52 buổi dự thảo trong 1 lịch." in done.text
    assert counted(database) == (1, 52)
    again = visitor.submit(ADDRESS, data, follow_redirects=True)
    assert "Đã thêm 0 buổi dự thảo trong 0 lịch." in again.text
    assert counted(database) == (1, 52)


def test_the_days_as_they_are_left_count_and_misprints_are_marked(
    clerk: Account, sign_in: SignIn, database: Database
) -> None:
    visitor = sign_in(clerk)
    shown = visitor.submit(
        ADDRESS, {"do": "read", "unit": "00070-ubnd", "year": "2027", "text": f"{PRINTED}\nnăm 2027"}
    )
    page = check_page(shown.text)
    assert "Xin cảm ơn" in shown.text
    shown = visitor.submit(ADDRESS, sent(page, "show", printed_year="2027", text=PRINTED))
    data = sent(check_page(shown.text), "show", text=PRINTED)
    data["day"] = ["05/03/2026", "", "19/03/2027", "26/03/2027"]
    data["keep"] = ["0", "2"]
    shown = visitor.submit(ADDRESS, data | {"as-chu-tich-ubnd": "dates"})
    assert "In là thứ Sáu, nhưng 05/03/2026 là thứ Năm." in shown.text
    assert "Hoặc là lịch của năm 2021, 2027" in shown.text
    data["day"][0] = "05/03/2027"
    done = visitor.submit(ADDRESS, data | {"do": "save", "as-chu-tich-ubnd": "dates"})
    assert done.status_code == 303
    assert days_of(database) == ["2027-03-05", "2027-03-19", "2027-03-26"]


def test_what_cannot_be_is_said_and_nothing_is_made(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    first = {"do": "read", "unit": "00070-ubnd", "year": "2027", "text": PRINTED}
    page = check_page(visitor.submit(ADDRESS, first).text)
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"day": ["31/02/2027", "12/03/2027", "19/03/2027", ""]}, "Không có ngày này."),
        ({"host": ["", "x", "x", "x"]}, "Chưa ghi người tiếp."),
        ({"host": ["", "x", "x", "x"]}, "Đơn vị chưa có chức danh “x”"),
        ({"hours": ["muộn", "7h-8h", "7h-8h", ""]}, "Không đọc được giờ."),
        ({"hours": ["", "7h-8h", "7h-8h", ""], "missing_hours": "muộn"}, "Không đọc được giờ."),
        ({"keep": []}, "Không còn ngày nào để lập lịch."),
        ({"unit": "00080-ubnd"}, "Không có đơn vị"),
        ({"year": "2031"}, "Chọn"),
    )
    for changed, words in cases:
        answer = visitor.submit(ADDRESS, sent(page, "save", text=PRINTED) | changed)
        assert answer.status_code == 422, changed
        check_page(answer.text)
        assert words in answer.text
        assert 'name="day"' in answer.text, "what was typed is kept"
    assert counted(database) == (0, 0)
    assert visitor.submit(ADDRESS, first | {"text": " "}).status_code == 422


def test_a_part_nobody_has_chosen_is_not_made(clerk: Account, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(clerk)
    first = {"do": "read", "unit": "00070-ubnd", "year": "2027", "text": PRINTED}
    data = sent(check_page(visitor.submit(ADDRESS, first).text), "save", text=PRINTED)
    data["host"] = ["Phó Chủ tịch UBND", *data["host"][1:]]
    refused = visitor.submit(ADDRESS, data)
    assert refused.status_code == 422
    assert "Xem lại cách lấy từng phần" in refused.text
    assert counted(database) == (0, 0)


def test_a_schedule_that_is_there_otherwise_is_not_overwritten(
    clerk: Account, sign_in: SignIn, database: Database
) -> None:
    visitor = sign_in(clerk)
    first = {"do": "read", "unit": "00070-ubnd", "year": "2027", "text": PRINTED}
    data = sent(check_page(visitor.submit(ADDRESS, first).text), "save", text=PRINTED)
    assert visitor.submit(ADDRESS, data).status_code == 303
    before = counted(database)
    refused = visitor.submit(ADDRESS, data | {"place": "Nơi khác"})
    assert refused.status_code == 422
    assert "chu-tich-ubnd-2027" in refused.text
    assert counted(database) == before


def test_who_may_not_plan_finds_no_page(clerk: Account, sign_in: SignIn, database: Database) -> None:
    with database.transaction() as db:
        leader = make_account(db, make_unit(db), "leader")
    assert sign_in(leader).get(ADDRESS).status_code == 403
