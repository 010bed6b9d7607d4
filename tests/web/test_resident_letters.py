"""What the desk shows of those who registered: numbers before a change, no names in the outbox, names for who calls."""

import re
from datetime import date

import pytest

from scheduler.actions.registrations import queue_of
from scheduler.database import Database
from scheduler.models import Call, Entry, Letter, Occurrence
from tests.build import make_account, make_office, make_published, make_registration
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY, NEXT = date(2026, 12, 10), date(2026, 12, 24)
PEOPLE = (
    ("Lê Thị Một", "mot@example.vn"),
    ("Lê Thị Hai", "hai@example.vn"),
    ("Lê Văn Kín", "0912345678"),
    ("Trần Văn Im", ""),
)


@pytest.fixture
def clerk(database: Database, sign_in: SignIn) -> Visitor:
    with database.transaction() as db:
        office, chairman = make_office(db)
        sitting, _ = (make_published(db, office, chairman, day=day) for day in (DAY, NEXT))
        queue_of(db, sitting.id)
        for name, contact in PEOPLE:
            make_registration(db, sitting, name=name, contact=contact, code="482615", topic="land")
        make_registration(db, sitting, name="Đã Rút", contact="rut@example.vn", state="withdrawn")
        account = make_account(db, office)
    return sign_in(account)


@pytest.fixture
def path(clerk: Visitor, database: Database) -> str:
    with database.open() as db:
        return f"/desk/occurrences/{db.query(Occurrence).filter_by(day=DAY).one().slug}/change/"


@pytest.mark.parametrize("step", ["move?day=2026-12-11", "cancel", "change_hours?hours=08:00-11:00"])
def test_what_is_promised_before_is_what_happens(clerk: Visitor, path: str, database: Database, step: str) -> None:
    page = clerk.get(f"{path}{step}").text
    check_page(page)
    promised = re.search(r"báo cho (\d+) người \((\d+) thư, (\d+) cuộc gọi\)", page)
    assert promised is not None
    people, letters, calls = (int(number) for number in promised.groups())
    assert (people, letters, calls) == (5, 3, 2)
    assert "Người đã đăng ký: 4" in page
    assert not any(name in page for name, _ in PEOPLE)
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    form = {"version": version, "reason": "Họp đột xuất", "do": "change"}
    form |= {"day": "2026-12-11"} if step.startswith("move") else {}
    form |= {"hours": "08:00-11:00"} if "hours" in step else {}
    done = clerk.submit(f"{path}{step}", form, follow_redirects=True)
    assert "3 thư đã xếp gửi, 2 người cần gọi điện" in done.text
    with database.open() as db:
        assert db.query(Letter).filter_by(state="due").filter(Letter.kind.like("%change")).count() == letters
        assert db.query(Call).filter_by(state="open").count() == calls


def test_the_letter_to_a_resident_is_read_before_it_goes_and_names_nobody(clerk: Visitor, path: str) -> None:
    page = clerk.get(f"{path}move?day=2026-12-11").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    form = {"version": version, "reason": "Họp đột xuất", "do": "preview", "day": "2026-12-11"}
    seen = clerk.submit(f"{path}move?day=2026-12-11", form).text
    assert "người đăng ký số 1" in seen
    assert "Số thứ tự của Ông/Bà vẫn là 1; không phải đăng ký lại." in seen
    assert "482 615" not in seen
    assert not any(name in seen or (contact and contact in seen) for name, contact in PEOPLE)


def test_names_stand_on_the_list_of_calls_alone(clerk: Visitor, path: str, database: Database, sign_in: SignIn) -> None:
    page = clerk.get(f"{path}cancel").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    clerk.submit(f"{path}cancel", {"version": version, "reason": "Họp đột xuất", "do": "change"})
    calls = clerk.get("/desk/calls").text
    check_page(calls)
    for words in ("Lê Văn Kín", 'href="tel:0912345678"', "Trần Văn Im", "Chưa có số điện thoại", "482 615"):
        assert words in calls
    letters = clerk.get("/desk/letters").text
    check_page(letters)
    assert "người đăng ký số" in letters
    with database.open() as db:
        ids = [one.id for one in db.query(Letter).filter_by(kind="registration-change")]
        words = [one.words for one in db.query(Call)]
        office = db.query(Occurrence).first().unit  # type: ignore[union-attr]
        reader = make_account(db, office, "leader")
        db.commit()
    shown = [letters, clerk.get(path.replace("/change/", "")).text, *words]
    shown += [clerk.get(f"/desk/letters/{letter}").text for letter in ids]
    for text in shown:
        assert not any(name in text or (contact and contact in text) for name, contact in PEOPLE)
        assert "482 615" not in text
    assert sign_in(reader).get("/desk/calls").status_code in (403, 404)


def test_calls_to_residents_are_for_who_receives_them(
    clerk: Visitor, path: str, database: Database, sign_in: SignIn
) -> None:
    page = clerk.get(f"{path}cancel").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    clerk.submit(f"{path}cancel", {"version": version, "reason": "Họp đột xuất", "do": "change"})
    with database.transaction() as db:
        approver = make_account(db, db.query(Occurrence).first().unit, "approver")  # type: ignore[union-attr]
        call = db.query(Call).filter(Call.registration_id.is_not(None)).first()
        assert call is not None
    other = sign_in(approver)
    listed = other.get("/desk/calls")
    assert listed.status_code == 200
    assert not any(word in listed.text for word in ("Lê Văn Kín", "0912345678", "482 615"))
    assert other.submit("/desk", {"tries": "0"}, to=f"/desk/calls/{call.id}/called").status_code == 403
    assert [clerk.get("/desk/calls").headers["Cache-Control"] for _ in range(2)] == ["no-store"] * 2
    with database.open() as db:
        assert db.get_one(Call, call.id).state == "open"
        assert db.query(Entry).filter_by(deed="calls.opened", subject=f"unit:{call.unit_id}").count() == 1


def test_a_call_to_a_resident_is_noted_without_the_name(clerk: Visitor, path: str, database: Database) -> None:
    page = clerk.get(f"{path}cancel").text
    version = page.split('name="version"')[1].split('value="')[1].split('"')[0]
    clerk.submit(f"{path}cancel", {"version": version, "reason": "Họp đột xuất", "do": "change"})
    with database.open() as db:
        call = db.query(Call).first()
        assert call is not None
    done = clerk.submit("/desk/calls", {"tries": "0"}, to=f"/desk/calls/{call.id}/called", follow_redirects=True)
    assert "Đã ghi: đã báo cho người đăng ký số" in done.text
    assert not any(name in clerk.get("/desk/ledger").text for name, _ in PEOPLE)
