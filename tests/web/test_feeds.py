"""Calendars over HTTP: what clients may rely on, what is told to nobody, and what costs nothing."""

import gzip
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from icalendar import Calendar

from scheduler.actions.changes import Order, move_occurrence
from scheduler.actions.feeds import raise_versions
from scheduler.database import Database
from scheduler.models import FeedVersion, Occurrence, Post, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_occurrence, make_post, make_published, make_unit
from tests.calendars.sittings import make_every_state
from tests.visitors import Clock, Visitor
from web.figures import text_of_figures
from web.kept_answers import ROUTE

FEED = "/feeds/unit/00070.ics"
TYPE = "text/calendar; charset=utf-8"


@pytest.fixture(autouse=True)
def rows(database: Database) -> dict[str, Occurrence]:
    with database.transaction() as db:
        return make_every_state(db)


def text_in(app: Flask) -> str:
    with app.app_context():
        return text_of_figures().decode()


def uids(text: bytes) -> set[str]:
    return {str(event["uid"]) for event in Calendar.from_ical(text).events}


def test_what_a_public_calendar_says_of_itself(client: Visitor) -> None:
    answer = client.get(FEED)
    assert (answer.status_code, answer.content_type) == (200, TYPE)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in answer.headers
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert len(uids(answer.data)) == 8
    assert client.head(FEED).data == b""
    assert client.head(FEED).headers["ETag"] == answer.headers["ETag"]


@pytest.mark.parametrize("kept", [False, True])
def test_who_has_it_gets_304(client: Visitor, kept: bool) -> None:
    first = client.get(FEED)
    etag, date_ = first.headers["ETag"], first.headers["Last-Modified"]
    for known in (etag, f'"other", {etag}', f"W/{etag}"):
        address = FEED if kept else f"{FEED}?x={len(known)}"  # what is not known to the layer goes to the page
        answer = client.get(address, headers={"If-None-Match": known})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
        assert "Content-Type" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert client.get(FEED, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(FEED, headers={"If-None-Match": '"other"', "If-Modified-Since": date_}).status_code == 200
    assert client.get(FEED, headers={"If-Modified-Since": date_}).status_code == 304
    for value in ("Thu, 01 Jan 1970 00:00:00 GMT", "not a date"):
        assert client.get(FEED, headers={"If-Modified-Since": value}).status_code == 200


def test_packed_only_when_asked(client: Visitor) -> None:
    plain = client.get(FEED, headers={"Accept-Encoding": "gzip;q=0"})
    packed = client.get(FEED, headers={"Accept-Encoding": "gzip, deflate"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == client.get(FEED).data
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    again = client.get(FEED, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


def test_the_second_answer_comes_from_memory_with_the_same_headers(
    client: Visitor, app: Flask, database: Database
) -> None:
    first = client.get(FEED)
    layer = app.wsgi_app
    answered = layer.answered  # type: ignore[attr-defined]
    second = client.get(FEED)
    assert layer.answered == answered + 1  # type: ignore[attr-defined]
    first.headers.pop("Date"), second.headers.pop("Date")
    assert sorted(first.headers.items()) == sorted(second.headers.items())
    assert first.data == second.data
    assert f'lichdan_requests_total{{method="GET",route="{ROUTE}",status="200"}} 2.0' in text_in(app)
    assert client.get(FEED, headers={"Host": "elsewhere.example"}).status_code == 421


def test_a_change_is_seen_after_the_next_deed_of_this_process(
    client: Visitor, database: Database, rows: dict[str, Occurrence], clock: Clock
) -> None:
    before = client.get(FEED)
    with database.transaction() as db:
        row = db.get_one(Occurrence, rows["plain"].id)
        order = Order(row.version, "Họp", COMMAND_LINE, clock.now)
        move_occurrence(db, row.slug, order, day=date(2026, 12, 4))
    client.post("/sign-out")  # whatever this process does may have changed a calendar
    after = client.get(FEED, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert b"20261204T073000" in after.data
    assert after.headers["Last-Modified"] != before.headers["Last-Modified"]


def test_the_day_turns_in_memory_too(client: Visitor, clock: Clock) -> None:
    assert client.get(FEED).status_code == 200
    clock.now = datetime(2027, 3, 1, tzinfo=UTC)
    assert len(uids(client.get(FEED).data)) < 8


def test_languages_kinds_and_units_below(client: Visitor) -> None:
    assert b"Citizen receptions" in client.get(f"{FEED}?lang=en").data
    assert b"Citizen receptions" in client.get(f"/en{FEED}").data
    assert len(uids(client.get(f"{FEED}?kind=periodic_reception&kind=dialogue").data)) == 8
    assert uids(client.get(f"{FEED}?kind=dialogue").data) == set()
    assert uids(client.get("/feeds/unit/01.ics").data) == set()
    assert len(uids(client.get("/feeds/unit/01.ics?below=1").data)) == 8
    assert len(uids(client.get("/feeds/post/00070-ubnd-pho-chu-tich.ics").data)) == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/feeds/unit/zz.ics", 404),
        ("/feeds/post/zz.ics", 404),
        ("/feeds/unit/..%2f.ics", 404),
        ("/feeds/unit/%00.ics", 404),
        (f"/feeds/unit/{'a' * 5000}.ics", 404),
        ("/feeds/nothing/00070.ics", 404),
        (f"{FEED}?kind=party", 422),
        (f"{FEED}?below=2", 422),
        (f"{FEED}?lang=fr", 422),
        ("/occurrences/zz.ics", 404),
        (f"{FEED}?utm=1", 200),
    ],
)
def test_strange_addresses(client: Visitor, path: str, status: int) -> None:
    assert client.get(path).status_code == status


def test_an_old_unit_leads_to_the_new_one(client: Visitor, database: Database) -> None:
    with database.transaction() as db:
        heir = db.query(Unit).filter_by(code="00070").one()
        make_unit(db, "00001", name="Phường Cũ", kind="place", successor_id=heir.id, valid_to=date(2025, 6, 30))
    answer = client.get("/feeds/unit/00001.ics?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/feeds/unit/00070.ics?lang=en")
    assert client.get("/units/00001/subscribe").headers["Location"] == "/units/00070/subscribe"


def test_one_sitting_as_a_file(client: Visitor, database: Database) -> None:
    answer = client.get("/occurrences/buoimoved.ics")
    assert answer.content_type == TYPE
    assert uids(answer.data) == {"phien-moved@example.vn"}
    with database.transaction() as db:
        office = db.query(Unit).filter_by(code="00070-ubnd").one()
        draft = make_occurrence(db, office).slug
    assert client.get(f"/occurrences/{draft}.ics").status_code == 404


def test_a_body_shows_what_it_hosts_at_its_place(client: Visitor, database: Database) -> None:
    """A plan written for the place itself: its committee's calendar and page take in what its chairman hosts."""
    with database.transaction() as db:
        office = db.query(Unit).filter_by(code="00070-ubnd").one()
        chairman, place = db.query(Post).filter_by(unit_id=office.id).first(), office.parent
        assert chairman is not None
        assert place is not None
        party = make_unit(db, "00070-du", name="Đảng ủy phường Hoàn Kiếm", parent=place, kind="party_committee")
        secretary = make_post(db, party, "Bí thư Đảng ủy", duty="commune_secretary")
        own = make_published(db, place, chairman, day=date(2026, 12, 17), uid="uy-ban@example.vn")
        other = make_published(db, place, secretary, day=date(2026, 12, 18), uid="dang-uy@example.vn")
        raise_versions(db, [own.id, other.id], now=NOW)
        versions = {row.feed for row in db.query(FeedVersion).all()}
        assert {f"unit:{office.id}", f"unit:{party.id}"} <= versions
    told = {"uy-ban@example.vn", "dang-uy@example.vn"}
    found = {
        code: uids(client.get(f"/feeds/unit/{code}.ics").data) & told for code in ("00070", "00070-ubnd", "00070-du")
    }
    assert found == {"00070": told, "00070-ubnd": {"uy-ban@example.vn"}, "00070-du": {"dang-uy@example.vn"}}
    listed = client.get("/api/v1/occurrences?unit=00070-du&from=2026-12-01&to=2026-12-31").get_json()["items"]
    assert [row["uid"] for row in listed] == ["dang-uy@example.vn"]
    page = client.get("/units/00070-ubnd?year=2026").text
    assert f"/occurrences/{own.slug}" in page
    assert f"/occurrences/{other.slug}" not in page
