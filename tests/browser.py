"""The system's Chromium, driven as a visitor would: found, or installed where the system allows it.

`python -m tests.browser` says where it is, installs it where it may, and otherwise ends with one line.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "Chưa có Chromium, hãy cài gói chromium (apt-get install chromium) hoặc đặt LICHDAN_CHROMIUM. / "
    "Chromium is missing: install the package chromium, or set LICHDAN_CHROMIUM."
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = (1280, 800)
PHONE = (360, 740)

OpenPage = Callable[..., Page]


def find_chromium() -> str | None:
    """The path of a Chromium of this system, None when there is none."""
    chosen = os.environ.get("LICHDAN_CHROMIUM")
    found = (shutil.which(name) for name in ([chosen] if chosen else NAMES))
    return next((path for path in found if path), None)


def install_chromium() -> None:
    """From the system's packages, where this user may install them; quietly does nothing elsewhere."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=sys.stderr, check=False)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run(install, env=quiet, stdout=sys.stderr, check=False)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """A browser with a fresh profile. While it lives, this thread must not call asyncio.run."""
    path = find_chromium()
    if path is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open pages as `open_page(size=PHONE, javascript=False, locale="en-GB")`.

    At the end the test fails when a page raised a script error or asked another host for anything.
    """
    faults: list[str] = []

    def open_one(
        size: tuple[int, int] = DESKTOP, *, javascript: bool = True, locale: str = "vi-VN", **options: Any
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=javascript,
            locale=locale,
            timezone_id="Asia/Ho_Chi_Minh",
            **options,
        )
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: faults.append(f"script error: {error}"))
        page.on("request", lambda request: _note_stranger(request.url, faults))
        return page

    yield open_one
    assert not faults, faults


@pytest.fixture
def browser_page(open_page: OpenPage) -> Page:
    """One page at desktop size."""
    return open_page()


@pytest.fixture
def phone_page(open_page: OpenPage) -> Page:
    """One page 360 pixels wide."""
    return open_page(PHONE)


def _note_stranger(url: str, faults: list[str]) -> None:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname not in ("127.0.0.1", "localhost"):
        faults.append(f"asked another host: {url}")


def main() -> int:
    """Find it, install it when missing, or say in one line what to install."""
    if find_chromium() is None:
        install_chromium()
    path = find_chromium()
    print(path or MISSING, file=sys.stdout if path else sys.stderr)
    return 0 if path else 1


if __name__ == "__main__":
    raise SystemExit(main())
