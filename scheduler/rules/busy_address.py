"""Which addresses of calendars may be read: hosts on a list, and never a machine inside."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scheduler.errors import BadInput

LONGEST_ADDRESS = 2_000
PORTS = {"https": 443, "http": 80}
ENTRY = re.compile(r"(?:(https?)://)?((?:\*\.)?[a-z0-9.-]+|\[[0-9a-f:]+\])(?::(\d{1,5}))?", re.I)
NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class AllowedHost:
    """One entry of the list: "calendar.google.com", "*.icloud.com", "http://lich.hanoi.gov.vn:8080".

    Plain HTTP and another port only where the entry names them. An entry that is itself an IP address is the
    operator's word that this one machine may be read, wherever it stands.
    """

    scheme: str
    host: str
    port: int

    def fits(self, scheme: str, host: str, port: int) -> bool:
        """Whether the entry covers the address."""
        same = host.endswith(self.host[1:]) if self.host.startswith("*.") else host == self.host
        return same and (scheme, port) == (self.scheme, self.port)


@dataclass(frozen=True)
class CalendarAddress:
    """An address that may be asked, if its host's name does not lead inside. `literal`: the list names this very IP."""

    scheme: str
    host: str
    port: int
    path: str
    literal: bool

    @property
    def whole(self) -> str:
        """The address in one piece."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{port}{self.path}"


def allowed_hosts(text: str) -> tuple[AllowedHost, ...]:
    """The list as the setting writes it, separated by commas or blanks. Raises ValueError for what is no host."""
    found = []
    for part in re.split(r"[,\s]+", text.strip()):
        entry = ENTRY.fullmatch(part)
        if part and entry is None:
            raise ValueError(part)
        if entry:
            scheme = (entry[1] or "https").lower()
            found.append(AllowedHost(scheme, entry[2].strip("[]").lower(), int(entry[3] or PORTS[scheme])))
    return tuple(found)


def checked_address(text: str, allowed: tuple[AllowedHost, ...], *, base: str = "") -> CalendarAddress:
    """The address, typed or (with `base`) led on to. Raises BadInput for one that is none or is not on the list."""
    text = urljoin(base, text.strip()) if base else text.strip()
    text = re.sub(r"^webcals?://", "https://", text, flags=re.I)
    if not text.isprintable() or " " in text or len(text) > LONGEST_ADDRESS:
        raise BadInput("busy.address-unreadable", "address")
    try:
        parts = urlsplit(text)
        port = parts.port or PORTS.get(parts.scheme, 0)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except (ValueError, UnicodeError):
        raise BadInput("busy.address-unreadable", "address") from None
    if parts.scheme not in PORTS or not host or "@" in parts.netloc:
        raise BadInput("busy.address-unreadable", "address")
    if not any(entry.fits(parts.scheme, host, port) for entry in allowed):
        raise BadInput("busy.address-not-allowed", "address", host=host)
    query = f"?{parts.query}" if parts.query else ""
    literal = _is_ip(host) and any(entry.host == host for entry in allowed)
    return CalendarAddress(parts.scheme, host, port, (parts.path or "/") + query, literal)


def is_outside(number: str) -> bool:
    """Whether an IP address stands in the open net: not this machine, not a private net, not behind a translation."""
    try:
        found = ipaddress.ip_address(number.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return found.is_global and not found.is_multicast


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
