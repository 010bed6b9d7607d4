"""The secretariat's desk over 100,000 sittings of three years in Hà Nội, its 126 communes and 300 departments.

Each page is asked as somebody who serves the whole city, and as the clerk of one ward, beside a Flask page that
returns a constant on the same server; a figure is the median of the quietest round.
"""

import statistics
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import update

from scheduler.actions.accounts import start_sign_in
from scheduler.clock import local_date, utc_now
from scheduler.database import Database, Db
from scheduler.models import Occurrence, Role, Unit
from tests.bench.bench_pages import fill, timed
from tests.bench.servers import serving
from tests.build import make_account, make_unit
from web.request_cycle import SIGN_IN

SITTINGS, DEPARTMENTS = 100_000, 300
BACK, DAYS = 730, 1095
PAGES = (
    ("first screen", "/desk"),
    ("sittings to come", "/desk/occurrences?list=upcoming"),
    ("calendar, a month", "/desk/calendar"),
    ("compliance board, a year", "/desk/reports/compliance"),
    ("search: chu tich hoan kiem", "/desk/search?q=chu%20tich%20hoan%20kiem"),
    ("search: doi thoai 12/2026", "/desk/search?q=doi%20thoai%2012%2F2026"),
)
READERS = (("the whole city", "01"), ("one ward", "00070"))
ROLES = ("administrator", "secretariat", "approver")
ROUNDS, ASKED = 3, 5
KEY = "k" * 43


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside. Raises AssertionError when a page does not answer 200."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/lichdan.db")
        database.upgrade()
        with database.transaction() as db:
            fill(db, utc_now(), sittings=SITTINGS, back=BACK, days=DAYS)
            _live(db)
        with database.transaction() as db:
            secrets = {code: _secret(db, code) for _, code in READERS}
            db.connection().exec_driver_sql("ANALYZE")
        database.engine.dispose()
        with (
            serving("web:create_app", LICHDAN_VAR=folder, LICHDAN_DATABASE_URL="", LICHDAN_SECRET_KEY=KEY) as ours,
            serving("tests.bench.servers:constant") as theirs,
        ):
            mine, yardstick = HTTPConnection("127.0.0.1", ours.port), HTTPConnection("127.0.0.1", theirs.port)
            return list(_rows(mine, yardstick, secrets))


def _live(db: Db) -> None:
    """What has passed was held, what is far away is still being planned; and every room of every office is there."""
    today = local_date(utc_now())
    db.execute(update(Occurrence).where(Occurrence.day < today).values(state="closed"))
    db.execute(update(Occurrence).where(Occurrence.day > today + timedelta(days=240)).values(state="draft"))
    bodies = db.query(Unit).filter(Unit.kind == "peoples_committee").order_by(Unit.id).all()
    for number in range(DEPARTMENTS):
        body = bodies[number % len(bodies)]
        make_unit(db, f"bench-{number}", name=f"Phòng {number}", parent=body, kind="department", level="department")


def _secret(db: Db, code: str) -> str:
    unit = db.query(Unit).filter_by(code=code).one()
    account = make_account(db, unit, ROLES[0])
    for role in ROLES[1:]:
        db.add(Role(account_id=account.id, unit_id=unit.id, role=role))
    db.flush()
    return start_sign_in(db, account, client="bench", now=utc_now())


def _rows(mine: HTTPConnection, yardstick: HTTPConnection, secrets: dict[str, str]) -> Iterator[dict[str, Any]]:
    for reader, code in READERS:
        headers = {"Cookie": _cookie(secrets[code])}
        for name, path in PAGES:
            _, size = timed(mine, path, headers)
            rounds = [(_round(yardstick, "/", {}), _round(mine, path, headers)) for _ in range(ROUNDS)]
            base, value = min(constant for constant, _ in rounds), min(page for _, page in rounds)
            yield {
                "name": f"{name}, {reader} ({size // 1024 + 1} kB)",
                "value": round(value * 1000, 2),
                "unit": "ms",
                "ratio": round(base / value, 3),
                "beside": "Flask page of a constant, speed",
            }


def _cookie(secret: str) -> str:
    """The cookie of a browser that is signed in."""
    app = Flask("cookie")
    app.secret_key = KEY
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"lichdan={signer.dumps({SIGN_IN: secret})}"


def _round(connection: HTTPConnection, path: str, headers: dict[str, str]) -> float:
    return statistics.median(timed(connection, path, headers)[0] for _ in range(ASKED))
