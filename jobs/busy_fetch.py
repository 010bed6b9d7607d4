"""One calendar fetched from its address, as if the address were an enemy's: no inner machine is asked, nothing hangs.

Every hop is looked at anew: its host must be on the list, and every address its name leads to must stand outside. The
connection goes to the very address that was looked at, so that a name cannot turn meanwhile.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Any

from scheduler.errors import BadInput
from scheduler.rules.busy import LARGEST
from scheduler.rules.busy_address import AllowedHost, CalendarAddress, checked_address, is_outside

MOST_HOPS = 3
SECONDS = 10.0
CHUNK = 64 * 1024
LED_ON = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Fetched:
    """What the address gave: `content`, or None where it is as before (304)."""

    content: bytes | None
    etag: str = ""
    last_modified: str = ""


@dataclass
class Watch:
    """Ends whatever connection is open when the time is over; a server that trickles is cut off too."""

    seconds: float = SECONDS
    began: float = field(default_factory=time.monotonic)
    cuts: list[Callable[[], None]] = field(default_factory=list)
    over: bool = False

    @property
    def left(self) -> float:
        """Seconds that are left. Raises BadInput when there are none."""
        left = self.seconds - (time.monotonic() - self.began)
        if left <= 0 or self.over:
            raise BadInput("busy.fetch-slow", "address", seconds=int(self.seconds))
        return left

    def cut(self) -> None:
        """End what is open."""
        self.over = True
        for cut in self.cuts:
            with suppress(OSError):
                cut()


def fetch_calendar(
    text: str, allowed: tuple[AllowedHost, ...], *, etag: str = "", last_modified: str = "", seconds: float = SECONDS
) -> Fetched:
    """Raises BadInput with a key of `busy.address-…` or `busy.fetch-…` for whatever is refused or goes wrong."""
    marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    watch = Watch(seconds)
    timer = Timer(seconds, watch.cut)
    timer.daemon = True
    timer.start()
    try:
        return _hop_by_hop(checked_address(text, allowed), allowed, marks, watch)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        if watch.over or isinstance(fault, TimeoutError):
            raise BadInput("busy.fetch-slow", "address", seconds=int(seconds)) from None
        raise BadInput("busy.fetch-failed", "address", why=_short(fault)) from None
    finally:
        timer.cancel()


def _hop_by_hop(
    address: CalendarAddress, allowed: tuple[AllowedHost, ...], marks: dict[str, str], watch: Watch
) -> Fetched:
    for _ in range(MOST_HOPS + 1):
        connection = _connect(address, watch)
        try:
            with _ask(connection, address, marks) as answer:
                if answer.status not in LED_ON:
                    return _read(answer, watch)
                onward = answer.getheader("Location") or ""
        finally:
            connection.close()
        address = checked_address(onward, allowed, base=address.whole)
    raise BadInput("busy.fetch-hops", "address", n=MOST_HOPS)


def _connect(address: CalendarAddress, watch: Watch) -> http.client.HTTPConnection:
    """A connection to an address that was looked at; the name is not asked for again."""
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    numbers = [str(one[4][0]) for one in found]
    if not address.literal and not all(is_outside(number) for number in numbers):
        raise BadInput("busy.address-inside", "address", host=address.host)
    opened = socket.create_connection((numbers[0], address.port), timeout=watch.left)
    watch.cuts.append(lambda: opened.shutdown(socket.SHUT_RDWR))
    connection: Any = http.client.HTTPConnection(address.host, address.port, timeout=watch.left)
    try:
        if address.scheme == "https":
            secured = ssl.create_default_context().wrap_socket(opened, server_hostname=address.host)
            watch.cuts.append(lambda: secured.shutdown(socket.SHUT_RDWR))
            connection.sock = secured
        else:
            connection.sock = opened
    except OSError:
        opened.close()
        raise
    return connection  # type: ignore[no-any-return]


def _ask(
    connection: http.client.HTTPConnection, address: CalendarAddress, marks: dict[str, str]
) -> http.client.HTTPResponse:
    headers = {"Accept": "text/calendar", "Accept-Encoding": "identity", "User-Agent": "LichDan", "Connection": "close"}
    given = {name: value for name, value in marks.items() if value}
    connection.request("GET", address.path, headers=headers | given)
    return connection.getresponse()


def _read(answer: http.client.HTTPResponse, watch: Watch) -> Fetched:
    if answer.status == http.client.NOT_MODIFIED:
        return Fetched(None, answer.getheader("ETag") or "", answer.getheader("Last-Modified") or "")
    if answer.status != http.client.OK:
        raise BadInput("busy.fetch-status", "address", status=answer.status)
    if answer.getheader("Content-Encoding", "identity").lower() != "identity":
        raise BadInput("busy.fetch-failed", "address", why="Content-Encoding")
    length = answer.getheader("Content-Length") or ""
    if length.isdecimal() and int(length[:20]) > LARGEST:
        raise BadInput("busy.too-large", "address", megabytes=LARGEST // 1024**2)
    content = bytearray()
    while watch.left and (part := answer.read1(CHUNK)):
        content += part
        if len(content) > LARGEST:
            raise BadInput("busy.too-large", "address", megabytes=LARGEST // 1024**2)
    if watch.over or (length.isdecimal() and len(content) < int(length[:20])):
        raise TimeoutError if watch.over else http.client.IncompleteRead(b"")
    return Fetched(bytes(content), _header(answer, "ETag"), _header(answer, "Last-Modified"))


def _header(answer: http.client.HTTPResponse, name: str) -> str:
    value = answer.getheader(name) or ""
    return value if len(value) <= 200 and value.isprintable() else ""


def _short(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"[:200]
