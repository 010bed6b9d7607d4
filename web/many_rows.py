"""Rows of sittings in a form that changes several at once: what was chosen for each, and who is told of all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from flask import request

from scheduler.actions.suspensions import Choice
from scheduler.database import Db
from scheduler.models import Occurrence
from scheduler.queries.audience import Listener, Told, audience_of, residents_of, told_of_change
from web.form_rows import day_of, number_of


@dataclass(frozen=True)
class Row:
    """A sitting with what is to become of it."""

    one: Occurrence
    step: str
    day: date | None
    version: int


@dataclass(frozen=True)
class ToldOfAll:
    """How many are told of all changes together: people, letters and calls, and who they are."""

    people: int
    letters: int
    messages: int
    calls: int
    who: Told


def rows_of(sittings: Iterable[Occurrence], proposed: Mapping[str, Choice]) -> list[Row]:
    """Each sitting as the form says, or as it is proposed where the form says nothing of it."""
    return [_row(one, proposed.get(one.slug, Choice("cancel"))) for one in sittings]


def choices_of(rows: Iterable[Row]) -> dict[str, Choice]:
    """The rows as an action takes them, tied to the versions that were shown."""
    return {row.one.slug: Choice(row.step, row.day if row.step == "move" else None, row.version) for row in rows}


def told_of_all(db: Db, sittings: Iterable[Occurrence]) -> ToldOfAll:
    """Who would be told, each person once, and how many letters and calls that makes."""
    rows = list(sittings)
    each = [told_of_change(audience_of(db, one), ()) for one in rows]
    letters = [listener for told in each for listener in told.letters]
    calls = [listener for told in each for listener in told.calls]
    residents = residents_of(db, [one.id for one in rows])
    who = Told(_each_once(letters), _each_once(calls), residents)
    sent, called = len(letters) + residents.letters, len(calls) + residents.calls
    return ToldOfAll(who.people, sent, residents.messages, called, who)


def _each_once(listeners: list[Listener]) -> list[Listener]:
    return list({(one.email or one.name, one.phone): one for one in listeners}.values())


def _row(one: Occurrence, proposed: Choice) -> Row:
    step = request.form.get(f"step-{one.slug}", proposed.step)
    typed = request.form.get(f"day-{one.slug}")
    day = proposed.day if typed is None else day_of(typed)
    version = number_of(request.form.get(f"version-{one.slug}", "")) or one.version
    return Row(one, step, day, version)
