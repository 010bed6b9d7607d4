"""Carrying a finished letter out: over SMTP with aiosmtplib, or into a folder. One recipient a letter.

A letter is never handed over twice by a carrier: what happened is told, and the outbox decides.
"""

import os
import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPException, SMTPRecipientRefused, SMTPResponseException

TIMEOUT = 30.0
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")
"""Printable ASCII without blanks and angle brackets on both sides of one sign: nothing that could end a command."""
SERVICE_CLOSING = 421


@dataclass(frozen=True)
class Accepted:
    """The server has it."""

    answer: str


@dataclass(frozen=True)
class Temporary:
    """Not now: to be tried again."""

    answer: str


@dataclass(frozen=True)
class Permanent:
    """Never: a person has to look."""

    answer: str


@dataclass(frozen=True)
class Unsure:
    """It was handed over and the answer was lost."""

    answer: str


@dataclass(frozen=True)
class Down:
    """The server cannot be reached or does not let us in: nothing is wrong with the letter."""

    answer: str


@dataclass(frozen=True)
class Withdrawn:
    """The lease was lost before the letter was handed over; nothing was sent."""

    answer: str = ""


Answer = Accepted | Temporary | Permanent | Unsure | Down | Withdrawn


@dataclass(frozen=True)
class Parcel:
    """A finished letter: envelope and bytes with CRLF line ends. `name` is its Message-ID."""

    sender: str
    recipient: str
    raw: bytes
    name: str


class Carrier(Protocol):
    """One way out for a batch of letters, one after the other."""

    async def carry(self, parcel: Parcel, before_data: Callable[[], bool]) -> Answer:
        """Carry one letter. `before_data` is asked right before the server may have it; False stops it there."""

    async def __aenter__(self) -> Self:
        """Begin a batch."""

    async def __aexit__(self, *fault: object) -> None:
        """End the batch."""


def carrier_of(mail_url: str, timeout: float = TIMEOUT) -> Carrier:
    """The carrier that a mail address of the settings names. Its form was checked by the settings."""
    scheme, _, rest = mail_url.partition(":")
    if scheme == "file":
        return Folder(Path(rest.removeprefix("//")))
    return Smtp(mail_url, timeout)


class Folder:
    """Letters as files, one a letter; the same letter again takes the place of the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def __aenter__(self) -> Self:
        """The folder is there from now on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    async def __aexit__(self, *fault: object) -> None:
        """Nothing to close."""

    async def carry(self, parcel: Parcel, before_data: Callable[[], bool]) -> Answer:
        """Write the letter whole or not at all, and have it on the disk before it counts as sent.

        The same letter again is the same file, so there is never a doubt and nothing to ask beforehand.
        """
        file = self.folder / (re.sub(r"[^\w@.-]", "_", parcel.name.strip("<>")) + ".eml")
        half = file.with_suffix(f".{os.getpid()}.part")
        try:
            with half.open("wb") as out:
                out.write(parcel.raw)
                out.flush()
                os.fsync(out.fileno())
            half.replace(file)
        except OSError as fault:
            half.unlink(missing_ok=True)
            return Down(str(fault))
        return Accepted(f"file {file.name}")


class Smtp:
    """One connection for a batch, opened when the first letter comes and again after it was lost."""

    def __init__(self, mail_url: str, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(mail_url)
        self.client = aiosmtplib.SMTP(
            hostname=parts.hostname or "localhost",
            port=parts.port or PORTS[parts.scheme],
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            start_tls=parts.scheme == "smtp+starttls",
            tls_context=None if parts.scheme == "smtp" else ssl.create_default_context(),
            timeout=timeout,
        )

    async def __aenter__(self) -> Self:
        """Nothing yet: a batch without letters opens no connection."""
        return self

    async def __aexit__(self, *fault: object) -> None:
        """Say goodbye; a server that does not answer it changes nothing."""
        if self.client.is_connected:
            with suppress(SMTPException, OSError):
                await self.client.quit()
        self.client.close()

    async def carry(self, parcel: Parcel, before_data: Callable[[], bool]) -> Answer:
        """Carry one letter in the three steps of SMTP, so that it is known how far it came."""
        if not ADDRESS.fullmatch(parcel.recipient):
            return Permanent("not an address that mail can carry")
        refusal = await self._connect() or await self._address(parcel)
        if refusal is not None:
            return refusal
        if not before_data():
            await self._forget()
            return Withdrawn()
        return await self._hand_over(parcel.raw)

    async def _connect(self) -> Answer | None:
        if self.client.is_connected:
            return None
        try:
            await self.client.connect()
        except (SMTPException, OSError, ValueError) as fault:
            self.client.close()
            return Down(_words(fault))
        return None

    async def _address(self, parcel: Parcel) -> Answer | None:
        try:
            await self.client.mail(parcel.sender, encoding="ascii")
            await self.client.rcpt(parcel.recipient, encoding="ascii")
        except SMTPRecipientRefused as refusal:
            await self._forget()
            return _refused(refusal)
        except SMTPResponseException as refusal:
            # It does not like us, not the recipient: the letters can wait.
            await self._forget()
            return Down(_words(refusal))
        except (SMTPException, OSError) as fault:
            self.client.close()
            return Temporary(_words(fault))
        return None

    async def _hand_over(self, raw: bytes) -> Answer:
        try:
            reply = await self.client.data(raw)
        except SMTPResponseException as refusal:
            await self._forget()
            return _refused(refusal)
        except (SMTPException, OSError) as fault:
            self.client.close()
            return Unsure(_words(fault))
        return Accepted(f"{reply.code} {reply.message}")

    async def _forget(self) -> None:
        """Bring the server back to where the next letter can begin."""
        try:
            await self.client.rset()
        except (SMTPException, OSError):
            self.client.close()


def _refused(refusal: SMTPResponseException) -> Answer:
    if refusal.code == SERVICE_CLOSING:
        return Down(_words(refusal))
    return (Permanent if refusal.code >= 500 else Temporary)(_words(refusal))


def _words(fault: Exception) -> str:
    if isinstance(fault, SMTPResponseException):
        return f"{fault.code} {fault.message}"
    return f"{type(fault).__name__}: {fault}"
