"""Signed links and secrets: what a letter's link may open, and how a secret is kept."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode


def new_secret() -> str:
    """256 random bits, 43 characters fit for an address."""
    return secrets.token_urlsafe(32)


def new_slug() -> str:
    """A random name for a public address, 128 bits, lower case."""
    return secrets.token_hex(16)


def hash_secret(secret: str) -> str:
    """What a table keeps of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def sign(key: str, purpose: str, value: str) -> str:
    """A signature that holds for this purpose and value alone."""
    digest = hmac.new(key.encode(), f"{purpose}\0{value}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:24]).decode()


def signed(key: str, purpose: str, value: str, signature: str) -> bool:
    """Whether the signature is ours; compared in constant time."""
    return hmac.compare_digest(sign(key, purpose, value).encode(), signature.encode("utf-8", "surrogatepass"))


SIGNED_PAGES = {"tasks": "task", "registrations": "registration", "follow": "follow"}
"""Pages opened by a signed address, without an account, and what their signature is for."""


def signed_path(key: str, path: str) -> str:
    """The path with its signature where it leads to a page of SIGNED_PAGES ("/tasks/SLUG"); any other as it is."""
    parts = path.split("/")
    if len(parts) != 3 or parts[1] not in SIGNED_PAGES or not parts[2]:
        return path
    return f"{path}/{sign(key, SIGNED_PAGES[parts[1]], parts[2])}"
