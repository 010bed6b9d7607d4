"""`report NAME`: any report for a time and a branch of units, as a table, JSON, CSV or a spreadsheet."""

import json
from datetime import date

import click

from scheduler.clock import local_date, parse_day, utc_now
from scheduler.database import Db
from scheduler.documents.tables import FORMATS, as_csv, as_json, as_text, as_xlsx
from scheduler.errors import BadInput, NotFound
from scheduler.models import Unit
from scheduler.queries.units import unit_by_code
from scheduler.reports import REPORT
from scheduler.reports.frame import Period, Scope, Table
from web.cli.command import faults_exit_2, settings, with_database


@click.command("report", help=f"Print a report ({', '.join(REPORT)}) for a time, both days included.")
@click.argument("name")
@click.option("--from", "first", required=True, metavar="DATE", help="First day, as 2026-07-01.")
@click.option("--to", "last", required=True, metavar="DATE", help="Last day, included.")
@click.option("--unit", "code", default="", metavar="CODE", help="Only this unit and those below it.")
@click.option("--format", "shape", default="table", metavar="FORMAT", help=f"One of {', '.join(FORMATS)}.")
@faults_exit_2
@with_database
def report_command(db: Db, name: str, first: str, last: str, *, code: str, shape: str) -> None:
    """Run the report and write it to standard output."""
    report = REPORT.get(name)
    if report is None:
        raise BadInput("reports.unknown", "NAME", given=name, known=", ".join(REPORT))
    if shape not in FORMATS:
        raise BadInput("reports.not-a-format", "--format")
    period = Period(_day(first, "--from"), _day(last, "--to"))
    scope = Scope(_unit(db, code) if code else None)
    _write(report.run(db, period, scope, local_date(utc_now())), shape)


def _write(table: Table, shape: str) -> None:
    language = settings().language
    if shape in ("csv", "xlsx"):
        content = as_csv(table, language) if shape == "csv" else as_xlsx(table, language)
        click.echo(content, nl=False)
    elif shape == "json":
        click.echo(json.dumps(as_json(table, language), ensure_ascii=False, indent=1))
    else:
        click.echo(as_text(table, language))


def _day(text: str, place: str) -> date:
    try:
        return parse_day(text)
    except ValueError:
        raise BadInput("reports.not-a-day", place) from None


def _unit(db: Db, code: str) -> Unit:
    try:
        return unit_by_code(db, code)
    except NotFound:
        raise BadInput("people.unknown-unit", place="--unit", unit=code) from None
