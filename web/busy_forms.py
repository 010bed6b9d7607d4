"""The forms of busy times: a leader's other calendar, and the pasted weekly schedule."""

from wtforms import FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.rules.busy import LARGEST
from web.forms import Form

LINE = 120
LONGEST_ADDRESS = 2_000
LONGEST_TEXT = 60_000


class CalendarFile(FileField):
    """An .ics file; its content is judged by who reads it."""

    def given(self) -> bytes:
        """The file, as far as it is read at all; blank where none was chosen."""
        storage = self.data
        return bytes(storage.read(LARGEST + 1)) if storage and getattr(storage, "filename", "") else b""


class CalendarForm(Form):
    """Whose calendar, and where it comes from: an address that is read regularly, or a file."""

    unit = HiddenField()
    whose = SelectField("busy.whose", [InputRequired()])
    name = StringField("busy.name", [Length(max=LINE)])
    address = StringField("busy.address", [Optional(), Length(max=LONGEST_ADDRESS)])
    file = CalendarFile("busy.file")


class WeekForm(Form):
    """The weekly schedule as it stands in Word; whose time it takes where its lines do not say."""

    unit = HiddenField()
    whose = SelectField("busy.whose-else", [InputRequired()])
    text = TextAreaField("week.text", [InputRequired(), Length(max=LONGEST_TEXT)], render_kw={"rows": 14})
