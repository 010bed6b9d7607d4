"""How residents' pages read and weigh: headings in order in both languages, bytes and hosts, a month on one sheet."""

import re
import sys
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from scheduler.database import Database
from tests.browser import PHONE, OpenPage
from tests.served import Served
from tests.visitors import Visitor
from tests.web.checks import check_page
from tests.web.test_axe import make_residents_world

FIRST_KILOBYTES, AGAIN_KILOBYTES = 60, 10
PAGES = (
    "/",
    "/provinces",
    "/provinces/01",
    "/search?q=hoan",
    "/search?q=khong-co-noi-nay",
    "/units/01",
    "/units/00070",
    "/units/00070-hdnd",
    "/units/00040?year=2025",
    "/units/00070?month=12",
    "/units/00070?view=list&kind=dialogue",
    "/posts/00070-ubnd-chu-tich",
)
NAMED = ("h1", "h2", "h3", "h4", "label", "legend", "caption", "summary")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_headings_and_labels_stand_in_the_same_order_in_both_languages(client: Visitor, database: Database) -> None:
    with database.transaction() as db:
        make_residents_world(db)
    for path in PAGES:
        read = {}
        for prefix, language in (("", "vi"), ("/en", "en")):
            page = check_page(client.get(prefix + path).text, language)
            tags = [tag for tag, _ in page.elements if tag in NAMED]
            assert tags[0] == "h1", path
            assert all(text for tag, _, text in page.texts if tag in NAMED), path
            read[language] = tags
        assert read["vi"] == read["en"], path


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_units_page_is_light_and_asks_nobody_else(
    served: Served, database: Database, open_page: OpenPage, capsys: pytest.CaptureFixture[str]
) -> None:
    with database.transaction() as db:
        make_residents_world(db)
    page = open_page(PHONE)
    address = f"{served.address}/units/00070"
    first, hosts = _weight(page, address)
    again, more = _weight(page, address)
    home, _ = _weight(page, served.address)
    with capsys.disabled():
        told = f"a unit's page: {first} bytes first, {again} again; the first page after it: {home}"
        sys.stdout.write(f"\n{told}; hosts: {len(hosts)}\n")
    assert hosts | more == {urlsplit(served.address).netloc}
    assert first < FIRST_KILOBYTES * 1024
    assert again < AGAIN_KILOBYTES * 1024


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_month_is_printed_on_one_sheet(served: Served, database: Database, open_page: OpenPage) -> None:
    with database.transaction() as db:
        make_residents_world(db)
    page = open_page()
    page.goto(f"{served.address}/units/00070?month=12")
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1
    page.emulate_media(media="print")
    assert page.get_by_text("lịch mới nhất").is_visible()
    assert page.get_by_role("button").count() == 0


def _weight(page: Page, address: str) -> tuple[int, set[str]]:
    """Bytes over the line for the whole page, headers too, and the hosts that were asked."""
    seen: list[int] = []
    hosts: set[str] = set()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda told: seen.append(int(told["encodedDataLength"])))
    session.on("Network.requestWillBeSent", lambda told: hosts.add(urlsplit(told["request"]["url"]).netloc))
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sum(seen), hosts
