"""The board: posts down, months across, one small leaf corner for each day held, stood in for, cancelled or missing."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template

from scheduler.errors import NotFound
from scheduler.models import Post
from scheduler.queries.duties import PostDays, Wanted, days_of_posts
from scheduler.queries.units import unit_by_code
from scheduler.rules.counting import DAY_RESULTS
from scheduler.rules.duties import DUTY_KEYS
from web import request_cycle
from web.asked import asked_number, asked_text
from web.guards import signed_in, staff
from web.unit_choice import asked_units

pages = Blueprint("board", __name__)
FIRST_YEAR, LAST_YEAR = 2014, 2100
USUAL = "commune_chairman"


@dataclass(frozen=True)
class Corner:
    """One day in a cell: what it came to."""

    day: date
    result: str


@dataclass(frozen=True)
class BoardRow:
    """A post's year: for each month its days, how many days are missing, and whether the law asked at all."""

    post: Post
    months: tuple[tuple[tuple[Corner, ...], int], ...]


@pages.get("/desk/reports/board")
@staff("read_reports")
def board() -> str:
    """A year of all posts with one duty, each day opening to its sittings."""
    db, today = request_cycle.db(), request_cycle.today()
    year = asked_number("year", today.year, LAST_YEAR)
    duty = asked_text("duty") or USUAL
    if year < FIRST_YEAR or duty not in DUTY_KEYS:
        raise NotFound("errors.not-found")
    actor = signed_in()
    choice = asked_units(db, actor)
    unit = choice.meant[0] if choice.meant else None
    if choice.text and unit is None:
        unit = unit_by_code(db, choice.text)
    wanted = Wanted(
        date(year, 1, 1),
        date(year, 12, 31),
        unit.id if unit else None,
        None if actor.trusted else actor.units_for("read_reports"),
        duty=duty,
    )
    rows = [_row(found) for found in days_of_posts(db, wanted, today=today)]
    return render_template(
        "board/board.html", rows=rows, year=year, duty=duty, duties=DUTY_KEYS, choice=choice, results=DAY_RESULTS
    )


def _row(found: PostDays) -> BoardRow:
    days: dict[int, list[Corner]] = {month: [] for month in range(1, 13)}
    for result in DAY_RESULTS:
        for piece in found.tally.pieces[result]:
            days[piece.first.month].append(Corner(piece.first, result))
    missing = dict.fromkeys(days, 0)
    for piece in found.tally.pieces["missing"]:
        # A week over the turn of a month stands in the month it ends in: there it could still have been met.
        missing[piece.last.month] += piece.n
    months = tuple((tuple(sorted(days[month], key=lambda corner: corner.day)), missing[month]) for month in days)
    return BoardRow(found.post, months)
