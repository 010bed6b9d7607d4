"""Forms in the reader's language: WTForms with our words, our messages and the form token."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import render_template
from flask_wtf import FlaskForm
from wtforms import DateField
from wtforms import Form as PlainForm
from wtforms.fields.choices import SelectChoice

from scheduler.errors import BadInput, HouseError
from web import request_cycle
from web.errors import status_of
from web.language import say

MESSAGES = {
    "This field is required.": "forms.required",
    "Not a valid choice.": "forms.not-a-choice",
    "Not a valid choice": "forms.not-a-choice",
    "Invalid Choice: could not coerce.": "forms.not-a-choice",
    "Invalid choice(s): one or more data inputs could not be coerced.": "forms.not-a-choice",
    "Not a valid date value.": "forms.not-a-date",
    "Not a valid datetime value.": "forms.not-a-date",
    "Not a valid time value.": "forms.not-an-hour",
    "Not a valid integer value.": "forms.not-a-number",
    "Not a valid decimal value.": "forms.not-a-number",
    "Invalid email address.": "forms.not-an-email",
    "File does not have an approved extension.": "forms.not-such-a-file",
}
"""Sentences of WTForms and the keys of ours; one it says otherwise stays as it is."""
FIRST_DAY, LAST_DAY = date(1945, 9, 2), date(2100, 12, 31)
"""No office, person or sitting of this product has a day outside."""


def choices(*pairs: tuple[str, str]) -> list[SelectChoice]:
    """(value, words or key) pairs as the choices of a field."""
    return [SelectChoice(value, text) for value, text in pairs]


class Words:
    """Stands where WTForms expects its own translations."""

    def gettext(self, text: str) -> str:
        """Ours where we have it."""
        key = MESSAGES.get(text)
        return say(key) if key else text

    def ngettext(self, one: str, many: str, n: int) -> str:
        """The same for a text with a number."""
        return self.gettext(one if n == 1 else many)


class Form(FlaskForm):
    """The base of every form that changes something; its token is checked for the whole site.

    `refusal` is what the deed was refused with, for the page that shows the form again.
    """

    refusal: HouseError | None = None

    class Meta:
        """Our words instead of the library's."""

        def get_translations(self, form: Any) -> Words:
            """Say every message in the reader's language."""
            return Words()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Also refuse a day in a year that nobody means: 0002 for 2002, 20226 cut short."""
        whole = bool(super().validate(extra_validators))
        for field in self:
            if isinstance(field, DateField) and field.data and not FIRST_DAY <= field.data <= LAST_DAY:
                field.errors = [*field.errors, say("forms.day-out-of-range", first=FIRST_DAY, last=LAST_DAY)]
                whole = False
        return whole


def carried_out(form: Form, deed: Callable[[], object]) -> bool:
    """Whether the form was sent, is whole, and its deed was done.

    A refused deed leaves nothing written; what it was refused with stands at its field, or in `form.refusal`.
    """
    if not form.validate_on_submit():
        return False
    try:
        deed()
    except HouseError as refusal:
        request_cycle.db().rollback()
        if isinstance(refusal, BadInput) and refusal.place in form:
            form[refusal.place].errors = [*form[refusal.place].errors, say(refusal.key, **refusal.facts)]
        else:
            form.refusal = refusal
        return False
    return True


def form_page(template: str, form: Form, **facts: Any) -> tuple[str, int]:
    """The page with the form as it was typed: 200 when it is new, 422 or the refusal's status when it comes again."""
    status = status_of(form.refusal) if form.refusal else 422 if form.errors else 200
    return render_template(template, form=form, refusal=form.refusal, **facts), status


class QueryForm(PlainForm):
    """The base of a form that only asks (GET), read from the address."""

    class Meta:
        """Our words instead of the library's."""

        csrf = False

        def get_translations(self, form: Any) -> Words:
            """Say every message in the reader's language."""
            return Words()
