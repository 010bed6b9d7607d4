"""The form of a delegation: who acts instead, in what, from which day to which, and why."""

from wtforms import DateField, HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.rules.permissions import DELEGABLE
from web.forms import Form, choices

LINE = 500


class DelegationForm(Form):
    """`giver` is the role that is lent (its person and its unit), chosen before the form is shown."""

    giver = HiddenField()
    receiver = SelectField("delegations.receiver", [InputRequired()])
    acts = SelectMultipleField(
        "delegations.acts", [InputRequired()], choices=choices(*((act, f"delegations.act-{act}") for act in DELEGABLE))
    )
    first_day = DateField("delegations.first-day", [InputRequired()])
    last_day = DateField("delegations.last-day", [InputRequired()])
    reason = StringField("delegations.reason", [InputRequired(), Length(max=LINE)])
