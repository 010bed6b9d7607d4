"""`units load-vietnam`: the state's provinces and communes with their bodies and posts."""

import click

from scheduler.clock import utc_now
from scheduler.database import Db
from scheduler.intake.vietnam_units import load_vietnam
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, tell, with_database


@click.group("units", help="Units of government and party.")
def unit_commands() -> None:
    """Commands about units."""


@unit_commands.command("load-vietnam")
@click.option("--province", "provinces", metavar="CODE", multiple=True, help="Only this province; may be repeated.")
@faults_exit_2
@with_database
def load(db: Db, provinces: tuple[str, ...]) -> None:
    """Load the 34 provinces and 3,321 communes, each with its committee, council, party committee and posts."""
    done = load_vietnam(db, provinces or None, by=COMMAND_LINE, now=utc_now())
    tell(
        "units.loaded",
        provinces=done.provinces,
        communes=done.communes,
        bodies=done.bodies,
        posts=done.posts,
        there=done.there_already,
    )
