"""`staff add`: an account with a role, and the one-time link with which its owner sets a password."""

import click

from scheduler.actions.accounts import make_link
from scheduler.actions.staff import Added, add_staff
from scheduler.clock import utc_now
from scheduler.database import Db
from scheduler.errors import BadInput, NotFound
from scheduler.language import LANGUAGES
from scheduler.models import Post, Unit
from scheduler.queries.units import find_post, unit_by_code
from scheduler.rules.permissions import COMMAND_LINE, ROLES
from web.cli.command import faults_exit_2, say, settings, tell, with_database


@click.group("staff", help="Accounts of staff.")
def staff_commands() -> None:
    """Commands about accounts."""


@staff_commands.command("add")
@click.argument("email")
@click.option("--role", required=True, metavar="ROLE", help=f"One of {', '.join(ROLES)}.")
@click.option("--unit", required=True, metavar="CODE", help="The unit; the role holds in the units below it too.")
@click.option("--post", default="", metavar="POST", help="The post a leader holds, by code or title.")
@click.option("--name", default="", help="The person's name; without it the beginning of the address.")
@click.option("--language", default="vi", type=click.Choice(LANGUAGES), help="Language of pages and letters.")
@faults_exit_2
@with_database
def add(db: Db, email: str, *, role: str, unit: str, post: str, name: str, language: str) -> None:
    """Give EMAIL a role in a unit and print a one-time link to set the password; run twice it says what is there."""
    now = utc_now()
    found = _unit(db, unit)
    done = add_staff(
        db,
        email,
        role=role,
        unit=found,
        post=_post(db, found, post) if post else None,
        name=name,
        language=language,
        by=COMMAND_LINE,
        now=now,
    )
    tell(_key(done), email=done.account.email, role=say(f"roles.{role}"), unit=found.name)
    if done.account.password is None and not done.account.demo:
        secret = make_link(db, done.account, by=COMMAND_LINE, now=now)
        tell("accounts.link-for", address=f"{settings().base_url}/links/{secret}")
    else:
        tell("accounts.has-password", email=done.account.email)


def _key(done: Added) -> str:
    if done.new_account:
        return "accounts.added"
    return "accounts.role-added" if done.new_role else "accounts.there-already"


def _unit(db: Db, code: str) -> Unit:
    try:
        return unit_by_code(db, code)
    except NotFound:
        raise BadInput("people.unknown-unit", place="--unit", unit=code) from None


def _post(db: Db, unit: Unit, text: str) -> Post:
    post = find_post(db, unit, text)
    if post is None:
        raise BadInput("people.unknown-post", place="--post", post=text, unit=unit.name)
    return post
