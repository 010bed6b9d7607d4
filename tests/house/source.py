"""The project's own text, as the house tests read it."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("scheduler", "calendars", "web", "jobs")
MADE = ("__pycache__", "vendor", "node_modules")
"""Folders whose text is not ours."""
TEXT = {".py", ".html", ".txt", ".po", ".md", ".toml", ".yaml", ".yml", ".css", ".js", ".xml", ".cfg", ""}


def python_files(*folders: str) -> list[Path]:
    """The Python files under these top folders; without arguments those of the four floors and start.py."""
    if folders:
        return [path for folder in folders for path in _walk(ROOT / folder) if path.suffix == ".py"]
    return [*python_files(*FLOORS), ROOT / "start.py"]


def text_files() -> list[Path]:
    """Every file of ours that people read or write: the floors, the tests and the single files at the top."""
    under = [path for folder in (*FLOORS, "tests", ".ci") for path in _walk(ROOT / folder)]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    files = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    top = [path for path in files if not any(fnmatch(path.name, pattern) for pattern in ignored)]
    return sorted(path for path in [*under, *top] if path.suffix in TEXT)


@cache
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(path: Path) -> str:
    """The path as people name it, from the top of the project."""
    return path.relative_to(ROOT).as_posix()


def calls(path: Path) -> Iterator[ast.Call]:
    """Every call in the file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    """The last name of what is called: `db.commit()` and `commit()` are both `commit`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part in MADE for part in path.parts):
            yield path
