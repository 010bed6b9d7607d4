"""Probes: whether the process serves, whether everything behind it is right, and figures for Prometheus."""

import ipaddress
import secrets
import shutil
from pathlib import Path

from flask import Blueprint, Response, request

from scheduler.database import Broken, SchemaFault, read_only
from scheduler.errors import NotFound
from scheduler.queries.job_runs import newest_beat, ticks
from web import request_cycle
from web.figures import CONTENT_TYPE, text_of_figures
from web.guards import public
from web.language import say
from web.state import state_of

pages = Blueprint("health", __name__)

LEAST_MEGABYTES = 100
MEGABYTE = 1024 * 1024
PROXIES = ("X-Forwarded-For", "Forwarded", "X-Real-IP")
"""Headers that tell of somebody behind whoever asks."""


@pages.get("/healthz")
@public
def healthz() -> Response:
    """200 while the process serves."""
    return _plain("ok\n")


@pages.get("/readyz")
@public
def readyz() -> Response:
    """200 when database, schema, disk and jobs are right, else 503 with every reason on a line."""
    reasons = [*_database(), *_disk()]
    return _plain("".join(f"{reason}\n" for reason in reasons), 503) if reasons else _plain("ok\n")


@pages.get("/metrics")
@public
def metrics() -> Response:
    """Figures in Prometheus' text form, for whoever asks from this machine or shows the token; NotFound for others."""
    if not (_from_this_machine() or _shows_token()):
        raise NotFound("errors.not-found")
    answer = Response(text_of_figures(), content_type=CONTENT_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _database() -> list[str]:
    """What is wrong with it, without its address: anybody may ask."""
    database = state_of().database
    try:
        found = database.revision()
        database.check_schema()
        with database.open() as own:
            read_only(own)
            newest = newest_beat(own)
    except SchemaFault:
        return [say("health.schema", found=found or "-")]
    except Broken:
        return [say("health.database")]
    return [] if ticks(newest, request_cycle.now()) else [say("health.jobs")]


def _disk() -> list[str]:
    folder = request_cycle.settings().var
    free = shutil.disk_usage(folder if folder.exists() else Path()).free // MEGABYTE
    return [] if free >= LEAST_MEGABYTES else [say("health.disk", megabytes=free)]


def _from_this_machine() -> bool:
    """Asked on loopback, and not on behalf of somebody else by a proxy of this machine."""
    if any(name in request.headers for name in PROXIES):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _shows_token() -> bool:
    token = request_cycle.settings().metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(token) and secrets.compare_digest(shown.encode(), token.encode())


def _plain(text: str, status: int = 200) -> Response:
    answer = Response(text, status=status, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
