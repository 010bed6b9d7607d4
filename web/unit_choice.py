"""The choice of a unit in lists of the desk, by its name: `asked_units(…)` here, `unit_choice(choice)` in macros.

A list shows the macro in its filters, asks `asked_units(db, actor)` and narrows its query to `choice.ids`, a list of
unit ids (with those below them), None where nothing was chosen. `choice.text` is what its links repeat as `unit=`.
"""

from dataclasses import dataclass

from flask import request

from scheduler.database import Db
from scheduler.models import Unit
from scheduler.queries.search import LONGEST
from scheduler.queries.unit_choice import MOST, few_units, units_meant
from scheduler.rules.permissions import Actor
from web import request_cycle


@dataclass(frozen=True)
class UnitChoice:
    """What was typed or chosen, the units it means, and the few there are to choose from (none: to be typed)."""

    text: str
    meant: tuple[Unit, ...]
    few: tuple[Unit, ...]

    @property
    def ids(self) -> list[int] | None:
        """The ids of the units that are meant; empty where no unit has such a name, None where nothing is asked."""
        return [unit.id for unit in self.meant] if self.text else None

    @property
    def too_many(self) -> bool:
        """Whether the name fits more units than are looked at."""
        return len(self.meant) >= MOST

    @property
    def needed(self) -> bool:
        """Whether there is anything to choose: not for who reads a single unit."""
        return len(self.few) != 1 or bool(self.text)


def asked_units(db: Db, actor: Actor) -> UnitChoice:
    """The units that `?unit=` means, a code or a name, among those the actor reads."""
    text = " ".join(request.args.get("unit", "")[:LONGEST].split())
    meant = units_meant(db, actor, text) if text else []
    few = few_units(db, actor, request_cycle.today())
    if len(meant) == 1:
        text = meant[0].code if few else text
    return UnitChoice(text, tuple(meant), tuple(few))
