"""A plan file to take in, and ways to alter it."""

from datetime import datetime

from scheduler.actions.plans import ImportResult, import_plan
from scheduler.database import Db
from scheduler.intake.plan_file import parse_plan
from scheduler.intake.plan_values import Plan
from scheduler.rules.permissions import COMMAND_LINE
from tests.build import NOW

TEXT = """
unit: {code: 00070-ubnd}
days_off:
- {date: 2026-12-15, off: true, source: kỷ niệm ngày thành lập phường}
series:
- key: chu-tich
  kind: periodic_reception
  host: Chủ tịch UBND phường
  rule: {every: month, days: [15]}
  starts: 2026-07-01
  until: 2027-06-30
  hours: ["07:30-11:30"]
  place: Phòng tiếp công dân
- key: pho-chu-tich
  kind: periodic_reception
  host: Phó Chủ tịch UBND
  rule: {every: month, nth: [1], weekday: TU}
  starts: 2026-07-01
  until: 2027-06-30
  hours: ["08:00-11:00"]
  place: Phòng tiếp công dân
"""


def plan(*changes: tuple[str, str], text: str = TEXT) -> Plan:
    """The plan with each old text replaced by its new one; an old text that is not there is a fault of the test."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return parse_plan(text.encode())


def take_in(db: Db, given: Plan, now: datetime = NOW) -> ImportResult:
    """Import it by the command line."""
    return import_plan(db, given, domain="lich.example.vn", by=COMMAND_LINE, now=now)
