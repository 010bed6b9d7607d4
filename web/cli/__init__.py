"""The product's own commands under `flask --app web`; each group is a file and a row here."""

import click

from web.cli import database

COMMANDS: tuple[click.Command, ...] = (database.database_commands,)
