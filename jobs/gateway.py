"""Messages to telephones, handed to a gateway by HTTP: one POST of JSON a message, named so that a second one is known.

The gateway has it once it answers 2xx. A redirect is not followed: the settings name the gateway, nobody else does.
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Self

import httpx

from jobs.carriers import Accepted, Answer, Down, Parcel, Permanent, Temporary, Unsure, Withdrawn
from scheduler.settings import Settings

CONNECT_SECONDS, ANSWER_SECONDS = 3.0, 10.0
NUMBER = re.compile(r"\+?\d{8,15}")
SHOWN = 200
"""Signs of an answer that are kept."""
AGAIN = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)
NOT_LET_IN = (HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED)
"""The gateway does not know us: nothing is wrong with the message, so it waits until the settings are right."""


class Gateway:
    """One client for a batch; its connections are kept while the batch lasts."""

    def __init__(self, settings: Settings, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.url, self.sender = settings.sms_url, settings.sms_from
        self.seconds = answer_seconds
        headers = {"User-Agent": "LichDan", "Accept": "application/json, text/plain"}
        if settings.sms_token:
            headers["Authorization"] = f"Bearer {settings.sms_token}"
        timeout = httpx.Timeout(answer_seconds, connect=min(CONNECT_SECONDS, answer_seconds))
        self.client = httpx.AsyncClient(headers=headers, timeout=timeout, follow_redirects=False, trust_env=False)

    async def __aenter__(self) -> Self:
        """Nothing yet: a batch without messages opens no connection."""
        return self

    async def __aexit__(self, *fault: object) -> None:
        """Close what is open."""
        await self.client.aclose()

    async def carry(self, parcel: Parcel, before_data: Callable[[], bool]) -> Answer:
        """Hand over one message. What goes wrong once the gateway was reached leaves a doubt, what went before none."""
        if not NUMBER.fullmatch(parcel.recipient):
            return Permanent("not a number that a message can be sent to")
        if not before_data():
            return Withdrawn()
        body = {"to": parcel.recipient, "text": parcel.raw.decode(), "id": parcel.name, "from": self.sender}
        request = self.client.build_request("POST", self.url, json=body, headers={"Idempotency-Key": parcel.name})
        try:
            # The whole talk has an end: a gateway that trickles its answer does not hold the others back.
            async with asyncio.timeout(CONNECT_SECONDS + self.seconds):
                answer = await self.client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as fault:
            return Down(_words(fault))
        except (httpx.TransportError, TimeoutError) as fault:
            return Unsure(_words(fault))
        try:
            return _verdict(answer.status_code, await self._beginning(answer))
        finally:
            await answer.aclose()

    async def _beginning(self, answer: httpx.Response) -> str:
        """The first signs of what it says; the status alone decides, so a rest that never comes changes nothing."""
        said = b""
        with suppress(httpx.TransportError, httpx.DecodingError, TimeoutError):
            async with asyncio.timeout(self.seconds):
                async for part in answer.aiter_bytes():
                    said += part
                    if len(said) >= SHOWN:
                        break
        return " ".join(said[:SHOWN].decode(errors="replace").split())


def _verdict(status: int, said: str) -> Answer:
    words = f"{status} {said}".strip()
    if 200 <= status < 300:
        return Accepted(words)
    if status in NOT_LET_IN or 300 <= status < 400:
        return Down(words)
    if status in AGAIN or status >= 500:
        return Temporary(words)
    return Permanent(words)


def _words(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"
