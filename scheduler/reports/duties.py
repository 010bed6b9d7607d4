"""Days of reception by heads: asked by law, planned, made public in time, held by the head, by a stand-in, or not."""

from collections.abc import Iterable, Sequence
from datetime import date

from scheduler.database import Db
from scheduler.models import RegisterTotal
from scheduler.queries.agenda import titled
from scheduler.queries.duties import PostDays, Wanted, days_of_posts
from scheduler.queries.registers import totals_of_posts
from scheduler.queries.units import successor_of
from scheduler.reports.frame import Column, Period, Remark, Row, Scope, Table, ended_units
from scheduler.rules.counting import DAY_RESULTS
from scheduler.rules.duties import STAND_IN_NEVER_COUNTS_FROM, Duty
from scheduler.rules.tallies import COLUMNS as NUMBERS

COLUMNS = (
    Column("post", "text"),
    Column("unit", "text"),
    Column("duty", "word"),
    Column("required", "number", opens=True),
    Column("open", "number", opens=True),
    Column("so_far", "number", opens=True),
    Column("due", "number", opens=True),
    Column("met", "number", opens=True),
    Column("stood_in", "number", opens=True),
    Column("missing", "number", opens=True),
    Column("rate", "rate", of=("met", "due")),
    Column("planned", "number", opens=True),
    Column("published", "number", opens=True),
    Column("in_time", "number", opens=True),
    Column("in_time_rate", "rate", of=("in_time", "published")),
    *(Column(result, "number", opens=True) for result in DAY_RESULTS),
)

LAW = ("post", "required", "open", "so_far", "due", "met", "stood_in", "missing", "rate")
PLAN = ("post", "planned", "published", "in_time", "in_time_rate", *DAY_RESULTS)
"""The two tables of the page: what the law asked, and what was planned. Each adds up by itself."""


def run(db: Db, period: Period, scope: Scope, today: date) -> Table:
    """The table: one row a post, one total a duty. Totals of two duties are never added: one sitting may be in both."""
    wanted = wanted_in(period, scope)
    found = sorted(days_of_posts(db, wanted, today=today), key=lambda row: _place_in_table(row, today))
    by_duty = {duty: [row for row in found if row.post.duty == duty] for duty in _duties(found)}
    return Table(
        "duties",
        period,
        scope.unit.name if scope.unit else "",
        COLUMNS,
        rows=tuple(_row(row) for row in found),
        totals=tuple(_total(duty, rows) for duty, rows in by_duty.items()),
        sentences=tuple(_sentence(rows, period) for rows in by_duty.values()),
        notes=(*_notes(found, period), *map(_register_note, totals_of_posts(db, wanted))),
    )


def _place_in_table(found: PostDays, today: date) -> tuple[str, str, bool]:
    """A post of a unit that ended stands under those of the unit that follows it; else the order stays."""
    unit = found.post.unit
    heir = successor_of(unit, today)
    return (heir.level, heir.code, heir is not unit)


def wanted_in(period: Period, scope: Scope, *, post_code: str = "", duty: str = "") -> Wanted:
    """What the report asks for; with a post or a duty, what is behind one row or one total."""
    unit_id = scope.unit.id if scope.unit else None
    return Wanted(period.first, period.last, unit_id, scope.readable, post_code, duty)


def _row(found: PostDays) -> Row:
    numbers = {column: found.tally.number(column) for column in NUMBERS}
    cells = {"post": titled(found.post), "unit": found.post.unit.code, "duty": _word(found.post.duty)}
    return Row(found.post.code, cells | numbers)


def _total(duty: str, rows: Sequence[PostDays]) -> Row:
    numbers = {column: sum(row.tally.number(column) for row in rows) for column in NUMBERS}
    return Row(duty, {"post": "", "unit": "", "duty": _word(duty)} | numbers)


def _word(duty: str) -> str:
    return f"duties.{duty.replace('_', '-')}"


def _sentence(rows: Sequence[PostDays], period: Period) -> Remark:
    total = _total(rows[0].post.duty, rows).cells
    key = "reports.duties-sentence" if total["due"] else "reports.duties-sentence-open"
    facts = {
        "first": period.first,
        "last": period.last,
        "who": titled(rows[0].post) if len(rows) == 1 else "",
        "duty": total["duty"],
        "n": len(rows),
        **{column: total[column] for column in ("required", "due", "met", "stood_in", "missing", "open", "so_far")},
    }
    return Remark(key, facts)


def _notes(found: Sequence[PostDays], period: Period) -> Iterable[Remark]:
    yield from ended_units(row.post.unit for row in found)
    for duty in dict.fromkeys(span.duty for row in found for span in row.spans):
        yield _rule_note(duty)
    left_out = dict.fromkeys((span.first, span.last) for row in found for span in row.spans if not span.whole)
    for first, last in sorted(left_out):
        yield Remark("reports.duties-left-out", {"first": first, "last": last})
    if found and period.last >= STAND_IN_NEVER_COUNTS_FROM:
        yield Remark("reports.duties-stand-in-note", {"day": STAND_IN_NEVER_COUNTS_FROM})
    if any(row.tally.number("unrecorded") for row in found):
        yield Remark("reports.duties-unrecorded-note", {"n": sum(row.tally.number("unrecorded") for row in found)})
    if found:
        yield Remark("reports.duties-day-once", {})


def _register_note(total: RegisterTotal) -> Remark:
    """A register that lost its days is told beside the table: no week or month can be said to have been met by it."""
    facts = {
        "who": titled(total.post),
        "first": total.first_day,
        "last": total.last_day,
        "head": total.days_head,
        "stand_in": total.days_stand_in,
        "visits": total.visits,
        "persons": total.persons,
    }
    return Remark("reports.duties-from-register", facts)


def _rule_note(duty: Duty) -> Remark:
    key = "reports.duties-rule-week" if duty.per == "week" else "reports.duties-rule-month"
    facts = {"duty": _word(duty.key), "n": duty.count, "day": duty.valid_from, "basis": duty.basis}
    return Remark(key, facts)


def _duties(found: Iterable[PostDays]) -> list[str]:
    return list(dict.fromkeys(row.post.duty for row in found))
