"""The page of a pasted notice as a form: what holds for the whole notice, and one row for each of its days."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from flask import request
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scheduler.errors import BadInput
from scheduler.intake.pasted_dates import PrintedDay
from scheduler.intake.pasted_notice import MOST_DAYS, MOST_SIGNS
from scheduler.intake.pasted_plan import Sitting
from scheduler.intake.pasted_values import PastedNotice, agrees, nearby_day, years_that_agree
from scheduler.intake.pasted_words import tidy
from scheduler.rules.day_off import WAYS
from scheduler.rules.hours import read_hours, written_hours
from web.forms import Form, choices

LINE = 200
FIRST_YEAR, LAST_YEAR = 2000, 2100
BLANK_ROWS = 1
FEW = 3
DAY = re.compile(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})(?:\s*[/.-]\s*(\d{4}))?\s*")
NOT_SAID = ""
WAY_WORDS = {way: f"schedules.way-{way.replace('_', '-')}" for way in WAYS}


class PasteForm(Form):
    """The text, the unit it is for, and what was understood of the whole notice."""

    text = TextAreaField("pasted_notice.text", [InputRequired(), Length(max=MOST_SIGNS)], render_kw={"rows": 12})
    unit = StringField("schedules.unit", [InputRequired(), Length(max=LINE)])
    printed_year = IntegerField("pasted_notice.printed-year", [Optional(), NumberRange(FIRST_YEAR, LAST_YEAR)])
    year = SelectField("pasted_notice.year", coerce=int)
    day_off = SelectField(
        "pasted_notice.day-off",
        choices=choices((NOT_SAID, "pasted_notice.day-off-not-said"), *WAY_WORDS.items()),
        default=NOT_SAID,
    )
    place = StringField("schedules.place", [Length(max=LINE)])
    attend = StringField("schedules.attend", [Length(max=LINE)])
    stand_in = StringField("schedules.stand-in", [Length(max=LINE)])
    number = StringField("pasted_notice.number", [Length(max=LINE)])
    signed_on = DateField("pasted_notice.signed-on", [Optional()])
    missing_hours = StringField(
        "pasted_notice.missing-hours", [Length(max=LINE)], render_kw={"placeholder": "07:30-11:30"}
    )

    def validate_missing_hours(self, field: StringField) -> None:
        """Hours for the days that name none, as people write them."""
        try:
            if field.data:
                read_hours(field.data)
        except BadInput:
            raise ValidationError("pasted_notice.no-hours") from None

    @property
    def hours_for_all(self) -> str:
        """What stands in for hours that a day does not name, "" where nothing readable was typed."""
        return "" if self.missing_hours.errors else (self.missing_hours.data or "").strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One day as the page shows it and as a person leaves it; `line` is 0 for one that was added by hand."""

    index: int
    line: int
    day: str
    host: str
    hours: str
    said: int | None = None
    kept: bool = True
    fault: str = ""

    @property
    def printed(self) -> PrintedDay | None:
        """The day with its printed weekday, None for what is no day."""
        found = DAY.fullmatch(self.day)
        if found is None or not 1 <= int(found[2]) <= 12:
            return None
        return PrintedDay(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, self.said)

    def date_in(self, year: int) -> date | None:
        """The date, in this year where the row names none."""
        return self.printed.in_year(year) if self.printed else None

    def misprint(self, year: int) -> tuple[date, date | None, list[int]] | None:
        """(the date, the nearest one of the printed weekday, years in which it would be right) where they differ."""
        printed, day = self.printed, self.date_in(year)
        if printed is None or day is None or printed.weekday is None or agrees(printed, day.year):
            return None
        return day, nearby_day(printed, day.year), years_that_agree(replace(printed, year=None), day.year)[:FEW]


def rows_of(notice: PastedNotice, year: int) -> list[Row]:
    """The days of a notice as rows."""
    rows = []
    for index, found in enumerate(notice.days):
        printed = found.printed
        day = f"{printed.day:02}/{printed.month:02}/{printed.year or year}"
        hours = written_hours(found.hours)
        rows.append(Row(index, found.line, day, found.host, hours, printed.weekday))
    return rows


def rows_sent() -> list[Row]:
    """The rows as a person left them; one added by hand and left blank is none."""
    columns = [
        request.form.getlist(name)[: MOST_DAYS + BLANK_ROWS] for name in ("line", "day", "host", "hours", "said")
    ]
    kept = set(request.form.getlist("keep"))
    rows = []
    for index, (line, day, host, hours, said) in enumerate(zip(*columns, strict=False)):
        typed = tidy(day).strip()[:LINE], tidy(host).strip()[:LINE], tidy(hours).strip()[:LINE]
        number = int(line) if line.isascii() and line.isdigit() else 0
        weekday = int(said) if said in tuple("0123456") else None
        if number or typed[0]:
            rows.append(Row(index, number, *typed, weekday, str(index) in kept or not number))
    return rows


def judged(rows: Iterable[Row], year: int) -> list[Row]:
    """The rows, each with the key of what is wrong with it."""
    return [replace(row, fault=_fault(row, year)) if row.kept else row for row in rows]


def sittings_of(rows: Iterable[Row], year: int) -> list[Sitting]:
    """The days of the rows that are kept and whole."""
    found = []
    for row in rows:
        day = row.date_in(year)
        if row.kept and not row.fault and day is not None:
            found.append(Sitting(day, row.host, read_hours(row.hours)))
    return found


def _fault(row: Row, year: int) -> str:
    if row.date_in(year) is None:
        return "pasted_notice.no-such-day"
    if not row.host:
        return "pasted_notice.no-host"
    try:
        read_hours(row.hours)
    except BadInput as refusal:
        return refusal.key if refusal.key == "hours.missing" else "pasted_notice.no-hours"
    return ""
