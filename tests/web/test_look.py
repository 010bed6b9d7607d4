"""The look itself: contrast of its colours, its weight, and pages that fit small screens and large text."""

import re
from datetime import date
from pathlib import Path

import pytest

from scheduler.actions.units import create_unit
from scheduler.models import Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.browser import OpenPage
from tests.build import NOW, make_holder, make_post, make_published
from tests.servers import Product
from tests.visitors import Visitor
from tests.web.wards import make_ward, publish_in

STYLE = (Path(__file__).resolve().parents[2] / "web" / "static" / "look.css").read_text(encoding="utf-8")
KILOBYTES = 60
AA = 4.5
PAIRS = (
    ("ink", "paper"),
    ("ink", "tint"),
    ("ink", "red-tint"),
    ("soft", "paper"),
    ("soft", "tint"),
    ("red", "paper"),
    ("red", "red-tint"),
    ("green", "paper"),
    ("amber", "paper"),
    ("on-red", "red"),
    ("on-red", "red-deep"),
)
LONG = "Ủy ban nhân dân xã Hòa Hiệp Trung Thượng Nguyên Bình Phước Đông"


def tokens(scheme: str) -> dict[str, str]:
    light, _, dark = STYLE.partition("prefers-color-scheme: dark")
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light if scheme == "light" else dark))


def luminance(color: str) -> float:
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_what_is_written_can_be_read(scheme: str, front: str, back: str) -> None:
    colours = tokens(scheme)
    high, low = sorted((luminance(colours[front]), luminance(colours[back])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= AA


def test_the_first_page_is_light(client: Visitor, sitting: str) -> None:
    page = client.get("/").text
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    weight = len(page.encode()) + sum(len(client.get(part).data) for part in parts)
    assert weight < KILOBYTES * 1024
    assert re.findall(r"<script[^>]*>", page) == re.findall(r'<script src="/static/find\.\w+\.js" defer>', page)


@pytest.fixture
def pages(product: Product) -> list[str]:
    """A running product with the longest names, and the addresses of its public pages."""
    with product.database.transaction() as db:
        ward = make_ward(db)
        found = publish_in(db, ward, date(2026, 12, 3))
        city = db.get_one(Unit, ward.city)
        unit = create_unit(db, LONG, level="commune", code="dai", parent=city, by=COMMAND_LINE, now=NOW)
        unit.phone, unit.address = "024 3825 1234, 0912 345 678", f"Trụ sở {LONG}"
        head = make_post(db, unit, "Phó Bí thư Thường trực Đảng ủy, Chủ tịch Ủy ban nhân dân", code="dai-dai")
        make_holder(db, head, "Công Tằng Tôn Nữ Thị Hương Giang")
        long = make_published(db, unit, head, day=date(2026, 12, 10), place=f"Hội trường {LONG}", content=LONG * 4)
        slugs = (found.slug, long.slug)
    product.start()
    paths = ["/", "/units/00070", "/units/01", "/units/dai", "/posts/dai-dai", "/search?q=chu tich", "/nothing"]
    paths += [f"/occurrences/{slug}" for slug in slugs]
    return [f"{product.address}{prefix}{path}" for prefix in ("", "/en") for path in paths]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "text"), [(320, 100), (360, 200), (768, 100), (1280, 200)])
def test_pages_fit_without_script(pages: list[str], open_page: OpenPage, width: int, text: int) -> None:
    page = open_page((width, 740), javascript=text != 100)
    wide = {}
    for address in pages:
        page.goto(address)
        if text != 100:
            page.evaluate(f"document.documentElement.style.fontSize = '{1.12 * text}%'")
        # Without script the browser itself is asked: the box of the whole page.
        box = page.locator("body").evaluate("body => body.scrollWidth") if text != 100 else _scroll_width(page)
        if box > width:
            wide[address] = box
    assert wide == {}


def _scroll_width(page: object) -> int:
    metrics = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")  # type: ignore[attr-defined]
    return int(metrics["cssContentSize"]["width"])


@pytest.mark.browser
def test_a_resident_finds_the_way_by_keyboard_alone(pages: list[str], open_page: OpenPage) -> None:
    page = open_page((360, 740), javascript=False)
    page.goto(pages[0])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("searchbox").fill("hoan kiem")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Phường Hoàn Kiếm, Hà Nội", exact=True).click()
    page.get_by_role("link", name=re.compile("^Xem")).first.click()
    assert "Chủ tịch UBND phường Hoàn Kiếm" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("link", name="Tiếng Việt").is_visible()
