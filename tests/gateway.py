"""A gateway for messages for tests: real HTTP on loopback that keeps what it gets and misbehaves when told to."""

import json
import socketserver
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, Literal

import pytest

Behaviour = Literal["accept", "refuse", "later", "busy", "unknown", "lead-on", "drop", "reset", "hang", "trickle"]
"""accept: 202. refuse: 422. later: 503. busy: 429. unknown: 401. lead-on: 302 to itself. drop: takes the message, then
closes without an answer; reset: the same as by a kill. hang: takes it and stays silent. trickle: 202 whose rest never
comes."""
STATUS = {"accept": 202, "refuse": 422, "later": 503, "busy": 429, "unknown": 401, "lead-on": 302, "trickle": 202}


@dataclass(frozen=True)
class Message:
    """One message as it came over the wire."""

    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Phone:
    """What the gateway got, and how it shall behave from now on."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)
    planned: list[Behaviour] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """Its address, as the product's setting takes it."""
        return f"http://127.0.0.1:{self.port}/send"

    def then(self, *behaviours: Behaviour) -> None:
        """Behave so for the next messages, one after the other, and accept again afterwards."""
        self.planned.extend(behaviours)

    @property
    def texts(self) -> list[str]:
        """The words of what came, in turn."""
        return [message.body["text"] for message in self.messages]


class Server(socketserver.ThreadingTCPServer):
    """One thread a connection; a silent one does not hold the others."""

    allow_reuse_address = True
    daemon_threads = True


@pytest.fixture
def phone() -> Iterator[Phone]:
    """A gateway of the test's own."""
    phone = Phone()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            phone.messages.append(Message(dict(self.headers), json.loads(body)))
            behaviour = phone.planned.pop(0) if phone.planned else "accept"
            if behaviour in STATUS:
                self._answer(behaviour)
            if behaviour == "reset":
                self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            if behaviour in ("hang", "trickle"):
                phone.ended.wait(30)
            self.close_connection = self.close_connection or behaviour not in STATUS

        def _answer(self, behaviour: Behaviour) -> None:
            said = f"number {phone.messages[-1].body['to']} {behaviour}".encode()
            self.send_response(STATUS[behaviour])
            self.send_header("Content-Length", str(len(said) + (9 if behaviour == "trickle" else 0)))
            if behaviour == "lead-on":
                self.send_header("Location", phone.url)
            self.end_headers()
            self.wfile.write(said)
            self.wfile.flush()

        def log_message(self, *args: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    phone.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield phone
    phone.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()
