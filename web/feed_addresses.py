"""Addresses of calendars, and the links by which the usual programs subscribe to them."""

from urllib.parse import quote, urlencode, urlsplit

from calendars.served import Wish
from scheduler.queries.feeds import Subject

WEBCAL = "webcal"
GOOGLE = "https://calendar.google.com/calendar/r"
OUTLOOK = "https://outlook.live.com/calendar/0/addfromweb"
OUTLOOK_AT_WORK = "https://outlook.office.com/calendar/0/addfromweb"


def feed_address(base_url: str, subject: Subject, wish: Wish) -> str:
    """The whole address of a public calendar, the same for the same wish however it was asked."""
    asked = [f"kind={kind}" for kind in wish.kinds]
    asked += ["below=1"] if wish.below else []
    asked += ["lang=en"] if wish.language == "en" else []
    query = f"?{'&'.join(asked)}" if asked else ""
    return f"{base_url}/feeds/{subject.kind}/{subject.code}.ics{query}"


def webcal_address(address: str) -> str:
    """The same address as calendars on a device open it."""
    return urlsplit(address)._replace(scheme=WEBCAL).geturl()


def google_address(address: str) -> str:
    """Google's page that adds the calendar; its own box of addresses takes https only, this link webcal."""
    return f"{GOOGLE}?cid={quote(webcal_address(address), safe='')}"


def outlook_address(address: str, name: str, *, at_work: bool = False) -> str:
    """Outlook's page that adds the calendar, for private accounts or for those of an office."""
    return f"{OUTLOOK_AT_WORK if at_work else OUTLOOK}?{urlencode({'url': address, 'name': name})}"
