"""Following by e-mail as a resident does it: the form, the letter, the page with its buttons, and the way out."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from werkzeug.test import TestResponse

from jobs.delivery import deliver_letters
from scheduler.clock import at_local
from scheduler.database import Database
from scheduler.links import signed_path
from scheduler.models import Attempt, Follower, Letter, Unit
from tests.browser import PHONE, OpenPage
from tests.build import NOW, make_follower, make_office
from tests.jobs.outbox import workshop_on
from tests.mailbox import Sink
from tests.served import Served
from tests.visitors import Clock, Visitor
from tests.web.checks import check_page

ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""What the kind of database makes no difference to."""
PAGE = "/units/00070/subscribe"
EMAIL = "cutri@example.vn"
SECRET = "k" * 43
CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    with database.transaction() as db:
        make_office(db)


@pytest.fixture
def follower(database: Database) -> str:
    """The signed address of somebody who follows the ward."""
    with database.transaction() as db:
        return signed_path(
            SECRET, f"/follow/{make_follower(db, db.query(Unit).filter_by(code='00070').one(), EMAIL).slug}"
        )


def field(text: str, name: str) -> re.Match[str] | None:
    """The value of a hidden field."""
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', text)


def ask(client: Visitor, page: str = PAGE, **typed: str) -> TestResponse:
    """Open the page, take one's time, and send its form."""
    key = field(client.get(page).text, "key")
    assert key
    clock = client.application.extensions["lichdan"].clock
    clock.wait(seconds=5)
    return client.submit(page, {"key": key.group(1), "what": "", "email": EMAIL} | typed)


def rows(database: Database) -> list[Follower]:
    with database.open() as db:
        return db.query(Follower).order_by(Follower.id).all()


def test_a_resident_follows_and_leaves_by_letter(
    client: Visitor, database: Database, smtp_sink: Sink, clock: Clock
) -> None:
    answer = ask(client, email=EMAIL, what="", website="")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}/sent")
    check_page(client.get(f"{PAGE}/sent").text)
    deliver_letters(workshop_on(database, smtp_sink.url), clock.now)
    (letter,) = smtp_sink.to(EMAIL)
    (link,) = re.findall(r"http://127\.0\.0\.1:8000(/follow/\S+)", letter.part("text/plain"))
    assert str(letter.message["List-Unsubscribe"]).strip(" <>").endswith(link)
    page = client.get(link)
    assert page.status_code == 200
    check_page(page.text)
    assert EMAIL not in page.text
    assert rows(database)[0].state == "asked", "looking confirms nothing"
    assert client.submit(link, to=f"{link}/confirm").status_code == 303
    assert rows(database)[0].state == "confirmed"
    shown = client.get(link)
    check_page(shown.text)
    assert "Đang theo dõi" in shown.text
    for _ in range(2):
        client.submit(PAGE, to=f"{link}/leave")
        assert "Đã thôi theo dõi" in client.get(link).text
    assert [(row.state, row.email, row.mark) for row in rows(database)] == [("ended", "", None)]


@ONE
def test_one_head_or_one_kind_may_be_chosen(client: Visitor, database: Database) -> None:
    for number, what in enumerate(("post:00070-ubnd-chu-tich", "kind:dialogue")):
        assert ask(client, email=f"a{number}@example.vn", what=what).status_code == 303
    first, second = rows(database)
    assert (first.feed.split(":")[0], first.kind, second.feed.split(":")[0], second.kind) == (
        "post",
        "",
        "unit",
        "dialogue",
    )


@ONE
@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "Chưa nhập địa chỉ thư điện tử."),
        ("a@b", "không phải là địa chỉ thư điện tử"),
        ("a@b.vn\r\nBcc: x@y.vn", "không phải là địa chỉ thư điện tử"),
        ("a@b.vn,c@d.vn", "không phải là địa chỉ thư điện tử"),
        ("nguyễn@b.vn", "không dùng chữ có dấu"),
        (f"{'a' * 65}@b.vn", "không phải là địa chỉ thư điện tử"),
        ("x" * 10_000, "254"),
    ],
)
def test_a_wrong_address_is_told_at_its_field_and_kept(
    client: Visitor, database: Database, email: str, said: str
) -> None:
    answer = ask(client, email=email, what="kind:dialogue")
    assert answer.status_code == 422
    assert said in answer.text
    assert re.search(r'<option value="kind:dialogue" selected', answer.text)
    check_page(answer.text)
    assert rows(database) == []


@ONE
def test_a_choice_nobody_offered_is_refused(client: Visitor, database: Database) -> None:
    for what in ("kind:wedding", "post:khong-co", "x"):
        assert ask(client, email=EMAIL, what=what).status_code == 422
    assert rows(database) == []


@ONE
def test_known_or_not_the_answer_is_the_same(client: Visitor, database: Database, follower: str) -> None:
    answers = [ask(client, email=email, what="") for email in (EMAIL, "moi@example.vn")]
    assert answers[0].status_code == answers[1].status_code == 303
    assert answers[0].headers["Location"] == answers[1].headers["Location"]


@ONE
def test_a_program_that_fills_in_everything_gets_a_look_alike(client: Visitor, database: Database) -> None:
    answer = ask(client, email=EMAIL, what="", website="https://spam.example")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{PAGE}/sent")
    assert rows(database) == []
    with database.open() as db:
        assert [row.what for row in db.query(Attempt)] == ["follow-trap"]


@ONE
def test_what_nobody_types_so_fast_is_asked_once_more(client: Visitor, database: Database, clock: Clock) -> None:
    answer = client.submit(PAGE, {"email": EMAIL, "what": ""})
    assert answer.status_code == 422
    assert "một lần nữa" in answer.text
    assert EMAIL in answer.text
    again = {name: found.group(1) for name in ("key", "csrf_token") if (found := field(answer.text, name))}
    clock.wait(seconds=3)
    assert client.post(PAGE, data=again | {"email": EMAIL, "what": ""}).status_code == 303
    assert len(rows(database)) == 1


@ONE
def test_the_sixth_of_an_hour_waits_and_keeps_what_was_typed(client: Visitor, database: Database) -> None:
    for number in range(5):
        ask(client, email=f"a{number}@example.vn", what="")
    answer = ask(client, email="a6@example.vn", what="")
    assert answer.status_code == 429
    assert "a6@example.vn" in answer.text
    assert len(rows(database)) == 5


@ONE
def test_an_expired_form_keeps_the_address(client: Visitor) -> None:
    answer = client.post(PAGE, data={"email": EMAIL, "what": ""}, headers={"Origin": "http://localhost"})
    assert answer.status_code == 400
    assert EMAIL in answer.text


@ONE
@pytest.mark.parametrize("data", [{f"f{n}": "x" for n in range(10_001)}, {"email": "x" * 5_000_000}])
def test_a_flood_of_fields_is_refused(client: Visitor, data: dict[str, str]) -> None:
    assert client.post(PAGE, data=data).status_code in (400, 413)


def test_a_mail_program_leaves_with_one_post(client: Visitor, database: Database, follower: str) -> None:
    for _ in range(2):
        assert client.post(follower, data=CLICK).status_code == 200
    assert [(row.state, row.email) for row in rows(database)] == [("ended", "")]
    with database.transaction() as db:
        db.query(Follower).delete()
    assert "Đã thôi theo dõi" in client.get(follower).text
    assert client.post(follower, data=CLICK).status_code == 200


@ONE
def test_only_exactly_that_post_passes_without_a_token(client: Visitor, database: Database, follower: str) -> None:
    assert client.post(follower, data={"List-Unsubscribe": "no"}).status_code == 400
    for step in ("confirm", "leave"):
        assert client.post(f"{follower}/{step}", data=CLICK).status_code == 400
    slug, _, signature = follower.removeprefix("/follow/").partition("/")
    for address in (f"/follow/{slug}/{'x' * 32}", f"/follow/{slug}0/{signature}", f"/follow/{signature}/{slug}"):
        assert client.get(address).status_code == 404
        assert client.post(address, data=CLICK).status_code == 404
    assert rows(database)[0].state == "confirmed"


@ONE
def test_a_link_of_four_days_ago_says_so(client: Visitor, database: Database) -> None:
    with database.transaction() as db:
        ward = db.query(Unit).filter_by(code="00070").one()
        asked = make_follower(
            db, ward, state="asked", asked_at=NOW - timedelta(hours=73), confirmed_at=None, told_at=None
        )
        link = signed_path(SECRET, f"/follow/{asked.slug}")
    page = client.get(link)
    check_page(page.text)
    assert "Đường dẫn đã hết hiệu lực" in page.text
    assert client.submit(PAGE, to=f"{link}/confirm").status_code == 422
    assert rows(database)[0].state == "asked"


@ONE
def test_english_follows_in_english(client: Visitor, database: Database) -> None:
    page = client.get(f"/en{PAGE}")
    check_page(page.text, "en")
    assert ask(client, f"/en{PAGE}", email=EMAIL, what="").headers["Location"] == f"/en{PAGE}/sent"
    with database.open() as db:
        assert [letter.language for letter in db.query(Letter)] == ["en"]


@ONE
def test_nobody_is_named_in_the_log(client: Visitor, capsys: pytest.CaptureFixture[str], follower: str) -> None:
    ask(client, email="khac@example.vn", what="")
    client.get(follower)
    client.post(follower, data=CLICK)
    told = "".join(capsys.readouterr())
    assert "khac" not in told
    assert "cutri" not in told
    assert follower.split("/")[2] not in told


@ONE
@pytest.mark.browser
@pytest.mark.slow
def test_on_a_cheap_telephone_without_script(
    served: Served, smtp_sink: Sink, open_page: OpenPage, clock: Clock
) -> None:
    page = open_page(PHONE, javascript=False)
    page.goto(f"{served.address}{PAGE}")
    clock.wait(seconds=20)
    expect(page.locator("h1")).to_have_text("Theo dõi lịch")
    expect(page.get_by_label("Để trống ô này")).not_to_be_in_viewport()
    expect(page.get_by_label("Địa chỉ lịch")).not_to_be_visible()
    page.get_by_label("Địa chỉ thư điện tử").fill("khong phai")
    page.get_by_role("button", name="Gửi thư xác nhận").click()
    expect(page.get_by_role("alert")).to_contain_text("không phải là địa chỉ thư điện tử")
    page.get_by_label("Địa chỉ thư điện tử").fill(EMAIL)
    page.get_by_label("Nhận tin về").select_option("kind:dialogue")
    page.get_by_role("button", name="Gửi thư xác nhận").click()
    expect(page.locator("h1")).to_have_text("Còn một bước: mở thư xác nhận")
    clock.now = at_local(clock.now.date(), "10:00")
    served.run_job("delivery")
    (letter,) = smtp_sink.to(EMAIL)
    (link,) = re.findall(rf"{served.address}/follow/\S+", letter.part("text/plain"))
    page.goto(link)
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("h1")).to_have_text("Đang theo dõi")
    page.get_by_role("button", name="Thôi theo dõi").click()
    expect(page.locator("h1")).to_have_text("Đã thôi theo dõi")
