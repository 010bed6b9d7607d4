"""The forms of units, posts, places and holders."""

from wtforms import BooleanField, DateField, EmailField, FileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from web.account_forms import LANGUAGE_CHOICES, LINE
from web.forms import Form


class UnitForm(Form):
    """How a unit is called and reached."""

    name = StringField("directory.name", [InputRequired(), Length(max=LINE)])
    phone = StringField("directory.phone", [Length(max=50)])
    email = EmailField("directory.email", [Length(max=LINE)])
    address = StringField("directory.address", [Length(max=LINE)])


class NewUnitForm(UnitForm):
    """A unit below another."""


class PostForm(Form):
    """A post of a unit."""

    title = StringField("directory.post-title", [InputRequired(), Length(max=LINE)])
    is_head = BooleanField("directory.is-head")


class PlaceForm(Form):
    """A place where people are received."""

    name = StringField("directory.place-name", [InputRequired(), Length(max=LINE)])
    address = StringField("directory.address", [Length(max=LINE)])
    directions = TextAreaField("directory.directions", [Length(max=1000)])
    phone = StringField("directory.phone", [Length(max=50)])


class MergeForm(Form):
    """Which unit takes over, and from when."""

    successor = StringField("directory.successor", [InputRequired(), Length(max=LINE)])
    since = DateField("directory.merged-since", [InputRequired()])


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

    file = FileField("directory.file")
    rows = TextAreaField("directory.rows")
