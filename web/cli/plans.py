"""`plan preview` and `plan import`: a yearly plan file shown, or taken into the database."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from scheduler.actions.plan_publishing import publish_plan
from scheduler.actions.plans import ImportResult, SeriesResult, import_plan
from scheduler.clock import local_date, utc_now
from scheduler.database import Db
from scheduler.intake.plan_file import read_plan
from scheduler.intake.plan_warnings import days_off_differing
from scheduler.intake.preview import preview_plan
from scheduler.language.dates import table_date
from scheduler.language.sitting_changes import change_words, proposal_words
from scheduler.queries.days import working_calendar
from scheduler.queries.differences import Difference
from scheduler.queries.planned import post_titles
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, say, settings, tell, with_database

FILE = click.argument("file", type=click.Path(path_type=Path))
SERIES_WORDS = {
    "new": "schedules.series-new",
    "same": "schedules.series-same",
    "changed": "schedules.series-changed",
    "taken-back": "schedules.series-taken-back",
    "left": "schedules.series-left",
}
ROW_WORDS = {
    "made": "schedules.row-made",
    "changed": "schedules.row-changed",
    "removed": "schedules.row-removed",
    "kept": "schedules.row-kept",
    "proposed": "schedules.row-proposed",
}


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
        raise click.UsageError(say("schedules.publish-needs-account"))
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
    for line in result_lines(db, result):
        click.echo(line)
    if email:
        tell("schedules.published", n=published, email=email)


def result_lines(db: Db, result: ImportResult) -> Iterator[str]:
    """What an import did, a line for each series and one for each sitting that came out otherwise."""
    yield say("schedules.import-of", unit=result.unit.name, code=result.unit.code)
    titles = post_titles(db, unit_id=result.unit.id)
    for one in result.series:
        yield say(SERIES_WORDS[one.verdict], series=one.key, n=one.made)
        if one.kept:
            yield "  " + say("schedules.series-kept", keys=", ".join(one.kept))
        for difference in one.differences:
            if difference.verdict != "settled":
                yield "  " + _line(one, difference, titles)
    applied = result.applied
    made = sum(one.made for one in result.series)
    yield say(
        "schedules.import-sums",
        made=made,
        changed=applied.changed,
        removed=applied.removed,
        kept=applied.kept,
        proposed=len(applied.proposals),
        unchanged=result.unchanged,
    )


def _line(one: SeriesResult, difference: Difference, titles: dict[int, str]) -> str:
    language = settings().language
    old, new = difference.old or {}, difference.values or {}
    if difference.verdict == "proposed":
        words = proposal_words(language, old, difference.proposed, titles=titles)
    else:
        words = change_words(language, old, new, titles=titles) if old and new else ""
    day = table_date(difference.planned_day)
    head = say(ROW_WORDS[difference.verdict], day=day)
    return f"{head}: {words}" if words else head
