"""The forms of proposed suspensions: what is asked of whom, and the answer."""

from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from web.forms import Form, choices
from web.occurrence_forms import LINE, TEXT


class ProposeForm(Form):
    """In whose name, from when to when, why, on what paper, and to whom; the units themselves are ticked."""

    unit = SelectField("suspension_proposals.in-name-of", [Optional()])
    first = DateField("suspensions.first", [InputRequired()])
    last = DateField("suspensions.last", [InputRequired()])
    why = RadioField("changes.why", [Optional()])
    reason = TextAreaField("changes.reason", [Length(max=TEXT)])
    ground = StringField("suspensions.ground", [Length(max=LINE)])
    whom = RadioField(
        "suspension_proposals.units",
        choices=choices(("all", "suspension_proposals.all"), ("chosen", "suspension_proposals.chosen")),
        default="all",
    )


class AnswerForm(Form):
    """Why the suspension does not apply, and why a clash is kept where it does."""

    reason = TextAreaField("suspension_proposals.decline-reason", [Length(max=TEXT)])
    keep_reason = TextAreaField("clashes.keep-reason", [Length(max=TEXT)])
