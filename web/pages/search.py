"""The desk's search: everything one may read, from one field, without diacritics."""

from flask import Blueprint, render_template

from scheduler.queries.desk_search import search_desk
from web import request_cycle
from web.asked import asked_text
from web.guards import signed_in, staff

pages = Blueprint("search", __name__)


@pages.get("/desk/search")
@staff("read_tasks")
def search() -> str:
    """What was found, by kind; an empty field says what can be typed."""
    text = asked_text("q").strip()
    found = search_desk(request_cycle.db(), signed_in(), text, request_cycle.today())
    return render_template("search/search.html", text=text, found=found)
