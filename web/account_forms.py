"""The forms of accounts: signing in, setting a password, one's own account, and staff of a unit."""

from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from scheduler.rules.permissions import ROLES
from web.forms import Form, choices

LINE = 200
LANGUAGE_CHOICES = choices(("vi", "accounts.vietnamese"), ("en", "accounts.english"))
PASSWORD = Length(max=1000)
"""The action judges a password; this only keeps a megabyte of text away from it."""


class SignInForm(Form):
    """Who one is; `autocomplete` lets a password manager help."""

    email = EmailField("accounts.email", [InputRequired(), Length(max=LINE)], render_kw={"autocomplete": "username"})
    password = PasswordField(
        "accounts.password", [InputRequired(), PASSWORD], render_kw={"autocomplete": "current-password"}
    )


class NewPasswordForm(Form):
    """A password, twice, by a one-time link."""

    password = PasswordField(
        "accounts.new-password", [InputRequired(), PASSWORD], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField("accounts.password-again", [PASSWORD], render_kw={"autocomplete": "new-password"})


class ChangePasswordForm(NewPasswordForm):
    """The same for who is signed in and knows the old one."""

    old_password = PasswordField(
        "accounts.old-password", [InputRequired(), PASSWORD], render_kw={"autocomplete": "current-password"}
    )


class OwnAccountForm(Form):
    """Name and language."""

    name = StringField("accounts.name", [InputRequired(), Length(max=LINE)], render_kw={"autocomplete": "name"})
    language = SelectField("accounts.language", choices=LANGUAGE_CHOICES)


class StaffForm(Form):
    """A role for a person in a unit; with an account where there is none."""

    email = EmailField("accounts.email", [InputRequired(), Length(max=LINE)], render_kw={"autocomplete": "off"})
    name = StringField("accounts.name", [Length(max=LINE)], render_kw={"autocomplete": "off"})
    role = SelectField("accounts.role", choices=choices(*((role, f"roles.{role}") for role in ROLES)))
    unit = StringField("accounts.unit-code", [InputRequired(), Length(max=LINE)])
    post = StringField("accounts.post", [Length(max=LINE)])
    language = SelectField("accounts.language", choices=LANGUAGE_CHOICES)
