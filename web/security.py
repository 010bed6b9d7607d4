"""What every answer carries for safety, and whom the site answers to."""

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from web.state import state_of

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "script-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FRAMED_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").replace("script-src 'self'; ", "")
"""Of the one page that may stand in a frame of another site: it has no script."""
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Of a file that a browser shows by itself: a PDF, a picture."""
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
STRICT_TRANSPORT = "max-age=31536000"
ASKED_BY_MACHINES = ("/healthz", "/readyz", "/metrics")
"""Probes come by an address of their own; these answers name no host."""


def install(app: Flask) -> None:
    """Check the host before, add the headers after every request."""
    app.before_request(_check_host)
    app.after_request(_add_headers)


def known_host(host: str, base_url: str, *, production: bool) -> bool:
    """Whether the Host header is the installation's own, or a loopback name outside production."""
    if host.lower() == urlsplit(base_url).netloc.rpartition("@")[2].lower():
        return True
    return not production and _is_loopback(urlsplit(f"//{host}").hostname or "")


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _check_host() -> None:
    settings = state_of().settings
    host = request.environ.get("HTTP_HOST", "")
    if request.path in ASKED_BY_MACHINES:
        return
    try:
        known = known_host(host, settings.base_url, production=settings.production)
    except ValueError:
        known = False
    if not known:
        abort(421)


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS:
        response.headers.setdefault(name, value)
    if state_of().settings.production:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if response.mimetype == "text/html" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache"
        response.vary.add("Cookie")
    return response
