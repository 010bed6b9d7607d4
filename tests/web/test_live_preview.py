"""The year that is drawn while one types, in a real browser: blanks follow the shape, and the choice of a reading."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.models import Schedule
from tests.browser import PHONE, OpenPage
from tests.build import make_account, make_office
from tests.conftest import NOW
from tests.served import Served


@pytest.mark.browser
def test_the_year_follows_what_is_typed(served: Served, open_page: OpenPage) -> None:
    with served.database.transaction() as db:
        office, _ = make_office(db)
        seed_days(db, NOW)
        clerk = make_account(db, office.parent, "secretariat", demo=True, name="Văn thư")
    page = open_page()
    served.sign_in(page, clerk)
    page.goto(f"{served.address}/desk/schedules/new")
    expect(page.locator("#times")).to_be_hidden()
    page.locator("#hosts").fill("Chủ tịch UBND")
    page.locator("#hours").fill("7h30-11h30")
    page.locator("#days").press_sequentially("15")
    expect(page.locator("#the-dates")).to_have_text("Lịch này cho 12 buổi")
    expect(page.locator("#preview-said")).to_have_text("Lịch này cho 12 buổi")
    expect(page.locator("#days")).to_be_focused()
    page.locator("#days").press_sequentially(", 31")
    expect(page.locator("#short_month")).to_be_visible()
    expect(page.locator("#preview")).to_contain_text("Chọn: lấy ngày cuối tháng, hay không tiếp.")
    page.locator("#short_month").select_option("last_day")
    expect(page.locator("#the-dates")).to_have_text("Lịch này cho 24 buổi")

    page.locator("#shape").select_option("month-weeks")
    expect(page.locator("#days")).to_be_hidden()
    page.get_by_label("thứ Ba").check()
    page.locator("#nth").fill("3")
    expect(page.locator(".year .mark-reading-nth").first).to_be_visible()
    expect(page.locator('button[value="save"]')).to_have_count(0)
    page.get_by_role("button", name="Tính theo lần trong tháng").click()
    expect(page.locator(".year .mark-reading-nth")).to_have_count(0)
    expect(page.locator("#shape")).to_have_value("month-nth")
    mark = page.locator(".year .mark-scheduled").first
    assert "thứ Ba lần thứ 3" in (mark.get_attribute("title") or "")
    mark.click()
    assert page.evaluate("document.querySelector(':target').id").startswith("on-2027-01-19")
    with served.database.open() as db:
        assert db.scalar(select(func.count()).select_from(Schedule)) == 0
    page.locator('button[value="save"]').click()
    expect(page.locator(".told")).to_contain_text("12 buổi")


@pytest.mark.browser
def test_without_script_the_button_shows_the_year(served: Served, open_page: OpenPage) -> None:
    with served.database.transaction() as db:
        office, _ = make_office(db)
        clerk = make_account(db, office.parent, "secretariat", demo=True, name="Văn thư")
    phone = open_page(PHONE, javascript=False)
    served.sign_in(phone, clerk)
    phone.goto(f"{served.address}/desk/schedules/new")
    for name, value in (("hosts", "Chủ tịch UBND"), ("hours", "7h30-11h30"), ("place", "126 Hàng Trống")):
        phone.locator(f'[name="{name}"]').fill(value)
    phone.locator("#shape").select_option("quarter-times")
    phone.locator("form#rule .buttons button").click()
    expect(phone.locator("#times")).to_be_visible()
    phone.locator("#times").fill("2")
    phone.locator("form#rule .buttons button").click()
    expect(phone.locator("#the-dates")).to_have_text("Lịch này cho 8 buổi")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
