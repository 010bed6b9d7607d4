"""Invitations in letters: the right envelope, one person a letter, and never the opposite of the sitting."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar, Event

from calendars.components import Audience, event_of, write_event
from calendars.invitations import Mailbox, content_type_of, invitation
from scheduler.database import Db
from scheduler.models import Occurrence
from tests.calendars.sittings import BASE, make_every_state

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
OFFICE = Mailbox("vanphong@example.vn", "UBND phường Hoàn Kiếm")
HEAD = Mailbox("chutich@example.vn", 'Nguyễn "Văn"; Thử\r\nX: 1')


@pytest.fixture
def rows(db: Db) -> dict[str, Occurrence]:
    return make_every_state(db)


def sent(row: Occurrence, method: str, attendee: Mailbox = HEAD) -> Calendar:
    text = invitation(row, method=method, attendee=attendee, organizer=OFFICE, language="vi", base_url=BASE, now=NOW)
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    return Calendar.from_ical(text)


def event_in(calendar: Calendar) -> Event:
    (event,) = calendar.events
    return event


def test_a_request_invites_one_person(rows: dict[str, Occurrence]) -> None:
    calendar = sent(rows["moved"], "REQUEST")
    event = event_in(calendar)
    assert (str(calendar["method"]), str(event["status"]), event["sequence"]) == ("REQUEST", "CONFIRMED", 1)
    assert event["dtstamp"].dt == NOW
    assert str(event["organizer"]) == "mailto:vanphong@example.vn"
    assert str(event["attendee"]) == "mailto:chutich@example.vn"
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    assert event["attendee"].params["RSVP"] == "TRUE"
    assert "X" not in event


def test_mail_and_calendar_show_one_event(rows: dict[str, Occurrence]) -> None:
    row = rows["moved"]
    feed = write_event(event_of(row, language="vi", audience=Audience(), base_url=BASE))
    event = event_in(sent(row, "REQUEST"))
    assert f"UID:{event['uid']}\r\n".encode() in feed
    assert f"SEQUENCE:{event['sequence']}\r\n".encode() in feed


@pytest.mark.parametrize("state", ["cancelled", "postponed"])
def test_a_cancellation_for_all_says_so(rows: dict[str, Occurrence], state: str) -> None:
    calendar = sent(rows[state], "CANCEL")
    event = event_in(calendar)
    assert (str(calendar["method"]), str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert event.walk("VALARM") == []
    assert "PARTSTAT" not in event["attendee"].params


def test_who_is_replaced_is_taken_off_and_the_sitting_stays(rows: dict[str, Occurrence]) -> None:
    calendar = sent(rows["stand-in"], "UNINVITE")
    event = event_in(calendar)
    assert str(calendar["method"]) == "CANCEL"
    assert "status" not in event  # RFC 5546 3.2.5
    assert str(event["attendee"]) == "mailto:chutich@example.vn"


def test_the_content_type_names_the_same_method() -> None:
    assert content_type_of("REQUEST") == "text/calendar; method=REQUEST; charset=UTF-8; component=vevent"
    assert content_type_of("UNINVITE").startswith("text/calendar; method=CANCEL;")


def test_nobody_is_invited_to_what_is_cancelled(rows: dict[str, Occurrence]) -> None:
    with pytest.raises(ValueError, match="invites nobody"):
        sent(rows["cancelled"], "REQUEST")
    with pytest.raises(ValueError, match="no such method"):
        sent(rows["plain"], "PUBLISH")
