"""A province asks its communes to suspend receptions: one agrees, one declines, one is urged, nothing is done twice."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from scheduler.database import Database
from scheduler.models import Account, Letter, Occurrence, Suspension, SuspensionAnswer, SuspensionProposal, Unit
from tests.build import make_account, make_holder, make_office, make_post, make_published, make_unit
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page
from tests.web.test_races import at_once, post

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 3)
STORM = {"first": FIRST.isoformat(), "last": LAST.isoformat(), "why": "", "reason": "Bão số 12", "ground": "05/CĐ-UBND"}
PAGE = "/desk/suspensions/propose"


@dataclass
class City:
    """A city with two wards; the first holds a sitting in the span."""

    office: Account
    clerks: list[Account]
    other: Account
    sitting: Occurrence
    city: Unit
    wards: list[Unit]


@pytest.fixture
def city(database: Database) -> City:
    with database.transaction() as db:
        office, head = make_office(db)
        ward = db.get_one(Unit, office.parent_id)
        city = db.get_one(Unit, ward.parent_id)
        beside = make_unit(db, "00073", name="Phường Cửa Nam", parent=city, kind="place")
        post_of = make_post(db, make_unit(db, "00073-ubnd", name="UBND phường Cửa Nam", parent=beside))
        make_holder(db, post_of)
        sitting = make_published(db, office, head, day=date(2026, 12, 2))
        make_published(db, office, head, day=LAST + timedelta(days=6))
        clerks = [make_account(db, ward, name=f"Văn thư {n}") for n in (1, 2)]
        return City(make_account(db, city), clerks, make_account(db, beside), sitting, city, [ward, beside])


def answers(database: Database) -> dict[str, SuspensionAnswer]:
    with database.open() as db:
        return {db.get_one(Unit, one.unit_id).code: one for one in db.query(SuspensionAnswer)}


def ask(city: City, sign_in: SignIn, **more: object) -> Visitor:
    visitor = sign_in(city.office)
    sent = visitor.submit(PAGE, STORM | {"whom": "all", "do": "send"} | more)
    assert sent.status_code == 303
    return visitor


def test_one_agrees_one_declines_and_the_city_sees_it(
    city: City, sign_in: SignIn, database: Database, client: Visitor
) -> None:
    asker = sign_in(city.office)
    check_page(asker.get(PAGE).text)
    look = asker.submit(PAGE, STORM | {"whom": "all", "do": "look"})
    check_page(look.text)
    assert "Gửi đến 2 đơn vị. Trong thời gian này có 1 buổi" in look.text
    ask(city, sign_in)
    ask(city, sign_in)
    asked = answers(database)
    assert set(asked) == {"00070", "00073"}
    with database.open() as db:
        assert db.query(SuspensionProposal).count() == 1
        assert db.query(Letter).filter_by(kind="suspension-proposal").count() == 3
    clerk, other = sign_in(city.clerks[0]), sign_in(city.other)
    own = f"/desk/suspensions/answers/{asked['00070'].id}"
    assert own in clerk.get("/desk").text
    check_page(clerk.get(own).text)
    check_page(clerk.get(f"/en{own}").text, "en")
    check_page(clerk.get("/desk/suspensions/asked").text)
    agreed = clerk.submit(own, {"do": "agree"}, follow_redirects=True)
    assert "1 buổi đã thay đổi" in agreed.text
    beside = f"/desk/suspensions/answers/{asked['00073'].id}"
    assert other.submit(beside, {"do": "decline", "reason": ""}).status_code == 422
    assert other.submit(beside, {"do": "decline", "reason": "Không bị ngập"}).status_code == 303
    check_page(other.get(beside).text)
    with database.open() as db:
        sitting = db.get_one(Occurrence, city.sitting.id)
        assert (sitting.day, sitting.sequence) == (date(2026, 12, 4), 1)
        assert "Bão số 12" in client.get(f"/occurrences/{sitting.slug}").text
        proposal = db.query(SuspensionProposal).one()
    table = asker.get(f"/desk/suspensions/proposals/{proposal.id}").text
    check_page(table)
    assert "Không bị ngập" in table
    assert "Trả lời: 2 trên 2 đơn vị" in table
    assert own not in clerk.get("/desk").text
    check_page(asker.get("/en/desk/suspensions/asked").text, "en")


def test_only_those_chosen_are_asked_and_the_silent_are_urged_once_a_day(
    city: City, sign_in: SignIn, database: Database, clock: Clock
) -> None:
    asker = ask(city, sign_in, whom="chosen", below=str(city.wards[1].id))
    assert set(answers(database)) == {"00073"}
    with database.open() as db:
        page = f"/desk/suspensions/proposals/{db.query(SuspensionProposal).one().id}"
    for _ in range(2):
        assert asker.submit(page, to=f"{page}/remind").status_code == 303
    with database.open() as db:
        assert db.query(Letter).filter_by(kind="suspension-proposal").count() == 2
    assert sign_in(city.clerks[0]).get(page).status_code == 404
    none = asker.submit(PAGE, STORM | {"whom": "chosen", "do": "send"})
    assert none.status_code == 422


@pytest.mark.parametrize(
    "typed", [{"reason": ""}, {"last": "2026-11-01"}, {"last": "2026-11-30", "first": "2026-12-01"}]
)
def test_what_cannot_be_is_refused_and_stays_typed(city: City, sign_in: SignIn, typed: dict[str, str]) -> None:
    page = sign_in(city.office).submit(PAGE, STORM | {"whom": "all", "do": "send"} | typed)
    assert page.status_code == 422
    check_page(page.text)
    assert "05/CĐ-UBND" in page.text


def test_a_ward_asks_nobody(city: City, sign_in: SignIn) -> None:
    assert sign_in(city.clerks[0]).get(PAGE).status_code == 403


def test_two_clerks_who_agree_at_once_suspend_once(city: City, sign_in: SignIn, database: Database) -> None:
    ask(city, sign_in)
    page = f"/desk/suspensions/answers/{answers(database)['00070'].id}"
    statuses = at_once(*(post(sign_in(clerk), page, {"do": "agree"}) for clerk in city.clerks))
    assert statuses == [303, 303]
    with database.open() as db:
        assert db.query(Suspension).count() == 1
        assert db.get_one(Occurrence, city.sitting.id).sequence == 1
