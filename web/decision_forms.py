"""The form of a decision on days off: its text or file, how it names itself, and its days as an editable table."""

from dataclasses import dataclass
from datetime import date

from flask import request
from wtforms import DateField, FileField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from scheduler.errors import BadInput
from scheduler.intake.days_csv import read_days_file
from scheduler.intake.pasted_decision import DecidedDay, PastedDecision, read_decision
from scheduler.language import say as say_in
from scheduler.rules.working_days import Day
from web.form_rows import day_of, typed_rows
from web.forms import Form
from web.occurrence_forms import LINE

MOST_SIGNS = 30_000
MOST_DAYS = 120
NEXT_YEAR_FROM = 10
"""From this month on a date without a year is one of the year to come."""


class DecisionForm(Form):
    """What is pasted or imported, and what the paper is."""

    text = TextAreaField("decisions.text", [Length(max=MOST_SIGNS)])
    file = FileField("calendar_days.file")
    number = StringField("decisions.number", [Length(max=LINE)])
    signed_on = DateField("decisions.signed-on", [Optional()])
    name = StringField("decisions.name", [Length(max=LINE)])


class DecideForm(Form):
    """Why, in one sentence for all rows, and why a clash is kept."""

    reason = TextAreaField("proposals.reason", [Length(max=1000)])
    keep_reason = TextAreaField("clashes.keep-reason", [Length(max=1000)])


@dataclass(frozen=True)
class TypedDay:
    """A row of the table as it stands in the form; `read` is what the pasted line says of the day."""

    day: str
    off: bool
    name: str
    used: bool = True
    read: DecidedDay | None = None


def typed_days() -> list[TypedDay]:
    """The rows that were sent, empty ones left out."""
    rows = typed_rows("days", ("day", "off", "name", "use"), MOST_DAYS)
    return [
        TypedDay(row["day"], row["off"] != "work", row["name"], bool(row["use"]))
        for row in rows
        if row["day"] or row["name"]
    ]


def read_again(form: DecisionForm, today: date) -> PastedDecision:
    """What the pasted text says; nothing where none was pasted. Raises BadInput for what is no text of days."""
    if not (form.text.data or "").strip():
        return PastedDecision()
    return read_decision(form.text.data or "", today.year + (today.month >= NEXT_YEAR_FROM))


def days_of_file() -> list[Day]:
    """The days of the file that was sent, none without one. Raises Faults with each row that cannot be."""
    storage = request.files.get("file")
    return read_days_file(storage.read()) if storage is not None and storage.filename else []


def chosen_days(rows: list[TypedDay], form: DecisionForm) -> list[Day]:
    """The ticked rows as named days that rest on this paper. Raises BadInput for a row without a day."""
    number, signed_on = (form.number.data or "").strip(), form.signed_on.data
    basis = say_in("vi", "decisions.basis", number=number, day=signed_on) if signed_on else number
    days = []
    for place, row in enumerate(rows, 1):
        if not row.used:
            continue
        day = day_of(row.day)
        if day is None:
            raise BadInput("decisions.row-without-day", "", n=place)
        days.append(Day(day, row.off, row.name, basis or "–"))
    return days
