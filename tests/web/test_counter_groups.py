"""Forty people at the door: one form, one number, and who is told in one press without a name."""

import pytest
from sqlalchemy import select

from scheduler.database import Database
from scheduler.models import Call, CrowdNotice, Letter, Occurrence, Registration
from tests.build import make_unit
from tests.visitors import Clock, SignIn
from tests.web.checks import check_page
from tests.web.counter_house import House, make_house, one_database


@pytest.fixture
def house(database: Database, clock: Clock) -> House:
    return make_house(database, clock)


GROUP = {"people": "40", "topic": "land", "words": "Bồi thường", "representatives": "Lê A\nLê B", "mark": "m1"}


@one_database
@pytest.mark.parametrize("address", ["congan@example.vn", ""])
def test_forty_people_in_one_form_and_one_press(address: str, house: House, sign_in: SignIn) -> None:
    with house.database.transaction() as db:
        ward = db.get_one(Occurrence, house.sitting.id).unit.parent
        assert ward is not None
        make_unit(db, name="Công an phường", parent=ward, kind="department", email=address, phone="024 3825 0113")
        far = make_unit(db, "00071", parent=ward.parent, kind="place")
        make_unit(db, name="Công an phường khác", parent=far, kind="department", email="xa@example.vn")
    visitor = sign_in(house.officer)
    page = f"{house.page}/group"
    before = visitor.get(page).text
    for told in ("Văn thư", "Chánh Văn phòng", "Công an phường", 'href="tel:02438250113"'):
        assert told in before
    assert "Công an phường khác" not in before
    check_page(before)
    answers = [visitor.submit(page, GROUP | {"do": "tell"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    with house.database.open() as db:
        letters = list(db.scalars(select(Letter).where(Letter.kind == "crowd").order_by(Letter.recipient)))
        calls = list(db.scalars(select(Call)))
    readers = {"vanthu@example.vn", "chanh@example.vn"} | ({address} if address else set())
    assert {letter.recipient for letter in letters} == readers
    assert {letter.facts["people"] for letter in letters} == {40}
    assert not any("Lê" in str(letter.facts) + letter.recipient_name for letter in letters)
    assert [call.name for call in calls] == ([] if address else ["Công an phường"])
    assert all("40 người" in call.words and "Lê" not in call.words for call in calls)
    listed = sign_in(house.clerk).get("/desk/calls").text
    assert ("công an" in listed and "40 người đến cùng về một việc" in listed) is not bool(address)
    shown = visitor.get(answers[0].location).text
    assert 'href="tel:02438250113"' in shown
    check_page(shown)


@one_database
def test_a_group_counted_first_and_told_later(house: House, sign_in: SignIn) -> None:
    visitor = sign_in(house.officer)
    made = visitor.submit(f"{house.page}/group", GROUP | {"do": "keep"})
    assert house.count(CrowdNotice) == house.count(Letter) == 0
    page = visitor.get(made.location).text
    assert "Điện thoại công an" in page
    wrong = visitor.submit(made.location, {"phone": "abc", "topic": "land"}, to=f"{made.location}/tell")
    assert wrong.status_code == 422
    assert house.count(CrowdNotice) == 0
    for _ in range(2):
        visitor.submit(made.location, {"phone": "024 3825 0113", "topic": "land"}, to=f"{made.location}/tell")
    assert house.count(CrowdNotice) == 3
    assert house.count(Call, Call.phone == "02438250113") == 1
    # The next time the number stands there.
    assert "02438250113" in visitor.get(f"{house.page}/group").text
    fewer = visitor.submit(made.location, GROUP | {"people": "4", "version": "2"})
    assert fewer.status_code == 422
    assert "Từ 5 người" in fewer.text


AGAINST_THE_LAW = (
    ({"people": "4"}, "Từ 5 người"),
    ({"people": "x"}, "Nhập một số từ 1"),
    ({"people": "8", "representatives": "A\nB\nC"}, "nhiều nhất 2 người đại diện"),
    ({"words": "Tố cáo ông X"}, "Không ghi nội dung tố cáo"),
    ({"topic": "x"}, "Về việc"),
)


@one_database
def test_a_group_against_the_law_keeps_what_was_typed(house: House, sign_in: SignIn) -> None:
    visitor = sign_in(house.officer)
    for fields, words in AGAINST_THE_LAW:
        answer = visitor.submit(f"{house.page}/group", GROUP | fields | {"do": "tell"})
        assert answer.status_code == 422
        assert words in answer.text.partition('role="alert"')[2].partition("</ul>")[0]
        assert "Lê A" in answer.text or "representatives" in fields
    assert house.count(Registration) == 0
