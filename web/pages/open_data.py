"""Open data: what may be taken, in plain words, and a year of a unit or a post as a file for a spreadsheet."""

from datetime import date

from flask import Blueprint, Response, render_template, request

from scheduler.documents.year_table import year_csv
from scheduler.errors import NotFound
from scheduler.models import Occurrence, Record
from scheduler.queries.agenda import host_titles, public_between, status_of
from scheduler.queries.feeds import Subject, hosted_by, shown_in, subject_of_post, subject_of_unit
from scheduler.queries.open_data import changed_by
from scheduler.queries.public import records_of, upcoming
from scheduler.rules.kinds import BODY_SUFFIXES
from scheduler.rules.short_codes import short_code
from scheduler.rules.workflow import TAKEN_PLACE
from web.asked import asked_language, known_shape
from web.guards import public
from web.language import language, say
from web.request_cycle import db, now, settings, today
from web.sitting_page_lines import is_reception, status_words

pages = Blueprint("open_data", __name__)

COLUMNS = (
    "date",
    "planned_date",
    "hours",
    "kind",
    "who",
    "posts",
    "unit",
    "unit_name",
    "place",
    "status",
    "change_reason",
    "visits",
    "persons",
    "attendances",
    "opinions",
    "url",
    "short_url",
)
"""Heads of the file: words in Vietnamese, in English the names of the interface for programs."""
FIRST_YEAR, LAST_YEAR = 2014, 2100
CACHE = "public, max-age=300"


@pages.get("/open-data")
@public
def about() -> str:
    """What may be taken, where, and how, with examples that work."""
    example = next(iter(upcoming(db(), now(), today(), limit=1)), None)
    return render_template(
        "open_data/about.html",
        columns=COLUMNS,
        base_url=settings().base_url,
        year=today().year,
        **_example_of(example),
    )


@pages.get("/units/<code>/<int:year>.csv")
@public
def of_unit(code: str, year: int) -> Response:
    """A year of a unit, its bodies included."""
    asked_language()
    subject = subject_of_unit(db(), known_shape(code), today())
    return _year(subject, year, shown_in(subject))


@pages.get("/posts/<code>/<int:year>.csv")
@public
def of_post(code: str, year: int) -> Response:
    """A year of a post."""
    asked_language()
    subject = subject_of_post(db(), known_shape(code), today())
    return _year(subject, year, hosted_by(subject))


def _example_of(sitting: Occurrence | None) -> dict[str, str]:
    """Codes that are known here: of the next sitting's place, its province and who receives."""
    if sitting is None or not sitting.hosts:
        return {"place": "00070", "above": "01", "post": "00070-ubnd-chu-tich"}
    unit = sitting.unit
    place = unit.parent if unit.kind in BODY_SUFFIXES and unit.parent else unit
    above = place.parent.code if place.parent else place.code
    return {"place": place.code, "above": above, "post": sitting.hosts[0].post.code}


def _year(subject: Subject, year: int, whose: object) -> Response:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound("errors.not-found")
    sittings = public_between(db(), date(year, 1, 1), date(year, 12, 31), whose=[whose])
    records = records_of(db(), [sitting.id for sitting in sittings if sitting.state in TAKEN_PLACE])
    heads = [say(f"open_data.column-{name.replace('_', '-')}") for name in COLUMNS]
    content = year_csv(heads, [_row(sitting, records.get(sitting.id)) for sitting in sittings])
    response = Response(content, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{subject.code}-{year}.csv"'
    response.headers["Cache-Control"] = CACHE
    response.last_modified = changed_by(db(), sittings, now(), today())
    response.add_etag()
    response.make_conditional(request)
    return response


def _row(sitting: Occurrence, record: Record | None) -> list[str]:
    """Days as 2026-11-26, which every spreadsheet reads as a day; counts only where a record was written."""
    base, vietnamese = settings().base_url, language() == "vi"
    return [
        sitting.day.isoformat() if sitting.day else "",
        sitting.planned_day.isoformat(),
        ", ".join(sitting.hours),
        say(f"kinds.{sitting.kind}") if vietnamese else sitting.kind,
        ", ".join(host_titles(sitting)) or sitting.unit.name,
        " ".join(host.post.code for host in sitting.hosts),
        sitting.unit.code,
        sitting.unit.name,
        sitting.place,
        status_words(sitting) if vietnamese else status_of(sitting),
        sitting.change_reason,
        *_counts(sitting, record),
        f"{base}/occurrences/{sitting.slug}",
        f"{base}/b/{short_code(sitting.id)}",
    ]


def _counts(sitting: Occurrence, record: Record | None) -> list[str]:
    """Visits and persons of a reception, attendances and opinions of a meeting; blank where they say nothing."""
    if record is None:
        return ["", "", "", ""]
    if is_reception(sitting):
        return [str(record.visits), str(record.persons), "", ""]
    return ["", "", str(record.attendances), str(record.opinions)]
