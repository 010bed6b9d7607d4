"""Public pages over 10,000 sittings of a year, beside a Flask page that returns a constant on the same server.

One connection is kept open and asks in turns, so that both meet the same machine; a figure is the median of the
quietest round.
"""

import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from scheduler.actions.days import seed_days
from scheduler.clock import at_local, local_date, utc_now
from scheduler.database import Database, Db
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.models import Occurrence, OccurrenceHost, Post, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.bench.servers import ask, serving
from tests.build import make_published

SITTINGS = 10_000
DAYS_BACK = 150
PAGES = (
    ("the first page", "/"),
    ("  in English", "/en/"),
    ("a ward, its year", "/units/00070"),
    ("Hà Nội, its year", "/units/01"),
    ("a post, its year", "/posts/00070-ubnd-chu-tich"),
    ("a sitting", "/occurrences/{slug}"),
    ("search: phuong ho", "/search?q=phuong%20ho"),
    ("50 sittings as JSON", "/api/v1/occurrences?limit=50"),
)
ROUNDS, ASKED = 5, 20


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside. Raises AssertionError when a page does not answer 200."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/lichdan.db")
        database.upgrade()
        with database.transaction() as db:
            slug = fill(db, utc_now())
        database.engine.dispose()
        with (
            serving("web:create_app", LICHDAN_VAR=folder, LICHDAN_DATABASE_URL="") as ours,
            serving("tests.bench.servers:constant") as theirs,
        ):
            mine, yardstick = HTTPConnection("127.0.0.1", ours.port), HTTPConnection("127.0.0.1", theirs.port)
            return list(_rows(mine, yardstick, slug))


def fill(db: Db, now: datetime, *, sittings: int = SITTINGS, back: int = DAYS_BACK, days: int = 365) -> str:
    """Hà Nội with so many sittings of so many days from `back` days ago on, shared among all its posts.

    Gives the newest one's slug.
    """
    seed_days(db, now)
    load_vietnam(db, ["01"], by=COMMAND_LINE, now=now)
    posts = db.query(Post).order_by(Post.id).all()
    units = {unit.id: unit for unit in db.query(Unit)}
    first = local_date(now) - timedelta(days=back)
    example = make_published(db, units[posts[0].unit_id], posts[0], day=first)
    columns = [column.key for column in Occurrence.__table__.columns if column.key != "id"]
    common = {name: getattr(example, name) for name in columns}
    step = days / sittings
    rows = [
        common | _of(posts[number % len(posts)], number, first + timedelta(days=int(number * step)))
        for number in range(sittings - 1)
    ]
    db.execute(insert(Occurrence), rows)
    made = db.query(Occurrence.id, Occurrence.uid, Occurrence.starts_at).filter(Occurrence.uid.like("bench-%"))
    db.execute(insert(OccurrenceHost), [_host(posts, *row) for row in made])
    return str(rows[-1]["slug"])


def _of(post: Post, number: int, day: date) -> dict[str, Any]:
    return {
        "unit_id": post.unit_id,
        "slug": f"bench{number:06}",
        "uid": f"bench-{number}@example.vn",
        "day": day,
        "planned_day": day,
        "published_day": day,
        "starts_at": at_local(day, "07:30"),
        "ends_at": at_local(day, "11:30"),
    }


def _host(posts: list[Post], occurrence_id: int, uid: str, starts_at: datetime) -> dict[str, Any]:
    number = int(uid.removeprefix("bench-").partition("@")[0])
    post = posts[number % len(posts)]
    return {"occurrence_id": occurrence_id, "post_id": post.id, "position": 0, "starts_at": starts_at}


def _rows(mine: HTTPConnection, yardstick: HTTPConnection, slug: str) -> Iterator[dict[str, Any]]:
    constants: list[float] = []
    for name, path in PAGES:
        own = path.format(slug=slug)
        _, size = timed(mine, own)
        rounds = [(_round(yardstick, "/"), _round(mine, own)) for _ in range(ROUNDS)]
        base, value = min(constant for constant, _ in rounds), min(page for _, page in rounds)
        constants.append(base)
        yield _row(f"{name} ({size // 1024 + 1} kB)", value, base / value)
    yield _row("a constant", min(constants), 1.0)


def _round(connection: HTTPConnection, path: str) -> float:
    return statistics.median(timed(connection, path)[0] for _ in range(ASKED))


def timed(connection: HTTPConnection, path: str, headers: dict[str, str] | None = None) -> tuple[float, int]:
    """Seconds and bytes of one answer. Raises AssertionError when it is not 200."""
    began = time.perf_counter()
    status, body = ask(connection, path, headers)
    if status != 200:
        raise AssertionError(f"{path} answered {status}")
    return time.perf_counter() - began, len(body)


def _row(name: str, seconds: float, ratio: float) -> dict[str, Any]:
    beside = "Flask page of a constant, speed"
    return {"name": name, "value": round(seconds * 1000, 2), "unit": "ms", "ratio": round(ratio, 3), "beside": beside}
