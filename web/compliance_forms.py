"""The form of the compliance board: a report that was sent."""

from wtforms import DateField, HiddenField, StringField
from wtforms.validators import InputRequired, Length

from web.forms import Form


class SentReportForm(Form):
    """Which period's report left, when, under which number."""

    period = HiddenField(validators=[InputRequired(), Length(max=10)])
    sent_on = DateField("compliance.sent-on", [InputRequired()])
    number = StringField("compliance.number", [Length(max=200)])
