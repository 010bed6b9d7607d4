"""Everything the house refuses, as one family. A key is said in the reader's language at the edge."""

from typing import Any


class HouseError(Exception):
    """A refusal a person will read: `key` names the sentence in the catalogues, `facts` fill its blanks."""

    def __init__(self, key: str, **facts: Any) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.key} ({facts})" if facts else self.key


class NotFound(HouseError):
    """The thing does not exist, or the reader may not know that it does (both read alike)."""


class NotAllowed(HouseError):
    """A signed-in person lacks the right to do this here."""


class SignInNeeded(HouseError):
    """Nobody is signed in, or the sign-in has ended."""


class RuleBroken(HouseError):
    """What was asked is against a rule of the workflow or the law."""


class Stale(HouseError):
    """Somebody else changed the row since the form was opened; nothing was overwritten."""


class TooMany(HouseError):
    """A limit was reached; `facts["retry_after"]` is the wait in seconds."""


class BadInput(HouseError):
    """A value that cannot be read. `place` says where: a field's name, a line, a cell."""

    def __init__(self, key: str, place: str = "", **facts: Any) -> None:
        super().__init__(key, **facts)
        self.place = place


class Faults(HouseError):
    """Several unreadable values at once, in the order of their places."""

    def __init__(self, faults: list[BadInput]) -> None:
        super().__init__("errors.several-faults", n=len(faults))
        self.faults = faults
