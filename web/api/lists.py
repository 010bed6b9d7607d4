"""One page of a list: its items, the cursor of the next one, and the headers every answer of the interface has."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NoBase64
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import Response, request

from scheduler.errors import BadInput
from web.asked import shown

LIMIT, MOST = 100, 200
"""Items of a page when nothing is asked, and at most."""
CACHE = "public, max-age=60"
Item = dict[str, Any]


def page_of(items: list[Item], last: list[Any] | None, *, modified: datetime | None = None) -> Response:
    """The page; `last` is what its last item is ordered by where more follow, else None."""
    return sent({"items": items, "next": None if last is None else write_cursor(last)}, modified=modified)


def sent(value: Any, *, modified: datetime | None = None) -> Response:
    """The value as JSON, with its tag and, where it is known, when it last changed; 304 for whoever has it."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, mimetype="application/json")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.last_modified = modified
    response.headers["Cache-Control"] = CACHE
    response.make_conditional(request)
    return response


def write_cursor(last: list[Any]) -> str:
    """Where the next page begins, in one word for an address."""
    return urlsafe_b64encode(json.dumps(last, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(*types: type) -> list[Any] | None:
    """What `?cursor=` was written from, as values of these types; None without one. Raises BadInput."""
    word = request.args.get("cursor", "")
    if not word:
        return None
    try:
        padded = word + "=" * (-len(word) % 4)
        last = json.loads(urlsafe_b64decode(padded.encode("ascii"))) if len(word) <= 200 else None
    except (NoBase64, ValueError):
        last = None
    fits = isinstance(last, list) and len(last) == len(types) and all(map(_is, last, types))
    if not fits:
        raise BadInput("api.bad-cursor", place="cursor", value=shown(word))
    assert isinstance(last, list)
    return last


def _is(value: object, kind: type) -> bool:
    return type(value) is kind and not (kind is int and not 0 <= int(str(value)) < 2**31)
