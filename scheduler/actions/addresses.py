"""E-mail addresses as people type them, checked before a letter could go astray."""

from email_validator import EmailNotValidError, validate_email

from scheduler.errors import BadInput


def checked_address(text: str, *, place: str = "email") -> str:
    """The address in its plain form, lower case. Raises BadInput; whether somebody reads it is not asked."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise BadInput("people.bad-address", place=place, address=text.strip()[:80]) from None
    return found.normalized.lower()
