"""The test bench itself: what the fixtures promise is really so."""

import asyncio
from collections.abc import Callable

import aiosmtplib
import psycopg
import pytest
from playwright.sync_api import Page

from tests.databases import Postgres
from tests.mailbox import Sink

LETTER = b"From: a@example.vn\r\nTo: b@example.vn\r\nSubject: =?utf-8?q?L=E1=BB=8Bch?=\r\n\r\nXin ch\xc3\xa0o\r\n"


def post(sink: Sink, to: str = "b@example.vn", timeout: float = 5) -> str:
    """Carry one letter to the sink; gives the server's reply."""

    async def carry() -> str:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=sink.port, timeout=timeout, start_tls=False)
        async with client:
            _, reply = await client.sendmail("a@example.vn", [to], LETTER)
        return reply

    return asyncio.run(carry())


def test_the_sink_keeps_letters(smtp_sink: Sink) -> None:
    assert post(smtp_sink) == "OK"
    assert [letter.subject for letter in smtp_sink.to("b@example.vn")] == ["Lịch"]
    assert smtp_sink.connections == 1


@pytest.mark.parametrize(
    ("behaviour", "code", "kept"),
    [("refuse", 550, 0), ("later", 450, 0), ("drop", None, 1), ("hang", None, 1)],
)
def test_the_sink_misbehaves_once(smtp_sink: Sink, behaviour: str, code: int | None, kept: int) -> None:
    smtp_sink.then(behaviour)  # type: ignore[arg-type]
    with pytest.raises(aiosmtplib.SMTPException) as refusal:
        post(smtp_sink, timeout=1)
    if code is not None:
        assert isinstance(refusal.value, aiosmtplib.SMTPRecipientsRefused)
        assert refusal.value.recipients[0].code == code
    assert len(smtp_sink.letters) == kept
    assert post(smtp_sink) == "OK"


def test_postgresql_is_a_real_one(postgres: Postgres) -> None:
    with postgres.admin() as admin:
        row = admin.execute("SHOW server_version_num").fetchone()
        assert row is not None
        assert int(row[0]) >= 160000
    name = postgres.new_database()
    with psycopg.connect(postgres.url(name).replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE place (name text)")
    postgres.drop(name)


@pytest.mark.browser
def test_chromium_shows_a_page(browser_page: Page) -> None:
    browser_page.set_content("<h1>Lịch tiếp công dân</h1><script>document.title='đã chạy'</script>")
    assert browser_page.get_by_role("heading").inner_text() == "Lịch tiếp công dân"
    assert browser_page.title() == "đã chạy"


@pytest.mark.browser
def test_chromium_without_javascript_at_phone_width(open_page: Callable[..., Page]) -> None:
    page = open_page((360, 740), javascript=False)
    page.set_content("<title>lặng</title><script>document.title='đã chạy'</script>")
    assert page.title() == "lặng"
