"""Who may write, who may read the clock's edges, and who may swallow a fault."""

import ast

from tests.house.source import called, calls, name_of, python_files, tree

MAY_COMMIT = {"web/request_cycle.py", "jobs/runner.py", "scheduler/database.py"}
MAY_CATCH_ALL = {"web/request_cycle.py", "jobs/runner.py"}
WRITES = {"add", "add_all", "delete", "merge", "flush", "bulk_save_objects", "bulk_insert_mappings"}
STATEMENTS = {"insert", "update", "delete"}


def test_only_the_edges_commit() -> None:
    found = {name_of(path) for path in python_files() for call in calls(path) if called(call) == "commit"}
    assert found <= MAY_COMMIT


def test_web_and_calendars_change_no_row_themselves() -> None:
    faults = []
    for path in python_files("web", "calendars"):
        for call in calls(path):
            target = call.func.value if isinstance(call.func, ast.Attribute) else None
            on_db = isinstance(target, ast.Name) and target.id == "db"
            statement = isinstance(call.func, ast.Name) and call.func.id in STATEMENTS
            if (on_db and called(call) in WRITES) or statement:
                faults.append(f"{name_of(path)}:{call.lineno}")
    assert faults == []


def test_actions_never_roll_back_what_they_did_not_begin() -> None:
    faults = [
        f"{name_of(path)}:{call.lineno}"
        for path in python_files("scheduler/actions", "scheduler/queries", "scheduler/reports")
        for call in calls(path)
        if called(call) in ("rollback", "close") and ast.unparse(call.func).startswith("db.")
    ]
    assert faults == []


def test_only_the_edges_catch_everything() -> None:
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files()
        if name_of(path) not in MAY_CATCH_ALL
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type)
    ]
    assert faults == []


def test_nobody_speaks_smtp_by_the_library_that_sends_twice() -> None:
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if "smtplib" in _imported(node)
    ]
    assert faults == []


def test_pages_do_not_know_each_other() -> None:
    faults = [
        f"{name_of(path)}:{node.lineno}"
        for path in python_files("web/pages")
        if path.name != "__init__.py"
        for node in ast.walk(tree(path))
        if any(name.startswith("web.pages") for name in _imported(node))
    ]
    assert faults == []


def _catches_all(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(name is None or ast.unparse(name) in ("Exception", "BaseException") for name in names)


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
