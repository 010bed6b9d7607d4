"""Style, script and pictures, under names that change with their content, so that browsers may keep them for long."""

import hashlib
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory

from web.guards import public

FOLDER = Path(__file__).parent / "static"
KEPT = 365 * 24 * 3600
"""Seconds a browser may keep a name that carries its content's hash."""
HASH_LENGTH = 10


def install(app: Flask) -> None:
    """Give templates `asset(name)` and serve both the hashed and the plain names."""
    hashed, names = _index(FOLDER)

    @app.get("/static/<path:filename>")
    @public
    def static(filename: str) -> Response:
        plain = names.get(filename)
        if plain is None and filename not in hashed:
            abort(404)
        response = send_from_directory(FOLDER, plain or filename, conditional=True)
        kept = f"public, max-age={KEPT}, immutable" if plain else "no-cache"
        response.headers["Cache-Control"] = kept
        return response

    @app.template_global()
    def asset(name: str) -> str:
        """The address of a static file, the same in every language; an unknown name is a fault of the template."""
        return f"/static/{hashed[name]}"


def _index(folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Plain name to hashed name, and back."""
    hashed: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:HASH_LENGTH]
            hashed[name.as_posix()] = name.with_name(f"{name.stem}.{digest}{name.suffix}").as_posix()
    return hashed, {value: key for key, value in hashed.items()}
