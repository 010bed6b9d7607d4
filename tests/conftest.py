"""What every test may ask for: both databases, one moment, a post box, a running product, a browser."""

import os
from datetime import UTC, datetime

import pytest

pytest_plugins = [
    "tests.databases",
    "tests.mailbox",
    "tests.gateway",
    "tests.visitors",
    "tests.servers",
    "tests.served",
    "tests.browser",
]

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
"""Sunday 22/11/2026, nine o'clock in the morning in Vietnam."""


def pytest_configure() -> None:
    """Settings of the machine's owner must not decide a test."""
    for name in [name for name in os.environ if name.startswith("LICHDAN_")]:
        if name != "LICHDAN_CHROMIUM":
            del os.environ[name]


@pytest.fixture
def now() -> datetime:
    """The moment at which the test stands; ask for other moments by adding to it."""
    return NOW
