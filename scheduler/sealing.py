"""What residents tell is stored sealed: readable with the key alone, and the key is never in the database."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

SEALING, MARKING = "lichdan sealing", "lichdan marking"
UNREADABLE = "(không đọc được)"
"""What stands for a text that cannot be opened, among names and words that are Vietnamese in both languages."""


class Unreadable(Exception):
    """A sealed text that none of the keys opens: the installation lost a key, or the text is damaged."""


class Vault:
    """Seals and opens texts, and marks them so that equal ones are found without being read.

    Several keys stand with commas between them: the first one seals, all of them open, the last one marks, so that a
    new key in front changes no mark.
    """

    def __init__(self, keys: str) -> None:
        known = [key.strip() for key in keys.split(",") if key.strip()]
        self._marking = _derived(MARKING, known[-1]) if known else b""
        fernets = [Fernet(urlsafe_b64encode(_derived(SEALING, key))) for key in known]
        self._sealing = MultiFernet(fernets) if fernets else None

    def seal(self, text: str) -> str:
        """The text as it is stored; nothing stays nothing."""
        return self._keys().encrypt(text.encode()).decode() if text else ""

    def open(self, sealed: str) -> str:
        """The text as it was, to be looked at; UNREADABLE where no key opens it, so that one row closes no list."""
        try:
            return self.open_exactly(sealed)
        except Unreadable:
            return UNREADABLE

    def open_exactly(self, sealed: str) -> str:
        """The text as it was, to act upon: an address, a code. Raises Unreadable where no key opens it."""
        if not sealed:
            return ""
        try:
            return self._keys().decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise Unreadable("a sealed text cannot be opened with the keys of this installation") from None

    def mark(self, text: str) -> str:
        """The same 32 letters for the same text; nobody without the key can find the text by trying."""
        self._keys()
        return hmac.new(self._marking, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]

    def _keys(self) -> MultiFernet:
        if self._sealing is None:
            raise RuntimeError("this database was opened without a key for sealed texts")
        return self._sealing


def _derived(purpose: str, key: str) -> bytes:
    return hmac.new(key.encode(), purpose.encode(), hashlib.sha256).digest()
