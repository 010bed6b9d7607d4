"""The word of a form that everybody may send: signed, so that it says when the page was opened and is used once."""

import secrets
from datetime import datetime

from scheduler.links import sign, signed

PURPOSE = "registration form"


def new_key(secret: str, slug: str, now: datetime) -> str:
    """A fresh word for the form of this sitting: the moment, chance, and the signature over both."""
    word = f"{int(now.timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{word}.{sign(secret, PURPOSE, f'{slug}.{word}')}"


def seconds_open(secret: str, slug: str, key: str, now: datetime) -> float | None:
    """How long the page of this word has been open; None where the word is not ours."""
    word, _, signature = key.rpartition(".")
    if not word or not signed(secret, PURPOSE, f"{slug}.{word}", signature):
        return None
    return now.timestamp() - int(word.partition(".")[0])
