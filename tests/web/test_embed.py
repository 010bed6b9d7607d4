"""What other sites may show of us: the frame and the table to paste; nothing else of us opens to them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import expect

from scheduler.actions.changes import cancel_occurrence
from scheduler.database import Database
from scheduler.models import Unit
from tests.browser import OpenPage
from tests.build import make_account
from tests.house.test_pages import address, rules
from tests.served import Served
from tests.visitors import SignIn, Visitor
from tests.web.checks import check_page
from tests.web.wards import Ward, order, publish_in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
FRAME = "/embed/units/00070"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_frame_is_light_whole_and_leaves_itself(
    client: Visitor, database: Database, ward: Ward, sitting: str, language: str
) -> None:
    with database.transaction() as db:
        off = publish_in(db, ward, date(2026, 12, 3)).slug
        slug, given = order(db, ward, f"/occurrences/{off}")
        cancel_occurrence(db, slug, given)
    prefix = "" if language == "vi" else "/en"
    answer = client.get(f"{prefix}{FRAME}")
    page = check_page(answer.text, language)
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
    links = [at for tag, at in page.elements if tag == "a" and not at["href"].startswith("tel:")]
    assert len(links) >= 4
    assert {at.get("target") for at in links} == {"_top"}
    assert f'href="{prefix}{sitting}"' in answer.text
    assert ("Không tổ chức" if language == "vi" else "Not held") in answer.text
    style = re.findall(r'href="(/static/[^"]+)"', answer.text)
    assert len(answer.data) + sum(len(client.get(part).data) for part in style) < 12_000


def test_the_frame_says_when_nothing_is_published(client: Visitor, ward: Ward) -> None:
    text = client.get(FRAME).text
    check_page(text)
    assert "Chưa công bố buổi nào sắp tới." in text
    assert "024 3825 0001" in text
    assert client.get("/embed/units/zz").status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_to_be_pasted(client: Visitor, ward: Ward, sitting: str, language: str) -> None:
    prefix = "" if language == "vi" else "/en"
    text = client.get(f"{prefix}/units/00070/embed").text
    check_page(text, language)
    frame, fragment = (
        part.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"')
        for part in re.findall(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    )
    assert f'src="http://127.0.0.1:8000{prefix}{FRAME}"' in frame
    assert 'title="' in frame
    for words in ("<caption>", '<th scope="col">', "26", f"http://127.0.0.1:8000{prefix}/units/00070", "2026"):
        assert words in fragment, words
    assert not re.search(r"<script|style=|class=|onclick", fragment)
    made = "Lập lúc 9 giờ ngày 22/11/2026." if language == "vi" else "Made at 9:00 on 22 Nov 2026."
    assert made in fragment


def test_only_the_frame_and_the_interface_are_open_to_other_sites(
    app: Flask, client: Visitor, database: Database, ward: Ward, sitting: str, sign_in: SignIn
) -> None:
    """Every address there is, as somebody of the street and as somebody of the office."""
    with database.transaction() as db:
        account = make_account(db, db.get_one(Unit, ward.place), "secretariat")
    staff = sign_in(account)
    slug = sitting.rpartition("/")[2]
    seen = {"api": 0, "frame": 0, "closed": 0}
    for rule in rules(app):
        if "GET" not in (rule.methods or ()):
            continue
        for visitor, value in ((client, "00070"), (staff, slug)):
            answer = visitor.get(address(rule, value), headers={"Origin": "https://khac.example"})
            policy, is_api = answer.headers["Content-Security-Policy"], rule.rule.startswith("/api/v1/")
            assert (answer.headers.get("Access-Control-Allow-Origin") == "*") is is_api, rule.rule
            framed = "frame-ancestors *" in policy
            assert framed is (rule.endpoint == "embed.unit" and answer.status_code == 200), rule.rule
            assert framed or "frame-ancestors 'none'" in policy, rule.rule
            seen["api" if is_api else "frame" if framed else "closed"] += 1
    assert seen["api"] >= 8
    assert seen["frame"] == 1
    assert seen["closed"] > 150


@dataclass
class Portal:
    """Another site on a port of this machine, and the folder its pages stand in."""

    address: str
    folder: Path


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield Portal(f"http://127.0.0.1:{server.server_port}", tmp_path)
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_a_portal_shows_the_frame_and_no_other_page_of_ours(
    served: Served, client: Visitor, sitting: str, portal: Portal, open_page: OpenPage
) -> None:
    text = unescape(client.get("/units/00070/embed").text)
    frame = re.search(r"<iframe.*?</iframe>", text, re.DOTALL)
    assert frame is not None
    ours = frame.group().replace("http://127.0.0.1:8000", served.address)
    other = f'<iframe src="{served.address}/units/00070" title="khác"></iframe>'
    (portal.folder / "portal.html").write_text(f'<!doctype html><div id="box">{ours}</div>{other}', encoding="utf-8")
    page = open_page((296, 740), javascript=True)
    page.goto(f"{portal.address}/portal.html")
    shown = page.frame_locator("#box iframe")
    expect(shown.get_by_role("heading", level=1)).to_contain_text("Phường Hoàn Kiếm")
    inside = next(one for one in page.frames if "/embed/" in one.url)
    width, wide = inside.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    assert width <= 280
    assert wide <= width
    assert not [one for one in page.frames if one.url.endswith("/units/00070") and "/embed/" not in one.url]
    read = "path => fetch(path).then(answer => answer.status).catch(() => 0)"
    assert page.evaluate(read, f"{served.address}/api/v1/occurrences") == 200
    assert page.evaluate(read, f"{served.address}/units/00070/2026.csv") == 0
    shown.get_by_role("link", name="thứ Năm, 26/11/2026").click()
    expect(page).to_have_url(f"{served.address}{sitting}")
