"""Reports: the sentence first, then the table; every number opens to its rows; CSV, spreadsheet and JSON beside it."""

from datetime import date, timedelta

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from scheduler.documents.tables import as_csv, as_json, as_xlsx, cell_words, heading, notes, summary
from scheduler.errors import NotFound
from scheduler.queries.duty_rows import PAGE, rows_behind
from scheduler.queries.units import unit_by_code
from scheduler.reports import REPORT, REPORTS, changes, duties, followups
from scheduler.reports.frame import Column, Period, Report, Row, Scope, Table
from web import request_cycle
from web.asked import asked_day, asked_number, asked_text
from web.guards import signed_in, staff
from web.language import language
from web.unit_choice import asked_units

pages = Blueprint("reports", __name__)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_PAGES = 10_000
ROWS = {"duties": "reports.duty_rows", "followups": "reports.task_rows", "changes": "reports.change_rows"}
"""The page with the rows behind a number, for each report whose numbers open."""


@pages.get("/desk/reports")
@staff("read_reports")
def reports() -> str:
    """The reports there are."""
    return render_template("reports/reports.html", reports=REPORTS, periods=_periods(request_cycle.today()))


@pages.get("/desk/reports/<name>")
@staff("read_reports")
def report(name: str) -> str:
    """One report for a time and a branch of units."""
    table = _table(name)
    return render_template(
        "reports/report.html",
        report=REPORT[name], table=table, columns=_groups(REPORT[name]), asked=_asked(), heading=_heading, cell=_cell,
        link=_link, summary=summary(table, language()), notes=notes(table, language()),
        periods=_periods(request_cycle.today()), rows_page=ROWS.get(name, ""),
        choice=asked_units(request_cycle.db(), signed_in()),
    )  # fmt: skip


@pages.get("/desk/reports/<name>.<any(csv, xlsx, json):shape>")
@staff("read_reports")
def file(name: str, shape: str) -> Response:
    """The same table as a file."""
    table = _table(name)
    if shape == "json":
        return jsonify(as_json(table, language()))
    content = as_csv(table, language()) if shape == "csv" else as_xlsx(table, language())
    answer = Response(content, content_type=TYPES[shape])
    period = f"{table.period.first}-{table.period.last}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{period}.{shape}"'
    return answer


@pages.get("/desk/reports/duties/rows")
@staff("read_reports")
def duty_rows() -> str:
    """What is behind one number of the report of duties: weeks, months or days, with their sittings."""
    period, scope, column = _period(), _scope(), _column(REPORT["duties"])
    wanted = duties.wanted_in(period, scope, post_code=asked_text("post"), duty=asked_text("duty"))
    page = asked_number("page", 1, MOST_PAGES)
    found = rows_behind(request_cycle.db(), column.key, wanted, today=request_cycle.today(), page=page)
    return render_template(
        "reports/duty_rows.html",
        found=found, column=column, period=period, asked=_asked(), page=page, more=found.count > page * PAGE,
        name=_named(REPORT["duties"], column),
    )  # fmt: skip


@pages.get("/desk/reports/followups/rows")
@staff("read_reports")
def task_rows() -> str:
    """The tasks behind one number of the report of tasks."""
    period, scope, column = _period(), _scope(), _column(REPORT["followups"])
    found = followups.tasks_behind(
        request_cycle.db(), period, scope, request_cycle.today(), column=column.key, unit_code=asked_text("post")
    )
    name = _named(REPORT["followups"], column)
    return render_template("reports/task_rows.html", rows=found, period=period, asked=_asked(), name=name)


@pages.get("/desk/reports/changes/rows")
@staff("read_reports")
def change_rows() -> str:
    """The changes, or the sittings first published late, behind one number of the report of changes."""
    period, column = _period(), _column(REPORT["changes"])
    found = changes.behind(request_cycle.db(), period, _scope(), column=column.key, unit_code=asked_text("post"))
    name = _named(REPORT["changes"], column)
    return render_template("reports/change_rows.html", rows=found, period=period, asked=_asked(), name=name)


def _table(name: str) -> Table:
    found = REPORT.get(name)
    if found is None:
        raise NotFound("errors.not-found")
    return found.run(request_cycle.db(), _period(), _scope(), request_cycle.today())


def _period() -> Period:
    """The time that is asked for; without one, this year."""
    today = request_cycle.today()
    return Period(asked_day("from", date(today.year, 1, 1)), asked_day("to", date(today.year, 12, 31)))


def _scope() -> Scope:
    """The branch that is asked for, by name or code; of it the report shows only what the reader may read."""
    actor = signed_in()
    choice = asked_units(request_cycle.db(), actor)
    unit = choice.meant[0] if choice.meant else None
    if choice.text and unit is None:
        unit = unit_by_code(request_cycle.db(), choice.text)
    return Scope(unit, None if actor.trusted else actor.units_for("read_reports"))


def _column(found: Report) -> Column:
    column = next((one for one in found.columns if one.key == asked_text("column") and one.opens), None)
    if column is None:
        raise NotFound("errors.not-found")
    return column


def _asked() -> dict[str, str]:
    period = _period()
    return {"from": period.first.isoformat(), "to": period.last.isoformat(), "unit": asked_text("unit")}


def _periods(today: date) -> list[tuple[str, date, date]]:
    """Times that are often asked for: (key of its name, first day, last day)."""
    month = today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    year = date(today.year, 1, 1)
    return [
        ("reports.this-month", month, _end(month, 1)),
        ("reports.last-month", _begin(month, 1), month - timedelta(days=1)),
        ("reports.this-quarter", quarter, _end(quarter, 3)),
        ("reports.last-quarter", _begin(quarter, 3), quarter - timedelta(days=1)),
        ("reports.this-year", year, date(today.year, 12, 31)),
        ("reports.last-year", date(today.year - 1, 1, 1), year - timedelta(days=1)),
    ]


def _begin(first: date, months: int) -> date:
    for _ in range(months):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


def _end(first: date, months: int) -> date:
    for _ in range(months):
        first = (first + timedelta(days=31)).replace(day=1)
    return first - timedelta(days=1)


def _groups(found: Report) -> list[tuple[str, list[Column]]]:
    """The columns of each table of the page: two for duties (what the law asks, what was planned), else one."""
    if found.key != "duties":
        return [("", list(found.columns))]
    law = [column for column in found.columns if column.key in duties.LAW]
    plan = [column for column in found.columns if column.key in duties.PLAN]
    return [("reports.duties-by-law", law), ("reports.duties-by-plan", plan)]


def _heading(table: Table, column: Column) -> str:
    return heading(table, column, language())


def _cell(row: Row, column: Column) -> str:
    return cell_words(row, column, language())


def _link(table: Table, row: Row, column: Column, *, total: bool) -> dict[str, str]:
    """What the address of a number's rows asks for."""
    which = {"duty": row.key} if total and table.report == "duties" else {} if total else {"post": row.key}
    return {**_asked(), **which, "column": column.key}


def _named(found: Report, column: Column) -> str:
    return f"reports.{found.key}-{column.key.replace('_', '-')}"
