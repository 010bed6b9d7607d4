"""`people import`: holders of posts from a file."""

import click

from scheduler.actions.people import import_people
from scheduler.clock import utc_now
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.intake.people_file import read_people_file
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, tell, with_database


@click.group("people", help="Holders of posts.")
def people_commands() -> None:
    """Commands about people."""


@people_commands.command("import")
@click.argument("file", type=click.Path())
@faults_exit_2
@with_database
def import_file(db: Db, file: str) -> None:
    """Import holders from CSV or .xlsx: unit, post, name, email, from, to. All of them or none."""
    try:
        with click.open_file(file, "rb") as opened:
            data = opened.read()
    except OSError:
        raise BadInput("tables.no-such-file", place=file) from None
    done = import_people(db, read_people_file(data), by=COMMAND_LINE, now=utc_now())
    counted = {outcome: done.count(outcome) for outcome in ("appointed", "changed", "unchanged")}
    tell("people.imported", n=len(done.lines), **counted)
