"""The desk's calendar: the same days as a table and as JSON, in the rights of the reader, and nothing to drag."""

import re
from datetime import date

import pytest

from scheduler.database import Database
from scheduler.models import Account, Unit
from tests.browser import PHONE, OpenPage
from tests.build import (
    make_account,
    make_day,
    make_occurrence,
    make_office,
    make_place,
    make_post,
    make_published,
    make_unit,
)
from tests.served import Served
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements

DECEMBER = "/desk/calendar?day=2026-12-10"
EVENTS = "/desk/calendar/events?from=2026-12-01&to=2026-12-31"
MOST_QUERIES = 14
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(database: Database) -> dict[str, Account]:
    """A clerk with a draft, a moved sitting and a dialogue in December, and the clerk of the office beside."""
    with database.transaction() as db:
        unit, chairman = make_office(db)
        ward = db.get_one(Unit, unit.parent_id)
        beside = make_unit(db, "00071-ubnd", name="UBND phường Cửa Nam", parent=ward)
        deputy = make_post(db, unit, "Phó Chủ tịch UBND", code="00070-ubnd-pho", is_head=False)
        make_place(db, unit, "Nhà văn hóa")
        make_day(db, date(2026, 12, 14), "Ngày nghỉ thử")
        make_day(db, date(2026, 12, 19), "Làm bù ngày 14/12", off=False)
        make_occurrence(db, unit, chairman, day=date(2026, 12, 10), slug="banthao")
        make_published(db, unit, chairman, day=date(2026, 12, 17), slug="congbo", hours=["07:30-11:00", "14:00-16:00"])
        make_published(
            db,
            unit,
            deputy,
            day=date(2026, 12, 22),
            slug="doithoai",
            kind="dialogue",
            place="Nhà văn hóa, 126 Hàng Trống",
        )
        make_occurrence(db, unit, chairman, day=None, planned_day=date(2026, 12, 28), slug="hoan", state="postponed")
        return {
            "clerk": make_account(db, unit, demo=True),
            "beside": make_account(db, beside),
            "above": make_account(db, ward, "supervisor"),
        }


def slugs(visitor: Visitor, more: str = "") -> list[str]:
    """The sittings of December by day, as JSON tells them."""
    answer = visitor.get(EVENTS + more)
    assert answer.status_code == 200
    return [event["id"] for event in answer.get_json()["events"]]


def linked(page: str) -> list[str]:
    found = re.findall(r'href="(?:/en)?/desk/occurrences/([a-z]+)"', page.partition('id="calendar-table"')[2])
    return [one for one in found if one != "new"]


@pytest.mark.parametrize("view", ["month", "week", "list"])
def test_the_table_says_what_the_script_is_told(office: dict[str, Account], sign_in: SignIn, view: str) -> None:
    clerk = sign_in(office["clerk"])
    page = clerk.get(f"{DECEMBER}&view={view}")
    found = check_page(page.text)
    first, last = (
        next(at[f"data-{end}"] for _, at in found.elements if f"data-{end}" in at) for end in ("first", "last")
    )
    told = clerk.get(f"/desk/calendar/events?from={first}&to={last}").get_json()
    assert [event["id"] for event in told["events"]] == linked(page.text)
    assert len(told["events"]) == {"month": 4, "week": 1, "list": 4}[view]
    check_page(clerk.get(f"/en{DECEMBER}&view={view}").text, "en")


@one_database
def test_days_are_named(office: dict[str, Account], sign_in: SignIn) -> None:
    clerk = sign_in(office["clerk"])
    days = clerk.get(EVENTS).get_json()["days"]
    assert (days["2026-12-14"]["off"], days["2026-12-14"]["name"]) == (True, "Ngày nghỉ thử")
    assert (days["2026-12-19"]["off"], days["2026-12-19"]["worked"]) == (False, True)
    assert days["2026-12-10"]["lunar"] == "2/11 âm lịch"
    page = clerk.get(DECEMBER).text
    for words in ("2/11 âm lịch", "Ngày nghỉ thử", "làm bù", "Dự thảo", "Tạm hoãn", "Tháng 12 năm 2026"):
        assert words in page


@one_database
def test_events_carry_state_hours_and_their_page(office: dict[str, Account], sign_in: SignIn) -> None:
    events = {one["id"]: one for one in sign_in(office["clerk"]).get(EVENTS).get_json()["events"]}
    assert events["banthao"]["word"] == "Dự thảo"
    assert events["congbo"]["hours"] == ["07:30-11:00", "14:00-16:00"]
    assert events["congbo"]["url"] == "/desk/occurrences/congbo"
    assert (events["hoan"]["hours"], events["hoan"]["mark"]) == ([], "badge-state-postponed")
    assert events["banthao"]["whole"] == "Chủ tịch UBND phường Hoàn Kiếm"


@one_database
def test_filters(office: dict[str, Account], sign_in: SignIn) -> None:
    clerk = sign_in(office["clerk"])
    assert slugs(clerk, "&kind=dialogue") == ["doithoai"]
    assert slugs(clerk, "&post=00070-ubnd-pho") == ["doithoai"]
    assert slugs(clerk, "&post=pho+chu+tich") == ["doithoai"]
    assert slugs(clerk, "&post=khong+co") == []
    assert slugs(clerk, "&unit=khong+co") == []
    page = clerk.get(DECEMBER).text
    place = re.search(r'<option value="(\d+)">Nhà văn hóa', page)
    assert place
    assert slugs(clerk, f"&place={place.group(1)}") == ["doithoai"]
    assert "Chỉ các buổi của Phó Chủ tịch UBND phường Hoàn Kiếm" in clerk.get(f"{DECEMBER}&post=00070-ubnd-pho").text


@one_database
def test_who_reads_another_unit_sees_nothing_of_this(office: dict[str, Account], sign_in: SignIn) -> None:
    beside, above = sign_in(office["beside"]), sign_in(office["above"])
    page = beside.get(DECEMBER).text
    place = re.search(r'<option value="(\d+)">Nhà văn hóa', sign_in(office["clerk"]).get(DECEMBER).text)
    assert place
    assert slugs(beside) == slugs(beside, "&unit=00070-ubnd") == slugs(beside, "&post=00070-ubnd-pho") == []
    assert beside.get(f"{EVENTS}&place={place.group(1)}").status_code == 404
    assert not linked(page)
    assert "Hoàn Kiếm" not in page
    assert len(slugs(above)) == 4
    assert "/desk/occurrences/new" not in above.get(DECEMBER).text


@one_database
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/events?from=2026-12-01&to=2027-02-01", 422),
        ("/events?from=2026-12-02&to=2026-12-01", 422),
        ("/events?from=x", 422),
        ("?day=2026-02-31", 422),
        ("?view=year", 404),
        ("?kind=x", 404),
        ("?place=x", 404),
        ("?day=2026-12-31&view=week", 200),
    ],
)
def test_what_is_asked_wrongly(office: dict[str, Account], sign_in: SignIn, path: str, status: int) -> None:
    assert sign_in(office["clerk"]).get(f"/desk/calendar{path}").status_code == status


@one_database
def test_the_number_of_queries_stays(
    office: dict[str, Account], sign_in: SignIn, database: Database, statements: Statements
) -> None:
    clerk = sign_in(office["clerk"])
    clerk.get(DECEMBER)
    asked = {}
    for n in (0, 40, 600):
        with database.transaction() as db:
            unit = db.query(Unit).filter_by(code="00070-ubnd").one()
            for number in range(n):
                make_occurrence(db, unit, day=date(2026, 12, 1 + number % 28))
        for path in (DECEMBER, EVENTS):
            with statements() as sent:
                assert clerk.get(path).status_code == 200
            asked[n, path] = len(sent)
    assert asked[0, DECEMBER] == asked[40, DECEMBER] >= asked[600, DECEMBER]
    assert asked[0, EVENTS] == asked[40, EVENTS] >= asked[600, EVENTS]
    assert max(asked.values()) <= MOST_QUERIES
    event = clerk.get(EVENTS).get_json()["events"][0]
    assert re.fullmatch(r"\d+ buổi", event["title"])
    assert clerk.get(event["url"]).text.count("<tr>") - 1 == int(event["title"].split()[0])


@one_database
def test_a_day_is_carried_into_the_form(office: dict[str, Account], sign_in: SignIn) -> None:
    clerk = sign_in(office["clerk"])
    address = re.search(r'href="(/desk/occurrences/new\?day=2026-12-08)"', clerk.get(DECEMBER).text)
    assert address
    assert 'value="2026-12-08"' in clerk.get(address.group(1)).text
    assert 'value="2026-12-08"' in clerk.get("/desk/schedules/new?starts=2026-12-08").text
    for wrong in ("/desk/occurrences/new?day=x", "/desk/schedules/new?starts=2026-02-31"):
        assert clerk.get(wrong).status_code == 422


def test_the_library_names_no_other_site() -> None:
    """It is kept here as it was built, with its licence, and asks nobody for anything."""
    from web.static_files import FOLDER

    vendor = FOLDER / "vendor" / "fullcalendar-6.1.21"
    assert "MIT" in (vendor / "LICENSE.md").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for path in vendor.glob("*.js"))
    assert set(re.findall(r"https?://([\w.-]+)", code)) == {"www.w3.org", "fullcalendar.io"}
    assert "eval(" not in code


@one_database
def test_it_is_drawn_and_cannot_be_dragged(office: dict[str, Account], served: Served, open_page: OpenPage) -> None:
    said: list[str] = []
    page = open_page()
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    served.sign_in(page, office["clerk"])
    page.goto(f"{served.address}{DECEMBER}")
    event = page.locator(".fc-event[href='/desk/occurrences/banthao']")
    event.wait_for()
    assert "Dự thảo" in event.inner_text()
    assert "2/11 âm lịch" in page.locator(".fc-daygrid-day[data-date='2026-12-10']").inner_text()
    assert page.locator(".fc-event-draggable, .fc-event-resizable").count() == 0
    event.drag_to(page.locator(".fc-daygrid-day[data-date='2026-12-16']"))
    page.goto(f"{served.address}{DECEMBER}")
    page.locator(".fc-daygrid-day[data-date='2026-12-10'] .fc-event[href$='banthao']").wait_for()
    page.locator(".fc-daygrid-day[data-date='2026-12-16']").click(position={"x": 60, "y": 60})
    page.locator("#calendar-day a[href$='new?day=2026-12-16']").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.goto(f"{served.address}{DECEMBER}")
    page.locator(".fc-list-event").first.wait_for()
    assert said == []
