"""Texts of letters by kind, and their rendering: `render` gives the words that pages show and the postman wraps."""

from scheduler.letters.render import Rendered, render

__all__ = ["Rendered", "render"]
