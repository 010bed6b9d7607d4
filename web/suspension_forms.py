"""The forms of suspensions: the span and its reason, and its end."""

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from web.forms import Form
from web.occurrence_forms import LINE, TEXT


class SuspensionForm(Form):
    """Which unit, from when to when, why, and on what paper."""

    unit = SelectField("suspensions.unit", [InputRequired()])
    with_below = BooleanField("suspensions.with-below")
    first = DateField("suspensions.first", [InputRequired()])
    last = DateField("suspensions.last", [InputRequired()])
    why = RadioField("changes.why", [Optional()])
    reason = TextAreaField("changes.reason", [Length(max=TEXT)])
    ground = StringField("suspensions.ground", [Length(max=LINE)])
    keep_reason = TextAreaField("clashes.keep-reason", [Length(max=TEXT)])


class LiftForm(Form):
    """Why a suspension ends."""

    reason = TextAreaField("suspensions.lift-reason", [InputRequired(), Length(max=TEXT)])
