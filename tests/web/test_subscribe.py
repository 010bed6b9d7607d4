"""The subscribe pages: named buttons that lead where they say, an address to copy, a picture, both languages."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from scheduler.database import Database
from tests.build import make_office
from tests.visitors import Visitor

ADDRESS = "http://127.0.0.1:8000/feeds/unit/00070.ics"


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    with database.transaction() as db:
        make_office(db)


def links_of(text: str) -> dict[str, str]:
    found = re.findall(r'<a[^>]*href="([^"]+)"[^>]*>([^<]+)</a>', text)
    return {unescape(words): unescape(address) for address, words in found}


def test_every_button_leads_to_the_calendar(client: Visitor) -> None:
    page = client.get("/units/00070/subscribe")
    links = links_of(page.text)
    webcal = ADDRESS.replace("http:", "webcal:")
    google = urlsplit(links["Thêm vào Google Calendar"])
    assert (google.netloc, parse_qs(google.query)) == ("calendar.google.com", {"cid": [webcal]})
    assert links["Thêm vào lịch iPhone, Mac"] == webcal
    outlook = urlsplit(links["Thêm vào Outlook"])
    assert parse_qs(outlook.query)["url"] == [ADDRESS]
    assert f'readonly value="{ADDRESS}"' in page.text
    assert "<svg" in page.text
    assert links["Tiếp công dân định kỳ"] == f"{webcal}?kind=periodic_reception"
    assert links["Chủ tịch UBND phường Hoàn Kiếm"] == "/posts/00070-ubnd-chu-tich/subscribe"


def test_the_page_stands_without_its_script(client: Visitor) -> None:
    text = client.get("/posts/00070-ubnd-chu-tich/subscribe").text
    assert re.search(r'<button[^>]*data-copies="address"[^>]*\shidden', text)
    assert "onclick" not in text
    assert "<script>" not in text


def test_english_speaks_english_and_subscribes_in_english(client: Visitor) -> None:
    text = client.get("/en/units/00070/subscribe").text
    assert "Add to Google Calendar" in text
    assert f"{ADDRESS}?lang=en" in unescape(text)
    assert '<a href="/en/units/00070" lang="vi">Phường Hoàn Kiếm</a>' in text


@pytest.mark.parametrize("path", ["/units/zz/subscribe", "/posts/zz/subscribe", "/units/%00/subscribe"])
def test_unknown_codes_are_not_there(client: Visitor, path: str) -> None:
    assert client.get(path).status_code == 404
