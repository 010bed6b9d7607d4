"""The ledger's deeds: what actions write stands in the table, what stands there is written, and nothing else passes."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from scheduler.actions.ledger import record
from scheduler.database import Db
from scheduler.models import Entry
from scheduler.rules.deeds import DEEDS
from scheduler.rules.followups import TASK_STEPS
from scheduler.rules.permissions import COMMAND_LINE
from scheduler.rules.registrations import STEPS
from scheduler.rules.workflow import PUBLIC, TRANSITIONS
from tests.house.source import called, calls, name_of, python_files, tree
from tests.house.words import keys

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
COMPOSED = {
    "occurrence.": {
        f"occurrence.{row.step.replace('_', '-')}"
        for row in TRANSITIONS
        if row.act == "change" and set(row.sources) <= set(PUBLIC)
    },
    "task.": {f"task.{row.step.replace('_', '-')}" for row in TASK_STEPS} | {"task.assigned"},
    "proposal.": {"proposal.accepted", "proposal.refused"},
    "visit.": {f"visit.{row.step.replace('_', '-')}" for row in STEPS if row.step != "withdraw"},
}
"""How the deeds begin that an action puts together, and all that can come of it."""


def written() -> Iterator[tuple[ast.expr, str]]:
    """Every deed as it is written, given to `record` or to a function of the same file that hands it on."""
    for path in python_files("scheduler", "web"):
        places = {"record": 1, "record_each": 1, "record_steps": 2} | {
            node.name: names.index("deed")
            for node in ast.walk(tree(path))
            if isinstance(node, ast.FunctionDef) and "deed" in (names := [each.arg for each in node.args.args])
        }
        for call in calls(path):
            place = places.get(called(call), len(call.args))
            if place < len(call.args) and not isinstance(call.args[place], ast.Name):
                yield call.args[place], f"{name_of(path)}:{call.lineno}"


def literals() -> dict[str, str]:
    return {deed.value: place for deed, place in written() if isinstance(deed, ast.Constant)}


def test_every_deed_written_is_in_the_table() -> None:
    assert {deed: place for deed, place in literals().items() if deed not in DEEDS} == {}
    assert {deed for deeds in COMPOSED.values() for deed in deeds} - set(DEEDS) == set()


def test_every_composed_deed_is_known_here() -> None:
    assert {_beginning(deed) for deed, _ in written() if not isinstance(deed, ast.Constant)} == set(COMPOSED)


def test_every_deed_of_the_table_is_written() -> None:
    assert set(DEEDS) - set(literals()) - {deed for deeds in COMPOSED.values() for deed in deeds} == set()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_words_stand_for_a_deed_that_is_not(language: str) -> None:
    said = {key for key in keys(language) if key.startswith("deeds.")} - {"deeds.by-program"}
    assert said == {f"deeds.{deed.replace('.', '-')}" for deed in DEEDS}


def test_the_ledger_refuses_a_deed_nobody_could_read(db: Db) -> None:
    with pytest.raises(ValueError, match=r"occurrence\.forgotten"):
        record(db, "occurrence.forgotten", by=COMMAND_LINE, now=NOW)
    assert db.query(Entry).count() == 0


def _beginning(deed: ast.expr) -> str:
    first = deed.values[0] if isinstance(deed, ast.JoinedStr) else deed
    return str(first.value) if isinstance(first, ast.Constant) else ast.unparse(deed)
