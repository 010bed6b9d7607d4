"""The desk's pages of matters: visits of a sitting, one matter as a story, disputes, and ratings as counts."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest

from scheduler.actions.disputes import dispute_matter
from scheduler.actions.ratings import rate_reception
from scheduler.actions.registrations import RESIDENT
from scheduler.database import Database, vault_of
from scheduler.models import Account, Dispute, Entry, Letter, Matter, Registration
from tests.actions.matter_office import AT, SUMMARY, Office
from tests.build import make_account
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Desk:
    """An office whose visit was answered, and the secretariat's browser."""

    clerk: Visitor
    sitting: str
    visit: str
    matter: int
    disputed: int
    account: Account


@pytest.fixture
def desk(database: Database, sign_in: SignIn, clock: Clock) -> Desk:
    clock.now = AT + timedelta(days=3)
    with database.transaction() as db:
        office = Office(db, name="Trần Thị Kín")
        matter = office.answered()
        dispute = dispute_matter(db, matter, "Cống chưa nạo vét", by=RESIDENT, now=clock.now)
        account = make_account(db, office.unit, "secretariat")
        found = Desk(None, office.sitting.slug, office.visit.slug, matter.id, dispute.id, account)  # type: ignore[arg-type]
    found.clerk = sign_in(account)
    return found


def test_every_page_stands_in_both_languages(desk: Desk) -> None:
    for path in (
        "/desk/matters",
        "/desk/matters?view=all",
        f"/desk/matters?sitting={desk.sitting}",
        f"/desk/matters/new/{desk.visit}",
        f"/desk/matters/{desk.matter}",
        "/desk/disputes",
        f"/desk/disputes/{desk.disputed}",
    ):
        for language in ("vi", "en"):
            answer = desk.clerk.get(f"/en{path}" if language == "en" else path)
            assert answer.status_code == 200, path
            check_page(answer.text, language)
            assert "Trần Thị Kín" not in re.search("<title>.*?</title>", answer.text, re.DOTALL).group()  # type: ignore[union-attr]


def test_a_visit_without_a_name_is_not_called_erased(desk: Desk, database: Database) -> None:
    path = f"/desk/matters?sitting={desk.sitting}"
    for people, words in ((40, "Đoàn 40 người"), (1, "Không ghi tên")):
        with database.transaction() as db:
            visit = db.query(Registration).filter_by(slug=desk.visit).one()
            visit.name, visit.people = "", people
        assert words in desk.clerk.get(path).text
    assert "đã xóa tên" not in desk.clerk.get(path).text


def test_a_visit_becomes_a_matter_with_its_direction(desk: Desk, database: Database) -> None:
    path = f"/desk/matters/new/{desk.visit}"
    once = re.search(r'name="once"[^>]*value="(\w+)"', desk.clerk.get(path).text).group(1)  # type: ignore[union-attr]
    sent = {
        "summary": "Đèn hẻm 12 hỏng\r\n\u0000Nguyê\u0303n Văn <b>A</b>", "kind": "feedback", "topic": "environment",
        "direction": "accepted", "in_charge": "Phòng Kinh tế (00070-kt)", "once": once,
    }  # fmt: skip
    first, second = (desk.clerk.submit(path, sent) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    page = desk.clerk.get(first.location).text
    assert "Vụ việc số 2/2026" in page
    assert "Nguyễn Văn &lt;b&gt;A&lt;/b&gt;" in page
    assert "Phòng Kinh tế" in page
    assert "thứ Sáu, ngày 04/12/2026" in page
    assert "10 ngày làm việc" in page
    with database.open() as db:
        assert db.query(Matter).count() == 2
        assert db.query(Letter).filter_by(kind="registration-result").count() == 3


def test_what_is_wrong_is_told_at_its_field_and_stays_typed(desk: Desk, database: Database) -> None:
    sent = {"summary": "Xin sao lục", "direction": "transferred", "other_office": "Sở Xây dựng"}
    answer = desk.clerk.submit(f"/desk/matters/new/{desk.visit}", sent)
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Chưa ghi số văn bản chuyển." in answer.text
    assert 'id="document_number-wrong"' in answer.text
    assert "Sở Xây dựng" in answer.text
    with database.open() as db:
        assert db.query(Matter).count() == 1


def test_a_clerk_leads_a_matter_to_its_end(desk: Desk, database: Database, clock: Clock) -> None:
    one = f"/desk/matters/{desk.matter}"
    dispute = f"/desk/disputes/{desk.disputed}"
    assert desk.clerk.submit(dispute, {"text": "Đã làm"}).status_code == 422
    done = desk.clerk.submit(dispute, {"upheld": "no", "text": "Đã làm ngày 22/11, biên bản số 5."})
    assert (done.status_code, done.location) == (303, one)
    for step, data in (("done", {"done-day": "2026-11-22"}), ("settle", {})):
        version = re.search(rf'name="{step}-version"[^>]*value="(\d+)"', desk.clerk.get(one).text).group(1)  # type: ignore[union-attr]
        answer = desk.clerk.submit(one, {f"{step}-version": version, **data}, to=f"{one}/{step}")
        assert answer.status_code == 303, answer.text
    page = desk.clerk.get(one).text
    assert "Giải quyết dứt điểm" in page
    assert page.count("<li") > 5
    stale = desk.clerk.submit(one, {"answer-version": "1", "answer-text": "Khác"}, to=f"{one}/answer")
    assert stale.status_code == 409
    assert "Khác</textarea>" in stale.text


def test_that_names_were_read_is_noted_once_a_day(desk: Desk, database: Database) -> None:
    for path in (
        f"/desk/matters/{desk.matter}",
        f"/desk/matters?sitting={desk.sitting}",
        f"/desk/disputes/{desk.disputed}",
    ):
        desk.clerk.get(path)
    with database.open() as db:
        assert db.query(Entry).filter_by(deed="counter.opened").count() == 1


def test_the_first_screen_counts_what_residents_wait_for(
    desk: Desk, clock: Clock, database: Database, sign_in: SignIn
) -> None:
    page = desk.clerk.get("/desk").text
    assert "Người dân báo việc đã hứa chưa được thực hiện" in page
    assert f'href="/desk/disputes/{desk.disputed}"' in page
    assert "Phải trả lời công dân" not in page
    with database.transaction() as db:
        db.get_one(Matter, desk.matter).answered_on = None
    clock.now = AT + timedelta(days=13)
    page = sign_in(desk.account).get("/desk").text
    assert "Phải trả lời công dân" in page
    assert f'href="/desk/matters/{desk.matter}"' in page


@pytest.mark.parametrize("role", ["officer", "approver", "leader", "supervisor", "administrator"])
def test_who_does_not_answer_reads_nothing_of_it(role: str, desk: Desk, database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        account = make_account(db, db.get_one(Matter, desk.matter).unit, role)
    reader = sign_in(account)
    for path in ("/desk/matters", f"/desk/matters/{desk.matter}", "/desk/disputes", f"/desk/disputes/{desk.disputed}"):
        answer = reader.get(path)
        assert answer.status_code == 403
        assert SUMMARY not in answer.text
    assert "/desk/disputes" not in reader.get("/desk").text


def test_a_long_list_costs_no_more(desk: Desk, database: Database, statements: Statements) -> None:
    def cost(path: str) -> int:
        with statements() as sent:
            assert desk.clerk.get(path).status_code == 200
        return len(sent)

    paths = [f"/desk/matters?sitting={desk.sitting}", "/desk/matters?view=all", "/desk/disputes"]
    before = [cost(path) for path in paths]
    with database.transaction() as db:
        first = db.get_one(Matter, desk.matter)
        office = Office.__new__(Office)
        office.db, office.unit, office.sitting = db, first.unit, first.occurrence
        for n in range(8):
            visit = office.received()
            matter = Matter(
                unit_id=first.unit_id, occurrence_id=first.occurrence_id, registration=visit, year=2026, number=9 + n,
                received_on=first.received_on, due_day=first.due_day, due_why=[], made_at=AT, direction="accepted",
                in_charge_unit_id=first.in_charge_unit_id,
            )  # fmt: skip
            matter.disputes.append(Dispute(unit_id=first.unit_id, words=vault_of(db).seal("x"), made_at=AT))
            db.add(matter)
    assert [cost(path) for path in paths] <= before


def test_ratings_are_shown_from_five_on(desk: Desk, database: Database) -> None:
    with database.transaction() as db:
        first = db.get_one(Matter, desk.matter)
        office = Office.__new__(Office)
        office.db, office.unit, office.sitting = db, first.unit, first.occurrence
        for n in range(6):
            rate_reception(db, office.received(), 3 if n else 1, now=AT)
    for path in ("/desk/matters", f"/desk/matters?sitting={desk.sitting}"):
        page = desk.clerk.get(path).text
        assert "Mức độ hài lòng của người dân" in page
        assert re.search(r'<td class="number">5</td><td class="number">dưới 5</td><td class="number">dưới 5</td>', page)


def test_nothing_is_noted_for_a_visit_that_does_not_exist(desk: Desk) -> None:
    for path in (
        "/desk/matters/new/khongco",
        "/desk/matters/999999",
        "/desk/matters/0",
        "/desk/matters?sitting=khongco",
    ):
        assert desk.clerk.get(path).status_code == 404
    assert desk.clerk.get("/desk/matters?view=moon").status_code == 404
    assert desk.clerk.get("/desk/matters?page=1e9").status_code == 200
