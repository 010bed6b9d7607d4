"""The forms of registering: the question that comes first, what is told, and what is changed afterwards."""

from collections.abc import Callable, Iterable
from typing import Any

from wtforms import Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, StopValidation

from scheduler.actions.registration_contact import checked_contact
from scheduler.errors import BadInput
from scheduler.models import Occurrence
from scheduler.queries.registrations import Window
from scheduler.rules.registration_input import (
    checked_count,
    checked_line,
    checked_name,
    checked_representatives,
    checked_words,
)
from scheduler.rules.registrations import TOPICS
from web.forms import Form, choices
from web.language import say
from web.open_forms import OpenForm
from web.registration_words import span_of

EARLIEST = ""
ALONE, GROUP = "alone", "group"
COMMUNE = 200
Rule = Callable[..., object]


def kept(rule: Rule, *more: Any, needed: bool = True) -> Callable[[Any, Field], None]:
    """A validator that asks a rule of the house; a blank field that is not needed is left alone."""

    def ask(_form: Any, field: Field) -> None:
        if not needed and not (field.data or "").strip():
            raise StopValidation()
        try:
            rule(field.data or "", *more)
        except BadInput as refusal:
            raise StopValidation(say(refusal.key, **refusal.facts)) from None

    return ask


class AboutForm(Form):
    """The question that is asked before anything else."""

    about = RadioField(
        "registrations.about",
        [InputRequired()],
        choices=choices(("no", "registrations.about-no"), ("yes", "registrations.about-yes")),
    )


class RegisterForm(AboutForm, OpenForm):
    """What somebody tells when registering."""

    name = StringField("registrations.name", [kept(checked_name)])
    contact = StringField("registrations.contact", [kept(checked_contact)])
    home = StringField("registrations.home", [kept(checked_line, "home", COMMUNE, needed=False)])
    topic = SelectField(
        "registrations.topic",
        [InputRequired()],
        choices=choices(("", "registrations.choose"), *((key, f"registrations.topic-{key}") for key in TOPICS)),
    )
    words = TextAreaField("registrations.words", [kept(checked_words, needed=False)])
    together = RadioField(
        "registrations.together",
        [InputRequired()],
        default=ALONE,
        choices=choices((ALONE, "registrations.alone"), (GROUP, "registrations.group")),
    )
    people = StringField("registrations.people")
    representatives = TextAreaField("registrations.representatives")
    window = SelectField("registrations.window", default=EARLIEST)

    def validate_people(self, field: Field) -> None:
        """A group says how many it is."""
        if self.together.data == GROUP:
            kept(checked_count)(self, field)

    def validate_representatives(self, field: Field) -> None:
        """No more of them than the law lets speak."""
        if self.together.data == GROUP and not self.people.errors and self.count:
            kept(checked_representatives, self.count, "")(self, field)

    @property
    def count(self) -> int:
        """How many come; 0 where it cannot be read."""
        if self.together.data != GROUP:
            return 1
        try:
            return checked_count(self.people.data or "")
        except BadInput:
            return 0

    def texts(self) -> tuple[str, ...]:
        """All that is typed freely."""
        fields = (self.name, self.contact, self.home, self.words, self.representatives)
        return tuple(field.data or "" for field in fields)


class EntryForm(RegisterForm):
    """The same as a member of staff enters it: a contact is asked for, not demanded."""

    contact = StringField("registrations.contact", [kept(checked_contact, needed=False)])
    way = RadioField(
        "registrations.way",
        [InputRequired()],
        choices=choices(("phone", "registrations.way-phone"), ("counter", "registrations.way-counter")),
    )


class WishForm(Form):
    """What may be changed afterwards; the contact is not shown, a blank one stays."""

    version = HiddenField()
    contact = StringField("registrations.new-contact", [kept(checked_contact, needed=False)])
    topic = SelectField(
        "registrations.topic",
        choices=choices(("", "registrations.choose"), *((key, f"registrations.topic-{key}") for key in TOPICS)),
    )
    words = TextAreaField("registrations.words", [kept(checked_words, needed=False)])
    window = SelectField("registrations.window", default=EARLIEST)
    sitting = RadioField("registrations.sitting", default="", validate_choice=False)


class CodeForm(Form):
    """The code with the contact that was given: both, or nothing is found."""

    code = StringField("registrations.code", [InputRequired()])
    contact = StringField("registrations.contact-given", [InputRequired()])


class PlacesForm(Form):
    """The seats of a hall, or how many are asked to come in each window."""

    seats = StringField("registrations.seats")
    minutes = StringField("registrations.minutes")
    places = StringField("registrations.places")


class PressForm(Form):
    """A button and nothing else."""


def offer_windows(form: RegisterForm | WishForm, windows: Iterable[Window], *, first: str) -> bool:
    """Let the form offer these windows with the places that are left, `first` the choice of none of them."""
    options = [(EARLIEST, first)]
    for window in windows:
        words = span_of(window.starts_at, window.ends_at)
        left = say("registrations.left", n=window.left) if window.left > 0 else say("registrations.full")
        options.append((window.starts_at.isoformat(), f"{words} ({left})"))
    form.window.choices = choices(*options)
    return len(options) > 1


def offer_sittings(form: WishForm, sittings: Iterable[Occurrence], words: Callable[[Occurrence], str]) -> bool:
    """Let the form offer other sittings, the present one first."""
    options = [("", say("registrations.this-sitting")), *((one.slug, words(one)) for one in sittings)]
    form.sitting.choices = choices(*options)
    return len(options) > 1
