"""A web process that cannot start says so in one sentence."""

import sys
from pathlib import Path

import pytest

from web import create_app


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LICHDAN_PORT", "many", "LICHDAN_PORT"),
        ("LICHDAN_BASE_URL", "https://lich.example.vn", "LICHDAN_SECRET_KEY"),
        ("LICHDAN_DATABASE_URL", "sqlite:///{folder}/empty.db", "db upgrade"),
        ("LICHDAN_DATABASE_URL", "postgresql+psycopg://a:secret@127.0.0.1:1/x", "cannot be reached"),
    ],
)
def test_a_start_that_cannot_be_ends_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    value: str,
    told: str,
) -> None:
    monkeypatch.setenv("LICHDAN_VAR", str(tmp_path))
    monkeypatch.setenv(name, value.format(folder=tmp_path))
    with pytest.raises(SystemExit) as end:
        create_app()
    assert end.value.code == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert told in lines[0]
    assert "secret@" not in lines[0]
    assert sys.exc_info() == (None, None, None)
