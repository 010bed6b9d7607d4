"""Answers a second over a few connections that stay open, with as little work of the asking side as can be."""

import socket
import threading
import time


def request_of(port: int, path: str, *headers: str) -> bytes:
    """The bytes of a GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", *headers, "", ""]
    return "\r\n".join(lines).encode()


def rate_of(port: int, request: bytes, *, seconds: float, lines: int) -> float:
    """Answers a second; each of so many connections asks again as soon as it is answered."""
    counts = [0] * lines
    until = time.perf_counter() + seconds

    def ask(number: int) -> None:
        with socket.create_connection(("127.0.0.1", port), 60) as line:
            while time.perf_counter() < until:
                line.sendall(request)
                read_answer(line)
                counts[number] += 1

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(lines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def read_answer(line: socket.socket) -> tuple[bytes, bytes]:
    """Head and body of the next answer."""
    data = line.recv(1 << 16)
    while b"\r\n\r\n" not in data:
        data += line.recv(1 << 16)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")]
    missing = (int(lengths[0].partition(b":")[2]) if lengths else 0) - len(body)
    parts = [body]
    while missing > 0:
        part = line.recv(1 << 20)
        missing -= len(part)
        parts.append(part)
    return head, b"".join(parts)
