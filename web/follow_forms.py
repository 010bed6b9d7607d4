"""The form by which a resident follows a calendar: one address, and how much of it."""

from collections.abc import Sequence

from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.validators import Length

from scheduler.errors import RuleBroken
from scheduler.queries.feeds import Subject
from scheduler.rules.kinds import KINDS
from scheduler.rules.registrations import LEAST_SECONDS
from web.forms import Form, choices
from web.language import say
from web.registration_keys import new_key, seconds_open
from web.request_cycle import now, settings

KIND, POST = "kind:", "post:"
"""Beginnings of what may be chosen besides everything."""


class FollowForm(Form):
    """Where news go, and which. `website` is no question to people: whoever fills it in is a program."""

    email = EmailField("follow.email", [Length(max=254)], render_kw={"autocomplete": "email", "maxlength": 254})
    what = SelectField("follow.what")
    website = StringField("follow.website", render_kw={"autocomplete": "off", "tabindex": "-1"})
    key = HiddenField()

    @property
    def trapped(self) -> bool:
        """Whether a program filled in what people do not see."""
        return bool(self.website.data)

    @property
    def kind(self) -> str:
        """The one kind chosen, blank for all."""
        return self.what.data.removeprefix(KIND) if self.what.data.startswith(KIND) else ""

    @property
    def post_code(self) -> str:
        """The one head's post chosen, blank for the whole calendar."""
        return self.what.data.removeprefix(POST) if self.what.data.startswith(POST) else ""


def too_quick(form: FollowForm, subject: Subject) -> RuleBroken | None:
    """Why a form that was sent is shown once more: faster than anybody types, or from a page that is not ours."""
    secret = settings().secret
    open_for = seconds_open(secret, subject.feed, form.key.data or "", now())
    if open_for is None:
        form.key.data = new_key(secret, subject.feed, now())
    return RuleBroken("follow.once-more") if open_for is None or open_for < LEAST_SECONDS else None


def follow_form(subject: Subject, posts: Sequence[Subject]) -> FollowForm:
    """The form for this calendar: all of it, one of its heads, or one kind of sitting."""
    form = FollowForm()
    pairs = [("", say("follow.all-of", name=subject.name))]
    pairs += [(f"{POST}{post.code}", say("follow.only-post", name=post.name)) for post in posts]
    pairs += [(f"{KIND}{kind.key}", say("follow.only-kind", kind=say(f"letters.sitting-{kind.key}"))) for kind in KINDS]
    form.what.choices = choices(*pairs)
    if form.what.data is None:
        form.what.data = ""
    if not form.is_submitted():
        form.key.data = new_key(settings().secret, subject.feed, now())
    return form
