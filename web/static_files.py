"""Style, script and pictures, under names that change with their content, so that browsers may keep them for long."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, request

from web.guards import public
from web.kept_answers import wants_packed

FOLDER = Path(__file__).parent / "static"
KEPT = 365 * 24 * 3600
"""Seconds a browser may keep a name that carries its content's hash."""
HASH_LENGTH = 10
WORTH_PACKING = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


@dataclass(frozen=True)
class File:
    """A file as it was when the process began."""

    content: bytes
    media_type: str
    digest: str
    hashed_name: str
    packed: bytes
    """The content as gzip, blank where that saves nothing."""


def install(app: Flask) -> None:
    """Give templates `asset(name)` and serve both the hashed and the plain names."""
    plain = {path.relative_to(FOLDER).as_posix(): _read(path) for path in sorted(FOLDER.rglob("*")) if path.is_file()}
    hashed = {file.hashed_name: file for file in plain.values()}

    @app.get("/static/<path:filename>")
    @public
    def static(filename: str) -> Response:
        file = hashed.get(filename) or plain.get(filename)
        if file is None:
            abort(404)
        packed = bool(file.packed) and wants_packed(request.headers.get("Accept-Encoding", ""))
        response = Response(file.packed if packed else file.content, mimetype=file.media_type)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        if file.packed:
            response.vary.add("Accept-Encoding")
        response.headers["Cache-Control"] = f"public, max-age={KEPT}, immutable" if filename in hashed else "no-cache"
        response.set_etag(file.digest, weak=packed)
        response.make_conditional(request)
        return response

    @app.template_global()
    def asset(name: str) -> str:
        """The address of a static file, the same in every language; an unknown name is a fault of the template."""
        return f"/static/{plain[name].hashed_name}"


def _read(path: Path) -> File:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:HASH_LENGTH]
    name = path.relative_to(FOLDER)
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = gzip.compress(content, 9, mtime=0) if media_type in WORTH_PACKING else b""
    return File(content, media_type, digest, name.with_name(f"{name.stem}.{digest}{name.suffix}").as_posix(), packed)
