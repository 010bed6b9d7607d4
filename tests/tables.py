"""How figures are shown: one table on the terminal, the same rows as JSON in the var folder."""

import importlib
import json
import logging
import pkgutil
import platform
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import structlog

from scheduler.settings import read_settings

Row = dict[str, Any]


def collect(package: ModuleType, prefix: str, only: list[str]) -> list[tuple[str, Callable[[], list[Row]]]]:
    """The `run()` of every module `prefix…` in the package, by name; `only` chooses some by a part of it."""
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__) if found.name.startswith(prefix))
    chosen = [name for name in names if not only or any(part in name for part in only)]
    return [(name, importlib.import_module(f"{package.__name__}.{name}").run) for name in chosen]


def run_all(found: Iterable[tuple[str, Callable[[], list[Row]]]]) -> tuple[list[Row], list[str]]:
    """Their rows in order, each with its file's name; and those that broke, with their reason."""
    # One table and nothing else: what the product logs on the way would bury it.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    rows: list[Row] = []
    broken: list[str] = []
    for name, run in found:
        started = time.perf_counter()
        try:
            rows.extend({"from": name, **row} for row in run())
        except Exception:  # the other figures are still worth having; the exit code tells of this one
            broken.append(f"{name}: {traceback.format_exc()}")
        print(f"{name}: {time.perf_counter() - started:.1f} s", file=sys.stderr, flush=True)
    return rows, broken


def show(rows: list[Row], columns: tuple[str, ...]) -> str:
    """The rows as a table of fixed width; a missing value is empty."""
    lines = [columns, *(tuple(_cell(row.get(column)) for column in columns) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    ruled = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return "\n".join([ruled[0], "-" * len(ruled[0]), *ruled[1:]])


def keep(name: str, rows: list[Row]) -> str:
    """Write the rows with what machine they were measured on; gives the file's path."""
    folder = read_settings().var
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.json"
    machine = {"python": platform.python_version(), "system": platform.platform()}
    text = json.dumps({"machine": machine, "rows": rows}, ensure_ascii=False, indent=1, default=str)
    file.write_text(text + "\n", encoding="utf-8")
    return str(file)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "NO"
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
