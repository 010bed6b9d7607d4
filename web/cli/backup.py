"""`backup FILE` and `restore FILE`: a consistent copy while the product runs, and back."""

from pathlib import Path

import click

from scheduler.actions.backup import read_manifest, restore_backup, write_backup
from scheduler.clock import utc_now
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, tell
from web.state import state_of

FILE = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command("backup", help="A consistent copy of the whole database while it is in use.")
@FILE
@faults_exit_2
def backup_command(file: Path) -> None:
    """Write the copy; a file of that name is replaced only when the new one is whole."""
    database = state_of().database
    database.check_schema()
    rows = write_backup(database, file, now=utc_now())
    tell("backup.written", file=file, rows=rows, size=file.stat().st_size // 1024 + 1)


@click.command("restore", help="A copy back into an empty database; letters not sent yet are held.")
@FILE
@click.option("--over", is_flag=True, help="Replace everything the database holds.")
@faults_exit_2
def restore_command(file: Path, *, over: bool) -> None:
    """Put the copy back, all or nothing, and say what has to be done next."""
    made_at = read_manifest(file)["made_at"]
    restored = restore_backup(state_of().database, file, over=over, by=COMMAND_LINE, now=utc_now())
    tell("backup.restored", file=file, rows=restored.rows, made_at=made_at)
    tell("backup.what-next", held=restored.held)
