"""What stands in the way of planned dates, in words that tell a reader no more than they may read."""

from datetime import date

from scheduler.clock import to_local
from scheduler.database import Db
from scheduler.models import UnitAbove
from scheduler.queries.access import units_readable
from scheduler.queries.clashes import NamedClash, named
from scheduler.queries.occupied import STANDING
from scheduler.queries.planned_year import PlannedYear
from web.guards import signed_in
from web.language import say


def clash_lines(db: Db, year: PlannedYear) -> dict[date, tuple[str, ...]]:
    """By planned day, a line for each sitting or busy time that wants the same head, place or unit at that hour.

    Another unit's draft and a head's other calendar are only said to be there.
    """
    clashes = [clash for found in year.clashes.values() for clash in found]
    if not clashes:
        return {}
    units = {clash.other_unit_id for clash in clashes if clash.other_unit_id is not None}
    open_units = set(db.scalars(units_readable(signed_in()).where(UnitAbove.unit_id.in_(units))))
    told = {one.clash: one for one in named(db, list(dict.fromkeys(clashes)))}
    lines = {}
    for day, found in year.clashes.items():
        heads = ", ".join(year.titles[post] for post in year.values[day]["hosts"])
        lines[day] = tuple(dict.fromkeys(_line(told[clash], heads, open_units) for clash in found))
    return lines


def _line(one: NamedClash, heads: str, open_units: set[int]) -> str:
    clash, sitting = one.clash, one.sitting
    shown = sitting is not None and (clash.other_state in STANDING or clash.other_unit_id in open_units)
    title = say(f"kinds.{sitting.kind}") if sitting is not None and shown else say("schedules.clash-other")
    hours = f"{to_local(clash.starts_at):%H:%M}-{to_local(clash.ends_at):%H:%M}"
    return say("schedules.clash-line", whose=one.whose or heads, title=title, hours=hours)
