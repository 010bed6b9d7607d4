"""Two officers at one counter at the same moment, on both databases: nobody is called twice, no number given twice."""

import pytest
from sqlalchemy import select

from scheduler.database import Database
from scheduler.models import Registration, VisitStep
from tests.visitors import Clock, SignIn
from tests.web.counter_house import EIGHT, House, make_house
from tests.web.test_races import at_once, post


@pytest.fixture
def house(database: Database, clock: Clock) -> House:
    return make_house(database, clock)


def test_two_who_call_the_next_at_once_call_one_and_the_other_is_told(house: House, sign_in: SignIn) -> None:
    first, second = (house.add(state="arrived", arrived_at=EIGHT) for _ in range(2))
    address = f"/desk/counter/visits/{first.slug}/call"
    visitors = [sign_in(account) for account in (house.officer, house.clerk)]
    deeds = [post(visitor, house.page, {"version": first.version}, to=address) for visitor in visitors]
    assert at_once(*deeds) == [303, 409]
    with house.database.open() as db:
        assert db.scalars(select(Registration.state).order_by(Registration.ticket)).all() == ["called", "arrived"]
        assert [step.registration_id for step in db.scalars(select(VisitStep))] == [first.id]
    # Whoever was told finds the next one on the page that told it.
    page = visitors[0].get(house.page).text.partition('class="now"')[2]
    assert f"/desk/counter/visits/{second.slug}/call" in page.partition("</section>")[0]


def test_two_at_the_door_get_two_numbers_and_one_form_twice_gets_one(house: House, sign_in: SignIn) -> None:
    visitors = [sign_in(account) for account in (house.officer, house.clerk)]
    both = [post(visitor, house.page, {"name": "", "mark": f"m{n}"}) for n, visitor in enumerate(visitors)]
    again = [post(visitors[0], house.page, {"name": "", "mark": "m9"}) for _ in range(2)]
    assert at_once(*both) == [303, 303]
    assert at_once(*again) == [303, 303]
    with house.database.open() as db:
        assert sorted(db.scalars(select(Registration.ticket))) == [1, 2, 3]
