"""Private calendars over HTTP: for whoever has the address and nobody else, closed in time, never in a log."""

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from flask import Flask
from icalendar import Calendar

from scheduler.actions.feed_tokens import make_account_address, make_post_address, revoke_post_address
from scheduler.database import Database
from scheduler.models import Account, Conclusion, ConclusionItem, FeedToken, Holding, Occurrence, Post, Task, Unit
from scheduler.rules.permissions import COMMAND_LINE
from scheduler.settings import Settings
from tests.build import make_account, make_unit
from tests.calendars.sittings import CHANGED, make_every_state
from tests.visitors import Clock, SignIn, Visitor

FEED = "/feeds/unit/00070.ics"
TYPE = "text/calendar; charset=utf-8"


@pytest.fixture(autouse=True)
def rows(database: Database) -> dict[str, Occurrence]:
    with database.transaction() as db:
        return make_every_state(db)


@dataclass
class Private:
    """A private address, and the rows around it."""

    secret: str

    @property
    def path(self) -> str:
        return f"/feeds/private/{self.secret}.ics"


@pytest.fixture
def head(database: Database) -> Private:
    with database.transaction() as db:
        post = db.query(Post).filter_by(code="00070-ubnd-chu-tich").one()
        return Private(make_post_address(db, post, by=COMMAND_LINE, now=CHANGED))


def uids(text: bytes) -> set[str]:
    return {str(event["uid"]) for event in Calendar.from_ical(text).events}


def test_a_private_calendar_is_for_nobody_else(client: Visitor, head: Private) -> None:
    answer = client.get(head.path)
    assert (answer.status_code, answer.content_type) == (200, TYPE)
    assert answer.headers["Cache-Control"] == "private, max-age=0, must-revalidate"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in answer.headers
    assert head.secret.encode() not in answer.data
    assert b"BEGIN:VALARM" in answer.data
    assert client.get(head.path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_what_does_not_open_answers_all_alike(client: Visitor, head: Private, database: Database) -> None:
    etag = client.get(head.path).headers["ETag"]
    with database.transaction() as db:
        revoke_post_address(
            db, db.query(Post).filter_by(code="00070-ubnd-chu-tich").one(), by=COMMAND_LINE, now=CHANGED
        )
    shapes = (
        head.path,
        f"/feeds/private/{head.secret.swapcase()}.ics",
        f"/feeds/private/{head.secret[:-1]}.ics",
        f"/feeds/private/{'x' * 10_000}.ics",
        "/feeds/private/%0a.ics",
        "/feeds/private/a/b.ics",
        "/feeds/private/%ff%fe.ics",
        f"/feeds/private/{head.secret}",
    )
    answers = [client.get(path, headers={"If-None-Match": f"{etag}, *"}) for path in shapes]
    assert {(answer.status_code, answer.data) for answer in answers} == {(404, b"")}
    heads = {tuple(sorted(answer.headers.items())) for answer in answers}
    assert len(heads) == 1


def test_the_secret_is_in_no_log_and_in_no_table(
    client: Visitor, head: Private, database: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    client.get(head.path)
    client.get(f"{head.path}x")
    assert head.secret not in "".join(capfd.readouterr())
    with database.open() as db:
        token = db.query(FeedToken).one()
        assert head.secret not in (token.secret_hash, token.beginning)
        assert head.secret.startswith(token.beginning)


def test_too_many_fetches_of_one_address(client: Visitor, head: Private, app: Flask, clock: Clock) -> None:
    client.get(head.path)
    app.extensions["lichdan.feed_meter"].most = 3
    assert [client.get(head.path).status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get(head.path)
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    clock.wait(hours=1)
    assert client.get(head.path).status_code == 200
    assert client.get(FEED).status_code == 200


def test_use_is_noted_at_most_once_a_minute(client: Visitor, head: Private, database: Database, clock: Clock) -> None:
    def used() -> datetime | None:
        with database.open() as db:
            return db.query(FeedToken).one().used_at

    first = clock.now
    client.get(head.path)
    assert used() == first
    clock.wait(seconds=59)
    client.get(head.path)
    assert used() == first
    clock.wait(seconds=1)
    client.get(head.path)
    assert used() == clock.now


def test_leaving_the_post_closes_its_address(client: Visitor, head: Private, database: Database, clock: Clock) -> None:
    with database.transaction() as db:
        post = db.query(Post).filter_by(code="00070-ubnd-chu-tich").one()
        db.query(Holding).filter_by(post_id=post.id).one().valid_to = date(2026, 11, 22)
    assert client.get(head.path).status_code == 200
    clock.wait(days=1)
    assert client.get(head.path).status_code == 404


def make_officer(database: Database, **values: object) -> tuple[Account, str]:
    """An officer of a unit in charge, with one task due, and the secret of the private calendar."""
    with database.transaction() as db:
        office = db.query(Unit).filter_by(code="00070-ubnd").one()
        unit = make_unit(db, "00070-kt", name="Phòng Kinh tế", parent=office, kind="department")
        sitting = db.query(Occurrence).filter_by(slug="buoiplain").one()
        sitting.attend_unit_ids = [office.id, unit.id]
        made = Conclusion(
            occurrence=sitting, number="12/TB-UBND", signed_on=date(2026, 11, 20), signer="A", recorded_at=CHANGED
        )
        item = ConclusionItem(
            conclusion=made, position=1, text="Bí mật của ông Dân", lead_unit=unit, working_days=10,
            due_day=date(2026, 12, 4), due_why=[],
        )  # fmt: skip
        task = Task(
            slug="viec", item=item, unit=unit, owner_unit=office, state="assigned", due_day=date(2026, 12, 4),
            due_why=[], first_due_day=date(2026, 12, 4), made_at=CHANGED,
        )  # fmt: skip
        db.add_all([made, item, task])
        officer = make_account(db, unit, "officer", **values)
        db.flush()
        return officer, make_account_address(db, officer, by=COMMAND_LINE, now=CHANGED)


def test_an_officer_sees_due_days_and_the_sittings_to_attend(client: Visitor, database: Database) -> None:
    _, secret = make_officer(database)
    answer = client.get(f"/feeds/private/{secret}.ics")
    found = {str(event["uid"]).split("@")[0] for event in Calendar.from_ical(answer.data).events}
    assert found == {"han-viec", "phien-plain"}
    assert "Dân" not in str([event["summary"] for event in Calendar.from_ical(answer.data).events]).replace(
        "công dân", ""
    )
    with database.transaction() as db:
        db.query(Task).one().due_day = date(2026, 12, 8)
    again = client.get(f"/feeds/private/{secret}.ics", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 200
    assert b"DTSTART;VALUE=DATE:20261208" in again.data


def test_a_closed_account_has_no_calendar(client: Visitor, database: Database) -> None:
    officer, secret = make_officer(database)
    with database.transaction() as db:
        db.get_one(Account, officer.id).active = False
    assert client.get(f"/feeds/private/{secret}.ics").status_code == 404


def test_accounts_of_the_demonstration_have_none_in_production(database: Database, clock: Clock) -> None:
    from web import create_app

    _, secret = make_officer(database, demo=True)
    real = Settings(base_url="https://lich.example.vn", secret_key="k" * 43)
    client = create_app(real, database, clock=clock).test_client()
    answer = client.get(f"/feeds/private/{secret}.ics", base_url="https://lich.example.vn")
    assert answer.status_code == 404


def test_an_address_is_made_shown_once_and_closed_on_the_desk(
    client: Visitor, database: Database, sign_in: SignIn
) -> None:
    with database.transaction() as db:
        office = db.query(Unit).filter_by(code="00070-ubnd").one()
        clerk = make_account(db, office, "secretariat")
    desk = sign_in(clerk)
    assert "Chưa có địa chỉ riêng." in desk.get("/desk/feeds").text
    page = desk.submit("/desk/feeds")
    secret = page.text.split("/feeds/private/")[1].split(".ics")[0]
    assert len(secret) == 43
    assert "Thư nhắc mới là lời nhắc chính thức." in page.text
    assert len(uids(client.get(f"/feeds/private/{secret}.ics").data)) == 8
    assert secret not in desk.get("/desk/feeds").text
    other = desk.submit("/desk/feeds").text.split("/feeds/private/")[1].split(".ics")[0]
    assert client.get(f"/feeds/private/{secret}.ics").status_code == 404
    assert client.get(f"/feeds/private/{other}.ics").status_code == 200
    assert desk.submit("/desk/feeds", to="/desk/feeds/revoke").status_code == 303
    assert client.get(f"/feeds/private/{other}.ics").status_code == 404
    assert client.get("/desk/feeds").status_code == 303
