"""A form that everybody may send without an account: a trap for programs, and a word that says when it was opened."""

import secrets
from datetime import datetime

from wtforms import HiddenField, StringField

from scheduler.errors import RuleBroken
from scheduler.links import sign, signed
from scheduler.rules.registrations import LEAST_SECONDS
from web.forms import Form
from web.request_cycle import now, settings

PURPOSE = "registration form"
"""What the word is signed for; another one would refuse the forms that stand open."""


class OpenForm(Form):
    """`website` is no question to people: whoever fills it in is a program. `key` is the form's word, used once."""

    key = HiddenField()
    website = StringField(render_kw={"autocomplete": "off", "tabindex": "-1"})

    @property
    def trapped(self) -> bool:
        """Whether a program filled in what people do not see."""
        return bool(self.website.data)


def fresh_key(form: OpenForm, thing: str) -> None:
    """Give the form a word for this thing, the slug of a sitting or the name of a calendar, unless it came with one."""
    if not form.key.data:
        form.key.data = _new_key(settings().secret, thing, now())


def too_quick(form: OpenForm, thing: str, again: str) -> RuleBroken | None:
    """Why the form is shown once more though it is whole: sent faster than anybody types, or its word is not ours.

    `again` is the key of what is said then.
    """
    open_for = _seconds_open(settings().secret, thing, form.key.data or "", now())
    if open_for is None:
        form.key.data = _new_key(settings().secret, thing, now())
    return RuleBroken(again) if open_for is None or open_for < LEAST_SECONDS else None


def _new_key(secret: str, thing: str, at: datetime) -> str:
    """The moment, chance, and the signature over both."""
    word = f"{int(at.timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{word}.{sign(secret, PURPOSE, f'{thing}.{word}')}"


def _seconds_open(secret: str, thing: str, key: str, at: datetime) -> float | None:
    """How long the page of this word has been open; None where the word is not ours."""
    word, _, signature = key.rpartition(".")
    if not word or not signed(secret, PURPOSE, f"{thing}.{word}", signature):
        return None
    return at.timestamp() - int(word.partition(".")[0])
