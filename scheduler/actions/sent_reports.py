"""Noting that an office's periodic report left it."""

from datetime import date, datetime

from sqlalchemy import select

from scheduler.actions.ledger import record
from scheduler.clock import local_date
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import SentReport
from scheduler.queries.access import require
from scheduler.queries.units import unit_by_code
from scheduler.rules.permissions import Actor
from scheduler.rules.report_periods import period_of


def note_sent_report(
    db: Db, unit_code: str, period: str, *, sent_on: date, number: str = "", by: Actor, now: datetime
) -> SentReport:
    """Note the report of the unit for a period ("2026-Q3"); noted again it is corrected, never doubled.

    Raises BadInput for an unknown period, and for a day before the period began or after today.
    """
    unit, asked = unit_by_code(db, unit_code), period_of(period)
    require(db, by, "record", unit.id)
    if not asked.first <= sent_on <= local_date(now):
        raise BadInput("compliance.sent-on-outside", "sent_on", first=asked.first, last=local_date(now))
    found = db.scalar(select(SentReport).where(SentReport.unit_id == unit.id, SentReport.period == period))
    if found is not None and (found.sent_on, found.number) == (sent_on, number.strip()):
        return found
    if found is None:
        found = SentReport(unit_id=unit.id, period=period)
        db.add(found)
    found.sent_on, found.number = sent_on, number.strip()
    found.recorded_by_id, found.recorded_at = by.account_id, now
    db.flush()
    record(
        db, "report.sent", by=by, now=now, unit_id=unit.id, subject=f"unit:{unit.id}",
        period=period, sent_on=sent_on.isoformat(), number=found.number,
    )  # fmt: skip
    return found
