"""The counter's pages: the day's list, forty people in one form, the screen, and what flows into the record."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.models import Account, Call, CrowdNotice, Entry, Letter, Occurrence, Queue, Registration
from tests.build import make_account, make_office, make_published, make_registration, make_unit
from tests.visitors import Clock, SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements

DAY = date(2026, 11, 26)
EIGHT = at_local(DAY, "08:00")
MOST_QUERIES = 16
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class House:
    """An office with a sitting today, its officer and its secretary."""

    database: Database
    sitting: Occurrence
    officer: Account
    clerk: Account
    head: Account

    @property
    def page(self) -> str:
        """The day's list."""
        return f"/desk/counter/{self.sitting.slug}"

    def add(self, **values: object) -> Registration:
        """Somebody registered."""
        with self.database.transaction() as db:
            return make_registration(db, db.merge(self.sitting), **values)  # type: ignore[arg-type]

    def count(self, table: type, *where: object) -> int:
        """How many rows there are."""
        with self.database.open() as db:
            return db.query(table).filter(*where).count()  # type: ignore[arg-type]


@pytest.fixture
def house(database: Database, clock: Clock) -> House:
    clock.now = EIGHT
    with database.transaction() as db:
        office, chairman = make_office(db)
        sitting = make_published(db, office, chairman, day=DAY)
        officer = make_account(db, office, "officer", name="Cán bộ tiếp dân")
        clerk = make_account(db, office, "secretariat", name="Văn thư", email="vanthu@example.vn")
        head = make_account(db, office, "approver", name="Chánh Văn phòng", email="chanh@example.vn")
        return House(database, sitting, officer, clerk, head)


def press(visitor: Visitor, house: House, number: int, step: str) -> TestResponse:
    """Press the first button of this step in the row with the number, as it stands on the page."""
    row = visitor.get(house.page).text.partition(f'id="n{number}"')[2].partition("</li>")[0]
    form = row.partition(f"/{step}")[0].rpartition('action="')[2] + f"/{step}"
    version = re.findall(r'name="version" value="(\d+)"', row)[0]
    return visitor.submit(house.page, {"version": version, "at": "row"}, to=unescape(form))


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


@one_database
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"people": "4"}, "Từ 5 người"),
        ({"people": "x"}, "Nhập một số từ 1"),
        ({"people": "8", "representatives": "A\nB\nC"}, "nhiều nhất 2 người đại diện"),
        ({"words": "Tố cáo ông X"}, "Không ghi nội dung tố cáo"),
        ({"topic": "x"}, "Về việc"),
    ],
)
def test_a_group_against_the_law_keeps_what_was_typed(
    fields: dict[str, str], words: str, house: House, sign_in: SignIn
) -> None:
    visitor = sign_in(house.officer)
    answer = visitor.submit(f"{house.page}/group", GROUP | fields | {"do": "tell"})
    assert answer.status_code == 422
    assert words in answer.text.partition('role="alert"')[2].partition("</ul>")[0]
    assert "Lê A" in answer.text or "representatives" in fields
    assert house.count(Registration) == 0


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
        "Không tính 1 lượt",
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
