"""Texts of letters by kind, and their rendering: `render` gives the words that pages show and the postman wraps."""

from scheduler.letters.render import Rendered, render
from scheduler.letters.texting import has_text, sms_of, words_to_read

__all__ = ["Rendered", "has_text", "render", "sms_of", "words_to_read"]
