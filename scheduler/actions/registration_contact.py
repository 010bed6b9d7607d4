"""The one contact somebody gives when registering: an e-mail address, or a telephone number."""

from scheduler.actions.addresses import checked_address
from scheduler.errors import BadInput
from scheduler.rules.registration_input import LONGEST_CONTACT, checked_phone


def checked_contact(text: str, place: str = "contact") -> tuple[str, str]:
    """("email", address) or ("phone", number), in the form that letters and messages need. Raises BadInput."""
    text = text.strip()
    if not text:
        raise BadInput("registrations.no-contact", place)
    if len(text) > LONGEST_CONTACT:
        raise BadInput("registrations.too-long", place, n=LONGEST_CONTACT)
    if "@" not in text:
        return "phone", checked_phone(text, place)
    if not text.isascii():
        raise BadInput("registrations.email-signs", place)
    try:
        return "email", checked_address(text, place=place)
    except BadInput:
        # Without the address as it was typed: a refusal may be logged, a contact may not.
        raise BadInput("registrations.no-email", place) from None
