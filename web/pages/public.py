"""What everybody sees: the first page."""

from flask import Blueprint, render_template

from web.guards import public

pages = Blueprint("public", __name__)


@pages.get("/")
@public
def home() -> str:
    """The question, and the next sittings."""
    return render_template("public/home.html")
