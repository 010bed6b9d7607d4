"""The forms of units, posts, places and holders."""

from wtforms import BooleanField, DateField, EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from scheduler.links import new_slug
from web.account_forms import LANGUAGE_CHOICES, LINE
from web.forms import Form
from web.uploads import UploadField


class UnitForm(Form):
    """How a unit is called and reached."""

    name = StringField("directory.name", [InputRequired(), Length(max=LINE)])
    phone = StringField("directory.phone", [Length(max=50)])
    email = EmailField("directory.email", [Length(max=LINE)])
    address = StringField("directory.address", [Length(max=LINE)])


class NewUnitForm(UnitForm):
    """A unit below another."""

    once = HiddenField("directory.once", [Length(max=LINE)], default=new_slug)


class PostForm(Form):
    """A post of a unit."""

    title = StringField("directory.post-title", [InputRequired(), Length(max=LINE)])
    is_head = BooleanField("directory.is-head")
    once = HiddenField("directory.once", [Length(max=LINE)], default=new_slug)


class PlaceForm(Form):
    """A place where people are received."""

    name = StringField("directory.place-name", [InputRequired(), Length(max=LINE)])
    address = StringField("directory.address", [Length(max=LINE)])
    directions = TextAreaField("directory.directions", [Length(max=1000)])
    phone = StringField("directory.phone", [Length(max=50)])
    once = HiddenField("directory.once", [Length(max=LINE)], default=new_slug)


class MoveForm(Form):
    """Below which unit it stands from now on."""

    parent = StringField("directory.parent", [InputRequired(), Length(max=LINE)], render_kw={"list": "units"})


class SuccessionForm(Form):
    """What a resolution makes of a unit; `seen` names what was previewed."""

    kind = HiddenField("succession.kind")
    seen = HiddenField("succession.seen")
    day = DateField("succession.day", [InputRequired()])
    number = StringField("succession.number", [InputRequired(), Length(max=LINE)])
    signed_on = DateField("succession.signed-on", [InputRequired()])
    name = StringField("succession.new-name", [Length(max=LINE)])
    code = StringField("succession.new-code", [Length(max=LINE)])
    others = TextAreaField("succession.others", [Length(max=4000)])
    shares = TextAreaField("succession.shares", [Length(max=60000)])
    keep_reason = TextAreaField("succession.keep-reason", [Length(max=1000)])


class HolderForm(Form):
    """Who holds a post from a day on."""

    name = StringField("directory.holder-name", [InputRequired(), Length(max=LINE)], render_kw={"autocomplete": "off"})
    email = EmailField("directory.email", [Length(max=LINE)], render_kw={"autocomplete": "off"})
    phone = StringField("directory.phone", [Length(max=50)], render_kw={"autocomplete": "off"})
    since = DateField("directory.since", [InputRequired()])
    until = DateField("directory.until", [Optional()])


class PersonForm(Form):
    """How a holder is called and reached."""

    name = StringField("directory.holder-name", [InputRequired(), Length(max=LINE)], render_kw={"autocomplete": "off"})
    email = EmailField("directory.email", [Length(max=LINE)], render_kw={"autocomplete": "off"})
    phone = StringField("directory.phone", [Length(max=50)], render_kw={"autocomplete": "off"})
    language = SelectField("directory.language", choices=LANGUAGE_CHOICES)


class LeaveForm(Form):
    """The last day in a post."""

    until = DateField("directory.last-day", [InputRequired()])


class HoldersFileForm(Form):
    """A file of holders; the second time its rows as they were previewed."""

    file = UploadField("directory.file")
    rows = TextAreaField("directory.rows")
