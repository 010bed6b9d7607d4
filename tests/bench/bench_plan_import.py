"""The plans of 126 communes for a year: read, taken in, and taken in again, on SQLite."""

import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from scheduler.actions.days import seed_days
from scheduler.actions.plans import import_plan
from scheduler.clock import utc_now
from scheduler.database import Database, Db
from scheduler.intake.plan_file import parse_plan
from scheduler.models import Occurrence, Unit
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import make_post, make_unit

COMMUNES = 126
SERIES = """
- key: {key}
  kind: periodic_reception
  host: {host}
  rule: {rule}
  starts: {year}-01-01
  until: {year}-12-31
  hours: ["07:30-11:30", "13:30-16:30"]
  place: Trụ sở tiếp công dân
  register_by: {{working_days: 3}}
"""
PATTERNS = (
    ("chu-tich", "Chủ tịch UBND", "{every: month, days: [10, 25]}"),
    ("bi-thu", "Bí thư Đảng ủy", "{every: month, nth: [1, 3], weekday: TH}"),
    ("hdnd", "Chủ tịch HĐND", "{every: month, weeks: [2], weekday: TU}"),
)


def run() -> list[dict[str, Any]]:
    """Rows of name, value, unit, ratio, beside."""
    now = utc_now()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder)}/bench.db")
        database.upgrade()
        with database.transaction() as db:
            seed_days(db, now)
            codes = [_commune(db, number) for number in range(COMMUNES)]
        texts = [_plan(code, now.year + 1) for code in codes]
        reading, plans = _timed(lambda: [parse_plan(text.encode()) for text in texts])
        with database.transaction() as db:
            first, _ = _timed(lambda: [import_plan(db, plan, by=COMMAND_LINE, now=now) for plan in plans])
            rows = db.scalar(select(func.count()).select_from(Occurrence)) or 0
        with database.transaction() as db:
            again, _ = _timed(lambda: [import_plan(db, plan, by=COMMAND_LINE, now=now) for plan in plans])
        database.engine.dispose()
    return [
        _row(f"{COMMUNES} plan files read and checked", reading, "s"),
        _row(f"  taken in: {rows} sittings of a year", first, "s"),
        _row("  sittings a second", rows / first, "1/s"),
        _row("  taken in again, unchanged", again, "s", first / again, "first time"),
    ]


def _commune(db: Db, number: int) -> str:
    unit: Unit = make_unit(db, f"{number:05}-ubnd", name=f"UBND phường {number}")
    for _, title, _ in PATTERNS:
        make_post(db, unit, title)
    return unit.code


def _plan(code: str, year: int) -> str:
    series = "".join(SERIES.format(key=key, host=host, rule=rule, year=year) for key, host, rule in PATTERNS)
    return f'unit: {{code: "{code}"}}\nseries:{series}'


def _timed(work: Any) -> tuple[float, Any]:
    began = time.perf_counter()
    result = work()
    return time.perf_counter() - began, result


def _row(name: str, value: float, unit: str, ratio: float | None = None, beside: str = "") -> dict[str, Any]:
    return {"name": name, "value": round(value, 3), "unit": unit, "ratio": ratio and round(ratio, 1), "beside": beside}
