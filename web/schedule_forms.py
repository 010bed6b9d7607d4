"""The rule of a schedule as a sentence with blanks, and back: the form speaks the keys of a plan file."""

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from scheduler.errors import BadInput
from scheduler.rules.day_off import DEFAULT_WAY, WAYS
from scheduler.rules.hours import read_hours
from scheduler.rules.kinds import KINDS
from scheduler.rules.recurrence import WEEKDAYS
from web.forms import Form, choices

LINE, LINES, TEXT = 200, 2000, 4000
FORMS = (
    ("month-days", "schedules.form-month-days"),
    ("month-nth", "schedules.form-month-nth"),
    ("month-weeks", "schedules.form-month-weeks"),
    ("week", "schedules.form-week"),
    ("quarter-days", "schedules.form-quarter-days"),
    ("quarter-nth", "schedules.form-quarter-nth"),
    ("quarter-weeks", "schedules.form-quarter-weeks"),
    ("year-days", "schedules.form-year-days"),
    ("year-nth", "schedules.form-year-nth"),
    ("year-weeks", "schedules.form-year-weeks"),
    ("dates", "schedules.form-dates"),
)
"""The shapes of a rule: how often, and how its days are picked."""
BY_DAY = ("month-days", "quarter-days", "year-days", "dates")
"""The shapes that name no weekday."""
WAY_WORDS = {
    "next_working_day": "schedules.way-next-working-day",
    "previous_working_day": "schedules.way-previous-working-day",
    "nearest_working_day": "schedules.way-nearest-working-day",
    "first_working_day_of_next_week": "schedules.way-first-working-day-of-next-week",
    "same_weekday_next_week": "schedules.way-same-weekday-next-week",
    "skip": "schedules.way-skip",
    "keep": "schedules.way-keep",
    "announce": "schedules.way-announce",
}
WAY_CHOICES = choices(*((way, WAY_WORDS[way]) for way in WAYS))
KEPT = ("seasons", "changes", "notice")
"""Keys of a series that the form does not show; they stay as the plan file wrote them."""


class ScheduleForm(Form):
    """One series. What a plan file writes as a list stands here as lines, or as numbers with commas."""

    kind = SelectField("schedules.kind", choices=choices(*((kind.key, f"kinds.{kind.key}") for kind in KINDS)))
    hosts = TextAreaField("schedules.hosts", [InputRequired(), Length(max=LINES)], render_kw={"rows": 2})
    together = RadioField(
        "schedules.together",
        choices=choices(("together", "schedules.sit-together"), ("rotation", "schedules.take-turns")),
        default="together",
    )
    shape = SelectField("schedules.shape", choices=choices(*FORMS), default="month-days")
    interval = IntegerField("schedules.interval", [Optional(), NumberRange(1, 99)], default=1)
    days = StringField("schedules.days", [Length(max=LINE)])
    nth = StringField("schedules.nth", [Length(max=LINE)])
    weekdays = SelectMultipleField(
        "schedules.weekdays",
        choices=choices(*((name, f"weekdays.{number}") for number, name in enumerate(WEEKDAYS, 1))),
    )
    month = StringField("schedules.month", [Length(max=LINE)])
    dates = TextAreaField("schedules.dates", [Length(max=TEXT)], render_kw={"rows": 3})
    skip_short = BooleanField("schedules.skip-short")
    months = StringField("schedules.months", [Length(max=LINE)])
    starts = DateField("schedules.starts", [Optional()])
    until = DateField("schedules.until", [Optional()])
    hours = TextAreaField("schedules.hours", [InputRequired(), Length(max=LINE)], render_kw={"rows": 2})
    place = StringField("schedules.place", [Length(max=LINE)])
    weekend = SelectField("schedules.weekend", choices=WAY_CHOICES, default=DEFAULT_WAY)
    holiday = SelectField("schedules.holiday", choices=WAY_CHOICES, default=DEFAULT_WAY)
    same_month = BooleanField("schedules.same-month")
    content = TextAreaField("schedules.content", [Length(max=TEXT)], render_kw={"rows": 3})
    attend = TextAreaField("schedules.attend", [Length(max=TEXT)], render_kw={"rows": 2})
    stand_in = StringField("schedules.stand-in", [Length(max=LINE)])
    register_days = IntegerField("schedules.register-days", [Optional(), NumberRange(0, 60)])
    area = TextAreaField("schedules.area", [Length(max=TEXT)], render_kw={"rows": 2})
    notify = TextAreaField("schedules.notify", [Length(max=LINES)], render_kw={"rows": 2})

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        """A rule by weekdays needs one."""
        if self.shape.data not in BY_DAY and not field.data:
            raise ValidationError("schedules.choose-weekday")


class NewScheduleForm(ScheduleForm):
    """A new schedule also names its unit and its key."""

    unit = StringField("schedules.unit", [InputRequired(), Length(max=LINE)])
    key = StringField("schedules.key", [InputRequired(), Length(max=60)])


class PlanFileForm(Form):
    """A plan file, or the text of one that was just shown."""

    file = FileField("schedules.file")
    text = HiddenField()


def series_of(form: ScheduleForm, key: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """The series in the words of a plan file, blanks left out; whether it can be is for the plan's reader to say."""
    hosts = _lines(form.hosts.data)
    by = form.register_days.data
    plain: dict[str, Any] = {
        "key": key,
        "kind": form.kind.data,
        "rotation" if form.together.data == "rotation" and len(hosts) > 1 else "host": hosts,
        "rule": _rule(form),
        "months": _numbers(form.months.data),
        "starts": form.starts.data,
        "until": form.until.data,
        "hours": _spans(form.hours.data),
        "place": (form.place.data or "").strip(),
        "day_off": _day_off(form),
        "content": (form.content.data or "").strip(),
        "attend": _lines(form.attend.data),
        "stand_in": (form.stand_in.data or "").strip(),
        "register_by": {"working_days": by} if by is not None else _by_day_of_month(kept),
        "area": _lines(form.area.data),
        "notify": _lines(form.notify.data),
    }
    plain |= {name: kept[name] for name in KEPT if name in kept}
    return {name: value for name, value in plain.items() if value not in (None, "", [])}


def _spans(text: str | None) -> list[str]:
    """Hours as people write them ("7h30-11h30"); what cannot be read stays, for the plan's reader to name."""
    try:
        return list(read_hours(text or ""))
    except BadInput:
        return _lines(text)


def blanks_of(series: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the form for a series that is there."""
    rule, way = series["rule"], series.get("day_off", DEFAULT_WAY if "dates" not in series["rule"] else "keep")
    ways = {"weekend": way, "holiday": way} if isinstance(way, str) else way
    hosts = series.get("rotation") or series.get("host", [])
    weekdays = rule.get("weekdays") or [rule.get("weekday")]
    return {
        **{name: series.get(name, "") for name in ("kind", "place", "content", "stand_in")},
        **{name: "\n".join(series.get(name, ())) for name in ("hours", "attend", "area", "notify")},
        "hosts": hosts if isinstance(hosts, str) else "\n".join(hosts),
        "together": "rotation" if series.get("rotation") else "together",
        "shape": _shape(rule),
        "interval": rule.get("interval", 1),
        "days": _joined(rule.get("days")),
        "nth": _joined(rule.get("nth") or rule.get("weeks")),
        "weekdays": [weekday for weekday in weekdays if weekday],
        "month": _joined(rule.get("month")),
        "dates": "\n".join(rule.get("dates", ())),
        "skip_short": rule.get("short_month") == "skip",
        "months": _joined(series.get("months")),
        "weekend": ways.get("weekend", DEFAULT_WAY),
        "holiday": ways.get("holiday", DEFAULT_WAY),
        "same_month": bool(ways.get("same_month", False)),
        "register_days": (series.get("register_by") or {}).get("working_days"),
    }


def _by_day_of_month(kept: Mapping[str, Any]) -> dict[str, Any] | None:
    by = kept.get("register_by") or {}
    return by if "day" in by else None


def _rule(form: ScheduleForm) -> dict[str, Any]:
    every, _, pick = form.shape.data.partition("-")
    weekdays = form.weekdays.data or []
    if every == "dates":
        return {"dates": _lines(form.dates.data)}
    rule: dict[str, Any] = {"every": every}
    if every == "week":
        rule["weekdays"] = weekdays
    elif pick == "days":
        rule["days"] = _numbers(form.days.data)
        rule |= {"short_month": "skip"} if form.skip_short.data else {}
    else:
        rule |= {"nth" if pick == "nth" else "weeks": _numbers(form.nth.data), "weekday": "".join(weekdays[:1])}
    if every in ("quarter", "year"):
        rule["month"] = _numbers(form.month.data)
    elif form.interval.data and form.interval.data > 1:
        rule["interval"] = form.interval.data
    return rule


def _day_off(form: ScheduleForm) -> str | dict[str, Any] | None:
    weekend, holiday = form.weekend.data, form.holiday.data
    if weekend == holiday and not form.same_month.data:
        default = "keep" if form.shape.data == "dates" else DEFAULT_WAY
        return None if weekend == default else str(weekend)
    ways: dict[str, Any] = {"weekend": weekend, "holiday": holiday}
    return ways | ({"same_month": True} if form.same_month.data else {})


def _shape(rule: Mapping[str, Any]) -> str:
    if "dates" in rule:
        return "dates"
    pick = next((pick for pick in ("days", "nth", "weeks") if pick in rule), "")
    return "-".join(part for part in (rule["every"], pick) if part)


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _numbers(text: str | None) -> list[str]:
    """Numbers as they were typed; the plan's reader refuses what is none."""
    return [part.strip() for part in (text or "").replace(";", ",").split(",") if part.strip()]


def _joined(values: Any) -> str:
    return ", ".join(str(value) for value in values or ())
