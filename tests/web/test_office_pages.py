"""Settings of an office and its checklist: seen by who reads there, changed by who administers, once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from scheduler.clock import local_date
from scheduler.database import Database
from scheduler.models import Account, Entry, OfficeSetting, Unit, UnitAbove
from scheduler.queries.checklist import checklists_of, missing_of, open_points_below
from scheduler.queries.office_settings import office_value
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account, make_office, make_published, make_unit
from tests.visitors import SignIn
from tests.web.checks import check_page
from tests.web.conftest import Statements

PAGE = "/desk/units/00070/settings"
LIST = "/desk/units/00070/checklist"
TODAY = local_date(NOW)


@pytest.fixture
def office(database: Database) -> tuple[Account, Account]:
    """Who administers the ward of an office, and a clerk of the office."""
    with database.transaction() as db:
        made, _ = make_office(db)
        assert made.parent is not None
        return make_account(db, made.parent, "administrator"), make_account(db, made.parent, "secretariat")


def test_a_value_holds_from_its_day_and_below(
    office: tuple[Account, Account], sign_in: SignIn, database: Database
) -> None:
    visitor = sign_in(office[0])
    check_page(visitor.get(PAGE).text)
    new = {"key": "reminder_hour", "value": "7:30", "since": "2026-12-01", "source": "05/QĐ-UBND"}
    form = f"{PAGE}?key=reminder_hour"
    check_page(visitor.get(form).text)
    for _ in range(2):
        assert visitor.submit(form, new, to=PAGE).status_code == 303
    yes_no = {"key": "part_of_day_counts", "value": "no", "since": TODAY.isoformat(), "source": "06/QĐ"}
    assert visitor.submit(f"{PAGE}?key=part_of_day_counts", yes_no, to=PAGE).status_code == 303
    with database.open() as db:
        below = db.scalars(select(Unit.id).where(Unit.code == "00070-ubnd")).one()
        assert office_value(db, "reminder_hour", below, date(2026, 11, 30)) == "16:30"
        assert office_value(db, "reminder_hour", below, date(2026, 12, 1)) == "07:30"
        assert office_value(db, "part_of_day_counts", below, TODAY) is False
        assert db.scalar(select(func.count(OfficeSetting.id))) == 2
        assert db.scalar(select(func.count(Entry.id)).where(Entry.deed == "office.set")) == 2
    text = visitor.get("/desk/units/00070-ubnd/settings").text
    check_page(text)
    assert "Phường Hoàn Kiếm" in text.partition('id="part-of-day-counts"')[2]
    assert "từ ngày 01/12/2026: 07:30" in visitor.get(PAGE).text
    check_page(sign_in(office[0]).get(f"/en{PAGE}").text, "en")


def test_other_values_are_refused(office: tuple[Account, Account], sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(office[0])
    good = {"key": "reminder_days_before", "value": "5", "since": "2026-12-01", "source": "x"}
    for wrong in ({"value": "61"}, {"value": "-1"}, {"value": "năm"}, {"since": "x"}, {"source": " "}, {"key": "màu"}):
        answer = visitor.submit(f"{PAGE}?key=reminder_days_before", good | wrong, to=PAGE)
        assert answer.status_code == 422, wrong
    clerk = sign_in(office[1])
    assert "Đặt giá trị mới" not in clerk.get(PAGE).text
    assert clerk.submit("/desk/account", good, to=PAGE).status_code == 403
    with database.open() as db:
        assert db.scalar(select(func.count(OfficeSetting.id))) == 0


def test_points_are_seen_or_ticked(office: tuple[Account, Account], sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(office[0])
    text = visitor.get(LIST).text
    check_page(text)
    assert "Còn thiếu 3 việc." in text  # place and head are there
    tick = {"key": "regulation", "number": "05/QĐ-UBND", "done_on": "2026-11-02", "note": ""}
    for _ in range(2):
        assert visitor.submit(f"{LIST}?key=regulation", tick, to=LIST).status_code == 303
    for wrong in ({"key": "place"}, {"number": " "}, {"done_on": "2027-01-01"}):
        assert visitor.submit(f"{LIST}?key=regulation", tick | wrong, to=LIST).status_code == 422
    with database.transaction() as db:
        ward = db.query(Unit).filter_by(code="00070").one()
        office_unit = db.query(Unit).filter_by(code="00070-ubnd").one()
        make_published(db, office_unit, day=TODAY + timedelta(days=9))
        assert missing_of(checklists_of(db, [ward.id], TODAY)[ward.id]) == ["officer"]
        assert db.scalar(select(func.count(Entry.id)).where(Entry.deed == "unit.point-checked")) == 1
    text = visitor.get(LIST).text
    assert "02/11/2026" in text
    assert "05/QĐ-UBND" in text


def test_a_province_sees_who_lacks_what(
    office: tuple[Account, Account], sign_in: SignIn, database: Database, statements: Statements
) -> None:
    with database.transaction() as db:
        city = db.query(Unit).filter_by(code="01").one()
        head = make_account(db, city, "administrator")
        for number in range(30):
            make_unit(db, f"0{number:04}x", name=f"Phường {number}", parent=city, kind="place")
    visitor = sign_in(head)
    text = visitor.get("/desk/units/01/checklist").text
    check_page(text)
    assert "31 trong 31 đơn vị còn thiếu việc." in text
    check_page(visitor.get("/en/desk/units/01/checklist").text, "en")
    with database.open() as db:
        ids = db.scalars(select(Unit.id).where(Unit.kind == "place")).all()
        with statements() as sent:
            assert len(checklists_of(db, ids, TODAY)) == 32
        assert len(sent) <= 4
        assert open_points_below(db, COMMAND_LINE, TODAY) == (31, "01")
    desk = visitor.get("/desk").text
    assert "31 đơn vị còn thiếu việc chuẩn bị" in desk
    assert 'href="/desk/units/01/checklist"' in desk
    assert "còn thiếu việc chuẩn bị" not in sign_in(office[0]).get("/desk").text


def test_no_link_leads_above_what_one_reads(
    office: tuple[Account, Account], sign_in: SignIn, database: Database
) -> None:
    with database.transaction() as db:
        ward = db.scalars(select(Unit).where(Unit.code == "00070")).one()
        ward.parent = make_unit(db, "above", level="province", kind="place")
        db.add(UnitAbove(unit_id=ward.id, above_id=ward.parent.id, steps=1))
        above = make_account(db, ward.parent, "supervisor")
    for page in ("/desk/units/00070", LIST):
        assert 'href="/desk/units/above' in sign_in(above).get(page).text
        assert 'href="/desk/units/above' not in sign_in(office[1]).get(page).text
