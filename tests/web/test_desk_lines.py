"""The first screen: every line has its number, its words and the list of just so many, and a sitting stands in one."""

import re
from datetime import date
from html import unescape

import pytest
from sqlalchemy import func, select

from scheduler.database import Database
from scheduler.models import Occurrence
from scheduler.queries.desk import LIST, LISTS, Today, occurrences_in, waiting_for
from scheduler.rules.days_seed import default_calendar
from tests.build import actor_for, make_account, make_occurrence, make_office, make_unit
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements
from tests.web.desk_world import NEAR, DeskWorld, make_desk_world
from web.desk_lines import LINES

LINE = re.compile(r'<li>\s*<span.*?<span class="count">(\d+)</span>\s*<a [^>]*href="([^"]+)"', re.DOTALL)
MOST_QUERIES = 26
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def world(database: Database) -> DeskWorld:
    return make_desk_world(database)


def lines(visitor: Visitor, path: str = "/desk") -> dict[str, int]:
    """Each line's address with its number."""
    page = visitor.get(path).text
    work = page.partition('<ul class="worklist">')[2].partition("</ul>")[0]
    return {unescape(address): int(n) for n, address in LINE.findall(work)}


def rows_at(visitor: Visitor, address: str) -> int:
    """How many rows the list at this address has."""
    page = visitor.get(address)
    assert page.status_code == 200, address
    if "/people" in address:
        return page.text.partition('<ul class="plain-list">')[2].partition("</ul>")[0].count("<li>")
    return sum(part.count("<tr") for part in re.findall(r"<tbody>(.*?)</tbody>", page.text, re.DOTALL))


def test_every_number_is_that_of_its_list(world: DeskWorld, sign_in: SignIn) -> None:
    for account, fewest in ((world.clerk, 14), (world.head, 9), (world.both, 16)):
        visitor = sign_in(account)
        found = lines(visitor)
        assert len(found) >= fewest
        assert {address: rows_at(visitor, address) for address in found} == found
    check_page(visitor.get("/desk").text)
    check_page(visitor.get("/en/desk").text, "en")


@one_database
def test_the_only_one_opens_itself(database: Database, sign_in: SignIn) -> None:
    world = make_desk_world(database, times=1)
    visitor = sign_in(world.clerk)
    found = lines(visitor)
    assert f"/desk/occurrences/{world.draft}" in found
    assert {address for address in found if "list=" in address} == {"/desk/occurrences?list=to-publish"}
    assert {visitor.get(address).status_code for address in found} == {200}


@one_database
def test_a_sitting_stands_in_one_line(world: DeskWorld, database: Database) -> None:
    today = Today(date(2026, 11, 22), default_calendar(2026, 2027))
    with database.open() as db:
        for account in (world.clerk, world.head, world.both):
            actor = actor_for(
                account, world.office, *(["secretariat", "approver"] if account is world.both else [account.name])
            )
            seen = [
                one.id
                for waiting in waiting_for(db, actor, today)
                for one in occurrences_in(db, actor, waiting.key, today)[0]
            ]
            assert len(seen) == len(set(seen))
        everything = db.scalar(select(func.count()).select_from(Occurrence).where(Occurrence.state != "concluded"))
        # All but what is whole and public already: the two that are published with all that belongs to them.
        assert len(seen) == (everything or 0) - 2


@one_database
def test_what_hurts_stands_first_and_says_until_when(world: DeskWorld, sign_in: SignIn) -> None:
    page = sign_in(world.clerk).get("/desk").text
    assert "Chậm nhất ngày 26/11 phải công bố (đủ 5 ngày làm việc)" in page
    assert "Còn 3 ngày làm việc" in page
    assert "Phòng Kinh tế 0 1 · Phòng Kinh tế 1 1" in page
    assert "Quá 6 ngày làm việc" in page
    order = [page.index(words) for words in ("phải công bố", "Thư không gửi được", "Nhiệm vụ quá hạn", "Buổi dự thảo")]
    assert order == sorted(order)


@one_database
def test_the_last_day_for_publishing(database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        unit, chairman = make_office(db)
        clerk = make_account(db, unit)
        one = make_occurrence(db, unit, chairman, day=NEAR, state="approved")
    for day, words in (
        (date(2026, 11, 27), "Đã quá ngày phải công bố (19/11, đủ 5 ngày làm việc)"),
        (date(2026, 12, 1), "Chậm nhất ngày 23/11 phải công bố"),
    ):
        with database.transaction() as db:
            db.get_one(Occurrence, one.id).day = day
        assert words in sign_in(clerk).get("/desk").text


@one_database
def test_a_sitting_of_this_week_says_what_it_lacks(world: DeskWorld, sign_in: SignIn, database: Database) -> None:
    clerk = sign_in(world.clerk)
    page = clerk.get("/desk/occurrences?list=this-week").text
    for words in ("Chưa có người dự", "Chưa có nội dung", "Chưa có người tiếp thay"):
        assert page.count(words) == 2
    assert "Chưa có địa điểm" not in page


@one_database
def test_the_number_of_queries_does_not_grow(database: Database, sign_in: SignIn, statements: Statements) -> None:
    world = make_desk_world(database, times=1)
    visitor = sign_in(world.both)
    visitor.get("/desk")
    with statements() as few:
        visitor.get("/desk")
    with database.transaction() as db:
        city = world.office.parent_id
        for number in range(20):
            unit = make_unit(db, f"7{number:04}-ubnd", parent=db.merge(world.office))
            for step in range(5):
                make_occurrence(db, unit, day=date(2026, 11, 23 + step), state=["draft", "published"][step % 2])
        assert city
    with statements() as many:
        page = visitor.get("/desk")
    assert page.status_code == 200
    assert len(many) <= MOST_QUERIES
    assert len(many) <= len(few) + 1  # the week's sittings are numbers now, and the units a field


@one_database
def test_a_desk_of_one_unit_keeps_its_numbers(world: DeskWorld, database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        other = make_unit(db, "00071-ubnd", name="UBND phường Cửa Nam", parent=db.merge(world.office))
        make_occurrence(db, other, day=NEAR, state="approved")
        make_occurrence(db, other, day=NEAR, state="approved")
    visitor = sign_in(world.both)
    whole = lines(visitor)
    assert whole["/desk/occurrences?list=to-publish"] == 6
    for text in ("cua nam", "00071-ubnd"):
        found = lines(visitor, f"/desk?unit={text}")
        assert list(found.values()) == [2]
        assert {address: rows_at(visitor, address) for address in found} == found
    nobody = visitor.get("/desk?unit=khong+co").text
    assert "Không có đơn vị nào tên" in nobody
    assert "Hôm nay không còn việc" in nobody


@one_database
def test_another_office_counts_nothing(world: DeskWorld, database: Database, sign_in: SignIn) -> None:
    with database.transaction() as db:
        stranger = make_account(db, make_unit(db, "x", name="UBND xã Xa"), "secretariat")
    visitor = sign_in(stranger)
    assert lines(visitor) == {}
    assert lines(visitor, "/desk?unit=hoan+kiem") == {}
    assert "12/TB" not in visitor.get("/desk/unposted").text


def test_each_list_that_is_counted_has_its_line() -> None:
    keys = [key for key, _ in LINES]
    assert len(set(keys)) == len(keys)
    assert {one.key for one in LISTS if one.act} <= set(keys)
    assert set(LIST) >= {one.key for one in LISTS}


@one_database
def test_slash_leads_to_the_search(world: DeskWorld, sign_in: SignIn) -> None:
    page = sign_in(world.clerk).get("/desk").text
    assert re.search(r'<script src="/static/keys\.[0-9a-f]+\.js" defer>', page)
