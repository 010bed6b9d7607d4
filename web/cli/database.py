"""`db upgrade`: the newest schema, and the working days a new installation starts from."""

import click

from scheduler.actions.days import seed_days
from scheduler.clock import utc_now
from web.cli.command import faults_exit_2, tell
from web.state import state_of


@click.group("db", help="The database's schema.")
def database_commands() -> None:
    """Commands about the schema."""


@database_commands.command("upgrade")
@faults_exit_2
def upgrade() -> None:
    """Bring the database to the newest schema; other processes that try the same wait."""
    database = state_of().database
    database.upgrade()
    with database.transaction() as db:
        seed_days(db, utc_now())
    tell("database.upgraded", address=database.shown_url)
