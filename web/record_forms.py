"""The forms of what comes after a sitting: its record, its conclusion, and the steps of a task."""

from wtforms import BooleanField, DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from web.forms import Form
from web.uploads import PdfField

LINE, TEXT = 200, 4000


class RecordForm(Form):
    """Counts of a sitting; who sat is written in rows of its own. Each kind shows the numbers it has."""

    version = HiddenField()
    nobody_came = BooleanField("records.nobody-came")
    visits = IntegerField("records.visits", [Optional()])
    persons = IntegerField("records.persons", [Optional()])
    groups = IntegerField("records.groups", [Optional()])
    group_persons = IntegerField("records.group-persons", [Optional()])
    attendances = IntegerField("records.attendances", [Optional()])
    opinions = IntegerField("records.opinions", [Optional()])
    answered_on_the_spot = IntegerField("records.answered", [Optional()])
    note = TextAreaField("records.note", [Length(max=TEXT)])
    reason = StringField("records.reason", [Length(max=LINE)])


class ConclusionForm(Form):
    """The notice's marks; its items are written in rows of their own."""

    version = HiddenField()
    number = StringField("conclusions.number", [Length(max=LINE)])
    signed_on = DateField("conclusions.signed-on", [Optional()])
    signer = StringField("conclusions.signer", [Length(max=LINE)])
    nothing_to_do = BooleanField("conclusions.nothing-to-do")
    pdf = PdfField("conclusions.pdf")


class TaskForm(Form):
    """One step of a task; each step shows the fields it needs."""

    version = HiddenField()
    text = TextAreaField("followups.text", [Length(max=TEXT)])
    until = DateField("followups.until", [Optional()])
    working_days = IntegerField("followups.working-days", [Optional()])
    pdf = PdfField("followups.pdf")
