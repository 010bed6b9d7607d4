"""Somebody who registers by the pages, as tests of registrations need it."""

import re
from html import unescape

from werkzeug.test import TestResponse

from tests.visitors import TOKEN, TOKEN_BEFORE, Clock, Visitor

KEY = re.compile(r'name="key"[^>]*value="([^"]+)"')
FILLED = {
    "about": "no",
    "name": "Nguyễn Thị Lan",
    "contact": "0912 345 678",
    "home": "Phường Cửa Nam",
    "topic": "land",
    "words": "Sổ đỏ nhà số 5.",
    "together": "alone",
}


def token_in(page: str) -> str:
    """The form token of a page."""
    found = TOKEN.search(page) or TOKEN_BEFORE.search(page)
    assert found, "no form token"
    return unescape(found.group(1))


def open_form(visitor: Visitor, sitting: str) -> dict[str, str]:
    """Answer the question; gives what is hidden in the form that follows."""
    page = visitor.submit(f"{sitting}/register", {"about": "no"})
    assert page.status_code == 200, page.text
    found = KEY.search(page.text)
    assert found
    return {"key": unescape(found.group(1)), "csrf_token": token_in(page.text)}


def fill_in(visitor: Visitor, clock: Clock, sitting: str, **other: str) -> TestResponse:
    """Answer the question, take a minute for the form, send it."""
    hidden = open_form(visitor, sitting)
    clock.wait(minutes=1)
    return visitor.post(f"{sitting}/register", data=FILLED | hidden | other)
