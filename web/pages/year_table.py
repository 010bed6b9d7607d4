"""The whole year of a unit, or of a place with its bodies: one table to read, to print and to take along."""

from datetime import date

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from scheduler.documents.year_table import Cell, year_csv, year_xlsx
from scheduler.errors import NotFound
from scheduler.language.dates import lunar_words, weekday_name
from scheduler.language.why import render_why
from scheduler.models import Post, Unit
from scheduler.queries.agenda import is_moved, titled
from scheduler.queries.units import bodies_of, posts_of
from scheduler.queries.year_table import MOST_ROWS, Seat, YearRow, units_of_table, year_rows
from web import request_cycle
from web.asked import asked_flag, asked_text
from web.guards import staff
from web.language import language, say
from web.named_units import own_unit
from web.sittings import place_of

pages = Blueprint("year_table", __name__)
FIRST_YEAR, LAST_YEAR = 2000, 2100
HEADS = ("day", "weekday", "lunar", "hours", "who", "place", "content", "state", "why")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@pages.get("/desk/units/<code>/year/<int:year>")
@staff("read")
def show(code: str, year: int) -> str:
    """Every sitting of the year in the order of its days."""
    unit, units = _asked(code, year)
    posts = posts_of(request_cycle.db(), [one.id for one in units])
    rows = _rows(units, year, posts)
    return render_template(
        "year_table/show.html",
        unit=unit, year=year, rows=rows, posts=[(post.code, titled(post)) for post in posts],
        post=asked_text("post"), below=_with_below(unit), void=asked_flag("void"), full=len(rows) == MOST_ROWS,
        seat_words=_seat_words, chair_words=_chair_words, reason=_reason, moved=is_moved,
        asked={name: request.args[name] for name in ("below", "post", "void") if request.args.get(name)},
    )  # fmt: skip


@pages.get("/desk/units/<code>/year/<int:year>.<any(csv, xlsx):shape>")
@staff("read")
def file(code: str, year: int, shape: str) -> Response:
    """The same table as a file."""
    unit, units = _asked(code, year)
    rows = [_cells(row) for row in _rows(units, year, posts_of(request_cycle.db(), [one.id for one in units]))]
    heads = [say(f"year_table.head-{name}") for name in HEADS]
    title = say("year_table.title", unit=unit.name, year=year)
    answer = Response(
        year_csv(heads, rows) if shape == "csv" else year_xlsx(title, heads, rows), content_type=TYPES[shape]
    )
    name = f"{say('year_table.file-name')}-{unit.code}-{year}.{shape}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked(code: str, year: int) -> tuple[Unit, list[Unit]]:
    """The unit, and with it those whose sittings the table shows. Raises NotFound."""
    db = request_cycle.db()
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("errors.not-found")
    unit = own_unit(code, "read")
    return unit, units_of_table(bodies_of(db, unit), unit) if _with_below(unit) else [unit]


def _with_below(unit: Unit) -> bool:
    """A place receives nobody itself: its table is always that of its bodies."""
    return unit.kind == "place" or asked_flag("below")


def _rows(units: list[Unit], year: int, posts: list[Post]) -> list[YearRow]:
    wanted = asked_text("post")
    post = next((one for one in posts if one.code == wanted), None)
    if wanted and post is None:
        raise NotFound("errors.not-found")
    ids = [one.id for one in units]
    return year_rows(request_cycle.db(), ids, year, post_id=post.id if post else None, with_void=asked_flag("void"))


def _seat_words(seat: Seat) -> str:
    """ "Nguyễn Văn A, Chủ tịch UBND phường"."""
    return ", ".join(part for part in (seat.person, seat.title) if part)


def _chair_words(row: YearRow) -> str:
    """Who sits in the hosts' place, in words; "" where they sit themselves."""
    if row.chair is None:
        return ""
    return say("year_table.stands-in" if row.stands_in else "year_table.chairs", who=_seat_words(row.chair))


def _reason(row: YearRow) -> str:
    """Why it is on that date, and why it was changed, each said once."""
    why, changed = render_why(language(), row.sitting.why), row.sitting.change_reason
    return " ".join(part for part in (why, "" if changed in why else changed) if part)


def _cells(row: YearRow) -> list[Cell]:
    sitting = row.sitting
    day: date | None = sitting.day
    who = [_seat_words(seat) for seat in row.hosts] or [sitting.unit.name]
    state = (
        say("statuses.moved") if sitting.state == "published" and is_moved(sitting) else say(f"states.{sitting.state}")
    )
    return [
        day if day is not None else say("year_table.no-day", day=sitting.planned_day),
        weekday_name(language(), row.day),
        lunar_words(language(), row.day),
        ", ".join(sitting.hours),
        "; ".join(part for part in (*who, _chair_words(row)) if part),
        place_of(sitting),
        sitting.content,
        state,
        _reason(row),
    ]
