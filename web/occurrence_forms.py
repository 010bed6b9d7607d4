"""The forms of sittings: giving back, publishing, editing, changing, planning an ad-hoc one."""

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.rules.kinds import ADHOC_GROUNDS
from web.forms import Form, choices
from web.uploads import PdfField

LINE, TEXT = 200, 2000


class ReturnForm(Form):
    """Why sittings go back to who drafted them."""

    reason = TextAreaField("occurrences.reason", [InputRequired(), Length(max=TEXT)])


class NoticeForm(Form):
    """What a publication is given: the notice's marks where they exist, and the reason where it comes late."""

    number = StringField("occurrences.notice-number", [Length(max=LINE)])
    signed_on = DateField("occurrences.signed-on", [Optional()])
    signer = StringField("occurrences.signer", [Length(max=LINE)])
    reason = TextAreaField("occurrences.late-reason", [Length(max=TEXT)])
    keep_reason = TextAreaField("clashes.keep-reason", [Length(max=TEXT)])


class PaperForm(Form):
    """A paper that was signed: its marks, and the scanned file."""

    number = StringField("occurrences.paper-number", [InputRequired(), Length(max=LINE)])
    signed_on = DateField("occurrences.signed-on", [InputRequired()])
    signer = StringField("occurrences.signer", [InputRequired(), Length(max=LINE)])
    signature_form = StringField("occurrences.signature-form", [Length(max=LINE)])
    pdf = PdfField("occurrences.pdf")


class AgreementForm(Form):
    """The paper on which another office agreed to a joint sitting."""

    number = StringField("occurrences.paper-number", [InputRequired(), Length(max=LINE)])
    signed_on = DateField("occurrences.signed-on", [InputRequired()])
    signer = StringField("occurrences.signer", [InputRequired(), Length(max=LINE)])


class EditForm(Form):
    """A sitting that is not public yet."""

    version = HiddenField()
    day = DateField("occurrences.day", [InputRequired()])
    hours = StringField("occurrences.hours", [InputRequired(), Length(max=LINE)])
    place = StringField("occurrences.place", [Length(max=LINE)])
    content = TextAreaField("occurrences.content", [Length(max=TEXT)])
    attend = TextAreaField("occurrences.attend", [Length(max=TEXT)])
    stand_in = StringField("occurrences.stand-in", [Length(max=LINE)])
    reason = StringField("occurrences.edit-reason", [Length(max=TEXT)])


class ChangeForm(Form):
    """A change of a published sitting; each step shows the fields it needs."""

    version = HiddenField()
    free_day = RadioField("changes.free-day", [Optional()], validate_choice=False)
    day = DateField("changes.day", [Optional()])
    hours = StringField("changes.hours", [Length(max=LINE)])
    place = StringField("changes.place", [Length(max=LINE)])
    told_by = DateField("changes.told-by", [Optional()])
    chair_post = SelectField("changes.chair-post", [Optional()], validate_choice=False)
    chair = StringField("changes.chair", [Length(max=LINE)])
    back_to_head = BooleanField("changes.back-to-head")
    why = RadioField("changes.why", [Optional()])
    reason = TextAreaField("changes.reason", [Length(max=TEXT)])
    notice_number = StringField("changes.notice-number", [Length(max=LINE)])
    keep_reason = TextAreaField("clashes.keep-reason", [Length(max=TEXT)])


class AdhocForm(Form):
    """A sitting outside the yearly plan."""

    unit = HiddenField()
    kind = SelectField("adhoc.kind", [InputRequired()])
    post = SelectField("adhoc.post", [InputRequired()])
    ground = RadioField(
        "adhoc.ground", [Optional()], choices=choices(*((ground, f"adhoc.ground-{ground}") for ground in ADHOC_GROUNDS))
    )
    day = DateField("occurrences.day", [InputRequired()])
    hours = StringField("occurrences.hours", [InputRequired(), Length(max=LINE)])
    place = StringField("occurrences.place", [InputRequired(), Length(max=LINE)])
    content = TextAreaField("occurrences.content", [Length(max=TEXT)])
    attend = TextAreaField("occurrences.attend", [Length(max=TEXT)])
    keep_reason = TextAreaField("clashes.keep-reason", [Length(max=TEXT)])
