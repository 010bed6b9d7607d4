"""`records import`: past registers from a file."""

import click

from scheduler.actions.register_import import import_register
from scheduler.clock import utc_now
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.intake.records_file import read_records_file
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, settings, tell, with_database


@click.group("records", help="Records of sittings.")
def record_commands() -> None:
    """Commands about records."""


@record_commands.command("import")
@click.argument("file", type=click.Path())
@faults_exit_2
@with_database
def import_file(db: Db, file: str) -> None:
    """Import past registers from CSV or .xlsx, all rows or none.

    \b
    A row is
      a sitting: unit, post, date, from, to, held_by (head or stand_in), name,
          visits, persons, groups, group_persons, nobody, note; kind where it
          is no periodic reception (a dialogue: attendances, opinions, answered);
      a matter of a sitting: the same with its number in the column matter;
      a total where the days are lost: date, last_day, days_head, days_stand_in.
    Heads who sat together stand in one cell with + between them.
    """
    try:
        with click.open_file(file, "rb") as opened:
            data = opened.read()
    except OSError:
        raise BadInput("tables.no-such-file", place=file) from None
    rows = read_records_file(data)
    done = import_register(db, rows, feed_domain=settings().feed_domain, by=COMMAND_LINE, now=utc_now())
    tell("registers.imported", n=done.rows, recorded=done.recorded, totals=done.totals, unchanged=done.unchanged)
