"""A mail server for tests: real SMTP on loopback that keeps what it gets and misbehaves when told to."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Behaviour = Literal["accept", "refuse", "later", "drop", "hang"]
"""accept: 250. refuse: 550 at RCPT. later: 450 at RCPT. drop: takes the letter, then closes without a reply.
hang: takes the letter and never replies."""


@dataclass(frozen=True)
class Letter:
    """One letter as it came over the wire."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """Its headers and parts, decoded."""
        parsed = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def subject(self) -> str:
        """The subject, decoded."""
        return str(self.message["Subject"])

    def part(self, content_type: str) -> str:
        """The text of the first part of that type; fails when there is none."""
        for part in self.message.walk():
            if part.get_content_type() == content_type:
                content = part.get_content()
                return content if isinstance(content, str) else bytes(content).decode()
        raise AssertionError(f"no {content_type} in {self.subject!r}")


@dataclass
class Sink:
    """What the server got, and how it shall behave from now on."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    connections: int = 0
    planned: list[Behaviour] = field(default_factory=list)
    by_recipient: dict[str, Behaviour] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address, as the product's setting takes it."""
        return f"smtp://127.0.0.1:{self.port}"

    def then(self, *behaviours: Behaviour) -> None:
        """Behave so for the next recipients, one after the other, and accept again afterwards."""
        self.planned.extend(behaviours)

    def to(self, recipient: str) -> list[Letter]:
        """The letters one address got."""
        return [letter for letter in self.letters if letter.recipient == recipient]

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count the connection."""
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take or refuse a recipient."""
        behaviour = self.by_recipient.get(address) or (self.planned.pop(0) if self.planned else "accept")
        if behaviour == "refuse":
            return "550 5.1.1 no such mailbox"
        if behaviour == "later":
            return "450 4.2.0 mailbox busy, try again later"
        envelope.rcpt_tos.append(address)
        session.behaviour = behaviour  # type: ignore[attr-defined]
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the letter once for each recipient, then reply, hang up or stay silent."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else str(content).encode()
        self.letters.extend(Letter(envelope.mail_from or "", to, raw) for to in envelope.rcpt_tos)
        behaviour = session.behaviour  # type: ignore[attr-defined]
        if behaviour == "hang":
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
        if behaviour in ("drop", "hang") and server.transport is not None:
            server.transport.abort()
        return "250 OK"


def free_port() -> int:
    """A port of loopback nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def smtp_sink() -> Iterator[Sink]:
    """A mail server of the test's own."""
    sink = Sink(port=free_port())
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, ready_timeout=20)
    controller.start()
    yield sink
    controller.stop()


@pytest.fixture
def closed_port() -> int:
    """A port where nothing answers."""
    return free_port()
