"""Reports, one file each: columns, rows and sentences. Page, JSON, CSV and spreadsheet follow from a row here."""

from scheduler.reports import changes, compliance, duties, followups
from scheduler.reports.frame import Report

REPORTS = (
    Report("duties", duties.COLUMNS, duties.run),
    Report("compliance", compliance.COLUMNS, compliance.run),
    Report("followups", followups.COLUMNS, followups.run),
    Report("changes", changes.COLUMNS, changes.run),
)
REPORT = {report.key: report for report in REPORTS}
