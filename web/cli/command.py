"""What every command does at its edge: opens one transaction, and ends with 2 and a line a fault when refused."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, NoReturn, ParamSpec, TypeVar

import click
from flask.cli import with_appcontext

from scheduler.database import Broken, Db, SchemaFault
from scheduler.errors import BadInput, Faults, HouseError
from scheduler.intake.plan_faults import place_words
from scheduler.language import say as say_in
from scheduler.settings import Settings
from web.state import state_of

P = ParamSpec("P")
R = TypeVar("R")
BAD_INPUT = 2


def say(key: str, /, **facts: Any) -> str:
    """The sentence in the language of the command line (LICHDAN_LANGUAGE)."""
    return say_in(settings().language, key, **facts)


def tell(key: str, /, **facts: Any) -> None:
    """Say it on standard output."""
    click.echo(say(key, **facts))


def settings() -> Settings:
    """The settings of this process."""
    return state_of().settings


def with_database(command: Callable[Concatenate[Db, P], R]) -> Callable[P, R]:
    """Give the command an open transaction as its first argument: committed at the end, or nothing is written.

    Raises SchemaFault, which `faults_exit_2` around it tells.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        database = state_of().database
        database.check_schema()
        with database.transaction() as db:
            return command(db, *args, **kwargs)

    return run


def faults_exit_2(command: Callable[P, R]) -> Callable[P, R]:
    """Tell every refusal on standard error, one line a fault with its place, and end with 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Faults as refusal:
            refuse(*(_line(fault) for fault in refusal.faults))
        except HouseError as refusal:
            refuse(_line(refusal))
        except SchemaFault as refusal:
            refuse(str(refusal))
        except Broken as refusal:
            refuse(say("database.broken", address=state_of().database.shown_url, reason=_reason(refusal)))

    with_app: Callable[P, R] = with_appcontext(run)
    return with_app


def refuse(*lines: str) -> NoReturn:
    """End the command with 2 and these lines on standard error."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(BAD_INPUT)


def _line(refusal: HouseError) -> str:
    place = place_words(settings().language, refusal.place) if isinstance(refusal, BadInput) else ""
    sentence = say(refusal.key, **refusal.facts)
    return f"{place}: {sentence}" if place else sentence


def _reason(refusal: Broken) -> str:
    return str(refusal.orig).strip().splitlines()[0]
