"""Whose address limits count: a proxy on this machine is believed, nobody else."""

import pytest
from flask import Flask

from web.devices import client

VISITOR = "203.0.113.7"


@pytest.mark.parametrize(
    ("asks", "named", "expected"),
    [
        ("198.51.100.4", None, "198.51.100.4"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", VISITOR, VISITOR),
        ("::1", "2001:DB8::7", "2001:db8::7"),
        ("198.51.100.4", VISITOR, "198.51.100.4"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", f"{VISITOR}, 198.51.100.4", "127.0.0.1"),
        ("", VISITOR, ""),
    ],
)
def test_only_a_proxy_of_this_machine_names_the_visitor(asks: str, named: str | None, expected: str) -> None:
    headers = {"X-Real-IP": named} if named else {}
    with Flask("edge").test_request_context(headers=headers, environ_base={"REMOTE_ADDR": asks}):
        assert client() == expected
