"""`plan preview` and `plan import`: a yearly plan file shown, or taken into the database."""

import json
from pathlib import Path

import click

from scheduler.actions.plan_publishing import publish_plan
from scheduler.actions.plans import import_plan
from scheduler.clock import local_date, utc_now
from scheduler.database import Db
from scheduler.intake.plan_file import read_plan
from scheduler.intake.plan_warnings import days_off_differing
from scheduler.intake.preview import preview_plan
from scheduler.queries.days import working_calendar
from scheduler.queries.planned import post_titles
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, refuse, say, settings, tell, with_database
from web.plan_words import result_lines

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group("plan", help="Yearly plan files: preview and import.")
def plan_commands() -> None:
    """Commands about plan files."""


@plan_commands.command("preview")
@FILE
@click.option("--json", "as_json", is_flag=True, help="Print JSON: one object per date by the rule.")
@faults_exit_2
def preview(file: Path, *, as_json: bool) -> None:
    """Print every sitting the plan FILE would make, with the reason for its date. Touches no database."""
    found = preview_plan(read_plan(file), today=local_date(utc_now()))
    language = settings().language
    for line in found.warning_lines(language):
        click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps(found.to_json(language), ensure_ascii=False, indent=1))
    else:
        click.echo(found.table(language))


@plan_commands.command("import")
@FILE
@click.option("--publish", is_flag=True, help="Also approve and publish, by the account of --as.")
@click.option("--as", "email", metavar="EMAIL", help="The account that approves and publishes.")
@click.option("--reason", default="", help="Why sittings nearer than five working days are published now.")
@faults_exit_2
@with_database
def import_(db: Db, file: Path, *, publish: bool, email: str | None, reason: str) -> None:
    """Take the plan FILE into the database as drafts; run again it tells what differs and keeps changes by hand."""
    if publish != bool(email):
        refuse(say("schedules.publish-needs-account"))
    now = utc_now()
    plan = read_plan(file)
    calendar = working_calendar(db)
    found = preview_plan(plan, calendar=calendar, today=local_date(now))
    language = settings().language
    warnings = [*found.warnings, *days_off_differing(plan.days_off, calendar)]
    result = import_plan(db, plan, domain=settings().feed_domain, by=COMMAND_LINE, now=now)
    published = publish_plan(db, result, email, reason=reason, now=now) if email else 0
    for warned in warnings:
        click.echo(warned.words(language), err=True)
    tell("schedules.import-of", unit=result.unit.name, code=result.unit.code)
    for indent, line in result_lines(say, language, post_titles(db, unit_id=result.unit.id), result):
        click.echo("  " * indent + line)
    if email:
        tell("schedules.published", n=published, email=email)
