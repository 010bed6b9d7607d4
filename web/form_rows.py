"""Forms with rows (turns of a record, items of a conclusion): as typed, and each fault beside its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask import request

from scheduler.clock import parse_day
from scheduler.errors import BadInput, Faults, HouseError
from web.forms import FIRST_DAY, LAST_DAY, Form
from web.language import say


@dataclass
class Told:
    """What is told above a form, and what beside each field of its rows: {"turns.0": ["…"]}."""

    refusal: HouseError | None = None
    places: dict[str, list[str]] = field(default_factory=dict)


def typed_rows(prefix: str, names: Sequence[str], most: int) -> list[dict[str, str]]:
    """The rows of the form that was sent, fields named "<prefix>-0-<name>", as typed; blank ones too."""
    rows: list[dict[str, str]] = []
    while len(rows) < most and f"{prefix}-{len(rows)}-{names[0]}" in request.form:
        number = len(rows)
        rows.append({name: request.form.get(f"{prefix}-{number}-{name}", "").strip() for name in names})
    return rows


def tell_faults(form: Form, refusal: HouseError | None, rows: Mapping[str, str]) -> Told:
    """Put each fault beside its field. `rows` names the rows of each prefix: {"turns": "records.turn-number"}.

    Faults of the form's own fields go there; those of rows are told above as well, with the row's number.
    """
    if not isinstance(refusal, BadInput | Faults):
        return Told(refusal)
    told, left = Told(), []
    for fault in refusal.faults if isinstance(refusal, Faults) else [refusal]:
        prefix, *rest = fault.place.split(".")
        sentence = say(fault.key, **fault.facts)
        if not rest and fault.place in form:
            form[fault.place].errors = [*form[fault.place].errors, sentence]
            continue
        told.places.setdefault(fault.place, []).append(sentence)
        named = say(rows[prefix], n=int(rest[0]) + 1) if rest and prefix in rows else ""
        left.append(BadInput(fault.key, named, **fault.facts))
    told.refusal = Faults(left) if left else None
    return told


def number_of(text: str) -> int | None:
    """The whole number that was typed, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def day_of(text: str) -> date | None:
    """The day that was typed as 2026-11-22, None for anything else and for days no form takes."""
    try:
        day = parse_day(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
