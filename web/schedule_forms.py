"""The forms of the rule editor: one sentence with blanks, read by the same reader as a plan file."""

import json
from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scheduler.errors import BadInput, Faults
from scheduler.intake.plan_faults import Reading
from scheduler.intake.plan_file import node_of
from scheduler.intake.plan_series import series_of
from scheduler.intake.plan_values import PlanSeries
from scheduler.rules.day_off import DEFAULT_WAY, WAYS
from scheduler.rules.hours import read_hours
from scheduler.rules.kinds import KINDS
from scheduler.rules.recurrence import MOST_TIMES, WEEKDAYS
from web.form_rows import typed_rows
from web.forms import Form, choices
from web.language import say
from web.schedule_blanks import BY_SHAPE, CHANGE_NAMES, SEASON_NAMES, plain_of, split_numbers
from web.uploads import UploadField

LINE, LINES, TEXT = 200, 2000, 4000
MOST_ROWS = 60
SHAPES = choices(*((shape, f"schedules.form-{shape}") for shape in BY_SHAPE))
WAY_CHOICES = choices(*((way, f"schedules.way-{way.replace('_', '-')}") for way in WAYS))
ONE_WEEKDAY = tuple(shape for shape in BY_SHAPE if shape.endswith(("-nth", "-weeks")))
LONG_DAYS = ("29", "30", "31")
MORE = (
    "content", "attend", "stand_in", "area", "register_days", "register_day", "notify", "notice_number", "notice_day",
    "notice_signer",
)  # fmt: skip
"""What a notice may carry besides; folded until something stands there."""
FIELD_OF = {
    "host": "hosts", "rotation": "hosts", "weekday": "weekdays", "weeks": "nth", "reason": "content",
    "working_days": "register_days", "day": "register_day",
}  # fmt: skip
"""Fields that are called otherwise than the key of a plan file."""
Row = dict[str, str]


class ScheduleForm(Form):
    """One series. What a plan file writes as a list stands here as lines, or as numbers with commas.

    `series` is what was typed, validated, once the form is whole; `seasons` and `changes` are its rows as typed.
    """

    kind = SelectField("schedules.kind", choices=choices(*((kind.key, f"kinds.{kind.key}") for kind in KINDS)))
    hosts = TextAreaField("schedules.hosts", [InputRequired(), Length(max=LINES)], render_kw={"rows": 2})
    together = RadioField(
        "schedules.together",
        choices=choices(("together", "schedules.sit-together"), ("rotation", "schedules.take-turns")),
        default="together",
    )
    shape = SelectField("schedules.shape", choices=SHAPES, default="month-days")
    reading = HiddenField()  # which of two readings was chosen: "", "nth", "weeks"
    interval = IntegerField("schedules.interval", [Optional(), NumberRange(1, 99)], default=1)
    days = StringField("schedules.days", [Length(max=LINE)], render_kw={"placeholder": "15"})
    nth = StringField("schedules.nth", [Length(max=LINE)])
    weekdays = SelectMultipleField(
        "schedules.weekdays",
        choices=choices(*((name, f"weekdays.{number}") for number, name in enumerate(WEEKDAYS, 1))),
    )
    month = StringField("schedules.month", [Length(max=LINE)])
    times = IntegerField("schedules.times", [Optional(), NumberRange(1, MOST_TIMES)])
    dates = TextAreaField("schedules.dates", [Length(max=TEXT)], render_kw={"rows": 3})
    short_month = SelectField(
        "schedules.short-month",
        choices=choices(
            ("", "schedules.short-choose"), ("last_day", "schedules.short-last-day"), ("skip", "schedules.short-skip")
        ),
        default="",
    )
    months = StringField("schedules.months", [Length(max=LINE)])
    starts = DateField("schedules.starts", [Optional()])
    until = DateField("schedules.until", [Optional()])
    hours = StringField(
        "schedules.hours", [InputRequired(), Length(max=LINE)], render_kw={"placeholder": "07:30-11:30"}
    )
    place = StringField("schedules.place", [Length(max=LINE)])
    weekend = SelectField("schedules.weekend", choices=WAY_CHOICES, default=DEFAULT_WAY)
    holiday = SelectField("schedules.holiday", choices=WAY_CHOICES, default=DEFAULT_WAY)
    same_month = BooleanField("schedules.same-month")
    content = TextAreaField("schedules.content", [Length(max=TEXT)], render_kw={"rows": 3})
    attend = TextAreaField("schedules.attend", [Length(max=TEXT)], render_kw={"rows": 2})
    stand_in = StringField("schedules.stand-in", [Length(max=LINE)])
    register_days = IntegerField("schedules.register-days", [Optional(), NumberRange(0, 60)])
    register_day = IntegerField("schedules.register-day", [Optional(), NumberRange(1, 31)])
    area = TextAreaField("schedules.area", [Length(max=TEXT)], render_kw={"rows": 2})
    notify = TextAreaField("schedules.notify", [Length(max=LINES)], render_kw={"rows": 2})
    notice_number = StringField("schedules.notice-number", [Length(max=LINE)])
    notice_day = DateField("schedules.notice-day", [Optional()])
    notice_signer = StringField("schedules.notice-signer", [Length(max=LINE)])

    series_key = ""
    series: PlanSeries | None = None
    seasons: tuple[Row, ...] = ()
    changes: tuple[Row, ...] = ()

    def take_rows(self) -> None:
        """Read the seasons and changes that were sent, blank lines left out."""
        self.seasons = _filled(typed_rows("seasons", SEASON_NAMES, MOST_ROWS))
        self.changes = _filled(typed_rows("changes", CHANGE_NAMES, MOST_ROWS), but=("action",))

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Also read the whole as a plan file's series: each fault at its field, the others in `refusal`."""
        self.take_rows()
        whole = super().validate(extra_validators)
        if self.asks("times") and not self.times.data and not self.times.errors:
            self.times.errors = [say("schedules.choose-times")]
            whole = False
        if not whole:
            return False
        reading = Reading()
        node = node_of(plain_of(self, self.series_key or (self.key.data if "key" in self else "")))
        self.series = reading.take(series_of, node, "series")
        left = [fault for fault in reading.faults if not self._told_at_field(fault)]
        self.refusal = Faults(left) if left else None
        return not reading.faults

    def _told_at_field(self, fault: BadInput) -> bool:
        name = str(fault.facts.get("name", ""))
        field = FIELD_OF.get(name, name)
        if field not in self:
            return False
        words = say(self[field].label.text)
        self[field].errors = [*self[field].errors, say(fault.key, **(fault.facts | {"name": words, "owner": ""}))]
        return True

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        """A rule by weekdays needs one; the n-th of a month is one weekday's."""
        if self.asks("weekdays") and not field.data:
            raise ValidationError("schedules.choose-weekday")
        if self.shape.data in ONE_WEEKDAY and len(field.data or ()) > 1:
            raise ValidationError("schedules.one-weekday")

    def validate_short_month(self, field: SelectField) -> None:
        """Days that not every month has: what becomes of them is asked, never assumed."""
        if self.asks_short_month and not field.data:
            raise ValidationError("schedules.choose-short-month")

    def validate_hours(self, field: StringField) -> None:
        """Hours as people write them."""
        try:
            read_hours(field.data or "")
        except BadInput as fault:
            raise ValidationError(say(fault.key, **fault.facts)) from None

    def part(self, name: str) -> str:
        """How often ("every") or how its days are picked ("pick"), of the chosen shape."""
        every, _, pick = (self.shape.data or "").partition("-")
        return every if name == "every" else pick

    def asks(self, blank: str) -> bool:
        """Whether the chosen shape has this blank."""
        if blank == "day-off":
            return self.part("pick") != "times"
        if blank == "short_month":
            return self.asks_short_month
        return blank in BY_SHAPE.get(self.shape.data or "", ())

    @property
    def shapes_json(self) -> str:
        """The blanks of each shape, for the script of the page."""
        return json.dumps(BY_SHAPE)

    @property
    def more_given(self) -> bool:
        """Whether anything stands in the folded part."""
        return any(self[name].data not in (None, "") for name in MORE) or bool(self.seasons or self.changes)

    @property
    def season_rows(self) -> list[Row]:
        """The rows as typed, and one to fill."""
        return [*self.seasons, {}]

    @property
    def change_rows(self) -> list[Row]:
        """The rows as typed, and two to fill."""
        return [*self.changes, {}, {}]

    @property
    def asks_short_month(self) -> bool:
        """Whether a day is named that some month does not have."""
        named = split_numbers(self.days.data)
        return self.asks("days") and any(day in LONG_DAYS for day in named)


class NewScheduleForm(ScheduleForm):
    """A new schedule also names its unit and its key."""

    unit = StringField("schedules.unit", [InputRequired(), Length(max=LINE)])
    key = StringField("schedules.key", [InputRequired(), Length(max=60)])


class PlanFileForm(Form):
    """A plan file, or the text of one that was just shown."""

    file = UploadField("schedules.file")
    text = HiddenField()


def _filled(rows: list[Row], but: tuple[str, ...] = ()) -> tuple[Row, ...]:
    return tuple(row for row in rows if any(value for name, value in row.items() if name not in but))
