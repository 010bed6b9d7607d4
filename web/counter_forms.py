"""The forms of the counter: a press, somebody at the door, and a group."""

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from scheduler.links import new_slug
from scheduler.rules.registrations import TOPICS
from web.forms import Form, choices

WORDS = 1000
NAMES = 700


class PressForm(Form):
    """One press for one visit: the row's version as it was seen, and where the officer stood on the page."""

    version = HiddenField()
    at = HiddenField()


GROUP_TOPICS = (("", "registrations.choose"), *((key, f"registrations.topic-{key}") for key in TOPICS))


class WalkInForm(Form):
    """Somebody at the door; `mark` is the form's own word."""

    name = StringField("counter.name", [Length(max=120)])
    mark = HiddenField(default=new_slug)


class GroupForm(Form):
    """Many people on one matter: a head count and who speaks for them. `phone` is that of the police, if unknown."""

    people = StringField("counter.people", [Length(max=20)])
    topic = SelectField("counter.topic", choices=choices(*GROUP_TOPICS))
    words = TextAreaField("counter.words", [Length(max=WORDS)])
    representatives = TextAreaField("counter.representatives", [Length(max=NAMES)])
    phone = StringField("counter.police-phone", [Length(max=40)])
    mark = HiddenField(default=new_slug)
    version = HiddenField()
