"""The desk registers for residents, for its own sittings and for anybody's; sets seats; reads what was told."""

from datetime import date

import pytest

from scheduler.actions.registrations import Given, register
from scheduler.database import Database
from scheduler.models import Account, Entry, Post, Queue, Registration, Unit
from scheduler.queries.registrations import told_in
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_account, make_published, make_unit
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from tests.web.resident import FILLED
from tests.web.wards import Ward, publish_in

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ENTERED = FILLED | {"way": "phone", "contact": "", "name": "Cụ Bình"}


@pytest.fixture
def clerk(database: Database, ward: Ward, sign_in: SignIn) -> Visitor:
    """An officer of the ward."""
    with database.transaction() as db:
        account: Account = make_account(db, db.get_one(Unit, ward.place), "officer")
    return sign_in(account)


@pytest.fixture
def stranger(database: Database, sign_in: SignIn) -> Visitor:
    """An officer of another commune."""
    with database.transaction() as db:
        account: Account = make_account(db, make_unit(db, name="Phường Cửa Nam"), "officer")
    return sign_in(account)


def test_a_call_is_entered_and_read_out(clerk: Visitor, database: Database, sitting: str) -> None:
    found = clerk.get("/desk/registrations?q=hoan+kiem")
    check_page(found.text)
    slug = sitting.rpartition("/")[2]
    assert f"/desk/registrations/new?sitting={slug}" in found.text
    form = f"/desk/registrations/new?sitting={slug}"
    page = clerk.get(form)
    check_page(page.text)
    key = page.text.partition('name="key"')[2].partition('value="')[2].partition('"')[0]
    sent = [clerk.submit(form, ENTERED | {"key": key}) for _ in range(2)]
    assert {answer.status_code for answer in sent} == {303}
    with database.open() as db:
        made = db.query(Registration).one()
        code = told_in(db, made).code
        assert (made.way, made.contact_kind, made.entered_by_id is not None) == ("phone", "", True)
    slip = clerk.get(sent[0].headers["Location"])
    check_page(slip.text)
    assert f"{code[:3]} {code[3:]}" in slip.text
    assert "Cụ Bình" not in slip.text
    assert "Số 1" in clerk.get("/desk/registrations").text


def test_a_city_is_found_with_its_own_sittings_before_those_of_its_wards(
    clerk: Visitor, database: Database, ward: Ward, sitting: str
) -> None:
    with database.transaction() as db:
        committee = db.query(Unit).filter_by(code="01-ubnd").one()
        chairman = db.query(Post).filter_by(code="01-ubnd-chu-tich").one()
        above: str = make_published(db, committee, chairman, day=date(2026, 12, 8)).slug
    found = clerk.get("/desk/registrations?q=thanh+pho+ha+noi").text
    assert f"?sitting={above}" in found
    assert sitting.rpartition("/")[2] not in found


@one_database
def test_what_was_told_is_read_with_a_note(clerk: Visitor, database: Database, sitting: str) -> None:
    with database.transaction() as db:
        slug = register(db, sitting.rpartition("/")[2], Given("Cụ Bình"), by=COMMAND_LINE, now=NOW).slug
    read = clerk.submit(f"/desk/registrations/{slug}", to=f"/desk/registrations/{slug}/read")
    check_page(read.text)
    assert "Cụ Bình" in read.text
    assert read.headers["Cache-Control"] == "no-store"
    with database.open() as db:
        entry = db.query(Entry).filter_by(deed="registration.read").one()
        assert (entry.actor, entry.facts) == ("officer", {})


def test_an_officer_elsewhere_sees_only_what_he_entered(
    stranger: Visitor, clerk: Visitor, database: Database, sitting: str
) -> None:
    slug = sitting.rpartition("/")[2]
    form = f"/desk/registrations/new?sitting={slug}"
    assert 'name="way"' not in stranger.get(form).text
    own = stranger.submit(form, ENTERED | {"contact": "0912345678"}).headers["Location"]
    assert stranger.get(own).status_code == clerk.get(own).status_code == 200
    other = clerk.submit(form, ENTERED).headers["Location"]
    assert stranger.get(other).status_code == 404
    assert stranger.submit(own, to=f"{other}/read").status_code == 404
    with database.open() as db:
        assert sorted(one.way for one in db.query(Registration)) == ["officer", "phone"]


@one_database
def test_a_matter_about_people_of_the_place_is_not_entered(clerk: Visitor, database: Database, sitting: str) -> None:
    form = f"/desk/registrations/new?sitting={sitting.rpartition('/')[2]}"
    for other, status in (({"about": "yes"}, 200), ({"words": "Tố cáo ông B"}, 422)):
        answer = clerk.submit(form, ENTERED | other)
        assert (answer.status_code, "UBND thành phố Hà Nội" in answer.text, "Bình" in answer.text) == (
            status, True, False,
        )  # fmt: skip
    with database.open() as db:
        assert db.query(Registration).count() == db.query(Queue).count() == 0


@one_database
def test_the_seats_of_a_hall(clerk: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        hall = publish_in(db, ward, date(2026, 12, 10), kind="dialogue").slug
        register(db, hall, Given("Lan", people=4, representatives=("Lan",)), by=COMMAND_LINE, now=NOW)
    page = f"/desk/occurrences/{hall}/places"
    check_page(clerk.get(page).text)
    answers = {}
    for seats in ("５", "4", "3", "0", "-1", "1e9", "1.5", "NaN", "100001"):  # noqa: RUF001
        answer = clerk.submit(page, {"seats": seats})
        answers[seats] = answer.status_code
        if seats == "3":
            assert "Đã có 4 người đăng ký" in answer.text
    assert answers.pop("3") == 409
    assert [answers.pop("５"), answers.pop("4")] == [303, 303]  # noqa: RUF001
    assert set(answers.values()) == {422}
    assert "còn 0 chỗ" in clerk.get(page).text
    with database.open() as db:
        assert db.query(Queue).one().seats == 4
    assert clerk.submit(page, {"seats": ""}).status_code == 303
    with database.open() as db:
        assert db.query(Queue).one().seats is None


@one_database
def test_the_windows_of_a_reception(clerk: Visitor, database: Database, sitting: str) -> None:
    with database.transaction() as db:
        for name in ("Lan", "Minh", "Hoa"):
            register(db, sitting.rpartition("/")[2], Given(name), by=COMMAND_LINE, now=NOW)
    page = f"/desk/occurrences/{sitting.rpartition('/')[2]}/places"
    check_page(clerk.get(page).text)
    for minutes, places, status in (("0", "1", 422), ("3", "1", 422), ("300", "1", 422), ("240", "1", 422)):
        assert clerk.submit(page, {"minutes": minutes, "places": places}).status_code == status
    assert clerk.submit(page, {"minutes": "60", "places": "2"}).status_code == 303
    with database.open() as db:
        made = db.query(Registration).order_by(Registration.ticket).all()
        hours = [(one.arrive_until - one.arrive_from).total_seconds() / 3600 for one in made]
        assert hours == [1, 1, 1]
        assert made[0].arrive_from == made[1].arrive_from < made[2].arrive_from
    assert "từ 8 giờ 30 đến 9 giờ 30: còn 1 chỗ" in clerk.get(page).text
