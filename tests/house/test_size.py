"""What is too large for its room is split; what is not ours does not stand at the top."""

import ast
import re

import pytest

from tests.house.source import ROOT, name_of, python_files, text_files, tree

FILE_LINES = 300
FUNCTION_LINES = 40
POSITIONAL = 4
TOP_FOLDERS = {"scheduler", "calendars", "web", "jobs", "tests", ".ci", ".github"}
NOT_OURS = {".git", ".venv", "var"}
NO_NAMES = ("utils", "helpers", "manager", "common", "misc", "emails", "email", "calendar", "queue")
ONE_MACHINE = re.compile(r"(?<![\w.:/<-])/(?:home|root|Users|tmp|work|opt)/[\w.]")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> list[tuple[str, Function]]:
    return [
        (f"{name_of(path)}:{node.lineno} {node.name}", node)
        for path in python_files()
        if "migrations/versions" not in name_of(path)
        for node in ast.walk(tree(path))
        if isinstance(node, Function)
    ]


def test_files_fit_their_room() -> None:
    found = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in [*python_files(), *python_files("tests")]
        if "migrations/versions" not in name_of(path)
    }
    assert {name: lines for name, lines in found.items() if lines > FILE_LINES} == {}


def test_functions_fit_a_glance() -> None:
    lengths = {name: _lines(node) for name, node in functions()}
    assert {name: lines for name, lines in lengths.items() if lines > FUNCTION_LINES} == {}


def test_few_arguments_go_by_place() -> None:
    counts = {name: _positional(node) for name, node in functions()}
    assert {name: count for name, count in counts.items() if count > POSITIONAL} == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in python_files()
        if "migrations/versions" not in name_of(path) and path.stat().st_size > 0 and not ast.get_docstring(tree(path))
    ]
    assert silent == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [name_of(path) for path in python_files() if path.stem in NO_NAMES] == []


def test_the_top_holds_the_rooms_and_single_files() -> None:
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    assert folders - TOP_FOLDERS - NOT_OURS - ignored == set()


@pytest.mark.parametrize("sample", ["see /home/lan/x", "open('/root/a')"])
def test_the_pattern_finds_a_folder_of_one_machine(sample: str) -> None:
    assert ONE_MACHINE.search(sample)


def test_nothing_names_a_folder_of_one_machine() -> None:
    faults = [
        f"{name_of(path)}:{number} {line.strip()[:80]}"
        for path in text_files()
        if path.name != "test_size.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ONE_MACHINE.search(line)
    ]
    assert faults == []


def _lines(node: Function) -> int:
    """From its name to its end; what it promises in its docstring is not held against it."""
    said = node.body[0]
    promise = (said.end_lineno or 0) - said.lineno + 1 if ast.get_docstring(node) else 0
    return (node.end_lineno or 0) - node.lineno + 1 - promise


def _positional(node: Function) -> int:
    names = [argument.arg for argument in [*node.args.posonlyargs, *node.args.args]]
    return len([name for name in names if name not in ("self", "cls")])
