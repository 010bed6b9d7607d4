"""A plan file as text, one series, its parts exchangeable; shared by the tests of intake."""

from collections.abc import Sequence

from scheduler.errors import Faults
from scheduler.intake.plan_faults import fault_lines
from scheduler.intake.plan_file import parse_plan
from scheduler.intake.plan_values import Plan

PARTS = {
    "key": "a",
    "kind": "periodic_reception",
    "host": "Chủ tịch UBND",
    "rule": "{every: month, days: [15]}",
    "starts": "2026-01-01",
    "until": "2026-12-31",
    "hours": '["07:30-11:30"]',
    "place": "Trụ sở",
}


def plan_text(top: str = "unit: {name: UBND xã A, level: commune}", **parts: str | None) -> str:
    """The text of a plan of one series; a part that is None is left out. The series begins on line 3."""
    keys = {**PARTS, **parts}
    lines = [f"  {key}: {value}" for key, value in keys.items() if value is not None]
    return f"{top}\nseries:\n- {lines[0].strip()}\n" + "\n".join(lines[1:]) + "\n"


def plan(top: str = "unit: {name: UBND xã A, level: commune}", **parts: str | None) -> Plan:
    """The plan of `plan_text`."""
    return parse_plan(plan_text(top, **parts).encode())


def refused(data: str | bytes, language: str = "vi") -> Sequence[str]:
    """The lines with which a file is refused; [] when it is not."""
    try:
        parse_plan(data.encode() if isinstance(data, str) else data)
    except Faults as faults:
        return list(fault_lines(language, faults))
    return []
