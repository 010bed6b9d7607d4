"""The language of a page is its address: Vietnamese at /…, English at /en/…"""

from collections.abc import Iterable
from typing import Any

from flask import has_request_context, request

from scheduler.language import DEFAULT
from scheduler.language import say as say_in

ENGLISH = "/en"
MARK = "lichdan.language"
Environ = dict[str, Any]


class LanguageShim:
    """Takes a leading /en off the path and notes the language, so that every route serves both.

    The prefix becomes part of the script name: `url_for` then stays in the language by itself.
    """

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        environ[MARK] = DEFAULT
        if path == ENGLISH:
            return _lead_to_slash(environ, start_response)
        if path.startswith(f"{ENGLISH}/"):
            environ[MARK] = "en"
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + ENGLISH
            environ["PATH_INFO"] = path[len(ENGLISH) :]
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer


def _lead_to_slash(environ: Environ, start_response: Any) -> Iterable[bytes]:
    query = environ.get("QUERY_STRING", "")
    start_response("308 Permanent Redirect", [("Location", f"{ENGLISH}/{'?' + query if query else ''}")])
    return [b""]


def language() -> str:
    """The language of the request; Vietnamese outside of one."""
    return str(request.environ.get(MARK, DEFAULT)) if has_request_context() else DEFAULT


def say(key: str, /, **facts: Any) -> str:
    """The sentence in the language of the request."""
    return say_in(language(), key, **facts)


def address(path: str) -> str:
    """An address of this site in the language of the request: "/desk" is "/en/desk" on English pages."""
    return f"{request.script_root}{path}"


def same_page_in(other: str) -> str:
    """The address of this page in the other language."""
    query = request.query_string.decode("ascii", "replace")
    path = request.path + (f"?{query}" if query else "")
    return f"{ENGLISH}{path}" if other == "en" else path
