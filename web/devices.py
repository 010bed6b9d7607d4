"""What a browser says of itself, in the few words a list of sign-ins needs."""

import ipaddress

from flask import request

BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("coc_coc", "Cốc Cốc"), ("Chrome/", "Chrome"))
LAST_BROWSER = ("Safari/", "Safari")
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def client() -> str:
    """The network address that limits count: the visitor's as a proxy on this machine names it, else who asks."""
    asks = request.remote_addr or ""
    named = request.headers.get("X-Real-IP", "").strip()
    try:
        return str(ipaddress.ip_address(named)) if ipaddress.ip_address(asks).is_loopback else asks
    except ValueError:
        return asks


def device() -> str:
    """ "Chrome · Android · 203.0.113.7": enough to recognise one's own telephone by."""
    agent = request.headers.get("User-Agent", "")
    names = [
        next((name for mark, name in table if mark in agent), "") for table in ((*BROWSERS, LAST_BROWSER), SYSTEMS)
    ]
    return " · ".join(name for name in (*names, client()) if name)
