"""Who may open a page: every route carries exactly one of these, and a route without one is refused."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from scheduler.errors import NotAllowed, NotFound, SignInNeeded
from scheduler.links import SIGNED_PAGES, signed
from scheduler.rules.permissions import PERMISSIONS, Actor
from web.request_cycle import actor, settings

P = ParamSpec("P")
R = TypeVar("R")


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Everybody may open it."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def staff(act: str | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Who is signed in and may do the act in any unit; None: whoever is signed in.

    The page's query or action still asks for the unit itself. Raises SignInNeeded, NotAllowed.
    """
    if act is not None and act not in PERMISSIONS:
        raise ValueError(f"no such act: {act}")

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            reader = signed_in()
            if act is not None and not reader.ever(act):
                raise NotAllowed("errors.not-allowed")
            return view(*args, **kwargs)

        guarded.guard = act or "staff"  # type: ignore[attr-defined]
        return guarded

    return guard


def require_signed(page: str, slug: str, signature: str) -> None:
    """Of a page of SIGNED_PAGES, an address that is not ours does not exist. Raises NotFound."""
    if not signed(settings().secret, SIGNED_PAGES[page], slug, signature):
        raise NotFound("errors.not-found")


def signed_in() -> Actor:
    """The signed-in actor. Raises SignInNeeded."""
    reader = actor()
    if reader is None:
        raise SignInNeeded("errors.sign-in-needed")
    return reader
