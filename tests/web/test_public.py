"""What residents see: the first page, the search, and the pages of units and posts."""

from datetime import date, datetime, timedelta

import pytest

from scheduler.actions.units import create_unit
from scheduler.database import Database
from scheduler.models import Post, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW, make_occurrence
from tests.visitors import Clock, Visitor
from tests.web.checks import check_page
from tests.web.conftest import Statements
from tests.web.wards import NEXT, Ward, publish_in


def test_an_empty_installation_says_so(client: Visitor) -> None:
    page = client.get("/").text
    check_page(page)
    assert "Chưa công bố buổi nào sắp tới." in page
    check_page(client.get("/en/").text, "en")


def test_the_first_page_answers_when(client: Visitor, sitting: str) -> None:
    text = client.get("/").text
    check_page(text)
    for words in ("Thứ Năm", "18/10 âm lịch", "Còn 4 ngày.", "Từ 7 giờ 30, tại 126 Hàng Trống.", "024 3825 0001"):
        assert words in text
    assert "Không cần đăng ký trước." in text
    assert f'href="{sitting}"' in text


def test_a_chosen_province_is_remembered_by_its_address(client: Visitor, sitting: str, database: Database) -> None:
    with database.transaction() as db:
        create_unit(db, "Tỉnh Cà Mau", level="province", kind="place", code="96", by=COMMAND_LINE, now=NOW)
    chosen = client.get("/en/?province=96")
    assert (chosen.status_code, chosen.location) == (303, "/en/provinces/96")
    assert "Set-Cookie" not in chosen.headers
    page = client.get("/provinces/96").text
    check_page(page)
    assert "Chưa công bố buổi nào sắp tới ở Tỉnh Cà Mau." in page
    assert 'href="/en/provinces/96"' in page
    hanoi = client.get("/provinces/01").text
    assert sitting in hanoi
    assert 'href="/units/00070"' in hanoi
    for address in ("/", "/?province=", "/?province=khong-co"):
        assert sitting in client.get(address).text
    for address in ("/provinces/00070", "/provinces/99", "/provinces/01-ubnd"):
        assert client.get(address).status_code == 404


def test_what_is_not_public_is_nowhere(client: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        unit, post = db.get_one(Unit, ward.committee), db.get_one(Post, ward.chairman)
        slugs = [
            make_occurrence(db, unit, post, day=NEXT + timedelta(days=n), state=state).slug
            for n, state in enumerate(("draft", "submitted", "approved", "void"))
        ]
    for slug in slugs:
        assert client.get(f"/occurrences/{slug}").status_code == 404
        for page in ("/", "/units/00070", "/posts/00070-ubnd-chu-tich"):
            assert slug not in client.get(page).text


def test_a_place_takes_in_its_bodies(client: Visitor, sitting: str) -> None:
    text = client.get("/units/00070").text
    check_page(text)
    assert "Nguyễn Thị Minh Hạnh" in text
    assert f'href="{sitting}"' in text
    assert 'href="#day-2026-11-26"' in text
    assert 'id="day-2026-11-26"' in text
    assert "ngày 26 hằng tháng" in text
    assert "/units/00070/subscribe" in text
    assert sitting not in client.get("/units/01").text


def test_a_page_of_an_empty_unit_says_what_the_law_asks_and_whom_to_ask(client: Visitor, ward: Ward) -> None:
    text = client.get("/units/00070").text
    check_page(text)
    assert "ít nhất 2 ngày mỗi tháng" in text
    assert "136/2025/QH15" in text
    assert "Hỏi lịch tại:" in text
    assert "024 3825 0001" in text
    check_page(client.get("/en/posts/00070-ubnd-chu-tich").text, "en")


def test_the_province_lists_its_communes(client: Visitor, ward: Ward) -> None:
    text = client.get("/units/01").text
    check_page(text)
    assert 'href="/units/00070"' in text


def test_after_a_merger_the_old_page_leads_on(client: Visitor, database: Database, ward: Ward) -> None:
    with database.transaction() as db:
        old = create_unit(db, "Phường Hàng Bạc", level="commune", kind="place", code="00040", by=COMMAND_LINE, now=NOW)
        old.valid_to, old.successor_id = date(2025, 6, 30), ward.place
    answer = client.get("/en/units/00040")
    assert (answer.status_code, answer.location) == (301, "/en/units/00070")
    text = client.get("/units/00040?year=2025").text
    check_page(text)
    assert "Phường Hàng Bạc kết thúc hoạt động ngày 30/06/2025; nay là Phường Hoàn Kiếm." in text
    assert 'href="/units/00070"' in text


@pytest.mark.parametrize(
    "period", ["year=2013", "year=2101", "year=hai", "month=13", "year=2026&month=-1", "year=٢٠٢٦"]
)
def test_a_time_that_is_none_is_refused(client: Visitor, ward: Ward, period: str) -> None:
    response = client.get(f"/units/00070?{period}")
    assert response.status_code == 422
    check_page(response.text)


@pytest.mark.parametrize("period", ["year=2014", "year=2100", "year=2026&month=11", "year=2025&month=12", "month=1"])
def test_every_time_of_the_range_has_its_page(client: Visitor, sitting: str, period: str) -> None:
    check_page(client.get(f"/units/00070?{period}").text)


def test_the_month_shows_its_own_sittings_alone(client: Visitor, sitting: str) -> None:
    assert 'id="day-2026-11-26"' in client.get("/units/00070?year=2026&month=11").text
    assert 'id="day-2026-11-26"' not in client.get("/units/00070?year=2026&month=12").text


def test_the_number_of_queries_does_not_grow(
    client: Visitor, database: Database, ward: Ward, statements: Statements
) -> None:
    pages = (
        "/",
        "/provinces",
        "/provinces/01",
        "/units/00070?post=00070-ubnd-chu-tich&kind=reception",
        "/units/00070",
        "/posts/00070-ubnd-chu-tich",
        "/units/01",
    )

    def sent() -> list[int]:
        counts = []
        for page in pages:
            with statements() as all_of_it:
                assert client.get(page).status_code == 200
            counts.append(len(all_of_it))
        return counts

    with database.transaction() as db:
        publish_in(db, ward)
        held = publish_in(db, ward, date(2026, 9, 10))
        held.state = "held"
    few = sent()
    with database.transaction() as db:
        for month in range(1, 13):
            for day in range(1, 11):
                past = date(2026, month, day) < date(2026, 11, 22)
                publish_in(db, ward, date(2026, month, day), state="held" if past else "published")
    assert sent() == few
    assert max(few) < 40


def test_robots_may_read_what_is_public(client: Visitor) -> None:
    text = client.get("/robots.txt").text
    assert "Allow: /feeds/" in text
    assert "Disallow: /desk" in text
    assert client.get("/sitemap.xml").mimetype == "application/xml"


def test_today_and_tomorrow_are_said(client: Visitor, sitting: str, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-11-25T02:00:00+00:00")
    assert "Ngày mai." in client.get("/").text
    clock.wait(hours=17, minutes=30)
    assert "Hôm nay." in client.get(sitting).text
    assert "leaf-today" in client.get(sitting).text
    clock.wait(hours=12)
    assert sitting not in client.get("/").text
