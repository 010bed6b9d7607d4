"""Whether each commune holds what the law asks, as at the last day of the period: what is done of what is asked."""

from datetime import date

from scheduler.database import Db
from scheduler.queries.compliance import COLUMNS as CELLS
from scheduler.queries.compliance import Asked, Line, compliance
from scheduler.reports.frame import Column, Period, Remark, Row, Scope, Table

USUAL = "commune_chairman"
COLUMNS = (
    Column("unit", "text"),
    *(column for cell in CELLS for column in (Column(f"{cell}_done", "number"), Column(f"{cell}_asked", "number"))),
    Column("gaps", "number"),
)


def run(db: Db, period: Period, scope: Scope, today: date) -> Table:
    """One row a commune and one total; of days that have not come nothing is asked yet."""
    lines = compliance(db, asked_in(period, scope, today))
    return Table(
        "compliance",
        period,
        scope.unit.name if scope.unit else "",
        COLUMNS,
        rows=tuple(Row(line.place.code, {"unit": line.place.name} | _numbers([line])) for line in lines),
        totals=(Row("", {"unit": ""} | _numbers(lines)),) if lines else (),
        sentences=(sentence(lines, min(period.last, today)),) if lines else (),
        notes=(Remark("reports.compliance-note", {"day": min(period.last, today)}),),
    )


def asked_in(period: Period, scope: Scope, today: date, *, duty: str = USUAL, level: str = "commune") -> Asked:
    """What the period and the branch ask for."""
    unit_id = scope.unit.id if scope.unit else None
    return Asked(period.first, min(period.last, today), duty, level, unit_id, scope.readable)


def sentence(lines: list[Line], as_at: date) -> Remark:
    """How many places miss nothing, and how many miss each thing."""
    whole = sum(line.gaps == 0 for line in lines)
    gaps = {cell: sum(bool(line.cells[cell].missing) for line in lines) for cell in CELLS}
    return Remark("reports.compliance-sentence", {"day": as_at, "whole": whole, "n": len(lines), **gaps})


def _numbers(lines: list[Line]) -> dict[str, int]:
    numbers = {}
    for cell in CELLS:
        numbers[f"{cell}_done"] = sum(line.cells[cell].done for line in lines)
        numbers[f"{cell}_asked"] = sum(line.cells[cell].asked for line in lines)
    return numbers | {"gaps": sum(line.gaps for line in lines)}
