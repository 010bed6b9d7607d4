"""A decision on days off on the staff's pages: pasted, read over, saved, decided on one page, and told to everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from scheduler.actions.days import seed_days
from scheduler.actions.plan_publishing import publish_plan
from scheduler.actions.plans import import_plan
from scheduler.database import Database
from scheduler.models import Account, Decision, Letter, Occurrence, Proposal, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.actions.plan_texts import plan
from tests.build import make_account, make_office, make_post, make_published, make_unit
from tests.conftest import NOW
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page

TEXT = """THÔNG BÁO
Số: 12/TB-BNV
Hà Nội, ngày 20 tháng 11 năm 2026
Hoán đổi ngày làm việc từ thứ Sáu 15/01/2027 sang thứ Bảy 23/01/2027.
Nghỉ bù thứ Ba ngày 15/02/2027.
Các cơ quan báo cáo trước 10/01/2027.
"""
ROWS = {
    "days-0-day": "2027-01-15", "days-0-off": "off", "days-0-name": "Nghỉ hoán đổi", "days-0-use": "y",
    "days-1-day": "2027-01-23", "days-1-off": "work", "days-1-name": "Làm bù", "days-1-use": "y",
    "days-2-day": "2027-02-15", "days-2-off": "off", "days-2-name": "Nghỉ bù", "days-2-use": "y",
}  # fmt: skip
PAPER = {"text": TEXT, "number": "12/TB-BNV", "signed_on": "2026-11-20", "name": "Hoán đổi ngày làm việc"}
PAGE = "/desk/days/decision"


@dataclass
class Office:
    """Accounts around one office whose plan is public, and somebody of another ward."""

    administrator: Account
    clerk: Account
    head: Account
    beside: Account


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
            make_account(db, make_unit(db, parent=highest), "approver"),
        )
        result = import_plan(db, plan(), domain="lich.example.vn", by=COMMAND_LINE, now=NOW)
        publish_plan(db, result, "duyet@example.vn", reason="kế hoạch năm", now=NOW)
        return made


def saved(office: Office, sign_in: SignIn) -> str:
    """Take the decision in; the address of its page."""
    answer = sign_in(office.administrator).submit(PAGE, PAPER | ROWS | {"do": "save"})
    assert answer.status_code == 303
    return answer.location


def one_of(database: Database, planned: date) -> Occurrence:
    with database.open() as db:
        return db.scalars(select(Occurrence).where(Occurrence.planned_day == planned)).one()


def test_a_pasted_notice_is_read_looked_over_and_saved_once(
    office: Office, sign_in: SignIn, database: Database
) -> None:
    administrator = sign_in(office.administrator)
    check_page(administrator.get(PAGE).text)
    read = administrator.submit(PAGE, {"text": TEXT, "do": "read"})
    check_page(read.text)
    assert all(words in read.text for words in ('value="2027-01-15"', 'value="2027-01-23"', 'value="12/TB-BNV"'))
    assert "Văn bản in thứ Ba" in read.text  # 15/02/2027 is a Monday
    assert "báo cáo trước 10/01/2027" in read.text
    assert "thứ Sáu, 15/01/2027" in read.text
    with database.open() as db:
        assert db.query(Decision).count() == 0
    first, second = saved(office, sign_in), saved(office, sign_in)
    assert first == second
    check_page(administrator.get(first).text)
    with database.open() as db:
        assert db.query(Decision).count() == 1
        assert db.scalars(select(Decision.text)).one().startswith("THÔNG BÁO")
    check_page(administrator.get("/en/desk/decisions").text, "en")
    assert sign_in(office.head).get(PAGE).status_code == 403


@pytest.mark.parametrize(
    "typed",
    [
        {"signed_on": ""},
        {"signed_on": "2026-12-24"},
        {"number": ""},
        {"days-1-day": "2027-01-24"},  # a Sunday worked
        {"days-1-day": "khi nào đó"},
        {"days-2-day": "2027-01-15"},
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(office: Office, sign_in: SignIn, typed: dict[str, str]) -> None:
    page = sign_in(office.administrator).submit(PAGE, PAPER | ROWS | typed | {"do": "save"})
    assert page.status_code == 422
    check_page(page.text)
    assert "Nghỉ hoán đổi" in page.text
    empty = sign_in(office.administrator).submit(PAGE, {"text": "Không có gì", "do": "read"})
    assert (empty.status_code, "Không đọc được ngày nào" in empty.text) == (422, True)


def test_the_whole_way_to_residents_feeds_and_letters(
    office: Office, sign_in: SignIn, client: Visitor, database: Database
) -> None:
    address = saved(office, sign_in)
    head, clerk = sign_in(office.head), sign_in(office.clerk)
    assert address in head.get("/desk").text
    assert address in head.get("/desk/proposals").text
    page = head.get(address).text
    check_page(page)
    check_page(head.get(f"/en{address}").text, "en")
    assert "Duyệt {n} đổi, giữ {m}, và công bố" in page
    assert 'name="do-' not in clerk.get(address).text
    with database.open() as db:
        first, second = db.scalars(select(Proposal.id).where(Proposal.occurrence_id.is_not(None)).order_by(Proposal.id))
    chosen = {"id": [str(first), str(second)], f"do-{first}": "other", f"day-{first}": "2027-01-20"}
    chosen |= {f"do-{second}": "leave"}
    done = head.submit(address, chosen, follow_redirects=True)
    assert "Đã đổi 1, giữ 1." in done.text
    assert head.submit("/desk/account", chosen, to=address).status_code == 303
    moved = one_of(database, date(2027, 1, 15))
    assert (moved.day, moved.sequence) == (date(2027, 1, 20), 1)
    assert "12/TB-BNV" in client.get(f"/occurrences/{moved.slug}").text
    feed = client.get(f"/occurrences/{moved.slug}.ics").text
    assert "SEQUENCE:1" in feed
    assert "20270120" in feed
    report = clerk.get("/desk/reports/changes?from=2026-11-01&to=2026-11-30").text
    check_page(report)
    rows = clerk.get("/desk/reports/changes/rows?from=2026-11-01&to=2026-11-30&column=full").text
    check_page(rows)
    assert moved.slug in rows
    with database.open() as db:
        letters = db.scalars(select(Letter).where(Letter.kind == "change")).all()
        assert len({one.recipient for one in letters}) == len(letters) > 0


def test_an_overtaken_row_is_shown_and_the_others_go_on(office: Office, sign_in: SignIn, database: Database) -> None:
    address = saved(office, sign_in)
    head = sign_in(office.head)
    with database.transaction() as db:
        first, second = db.scalars(select(Proposal).where(Proposal.occurrence_id.is_not(None)).order_by(Proposal.id))
        ids = [str(first.id), str(second.id)]
        assert second.occurrence is not None
        second.occurrence.sequence += 1
    refused = head.submit(address, {"id": ids, f"do-{ids[0]}": "accept", f"do-{ids[1]}": "accept"})
    assert refused.status_code == 422
    check_page(refused.text)
    assert "row-wrong" in refused.text
    assert one_of(database, date(2027, 1, 15)).sequence == 0
    done = head.submit(address, {"id": ids, f"do-{ids[0]}": "accept", f"do-{ids[1]}": "later"})
    assert done.status_code == 303
    assert one_of(database, date(2027, 1, 15)).sequence == 1


def test_others_see_nothing_of_the_office(office: Office, sign_in: SignIn) -> None:
    address = saved(office, sign_in)
    beside = sign_in(office.beside)
    page = beside.get(address).text
    assert "UBND phường Hoàn Kiếm" not in page
    assert "Không còn đề nghị nào" in page
    assert beside.get("/desk/decisions/999999").status_code == 404


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_many_rows_cost_no_more_statements(office: Office, sign_in: SignIn, database: Database) -> None:
    address = saved(office, sign_in)
    head = sign_in(office.head)
    head.get(address)
    with counted(database) as few:
        head.get(address)
    with database.transaction() as db:
        decision = db.scalars(select(Decision)).one()
        unit = db.scalars(select(Unit).where(Unit.code == "00070-ubnd")).one()
        post = make_post(db, unit, "Phó Chủ tịch UBND", duty="")
        for number in range(60):
            one = make_published(db, unit, post, day=date(2027, 3, 1) + timedelta(days=number))
            row: dict[str, Any] = {"proposed": {"date": "2027-06-01"}, "why": [], "subject_version": 0}
            db.add(Proposal(unit_id=unit.id, occurrence_id=one.id, cause="calendar", decision_id=decision.id,
                            proposed_by="x", made_at=NOW, **row))  # fmt: skip
    with counted(database) as many:
        page = head.get(address)
    assert page.text.count('name="id"') >= 60
    assert many[0] == few[0]


@contextmanager
def counted(database: Database) -> Iterator[list[int]]:
    """How many statements are sent meanwhile."""
    count = [0]

    def one_more(*_: object) -> None:
        count[0] += 1

    event.listen(database.engine, "before_cursor_execute", one_more)
    try:
        yield count
    finally:
        event.remove(database.engine, "before_cursor_execute", one_more)
