"""Calendars read from their addresses: as often as needed, as little as possible, and never from a machine inside."""

import ssl
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from jobs.busy_fetch import fetch_calendar
from jobs.job import Outcome, Workshop
from jobs.runner import run_job
from jobs.timetable import JOB
from scheduler.actions.busy import add_address, end_calendar
from scheduler.database import Database
from scheduler.errors import BadInput
from scheduler.models import BusyCalendar, BusyTime, Entry
from scheduler.queries.busy import Whose
from scheduler.rules.busy_address import allowed_hosts, checked_address, is_outside
from scheduler.settings import Settings
from tests.build import NOW, make_actor, make_office

ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Lịch Chủ tịch\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Họp Thành ủy\r\n"
    "DTSTART:20261210T010000Z\r\nDTEND:20261210T030000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
).encode()


class Other(BaseHTTPRequestHandler):
    """Another office's calendar server; `answers` is what each path does."""

    answers: ClassVar[dict[str, Callable[["Other"], None]]] = {}
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("If-None-Match", "")))
        self.answers[self.path](self)

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def give(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Quiet(ThreadingHTTPServer):
    """A server that does not mind when its visitor hangs up."""

    def handle_error(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def server() -> Iterator[str]:
    """The address of the other server, on this machine."""
    Other.answers, Other.asked = {}, []
    running = Quiet(("127.0.0.1", 0), Other)
    Thread(target=running.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def get(address: str, hosts: str, seconds: float = 5.0) -> bytes | None:
    return fetch_calendar(address, allowed_hosts(hosts), seconds=seconds).content


def refused(address: str, hosts: str, seconds: float = 5.0) -> str:
    with pytest.raises(BadInput) as refusal:
        get(address, hosts, seconds)
    return refusal.value.key.removeprefix("busy.")


HOSTS = "calendar.google.com, *.icloud.com, http://lich.hanoi.gov.vn, lich.example.vn:8443"


@pytest.mark.parametrize(
    ("address", "whole"),
    [
        ("https://calendar.google.com/a.ics", "https://calendar.google.com/a.ics"),
        ("webcal://p01-caldav.icloud.com/x?y=1#z", "https://p01-caldav.icloud.com/x?y=1"),
        ("HTTPS://Calendar.Google.COM./a", "https://calendar.google.com/a"),
        ("http://lich.hanoi.gov.vn", "http://lich.hanoi.gov.vn/"),
        ("https://lich.example.vn:8443/a", "https://lich.example.vn:8443/a"),
    ],
)
def test_addresses_on_the_list(address: str, whole: str) -> None:
    assert checked_address(address, allowed_hosts(HOSTS)).whole == whole


@pytest.mark.parametrize(
    "address",
    [
        "http://calendar.google.com/a.ics", "https://calendar.google.com:8443/a", "https://icloud.com/",
        "https://evil.example/calendar.google.com", "https://calendar.google.com@evil.example/", "https://lich.example.vn/",
        "https://user:pw@calendar.google.com/", "file:///etc/passwd", "https://", "", "x", "https://[::1/", "gopher://x",
        "https://calendar.google.com\r\nX: 1/", "https://calendar.google.com.evil.example/", "https://evilicloud.com/",
        "https://127.0.0.1/", "https://localhost/", "https://" + "a" * 3_000, "https://calendar.google.com:99999/",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(address: str) -> None:
    with pytest.raises(BadInput, match=r"busy\.address-"):
        checked_address(address, allowed_hosts(HOSTS))


@pytest.mark.parametrize(
    ("number", "outside"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False),
        ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("::ffff:10.0.0.1", False), ("64:ff9b::a00:1", False), ("2002:a00:1::", False), ("x", False),
    ],
)  # fmt: skip
def test_who_stands_inside(number: str, outside: bool) -> None:
    assert is_outside(number) is outside


def test_a_name_that_leads_inside_is_not_asked(server: str) -> None:
    port = server.rpartition(":")[2]
    assert refused(f"http://localhost:{port}/a", f"http://localhost:{port}") == "address-inside"
    assert Other.asked == []


def test_every_hop_is_looked_at_anew(server: str) -> None:
    port = server.rpartition(":")[2]
    Other.answers = {
        "/away": lambda one: one.give(status=302, Location="https://evil.example/"),
        "/inside": lambda one: one.give(status=302, Location=f"http://localhost:{port}/a"),
        "/file": lambda one: one.give(status=302, Location="file:///etc/passwd"),
        "/round": lambda one: one.give(status=302, Location="/round"),
        "/near": lambda one: one.give(status=301, Location="a"),
        "/a": lambda one: one.give(ICS),
    }
    assert refused(f"{server}/away", server) == "address-not-allowed"
    assert refused(f"{server}/inside", f"{server} http://localhost:{port}") == "address-inside"
    assert refused(f"{server}/file", server) == "address-unreadable"
    assert refused(f"{server}/round", server) == "fetch-hops"
    assert Other.asked.count(("/round", "")) == 4
    assert get(f"{server}/near", server) == ICS


def test_what_does_not_end_is_cut_off(server: str) -> None:
    def trickle(one: Other) -> None:
        one.send_response(200)
        one.end_headers()
        for _ in range(100):
            one.wfile.write(b"B")
            one.wfile.flush()
            time.sleep(0.05)

    def mute(_one: Other) -> None:
        time.sleep(2)

    Other.answers = {
        "/trickle": trickle,
        "/mute": mute,
        "/large": lambda one: one.give(b"x" * (5 * 1024 * 1024 + 1)),
        "/said-large": lambda one: one.give(Content_Length=str(10**12)),
        "/packed": lambda one: one.give(b"x", Content_Encoding="gzip"),
        "/cut": lambda one: one.give(b"x", Content_Length="10"),
        "/gone": lambda one: one.give(status=404),
    }
    began = time.monotonic()
    assert refused(f"{server}/trickle", server, 0.4) == "fetch-slow"
    assert refused(f"{server}/mute", server, 0.4) == "fetch-slow"
    assert time.monotonic() - began < 2
    assert refused(f"{server}/large", server) == refused(f"{server}/said-large", server) == "too-large"
    assert refused(f"{server}/packed", server) == refused(f"{server}/cut", server) == "fetch-failed"
    assert refused(f"{server}/gone", server) == "fetch-status"


def test_https_asks_for_a_certificate(server: str) -> None:
    port = server.rpartition(":")[2]
    assert refused(f"https://127.0.0.1:{port}/a", f"https://127.0.0.1:{port}") == "fetch-failed"
    assert ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED


class Office:
    """An office whose chairman has a calendar on the other server."""

    def __init__(self, database: Database, server: str) -> None:
        self.workshop = Workshop(database, Settings(secret_key="k" * 43, busy_hosts=server))
        self.database = database
        with database.transaction() as db:
            unit, chairman = make_office(db)
            self.whose = Whose(unit.id, "Chủ tịch", "", "", post_id=chairman.id)
            self.administrator = make_actor(db, unit, "administrator")
            address = checked_address(f"{server}/a", allowed_hosts(server))
            self.id = add_address(db, self.whose, address, by=self.administrator, now=NOW).id
            assert add_address(db, self.whose, address, by=self.administrator, now=NOW).id == self.id

    def beat(self, minutes: int = 0) -> Outcome:
        return run_job(self.workshop, JOB["busy"], NOW + timedelta(minutes=minutes))

    def calendar(self) -> BusyCalendar:
        with self.database.open() as db:
            return db.get_one(BusyCalendar, self.id)

    def count(self, table: type) -> int:
        with self.database.open() as db:
            return db.query(table).count()


@pytest.fixture
def office(database: Database, server: str) -> Office:
    return Office(database, server)


def test_a_calendar_is_read_every_half_hour_and_changes_once(office: Office) -> None:
    Other.answers = {"/a": lambda one: one.give(ICS, ETag='"1"')}
    assert office.beat().counts == {"changed": 1}
    with office.database.open() as db:
        time_ = db.query(BusyTime).one()
        assert (time_.post_id, time_.title, time_.starts_at.date()) == (
            office.whose.post_id, "Họp Thành ủy", date(2026, 12, 10),
        )  # fmt: skip
    assert (office.calendar().name, office.calendar().read_at) == ("Lịch Chủ tịch", NOW)
    assert office.beat(29).found == 0
    Other.answers = {"/a": lambda one: one.give(status=304)}
    assert office.beat(30).counts == {"unchanged": 1}
    assert Other.asked == [("/a", ""), ("/a", '"1"')]
    Other.answers = {"/a": lambda one: one.give(ICS)}
    assert office.beat(60).counts == {"unchanged": 1}
    assert office.count(BusyTime) == 1
    with office.database.open() as db:
        assert [entry.actor for entry in db.query(Entry).filter_by(deed="busy.saved")] == ["job busy"]
    # The next day the file is asked for whole, since what counts has moved on.
    assert office.beat(60 * 24).found == 1
    assert Other.asked[-1] == ("/a", "")


def test_a_failure_is_kept_and_shown_and_what_was_known_stays(office: Office) -> None:
    Other.answers = {"/a": lambda one: one.give(ICS)}
    office.beat()
    Other.answers = {"/a": lambda one: one.give(b"<html>")}
    assert office.beat(30).counts == {"refused": 1}
    broken = office.calendar()
    assert (broken.failure, broken.failures) == (["busy.not-icalendar", {"line": 1}], 1)
    assert broken.due_at == NOW + timedelta(minutes=90)
    assert office.count(BusyTime) == 1
    Other.answers = {"/a": lambda one: one.give(status=500)}
    office.beat(90)
    assert office.calendar().failure == ["busy.fetch-status", {"status": 500}]
    Other.answers = {"/a": lambda one: one.give(ICS)}
    office.beat(300)
    assert (office.calendar().failure, office.calendar().failures) == (None, 0)


def test_nothing_is_read_of_a_calendar_that_ended_meanwhile(office: Office) -> None:
    def end(one: Other) -> None:
        with office.database.transaction() as db:
            end_calendar(db, db.get_one(BusyCalendar, office.id), by=office.administrator, now=NOW)
        one.give(ICS)

    Other.answers = {"/a": end}
    assert office.beat().failed == 0
    assert office.count(BusyTime) == 0
    assert office.beat(60).found == 0
