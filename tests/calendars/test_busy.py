"""Foreign calendars: what counts as busy, what does not and is told, and what is refused, with its line."""

import time
from datetime import date

import pytest

from calendars.busy import read_busy
from scheduler.clock import to_local
from scheduler.errors import BadInput
from scheduler.language import say
from scheduler.rules.busy import ReadBusy

TODAY = date(2026, 11, 22)


def ics(*events: str, head: str = "", encoding: str = "utf-8") -> bytes:
    """A calendar of these events, each given by its lines."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *head.splitlines()]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.strip().splitlines(), "END:VEVENT"]
    return "\r\n".join([*map(str.strip, lines), "END:VCALENDAR", ""]).encode(encoding)


def read(*events: str, head: str = "") -> ReadBusy:
    return read_busy(ics(*events, head=head), today=TODAY)


def seen(found: ReadBusy) -> list[str]:
    """Every span as people in Vietnam read it."""
    return [f"{to_local(span.starts_at):%d/%m %H:%M}-{to_local(span.ends_at):%H:%M}" for span in found.spans]


MOST_SECONDS = 10.0
"""Of processor: far from what a machine under load needs, and far below a file that would be looked at for ever."""


def notes(found: ReadBusy) -> dict[str, object]:
    return {key.removeprefix("busy.note-"): facts["n"] for key, facts in found.notes}


def refused(content: bytes) -> str:
    began = time.process_time()
    with pytest.raises(BadInput) as refusal:
        read_busy(content, today=TODAY)
    assert time.process_time() - began < MOST_SECONDS
    return say("vi", refusal.value.key, **refusal.value.facts)


MEETING = "UID:1\nSUMMARY:Họp giao ban\nDTSTART:20261123T010000Z\nDTEND:20261123T023000Z"


def test_an_event_in_utc() -> None:
    found = read(MEETING + "\nLOCATION:Phòng họp 1\\, tầng 2")
    assert seen(found) == ["23/11 08:00-09:30"]
    assert (found.spans[0].title, found.spans[0].place) == ("Họp giao ban", "Phòng họp 1, tầng 2")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (";TZID=Asia/Ho_Chi_Minh:20261123T080000", "23/11 08:00-09:00"),
        (";TZID=SE Asia Standard Time:20261123T080000", "23/11 08:00-09:00"),
        (';TZID="SE Asia Standard Time":20261123T080000', "23/11 08:00-09:00"),
        (";TZID=Tokyo Standard Time:20261123T100000", "23/11 08:00-09:00"),
        (";TZID=GMT+0900:20261123T100000", "23/11 08:00-09:00"),
        (";TZID=Europe/Paris:20261123T020000", "23/11 08:00-09:00"),
        (":20261123T080000", "23/11 08:00-09:00"),
    ],
)
def test_zones_by_whatever_name(given: str, shown: str) -> None:
    found = read(f"UID:1\nDTSTART{given}\nDURATION:PT1H")
    assert seen(found) == [shown]
    assert notes(found) == ({"floating": 1} if given.startswith(":") else {})


def test_a_zone_the_file_brings_along() -> None:
    zone = "BEGIN:VTIMEZONE\nTZID:Hà Nội của tôi\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0700\n"
    zone += "TZOFFSETTO:+0700\nEND:STANDARD\nEND:VTIMEZONE"
    found = read("UID:1\nDTSTART;TZID=Hà Nội của tôi:20261123T080000\nDURATION:PT1H", head=zone)
    assert seen(found) == ["23/11 08:00-09:00"]


def test_days_are_whole_and_long_events_are_cut_at_midnight() -> None:
    found = read("UID:1\nDTSTART;VALUE=DATE:20261123\nDTEND;VALUE=DATE:20261125")
    assert seen(found) == ["23/11 00:00-00:00", "24/11 00:00-00:00"]
    assert seen(read("UID:1\nDTSTART;VALUE=DATE:20261123")) == ["23/11 00:00-00:00"]
    night = read("UID:1\nDTSTART:20261123T140000Z\nDTEND:20261123T190000Z")
    assert seen(night) == ["23/11 21:00-00:00", "24/11 00:00-02:00"]


@pytest.mark.parametrize(
    ("rule", "first"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["23/11", "30/11", "07/12"]),
        ("FREQ=WEEKLY;UNTIL=20261207T005959Z", ["23/11", "30/11"]),
        ("FREQ=WEEKLY;UNTIL=20261207", ["23/11", "30/11", "07/12"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;COUNT=4", ["23/11", "25/11", "07/12", "09/12"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", ["27/11", "25/12"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=1", ["31/12"]),
        ("FREQ=DAILY;BYDAY=MO,TU;UNTIL=20261201", ["23/11", "24/11", "30/11", "01/12"]),
        ("FREQ=DAILY;BYMONTH=12;UNTIL=20261203", ["01/12", "02/12", "03/12"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1;UNTIL=20270102", ["01/12", "01/01"]),
    ],
)
def test_rules(rule: str, first: list[str]) -> None:
    found = read(f"UID:1\nDTSTART;TZID=Asia/Ho_Chi_Minh:20261123T080000\nDURATION:PT1H\nRRULE:{rule}")
    assert [one[:5] for one in seen(found)] == first


def test_a_rule_without_end_is_followed_as_far_as_the_horizon() -> None:
    found = read("UID:1\nDTSTART;TZID=Asia/Ho_Chi_Minh:20200106T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY")
    assert (seen(found)[0], len(found.spans)) == ("16/11 08:00-09:00", 58)


def test_until_for_ever_is_no_end_and_days_at_the_edge_of_time_are_refused() -> None:
    event = "UID:1\nDTSTART;TZID=Asia/Ho_Chi_Minh:20200106T080000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    assert len(read(f"{event};UNTIL=99991231T235959Z").spans) == 58
    for day in ("99991231T235959Z", "00010101T000000"):
        with pytest.raises(BadInput, match=r"busy\.bad-value"):
            read(f"{event}\nEXDATE:{day}")
        with pytest.raises(BadInput, match=r"busy\.bad-value"):
            read(f"{event}\nRECURRENCE-ID:{day}")


def test_dates_left_out_added_and_replaced() -> None:
    found = read(
        """UID:1
        DTSTART;TZID=Asia/Ho_Chi_Minh:20261123T080000
        DURATION:PT1H
        RRULE:FREQ=DAILY;COUNT=5
        EXDATE;TZID=Asia/Ho_Chi_Minh:20261124T080000
        EXDATE:20261125T010000Z
        RDATE;TZID=Asia/Ho_Chi_Minh:20261201T080000""",
        "UID:1\nRECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261126T080000\nDTSTART:20261126T070000Z\nDURATION:PT1H",
        "UID:1\nRECURRENCE-ID;TZID=Asia/Ho_Chi_Minh:20261127T080000\nDTSTART:20261127T010000Z\nDURATION:PT1H\n"
        "STATUS:CANCELLED",
    )
    assert seen(found) == ["23/11 08:00-09:00", "26/11 14:00-15:00", "01/12 08:00-09:00"]


def test_what_does_not_take_his_time() -> None:
    found = read(
        MEETING.replace("UID:1", "UID:2") + "\nTRANSP:TRANSPARENT",
        MEETING.replace("UID:1", "UID:3") + "\nSTATUS:CANCELLED",
        "UID:4\nDTSTART:20261123T010000Z",
        "UID:5\nDTSTART:20200101T010000Z\nDURATION:PT1H",
    )
    assert found.spans == ()
    assert notes(found) == {"free": 1, "cancelled": 1, "instant": 1, "outside": 1}


def test_a_private_subject_is_not_kept() -> None:
    found = read(MEETING + "\nCLASS:PRIVATE\nLOCATION:Nhà riêng")
    assert (found.spans[0].title, found.spans[0].place) == ("", "")


def test_the_same_event_twice_is_one() -> None:
    newer = MEETING.replace("0230", "0300") + "\nSEQUENCE:2"
    assert seen(read(newer, MEETING + "\nSEQUENCE:1")) == ["23/11 08:00-10:00"]
    assert notes(read(MEETING, MEETING)) == {"twice": 1}
    assert read(MEETING, MEETING).spans == read(MEETING).spans


def test_a_cancellation_takes_nothing_away() -> None:
    found = read(MEETING, head="METHOD:CANCEL")
    assert (found.spans, notes(found)) == ((), {"cancelled": 1})


def test_what_is_dropped_is_told() -> None:
    found = read(
        MEETING + "\nATTACH:file:///etc/passwd\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY\nBEGIN:VALARM\nACTION:AUDIO\n"
        "TRIGGER:-PT5M\nATTACH:http://10.0.0.1/x.wav\nEND:VALARM"
    )
    assert (len(found.spans), notes(found)) == (1, {"attachments": 1, "alarms": 1, "extras": 1})


def test_folded_lines_marks_and_line_ends() -> None:
    folded = ics(MEETING).replace("Họp giao ban".encode(), "Họp gi\r\n ao ban".encode())
    assert read_busy(b"\xef\xbb\xbf" + folded, today=TODAY).spans[0].title == "Họp giao ban"
    assert seen(read_busy(ics(MEETING).replace(b"\r\n", b"\n"), today=TODAY)) == ["23/11 08:00-09:30"]


NO_FILE = "Dòng {}: không phải tệp iCalendar"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", NO_FILE.format(1)),
        (b"<!DOCTYPE html><html>", NO_FILE.format(1)),
        (ics(MEETING)[:-20], NO_FILE.format(9)),
        (ics(MEETING).replace(b"END:VEVENT\r\n", b""), NO_FILE.format(9)),
        (ics(MEETING, encoding="utf-16"), NO_FILE.format(1)),
        (ics(MEETING).replace("ọ".encode(), b"\xf3"), "Dòng 6: "),
        (b"BEGIN:VCALENDAR\r\n" * 20_000, "Dòng 5: "),
        (b"BEGIN:VCALENDAR\r\nX-A:" + b"a" * 5_000_000 + b"\r\nEND:VCALENDAR", "Dòng 2: "),
        (b"x" * (5 * 1024 * 1024 + 1), "5 MB"),
        (ics(*[MEETING] * 20_000), "5000"),
    ],
    ids=["empty", "html", "cut", "unclosed", "utf-16", "latin-1", "deep", "long line", "large", "many"],
)
def test_files_that_are_refused_as_a_whole(content: bytes, told: str) -> None:
    assert told in refused(content)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;COUNT=99999999999",
        "FREQ=DAILY;UNTIL=20261101", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;BYHOUR=1,2,3", "FREQ=OFTEN", "COUNT=2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYDAY=XX", "x",
    ],
)  # fmt: skip
def test_rules_that_are_refused(rule: str) -> None:
    told = refused(ics(f"UID:1\nSUMMARY:Giao ban\nDTSTART:20261123T010000Z\nDURATION:PT1H\nRRULE:{rule}"))
    assert "“Giao ban”" in told
    assert "Dòng 9" in told


def test_a_rule_from_1900_is_refused_at_once() -> None:
    refused(ics("UID:1\nDTSTART:19000101T010000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"))
    refused(ics("UID:1\nDTSTART:19000101T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"))


def test_many_long_rules_are_refused_together() -> None:
    daily = "UID:{}\nDTSTART:19800101T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"
    refused(ics(*(daily.format(n) for n in range(1_000))))


def test_a_rule_too_rare_to_follow_is_left_out_and_told() -> None:
    found = read("UID:9\nDTSTART:20261123T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=7;BYDAY=TU", MEETING)
    assert notes(found)["strange"] == 1


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:00000101T000000\nDURATION:PT1H", "DTSTART;VALUE=DATE:20260231", "DTSTART:ngày mai", "SEQUENCE:1",
        "DTSTART:20261123T010000Z\nDTEND:20261123T000000Z", "DTSTART:20261123T010000Z\nDURATION:-PT1H",
        "DTSTART:20261123T010000Z\nDURATION:P999999999999D", "DTSTART:20261123T010000Z\nDTEND:20991123T000000Z",
        "DTSTART:20261123T010000Z\nDURATION:PT1H\nRDATE:20269999",
    ],
)  # fmt: skip
def test_times_that_are_refused_with_the_events_name(lines: str) -> None:
    assert "“Giao ban”" in refused(ics(f"UID:1\nSUMMARY:Giao ban\n{lines}"))


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "Asia"])
def test_zones_nobody_knows(zone: str) -> None:
    assert zone in refused(ics(f"UID:1\nDTSTART;TZID={zone}:20261123T080000\nDURATION:PT1H"))
