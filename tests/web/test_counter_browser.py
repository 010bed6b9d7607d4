"""The officer at the counter with a telephone, with script and without; the television of the waiting room."""

from datetime import timedelta
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE, OpenPage
from tests.served import Served
from tests.web.counter_house import EIGHT, make_house, one_database
from tests.web.test_axe import RUN, SERIOUS

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
SMALLEST = 44
"""Pixels of a target that a thumb meets (WCAG 2.5.5)."""
TARGETS = """least => [...document.querySelectorAll("main button, main summary, main .button")]
  .filter(one => one.offsetParent && (one.offsetHeight < least || one.offsetWidth < least)).map(one => one.innerText)"""


def look_at(page: Page) -> None:
    """The page fits the telephone, its targets the thumb, and keeps nobody out."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert page.evaluate(TARGETS, SMALLEST) == []
    keeps_nobody_out(page)


def keeps_nobody_out(page: Page) -> None:
    page.evaluate(AXE)
    assert [one for one in page.evaluate(RUN) if one[0] in SERIOUS] == []


def expect_state(page: Page, number: int, words: str) -> None:
    expect(page.locator(f"#n{number} .badge")).to_have_text(words)


@pytest.mark.browser
@one_database
def test_a_morning_at_the_counter_on_a_telephone(served: Served, open_page: OpenPage) -> None:
    house = make_house(served.database, served.clock)
    house.add(name="Nguyễn Thị Hoa", words="Nhà số 12", arrive_from=EIGHT, arrive_until=EIGHT + timedelta(minutes=30))
    house.add(name="Lê Hoàng Bảo Ngọc Phương Anh Thị Thu Trang", people=3)
    page = open_page(PHONE)
    served.sign_in(page, house.officer)
    page.get_by_role("link", name="Mở quầy").click()
    page.locator("#n1").get_by_role("button", name="Đã đến").click()
    page.get_by_label("Họ tên").fill("Đỗ Văn Cửa")
    page.get_by_role("button", name="Lấy số").click()
    expect(page.locator(".given-number")).to_have_text("3")
    page.locator(".now").get_by_role("button", name="Gọi số 1").click()
    expect_state(page, 1, "Đã gọi")
    look_at(page)
    screen = served.address + "/screens/" + (page.locator(".screen-address a").inner_text().rpartition("/")[2])
    television = open_page((1280, 720))
    television.goto(screen)
    expect(television.locator(".first")).to_have_text("1")
    expect(television.locator(".rest .numbers").nth(1)).to_have_text("3")
    assert "Hoa" not in television.content()
    assert television.evaluate("document.documentElement.scrollHeight") <= 720
    keeps_nobody_out(television)
    page.locator(".now").get_by_role("button", name="Bắt đầu tiếp").click()
    served.clock.wait(minutes=9)
    page.locator(".now").get_by_role("button", name="Kết thúc").click()
    expect(page.locator(".done > summary")).to_have_text("Đã xong: 1")
    page.locator(".now").get_by_role("button", name="Gọi số 3").click()
    expect(television.locator(".first")).to_have_text("3")  # by itself
    page.locator(".last-press").get_by_role("button", name="Hoàn tác").click()
    expect_state(page, 3, "Đang chờ")
    _forty_at_the_door(page)
    look_at(page)


def _forty_at_the_door(page: Page) -> None:
    page.get_by_role("link", name="Đoàn đông người").click()
    page.get_by_label("Số người").fill("40")
    page.locator("#topic").select_option("land")
    page.get_by_label("Điện thoại công an").fill("024 3825 0113")
    page.get_by_role("button", name="Lấy số và báo").click()
    expect(page.locator(".given-number")).to_have_text("4")
    expect(page.locator(".told-list a")).to_have_attribute("href", "tel:02438250113")


@pytest.mark.browser
@one_database
def test_without_script_every_press_works_and_the_screen_asks_by_itself(served: Served, open_page: OpenPage) -> None:
    house = make_house(served.database, served.clock)
    house.add(name="Nguyễn Thị Hoa")
    page = open_page(PHONE, javascript=False)
    served.sign_in(page, house.officer)
    page.goto(f"{served.address}/en{house.page}")
    for name in ("Arrived", "Call number 1"):
        page.locator("#n1").get_by_role("button", name=name).click()
    expect_state(page, 1, "Called")
    television = open_page((1280, 720), javascript=False)
    television.goto(served.address + "/screens/" + page.locator(".screen-address a").inner_text().rpartition("/")[2])
    expect(television.locator(".first")).to_have_text("1")
    served.clock.wait(seconds=5)
    page.locator("#n1").get_by_role("button", name="Begin").click()
    expect(television.locator(".rest .numbers").first).to_have_text("1", timeout=9000)
