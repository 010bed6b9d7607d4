"""`demo load` and `demo links`: the demonstration, and a way into it at every start."""

import click

from scheduler.actions.accounts import make_link
from scheduler.clock import utc_now
from scheduler.demonstration.invented import DOMAIN
from scheduler.demonstration.load import is_empty, load_demonstration
from scheduler.demonstration.offices import SHOWN_ACCOUNTS
from scheduler.errors import RuleBroken
from scheduler.queries.accounts import account_by_email
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, tell
from web.state import state_of


@click.group("demo", help="The demonstration data.")
def demo_commands() -> None:
    """Commands about the demonstration."""


@demo_commands.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there are data already.")
@faults_exit_2
def load(if_empty: bool) -> None:
    """Hà Nội and its 126 communes, some months of their life; into an empty database only."""
    state = state_of()
    if state.settings.production:
        raise RuleBroken("demo.production")
    with state.database.transaction() as db:
        if if_empty and not is_empty(db):
            return
        tell("demo.loading")
        loaded = load_demonstration(db, feed_domain=state.settings.feed_domain, now=utc_now())
    tell(
        "demo.loaded",
        units=loaded.units, occurrences=loaded.occurrences, tasks=loaded.tasks, letters=loaded.letters,
    )  # fmt: skip


@demo_commands.command("links")
@faults_exit_2
def links() -> None:
    """A fresh one-time link for each account of the demonstration; nothing where it is not loaded."""
    state = state_of()
    if state.settings.production:
        raise RuleBroken("demo.production")
    with state.database.transaction() as db:
        for address, name, _role, _unit in SHOWN_ACCOUNTS:
            account = account_by_email(db, f"{address}@{DOMAIN}")
            if account is not None and account.demo:
                secret = make_link(db, account, purpose="sign-in", by=COMMAND_LINE, now=utc_now())
                click.echo(f"  {name}: {state.settings.base_url}/links/{secret}")
