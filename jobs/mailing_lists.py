"""The headers by which a mail program shows a button to leave: one press, without a page, a cookie or a sign-in."""

from scheduler.letters.blanks import whole_url
from scheduler.links import signed_path
from scheduler.models import Letter
from scheduler.settings import Settings

LEAVE_BY = {"follow-confirm": "url", "follow-news": "leave_url"}
"""Letters of a list, and which of their facts is the address by which one leaves."""


def list_headers(letter: Letter, settings: Settings) -> dict[str, str]:
    """List-Id (RFC 2919) and the one-click ways out (RFC 2369, RFC 8058); none for a letter of no list."""
    leave_by = LEAVE_BY.get(letter.kind)
    if leave_by is None:
        return {}
    path = signed_path(settings.secret, str(letter.facts[leave_by]))
    return {
        "List-Id": f"<{letter.facts['list']}.{settings.feed_domain}>",
        "List-Unsubscribe": f"<{whole_url(path, letter.language, settings.base_url)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
