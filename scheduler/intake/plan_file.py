"""The yearly plan as a secretariat writes it, YAML or .xlsx: read into values, or refused with every fault at once.

The keys, their meanings and their defaults are a promise to offices and scripts: additions only.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from scheduler.errors import BadInput, Faults
from scheduler.intake.plan_faults import Node, Reading, fault
from scheduler.intake.plan_scalars import (
    FIRST_DAY,
    LAST_DAY,
    choice_of,
    day_of,
    flag_of,
    many_of,
    mapping_of,
    text_of,
    whole_of,
)
from scheduler.intake.plan_series import series_of
from scheduler.intake.plan_values import Plan, PlanSeries, PlanUnit
from scheduler.intake.plan_yaml import MOST_BYTES, read_yaml
from scheduler.intake.spreadsheet import MOST_WORKBOOK_BYTES, read_workbook
from scheduler.rules.kinds import LEVELS
from scheduler.rules.schedules import day_of_file
from scheduler.rules.working_days import Day

TOP_KEYS = ("unit", "year", "days_off", "series")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm", ".xls")
ZIP_SIGN = b"PK\x03\x04"
OLD_SIGN = b"\xd0\xcf\x11\xe0"  # .xls; a workbook behind a password begins so too
EXAMPLES = {"series": "- key: …", "days_off": "[{date: 2026-01-02, off: true, source: …}]"}


def read_plan(path: Path) -> Plan:
    """The plan of a file. Raises Faults: unreadable, or whatever `parse_plan` refuses."""
    try:
        if path.stat().st_size > max(MOST_BYTES, MOST_WORKBOOK_BYTES):
            raise Faults([BadInput("plans.too-large", megabytes=MOST_WORKBOOK_BYTES // 1024 // 1024)])
        data = path.read_bytes()
    except OSError as error:
        raise Faults([BadInput("plans.no-such-file", name=path.name)]) from error
    return parse_plan(data, path.name)


def parse_plan(data: bytes, name: str = "") -> Plan:
    """The plan of a file's bytes: a spreadsheet by its name or first bytes, otherwise YAML.

    Raises Faults with every fault, each with its place, in the order of the places.
    """
    try:
        if is_workbook(data, name):
            reading = Reading()
            return plan_of(read_workbook(data, reading), reading)
        return plan_of(read_yaml(data))
    except BadInput as refusal:
        raise Faults([refusal]) from refusal


def is_workbook(data: bytes, name: str = "") -> bool:
    """Whether these bytes are to be read as a spreadsheet, by their beginning or their name."""
    return data.startswith((ZIP_SIGN, OLD_SIGN)) or name.lower().endswith(WORKBOOK_SUFFIXES)


def plan_of(root: Node, reading: Reading | None = None) -> Plan:
    """The plan of a tree of nodes; faults already noted are raised with the others. Raises Faults."""
    reading = reading or Reading()
    keys = mapping_of(reading, root, "plan", TOP_KEYS, may_be_empty=("days_off",))
    unit = reading.take(_unit, keys["unit"], "unit") if "unit" in keys else None
    if "unit" not in keys:
        reading.note(fault("plans.missing-key", root, name="unit", owner="plan"))
    days_off = reading.take(_days_off, keys["days_off"], "days_off") if "days_off" in keys else ()
    year = reading.take(_year, keys["year"], "year") if "year" in keys else None
    series: tuple[PlanSeries, ...] = ()
    if "series" in keys:
        series = reading.take(_all_series, keys["series"], "series") or ()
    else:
        reading.note(fault("plans.missing-key", root, name="series", owner="plan"))
    reading.raise_faults()
    places = {one.key: node.place for one, node in zip(series, keys["series"].items or (), strict=True)}
    return Plan(unit or PlanUnit(), series, days_off or (), year, places)


def node_of(value: Any, place: str = "") -> Node:
    """A tree of nodes from plain values: mappings, lists, texts, numbers, days."""
    if isinstance(value, dict):
        pairs = tuple((node_of(key, place), node_of(part, place)) for key, part in value.items())
        return Node(place, pairs=pairs)
    if isinstance(value, list | tuple):
        return Node(place, items=tuple(node_of(part, place) for part in value))
    if value is None:
        return Node(place, text="")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Node(place, text=value.isoformat() if isinstance(value, date) else text, quoted=isinstance(value, str))


def plan_of_schedules(unit: PlanUnit, schedules: Iterable[tuple[Any, Any]], year: int) -> Plan:
    """The plan of stored (series, days_off) pairs, as a file of this year would say it. Raises Faults.

    Days off that any of them keeps for itself are the file's.
    """
    pairs = list(schedules)
    days = {line["date"]: line for _, days_off in pairs for line in days_off}
    root = {"unit": unit.to_plain(), "year": year, "days_off": [days[day] for day in sorted(days)]}
    return plan_of(node_of(root | {"series": [series for series, _ in pairs]}))


def dump_plan(plan: Plan) -> str:
    """The plan as a YAML file that reads back into the same values."""
    return yaml.safe_dump(plan.to_plain(), allow_unicode=True, sort_keys=False, width=100)


def _unit(reading: Reading, node: Node, name: str) -> PlanUnit:
    keys = mapping_of(reading, node, name, ("code", "name", "level"))
    if "code" not in keys:
        for key in ("name", "level"):
            if key not in keys:
                raise fault("plans.unit-code-or-name", node)
    code = reading.take(text_of, keys["code"], "code") if "code" in keys else None
    named = reading.take(text_of, keys["name"], "name") if "name" in keys else None
    level = reading.take(_level, keys["level"], "level") if "level" in keys else None
    return PlanUnit(code or "", named or "", level or "")


def _level(reading: Reading, node: Node, name: str) -> str:
    return choice_of(reading, node, name, LEVELS)


def _year(reading: Reading, node: Node, name: str) -> int:
    return whole_of(reading, node, name, least=FIRST_DAY.year, most=LAST_DAY.year)


def _days_off(reading: Reading, node: Node, name: str) -> tuple[Day, ...]:
    def with_place(reading: Reading, node: Node, name: str) -> tuple[Day, str]:
        return _day_off(reading, node, name), node.place

    lines = many_of(reading, node, name, with_place, example=EXAMPLES["days_off"])
    seen: set[date] = set()
    for day, place in lines:
        if day.day in seen:
            reading.note(fault("plans.double-day-off", place, text=day.day.isoformat()))
        seen.add(day.day)
    return tuple(sorted((day for day, _ in lines), key=lambda day: day.day))


def _day_off(reading: Reading, node: Node, name: str) -> Day:
    keys = mapping_of(reading, node, name, ("date", "off", "source"))
    if "date" not in keys:
        raise fault("plans.missing-key", node, name="date", owner=name)
    off = reading.take(flag_of, keys["off"], "off") if "off" in keys else True
    source = reading.take(text_of, keys["source"], "source") if "source" in keys else ""
    return day_of_file(day_of(reading, keys["date"], "date"), bool(off), source or "")


def _all_series(reading: Reading, node: Node, name: str) -> tuple[PlanSeries, ...]:
    series = many_of(reading, node, name, series_of, example=EXAMPLES["series"])
    _refuse_doubles(reading, node)
    return series


def _refuse_doubles(reading: Reading, node: Node) -> None:
    """Two series of one key, also where one of them has another fault."""
    seen: set[str] = set()
    for item in node.items or ():
        for key, value in item.pairs or ():
            said = unicodedata.normalize("NFC", value.text or "").strip()
            if key.text == "key" and said:
                if said in seen:
                    reading.note(fault("plans.double-series", value, name=said))
                seen.add(said)
