"""Signing in and out, one-time links and one's own account, as a browser meets them."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.actions.accounts import make_link, use_link
from scheduler.actions.staff import add_staff
from scheduler.database import Database
from scheduler.links import hash_secret
from scheduler.models import Account, Attempt, SignIn
from scheduler.queries.units import unit_by_code
from scheduler.rules.permissions import COMMAND_LINE
from scheduler.settings import Settings
from tests.build import NOW, make_account, make_office
from tests.visitors import Clock, Visitor
from tests.visitors import SignIn as SignsIn
from web import create_app

PASSWORD = "ngựa xanh ăn lúa chín"
OTHER = "mưa rơi trên mái ngói đỏ"


@pytest.fixture
def lan(database: Database) -> Account:
    """A member of staff with a password."""
    with database.transaction() as db:
        office, _ = make_office(db)
        account = add_staff(
            db, "lan@example.vn", role="secretariat", unit=office, name="Lan", by=COMMAND_LINE, now=NOW
        ).account
        link = make_link(db, account, by=COMMAND_LINE, now=NOW)
        secret = use_link(db, link, password=PASSWORD, now=NOW)
        db.query(SignIn).filter_by(secret_hash=hash_secret(secret)).delete()
        return account


def new_link(database: Database, account: Account, *, purpose: str = "password", at: timedelta = timedelta()) -> str:
    with database.transaction() as db:
        return make_link(db, db.get_one(Account, account.id), purpose=purpose, by=COMMAND_LINE, now=NOW + at)


def test_who_knows_the_password_comes_to_the_desk(lan: Account, client: Visitor) -> None:
    wanted = client.get("/desk/account")
    assert wanted.status_code == 303
    answer = client.submit(wanted.location, {"email": "LAN@example.vn", "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/desk/account")
    page = client.get("/desk/account")
    assert page.status_code == 200
    assert "lan@example.vn" in page.text
    assert "máy này" in page.text


def test_the_cookie_is_kept_from_scripts(lan: Account, client: Visitor) -> None:
    answer = client.submit("/sign-in", {"email": lan.email, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_in_production_the_cookie_is_bound_to_the_host(lan: Account, settings: Settings, database: Database) -> None:
    app = create_app(settings.model_copy(update={"base_url": "https://lich.example.vn"}), database, clock=lambda: NOW)
    answer = app.test_client().get("/sign-in", base_url="https://lich.example.vn")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lichdan=")
    assert "Secure" in cookie
    assert "Domain" not in cookie


def test_a_wrong_password_and_an_unknown_account_read_alike(lan: Account, client: Visitor, database: Database) -> None:
    wrong = client.submit("/sign-in", {"email": lan.email, "password": OTHER})
    unknown = client.submit("/sign-in", {"email": "la@example.vn", "password": OTHER})
    assert wrong.status_code == unknown.status_code == 422
    assert "Thư điện tử hoặc mật khẩu không đúng." in wrong.text
    assert OTHER not in wrong.text

    def told(text: str) -> str:
        return text.split("<h1>")[1].split("<form")[0]

    assert told(wrong.text) == told(unknown.text)
    with database.open() as db:
        assert db.scalars(select(Attempt.what).where(Attempt.what == "sign-in")).all() == ["sign-in"] * 2


def test_after_five_failures_the_same_visitor_waits(lan: Account, client: Visitor, app: Flask) -> None:
    for _ in range(5):
        assert client.submit("/sign-in", {"email": lan.email, "password": OTHER}).status_code == 422
    refused = client.submit("/sign-in", {"email": lan.email, "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 30
    elsewhere = app.test_client()
    page = elsewhere.submit(
        "/sign-in", {"email": lan.email, "password": PASSWORD}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
    )
    assert page.status_code == 303


@pytest.mark.parametrize("wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/a\nb", ""])
def test_nobody_is_led_to_another_site(wanted: str, lan: Account, client: Visitor) -> None:
    page = client.get("/sign-in")
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(
        "/sign-in", query_string={"next": wanted}, data={"email": lan.email, "password": PASSWORD, "csrf_token": token}
    )
    assert (answer.status_code, answer.location) == (303, "/desk")


def test_whoever_is_signed_in_skips_the_form(lan: Account, sign_in: SignsIn) -> None:
    assert sign_in(lan).get("/sign-in?next=/desk/account").location == "/desk/account"


def test_who_reads_english_goes_on_in_english(lan: Account, client: Visitor, database: Database) -> None:
    with database.transaction() as db:
        db.get_one(Account, lan.id).language = "en"
    answer = client.submit("/sign-in", {"email": lan.email, "password": PASSWORD})
    assert answer.location == "/en/desk"


def test_an_old_cookie_opens_nothing_after_signing_out(lan: Account, sign_in: SignsIn, app: Flask) -> None:
    visitor = sign_in(lan)
    with visitor.session_transaction() as cookie:
        kept = dict(cookie)
    assert visitor.submit("/desk/account", to="/sign-out").status_code == 303
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(kept)
    assert thief.get("/desk/account").status_code == 303


def test_a_sign_in_ends_when_it_rests_or_is_old(lan: Account, sign_in: SignsIn, clock: Clock) -> None:
    visitor = sign_in(lan)
    clock.wait(minutes=29)
    assert visitor.get("/desk/account").status_code == 200
    clock.wait(minutes=29)
    assert visitor.get("/desk/account").status_code == 200  # the first visit counted as use
    clock.wait(minutes=31)
    assert visitor.get("/desk/account").status_code == 303
    steady = sign_in(lan)
    for _ in range(35):
        clock.wait(minutes=20)
        assert steady.get("/desk/account").status_code == 200
    clock.wait(minutes=21)
    assert steady.get("/desk/account").status_code == 303


def test_opening_a_link_uses_it_not_up(database: Database, client: Visitor) -> None:
    with database.transaction() as db:
        office, _ = make_office(db)
        account = make_account(db, office, "leader")
    secret = new_link(database, account)
    for _ in range(3):
        assert client.get(f"/links/{secret}").status_code == 200
    answer = client.submit(f"/links/{secret}", {"password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/desk")
    assert client.get("/desk/account").status_code == 200
    again = client.get(f"/links/{secret}")
    assert again.status_code == 422
    assert "đã dùng hoặc đã hết hạn" in again.text


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("ngắn", "ngắn", "ít nhất 12 ký tự"),
        ("123456789012", "123456789012", "theo thứ tự bàn phím"),
        ("Matkhau123456", "Matkhau123456", "dễ đoán"),
        (PASSWORD, OTHER, "Hai lần nhập không giống nhau"),
        ("", "", "Chưa điền mục này"),
        ("x" * 1001, "x" * 1001, "1000"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link(
    first: str, second: str, told: str, lan: Account, database: Database, client: Visitor
) -> None:
    secret = new_link(database, lan)
    answer = client.submit(f"/links/{secret}", {"password": first, "again": second})
    assert answer.status_code == 422
    assert told in answer.text
    assert client.submit(f"/links/{secret}", {"password": OTHER, "again": OTHER}).status_code == 303


def test_a_link_ends_after_three_days(lan: Account, database: Database, client: Visitor, clock: Clock) -> None:
    secret = new_link(database, lan)
    clock.wait(hours=72)
    assert client.get(f"/links/{secret}").status_code == 422


@pytest.mark.parametrize("secret", ["x", "a" * 43, "%00", "ế", "a" * 5000])
def test_an_unknown_link_is_not_found(secret: str, database: Database, client: Visitor) -> None:
    assert client.get(f"/links/{secret}").status_code == 404


def test_the_demonstration_signs_in_by_link_and_never_in_production(
    database: Database, settings: Settings, client: Visitor
) -> None:
    with database.transaction() as db:
        office, _ = make_office(db)
        account = make_account(db, office, "leader", demo=True)
    secret = new_link(database, account, purpose="sign-in")
    production = create_app(
        settings.model_copy(update={"base_url": "https://lich.example.vn"}), database, clock=lambda: NOW
    )
    production.test_client_class = Visitor
    there = production.test_client()
    site = {"base_url": "https://lich.example.vn"}
    token = there.get(f"/links/{secret}", **site).text.split('name="csrf_token" value="')[1].split('"')[0]
    assert there.post(f"/links/{secret}", data={"csrf_token": token}, **site).status_code == 422
    assert client.submit(f"/links/{secret}").status_code == 303
    assert client.get("/desk/account").status_code == 200
    assert "Đổi mật khẩu" not in client.get("/desk/account").text
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    with there.session_transaction(**site) as cookie:
        cookie.update(kept)
    assert there.get("/desk/account", **site).status_code == 303


def test_changing_the_password_ends_the_other_sign_ins(lan: Account, sign_in: SignsIn, client: Visitor) -> None:
    here, lost = sign_in(lan), sign_in(lan)
    change = {"old_password": PASSWORD, "password": OTHER, "again": OTHER}
    assert here.submit("/desk/account", change, to="/desk/account/password").status_code == 303
    assert "Đã đổi mật khẩu" in here.get("/desk/account").text
    assert lost.get("/desk/account").status_code == 303
    assert client.submit("/sign-in", {"email": lan.email, "password": PASSWORD}).status_code == 422
    assert client.submit("/sign-in", {"email": lan.email, "password": OTHER}).status_code == 303


def test_the_old_password_is_asked_and_counted(lan: Account, sign_in: SignsIn, database: Database) -> None:
    here = sign_in(lan)
    wrong = {"old_password": OTHER, "password": OTHER, "again": OTHER}
    for _ in range(5):
        answer = here.submit("/desk/account", wrong, to="/desk/account/password")
        assert answer.status_code == 422
        assert "Mật khẩu hiện tại không đúng." in answer.text
    assert here.submit("/desk/account", wrong, to="/desk/account/password").status_code == 429


def test_one_sees_and_ends_ones_sign_ins_only(lan: Account, sign_in: SignsIn, database: Database) -> None:
    here, lost = sign_in(lan), sign_in(lan)
    with database.transaction() as db:
        other = make_account(db, unit_by_code(db, "00070-ubnd"), "officer")
    stranger = sign_in(other)
    with database.open() as db:
        ids = db.scalars(select(SignIn.id).where(SignIn.account_id == lan.id).order_by(SignIn.id)).all()
    foreign = stranger.submit("/desk/account", to=f"/desk/account/sign-ins/{ids[1]}/end")
    assert foreign.status_code == 404
    assert lost.get("/desk/account").status_code == 200
    assert here.submit("/desk/account", to=f"/desk/account/sign-ins/{ids[1]}/end").status_code == 303
    assert lost.get("/desk/account").status_code == 303
    assert here.submit("/desk/account", to=f"/desk/account/sign-ins/{2**40}/end").status_code == 404


def test_name_and_language_are_ones_own(lan: Account, sign_in: SignsIn, database: Database) -> None:
    here = sign_in(lan)
    assert here.submit("/desk/account", {"name": "Nguyễn Thử Lan", "language": "en"}).status_code == 303
    assert here.submit("/desk/account", {"name": "", "language": "en"}).status_code == 422
    assert here.submit("/desk/account", {"name": "Lan", "language": "fr"}).status_code == 422
    with database.open() as db:
        account = db.get_one(Account, lan.id)
        assert (account.name, account.language) == ("Nguyễn Thử Lan", "en")


def test_a_form_without_its_token_is_refused(lan: Account, sign_in: SignsIn, client: Visitor) -> None:
    assert client.post("/sign-in", data={"email": lan.email, "password": PASSWORD}).status_code == 400
    assert sign_in(lan).post("/sign-out").status_code == 400


def test_pages_stand_in_both_languages(lan: Account, sign_in: SignsIn, client: Visitor) -> None:
    here = sign_in(lan)
    assert "Where you are signed in" in here.get("/en/desk/account").text
    assert "Sign in" in client.get("/en/sign-in").text


def test_a_closed_account_is_out_with_the_next_request(lan: Account, sign_in: SignsIn, database: Database) -> None:
    here = sign_in(lan)
    with database.transaction() as db:
        db.get_one(Account, lan.id).active = False
    assert here.get("/desk/account").status_code == 303
