"""The counter's pages: the day's list, the screen, and what flows into the record."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Entry, Occurrence, Queue, Registration
from tests.build import make_account, make_unit
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements
from tests.web.counter_house import DAY, EIGHT, House, make_house, one_database, press

MOST_QUERIES = 16


@pytest.fixture
def house(database: Database, clock: Clock) -> House:
    return make_house(database, clock)


@one_database
def test_the_list_shows_who_comes_and_is_noted_once(house: House, sign_in: SignIn) -> None:
    house.add(name="Nguyễn Thị Hoa", words="Nhà số 12", arrive_from=EIGHT, arrive_until=EIGHT + timedelta(minutes=30))
    house.add(name="", people=40, representatives="Lê A\nLê B")
    visitor = sign_in(house.officer)
    for _ in range(2):
        answer = visitor.get(house.page)
    for words in ("Nguyễn Thị Hoa", "Nhà số 12", "Mời đến từ 8 giờ đến 8 giờ 30", "Đoàn 40 người", "Lê A, Lê B"):
        assert words in answer.text
    check_page(answer.text)
    check_page(visitor.get(f"/en{house.page}").text, "en")
    check_page(visitor.get("/desk/counter").text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert house.count(Entry, Entry.deed == "counter.opened") == 1
    title = answer.text.partition("<title>")[2].partition("</title>")[0]
    assert "Hoa" not in title


@one_database
def test_a_visit_from_the_door_to_its_end(house: House, sign_in: SignIn, clock: Clock) -> None:
    house.add(name="Nguyễn Thị Hoa")
    visitor = sign_in(house.officer)
    for step in ("arrive", "call", "begin"):
        answer = press(visitor, house, 1, step)
        assert (answer.status_code, answer.location) == (303, f"{house.page}#n1")
    clock.wait(minutes=9)
    press(visitor, house, 1, "end")
    page = visitor.get(house.page).text
    assert "tiếp 9 phút (8 giờ đến 8 giờ 09)" in page
    assert "Vừa bấm: số 1, kết thúc, 8 giờ 09 (Cán bộ tiếp dân)." in page
    press(visitor, house, 1, "undo")
    assert "Đang tiếp" in visitor.get(house.page).text.partition('id="n1"')[2].partition("</li>")[0]


@one_database
def test_one_field_gives_a_number_and_the_same_form_no_second(house: House, sign_in: SignIn) -> None:
    house.add()
    visitor = sign_in(house.officer)
    page = visitor.get(house.page).text
    mark = re.findall(r'name="mark"[^>]*value="(\w+)"|value="(\w+)"[^>]*name="mark"', page)[0]
    form = {"name": "", "mark": "".join(mark)}
    answers = [visitor.submit(house.page, form) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"{house.page}?number=2"}
    assert house.count(Registration) == 2
    shown = visitor.get(answers[0].location).text
    assert '<p class="given-number">2</p>' in shown
    other = visitor.submit(house.page, form | {"name": "Trần Văn C"})
    assert other.status_code == 409
    assert "đã được dùng cho số 2" in other.text
    assert "Trần Văn C" in other.text
    with house.database.open() as db:
        slug = db.scalars(select(Registration.slug).where(Registration.ticket == 2)).one()
    slip = visitor.get(f"/desk/counter/visits/{slug}/slip")
    check_page(slip.text)
    assert '<p class="slip-number">2</p>' in slip.text


@one_database
def test_a_refused_press_says_why_and_shows_what_is_so(house: House, sign_in: SignIn) -> None:
    visit = house.add(name="Nguyễn Thị Hoa")
    form = {"version": visit.version}
    address = f"/desk/counter/visits/{visit.slug}/call"
    assert sign_in(house.clerk).submit(house.page, form, to=address).status_code == 303
    answer = sign_in(house.officer).submit(house.page, form, to=address)
    assert answer.status_code == 409
    assert "Số 1 vừa được Văn thư gọi lúc 8 giờ." in answer.text
    assert "Bắt đầu tiếp" in answer.text
    check_page(answer.text)


@one_database
def test_a_list_of_another_day_is_for_reading(house: House, sign_in: SignIn, clock: Clock) -> None:
    visit = house.add(name="Nguyễn Thị Hoa")
    clock.now = EIGHT - timedelta(days=1)
    visitor = sign_in(house.officer)
    page = visitor.get(house.page).text
    assert "Nguyễn Thị Hoa" in page
    assert "<button" not in page.partition("<main")[2].partition("</main>")[0]
    answer = visitor.submit("/desk/account", {"version": visit.version}, to=f"/desk/counter/visits/{visit.slug}/arrive")
    assert answer.status_code == 422
    with house.database.transaction() as db:
        db.get_one(Occurrence, house.sitting.id).state = "draft"
    assert visitor.get(house.page).status_code == 404


@one_database
def test_the_screen_shows_numbers_only_to_everybody(
    house: House, client: Visitor, sign_in: SignIn, clock: Clock, statements: Statements
) -> None:
    house.add(name="Nguyễn Thị Hoa", state="arrived", words="Nhà số 12", arrived_at=EIGHT)
    house.add(name="Trần Văn Bình", state="called", called_at=EIGHT)
    officer = sign_in(house.officer)
    officer.submit(house.page, to=f"{house.page}/screen")
    with house.database.open() as db:
        name = db.scalars(select(Queue.screen)).one()
    assert f"/screens/{name}" in officer.get(house.page).text
    with statements() as sent:
        answers = [visitor.get(f"/screens/{name}") for visitor in (client, officer, client)]
    assert len([one for one in sent if one.startswith("SELECT")]) <= 2
    page = answers[0]
    assert len({answer.text for answer in answers}) == 1
    assert "<b class=first>2</b>" in page.text
    for words in ("Hoa", "Bình", "Nhà số", "Đất đai"):
        assert words not in page.text
    for words in ("Mời số", "Now calling", "Đang chờ", "Waiting", 'http-equiv="refresh" content="4"'):
        assert words in page.text
    check_page(page.text)
    assert page.headers["Cache-Control"] == "public, max-age=2"
    assert "Set-Cookie" not in page.headers
    assert "Cookie" not in page.headers.get("Vary", "")
    clock.wait(seconds=3)
    press(officer, house, 2, "begin")
    assert "<b class=first>2</b>" not in client.get(f"/screens/{name}").text
    assert client.get("/screens/khongco").status_code == 404


@one_database
def test_the_numbers_flow_into_the_record(house: House, sign_in: SignIn, clock: Clock) -> None:
    gone = EIGHT + timedelta(minutes=9)
    house.add(state="received", began_at=EIGHT, ended_at=gone, arrived_at=EIGHT, people=2)
    house.add(name="", state="received", people=12, began_at=gone, ended_at=gone + timedelta(minutes=20))
    house.add(state="absent")
    house.add(state="booked")
    clock.now = at_local(DAY, "16:00")
    visitor = sign_in(house.clerk)
    page = visitor.get(f"/desk/records/{house.sitting.slug}").text
    check_page(page)
    proposed = {name: value(page, name) for name in ("visits", "persons", "groups", "group_persons")}
    assert proposed == {"visits": "2", "persons": "14", "groups": "1", "group_persons": "12"}
    for words in (
        "2 lượt, 14 người",
        "1 đoàn đông người, 12 người",
        "Không tính 1 lượt không đến hoặc về trước. Người đầu tiên",
        "người cuối ra lúc 8 giờ 29",
    ):
        assert words in page
    assert page.count("<tr><td>") == 2
    assert not re.search(r'name="nobody_came"[^>]*checked', page)


@one_database
def test_when_nobody_came_the_record_says_so_and_an_unused_counter_says_nothing(house: House, sign_in: SignIn) -> None:
    visit = house.add()
    visitor, page = sign_in(house.clerk), f"/desk/records/{house.sitting.slug}"
    assert "Theo quầy" not in visitor.get(page).text
    with house.database.transaction() as db:
        db.get_one(Registration, visit.id).state = "absent"
    assert re.search(r'name="nobody_came"[^>]*checked', visitor.get(page).text)


@one_database
def test_the_first_screen_and_the_list_of_counters(house: House, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(house.officer)
    desk = visitor.get("/desk").text
    assert "quầy đang mở" in desk
    assert house.page in desk
    with database.transaction() as db:
        stranger = make_account(db, make_unit(db), "officer")
    other = sign_in(stranger)
    assert "quầy đang mở" not in other.get("/desk").text
    assert house.sitting.slug not in other.get("/desk/counter").text
    assert other.get(house.page).status_code == 404
    assert "Quầy tiếp" in other.get("/desk").text


@one_database
def test_a_long_list_costs_as_few_queries(house: House, sign_in: SignIn, statements: Statements) -> None:
    visitor = sign_in(house.officer)
    house.add()
    visitor.get(house.page)
    with statements() as few:
        visitor.get(house.page)
    for _ in range(30):
        house.add(state="arrived", arrived_at=EIGHT)
    with statements() as many:
        assert visitor.get(house.page).status_code == 200
    assert len(many) == len(few) <= MOST_QUERIES


def value(page: str, name: str) -> str:
    """What stands in the field."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found
    return (re.search(r'value="([^"]*)"', found.group()) or [None, ""])[1] or ""
