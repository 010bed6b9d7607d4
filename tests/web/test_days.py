"""The calendar and what it proposes, on the staff's pages."""

import io
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from scheduler.actions.days import seed_days
from scheduler.actions.plan_publishing import publish_plan
from scheduler.actions.plans import import_plan
from scheduler.database import Database
from scheduler.models import Account, CalendarDay, Occurrence, Proposal, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.actions.plan_texts import plan
from tests.build import make_account, make_office
from tests.conftest import NOW
from tests.visitors import SignIn
from tests.web.checks import check_page

DAY = {"day": "2027-01-15", "off": "off", "name": "Nghỉ bù", "basis": "QĐ 1", "source": "", "state": "confirmed"}
FILE = "date;off;name;basis\n15/01/2027;off;Nghỉ hoán đổi;CV 1\n16/01/2027;work;Làm bù;CV 1\n"


@dataclass
class Office:
    """Accounts around one office whose plan is public."""

    administrator: Account
    clerk: Account
    head: Account


@pytest.fixture
def office(database: Database) -> Office:
    with database.transaction() as db:
        unit, _ = make_office(db)
        highest = db.scalars(select(Unit).where(Unit.code == "01")).one()
        seed_days(db, NOW)
        made = Office(
            make_account(db, highest, "administrator"),
            make_account(db, unit, "secretariat"),
            make_account(db, unit, "approver", email="duyet@example.vn"),
        )
        result = import_plan(db, plan(), domain="lich.example.vn", by=COMMAND_LINE, now=NOW)
        publish_plan(db, result, "duyet@example.vn", reason="kế hoạch năm", now=NOW)
        return made


def sitting(database: Database) -> Occurrence:
    with database.open() as db:
        return db.scalars(select(Occurrence).where(Occurrence.planned_day == date(2027, 1, 15))).one()


def test_the_year_is_listed_with_its_swaps(office: Office, sign_in: SignIn) -> None:
    clerk, administrator = sign_in(office.clerk), sign_in(office.administrator)
    page = clerk.get("/desk/days").text
    check_page(page)
    assert "10/01/2026" in page
    assert "làm việc" in page
    assert "đề xuất, chưa áp dụng" in page  # the swap of 23/11/2026
    assert "/desk/days/edit" not in page
    assert "/desk/days/edit" in administrator.get("/desk/days?year=2027").text
    check_page(clerk.get("/en/desk/days?year=2014").text, "en")
    assert clerk.get("/desk/days?year=1999").status_code == 404
    assert clerk.get("/desk/days/edit").status_code == 403
    assert "Thứ Bảy và Chủ nhật vẫn nghỉ" in clerk.get("/desk/days?year=2029").text


def test_one_day_shows_what_it_touches_before_it_is_saved(office: Office, sign_in: SignIn, database: Database) -> None:
    administrator = sign_in(office.administrator)
    check_page(administrator.get("/desk/days/edit?day=2026-01-02").text)
    shown = administrator.submit("/desk/days/edit", DAY)
    check_page(shown.text)
    assert "thứ Sáu, 15/01/2027 → thứ Hai, 18/01/2027" in shown.text
    assert sitting(database).day == date(2027, 1, 15)
    saved = administrator.submit("/desk/days/edit", DAY | {"do": "save"}, follow_redirects=True)
    assert "1 đề nghị chờ duyệt" in saved.text
    assert sitting(database).day == date(2027, 1, 15)
    removed = administrator.submit("/desk/days/edit?day=2027-01-15", DAY | {"do": "remove"}, follow_redirects=True)
    assert removed.status_code == 200
    with database.open() as db:
        assert db.get(CalendarDay, date(2027, 1, 15)) is None
        assert db.scalars(select(Proposal.state)).all() == ["outdated"]


def test_a_day_that_cannot_be_is_refused(office: Office, sign_in: SignIn, database: Database) -> None:
    administrator = sign_in(office.administrator)
    for blanks in ({"day": "2027-01-17", "off": "work"}, {"day": "2027-02-31"}, {"name": ""}):
        page = administrator.submit("/desk/days/edit", DAY | blanks | {"do": "save"})
        assert page.status_code == 422
        check_page(page.text)
    with database.open() as db:
        assert db.get(CalendarDay, date(2027, 1, 17)) is None


def test_a_file_shows_what_it_touches_then_is_taken_in(office: Office, sign_in: SignIn, database: Database) -> None:
    administrator = sign_in(office.administrator)
    check_page(administrator.get("/desk/days/import").text)
    file = {"file": (io.BytesIO(FILE.encode("utf-8-sig")), "lich.csv")}
    shown = administrator.submit("/desk/days/import", file, content_type="multipart/form-data")
    check_page(shown.text)
    assert "thứ Bảy, 16/01/2027" in shown.text
    with database.open() as db:
        assert db.get(CalendarDay, date(2027, 1, 16)) is None
    done = administrator.submit("/desk/days/import", {"rows": FILE, "do": "import"}, follow_redirects=True)
    assert "Đã lưu 2 ngày." in done.text


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("date;off;name\n17/01/2027;work;Làm\n", "Chủ nhật"),
        ("date;off;name\n31/02/2027;off;Nghỉ\n", "31/02/2027"),
        ("date;off;name\n15/01/2027;maybe;Nghỉ\n", "maybe"),
        ("date;off;name\n;off;Nghỉ\n", "date"),
        ("date;off;name\n15/01/2027;off;A\n15/01/2027;work;B\n", "vừa ghi nghỉ vừa ghi làm việc"),
        ("ngay;off\n", "ngay"),
        ("", "không có nội dung"),
    ],
)
def test_a_file_that_cannot_be_is_refused(office: Office, sign_in: SignIn, rows: str, words: str) -> None:
    page = sign_in(office.administrator).submit("/desk/days/import", {"rows": rows})
    assert page.status_code == 422
    check_page(page.text)
    assert words.lower() in page.text.lower()


def test_proposals_are_accepted_many_at_once(office: Office, sign_in: SignIn, database: Database) -> None:
    administrator, clerk, head = sign_in(office.administrator), sign_in(office.clerk), sign_in(office.head)
    assert "Không có đề nghị nào chờ duyệt." in head.get("/desk/proposals").text
    administrator.submit("/desk/days/edit", DAY | {"do": "save"})
    administrator.submit("/desk/days/edit", DAY | {"day": "2027-02-15", "name": "Nghỉ khác", "do": "save"})
    page = head.get("/desk/proposals").text
    check_page(page)
    check_page(head.get("/en/desk/proposals").text, "en")
    assert "ngày: thứ Sáu, 15/01/2027 → thứ Hai, 18/01/2027" in page
    assert "Chấp nhận" not in clerk.get("/desk/proposals").text
    with database.open() as db:
        ids = db.scalars(select(Proposal.id)).all()
    assert head.get(f"/desk/proposals/{ids[0]}").status_code == 303
    empty = head.submit("/desk/proposals", {"do": "accept"})
    assert (empty.status_code, "Chưa chọn đề nghị nào." in empty.text) == (422, True)
    wrong = head.submit("/desk/proposals", {"id": [str(ids[0]), "999999"], "do": "accept"})
    assert wrong.status_code == 404
    assert sitting(database).day == date(2027, 1, 15)
    done = head.submit("/desk/proposals", {"id": [str(one) for one in ids], "do": "accept"}, follow_redirects=True)
    assert "Đã thực hiện 2 thay đổi." in done.text
    assert sitting(database).day == date(2027, 1, 18)
    assert "15/01" in head.get(f"/occurrences/{sitting(database).slug}").text


def test_a_proposal_is_dismissed(office: Office, sign_in: SignIn, database: Database) -> None:
    sign_in(office.administrator).submit("/desk/days/edit", DAY | {"do": "save"})
    with database.open() as db:
        proposal_id = db.scalars(select(Proposal.id)).one()
    head = sign_in(office.head)
    done = head.submit("/desk/proposals", {"id": proposal_id, "do": "refuse"}, follow_redirects=True)
    assert "Đã bỏ qua 1 đề nghị." in done.text
    assert sitting(database).day == date(2027, 1, 15)
    assert sign_in(office.clerk).post("/desk/proposals").status_code in (400, 403)
