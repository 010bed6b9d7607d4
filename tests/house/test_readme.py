"""README is the map: it knows every room, setting, command, job and target, and nothing that is no more."""

import re
from collections.abc import Iterator

import click
import pytest

from jobs.timetable import TIMETABLE
from scheduler.settings import PREFIX, Settings
from tests.house.source import FLOORS, ROOT
from web.cli import COMMANDS

OWN_SETTINGS = {"LICHDAN_CHROMIUM"}
"""Read by the tests alone."""


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def commands(found: tuple[click.Command, ...] = COMMANDS, before: str = "") -> Iterator[str]:
    for command in found:
        name = f"{before} {command.name}".strip()
        if isinstance(command, click.Group):
            yield from commands(tuple(command.commands.values()), name)
        else:
            yield name


def test_every_setting_is_explained(readme: str) -> None:
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    assert {name for name in names if f"`{name}`" not in readme} == set()


def test_no_setting_is_explained_that_is_not_read(readme: str) -> None:
    names = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | OWN_SETTINGS
    assert set(re.findall(r"LICHDAN_[A-Z_]+[A-Z]", readme)) - names == set()


def test_every_command_is_named(readme: str) -> None:
    assert [name for name in commands() if name not in readme] == []


def test_every_job_is_named(readme: str) -> None:
    assert [job.name for job in TIMETABLE if f"`{job.name}`" not in readme] == []


def test_every_room_is_on_the_map(readme: str) -> None:
    rooms = [f"{floor}/" for floor in FLOORS]
    rooms += [
        f"{folder.name}/"
        for floor in FLOORS
        for folder in sorted((ROOT / floor).iterdir())
        if (folder / "__init__.py").exists()
    ]
    assert [room for room in rooms if room not in readme] == []


def test_every_target_of_make_is_named(readme: str) -> None:
    targets = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for name in targets if name != "help" and f"make {name}" not in readme] == []


def test_what_it_links_to_is_there(readme: str) -> None:
    links = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", readme)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_it_shows_the_product(readme: str) -> None:
    assert re.search(r"!\[[^\]]+\]\([^)]+\.(png|jpg|webp|svg)\)", readme)
