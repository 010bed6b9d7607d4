"""`feed token`: a private calendar address for an account or a post, made or closed on the command line."""

import click

from scheduler.actions.feed_tokens import (
    make_account_address,
    make_post_address,
    revoke_account_address,
    revoke_post_address,
)
from scheduler.clock import local_date, utc_now
from scheduler.database import Db
from scheduler.errors import BadInput
from scheduler.models import Account, Post
from scheduler.queries.accounts import account_by_email
from scheduler.queries.private_feeds import may_have_calendar, post_by_code
from scheduler.rules.permissions import COMMAND_LINE
from web.cli.command import faults_exit_2, settings, tell, with_database


@click.group("feed", help="Private calendars.")
def feed_commands() -> None:
    """Commands about private calendars."""


@feed_commands.command("token")
@click.argument("whose", metavar="EMAIL-OR-POST")
@click.option("--revoke", is_flag=True, help="Close the address instead of making a new one.")
@faults_exit_2
@with_database
def token(db: Db, whose: str, revoke: bool) -> None:
    """Print a new private address of an account or a post; the earlier one closes."""
    owner = _owner(db, whose)
    if revoke:
        closed = _revoke(db, owner)
        tell("subscribe.cli-revoked" if closed else "subscribe.cli-none", whose=whose)
        return
    if isinstance(owner, Account) and not may_have_calendar(db, owner, local_date(utc_now())):
        raise BadInput("subscribe.cli-no-role", whose=whose)
    secret = _make(db, owner)
    tell("subscribe.cli-made", whose=whose)
    click.echo(f"{settings().base_url}/feeds/private/{secret}.ics")


def _owner(db: Db, whose: str) -> Account | Post:
    found = account_by_email(db, whose) if "@" in whose else post_by_code(db, whose)
    if found is None:
        raise BadInput("subscribe.cli-unknown", whose=whose)
    return found


def _make(db: Db, owner: Account | Post) -> str:
    if isinstance(owner, Account):
        return make_account_address(db, owner, by=COMMAND_LINE, now=utc_now())
    return make_post_address(db, owner, by=COMMAND_LINE, now=utc_now())


def _revoke(db: Db, owner: Account | Post) -> int:
    if isinstance(owner, Account):
        return revoke_account_address(db, owner, by=COMMAND_LINE, now=utc_now())
    return revoke_post_address(db, owner, by=COMMAND_LINE, now=utc_now())
