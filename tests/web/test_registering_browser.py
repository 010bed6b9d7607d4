"""A resident with a small telephone and no script registers; the letter leads back to the place in the queue."""

import re

import pytest
from playwright.sync_api import expect

from scheduler.database import Database
from tests.browser import OpenPage
from tests.mailbox import Sink
from tests.served import Served
from tests.web.wards import Ward, publish_in

NARROW = (320, 640)
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/registrations/\S+)")


@pytest.mark.browser
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_from_the_sitting_to_the_letter_and_out_again(
    served: Served, database: Database, ward: Ward, open_page: OpenPage, smtp_sink: Sink
) -> None:
    with database.transaction() as db:
        slug = publish_in(db, ward).slug
    page = open_page(NARROW, javascript=False)
    page.goto(f"{served.address}/occurrences/{slug}")
    page.get_by_role("link", name="Đăng ký gặp").first.click()
    page.get_by_label("Không", exact=True).check()
    page.get_by_role("button", name="Tiếp tục").click()
    served.clock.wait(minutes=1)
    page.get_by_role("button", name="Gửi đăng ký").click()
    expect(page.get_by_role("alert")).to_contain_text("Nhập họ tên")
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Lan")
    page.get_by_label("Điện thoại hoặc thư điện tử").fill("lan@example.vn")
    page.get_by_label("Về việc gì").select_option("land")
    page.get_by_label("Giờ muốn đến").select_option(index=2)
    page.get_by_role("button", name="Gửi đăng ký").click()
    expect(page.get_by_role("status")).to_have_text("Đã đăng ký.")
    code = page.locator(".code").inner_text()
    expect(page.locator("main")).to_contain_text("từ 8 giờ đến 8 giờ 30")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]

    served.run_job("delivery")
    [letter] = smtp_sink.letters
    said = letter.part("text/plain")
    assert letter.recipient == "lan@example.vn"
    assert code in said
    assert "Lan" not in letter.subject
    found = LINK.search(said)
    assert found
    page.goto(served.address + found.group(1))
    page.get_by_role("link", name="Rút đăng ký").click()
    page.get_by_role("button", name="Rút đăng ký").click()
    expect(page.get_by_role("status")).to_have_text("Đã rút đăng ký.")
