"""The form by which a resident follows a calendar: one address, and how much of it."""

from collections.abc import Sequence

from wtforms import EmailField, SelectField
from wtforms.validators import Length

from scheduler.queries.feeds import Subject
from scheduler.rules.kinds import KINDS
from web.forms import choices
from web.language import say
from web.open_forms import OpenForm, fresh_key

KIND, POST = "kind:", "post:"
"""Beginnings of what may be chosen besides everything."""


class FollowForm(OpenForm):
    """Where news go, and which."""

    email = EmailField("follow.email", [Length(max=254)], render_kw={"autocomplete": "email", "maxlength": 254})
    what = SelectField("follow.what")

    @property
    def kind(self) -> str:
        """The one kind chosen, blank for all."""
        return self.what.data.removeprefix(KIND) if self.what.data.startswith(KIND) else ""

    @property
    def post_code(self) -> str:
        """The one head's post chosen, blank for the whole calendar."""
        return self.what.data.removeprefix(POST) if self.what.data.startswith(POST) else ""


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
        fresh_key(form, subject.feed)
    return form
