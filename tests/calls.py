"""Who is called while something runs: every name looked up and every connection tried, by this process, its libraries and its children.

Python tells of its own calls by audit events. What is written in C or runs in a child of ours is seen by the other end: a real server
on this machine, whose address stands in everything a stranger sends.
"""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

WATCHED = ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.send", "urllib.Request", "http.client", "smtplib", "imaplib", "ftplib", "webbrowser")  # fmt: skip  # noqa: E501


@dataclass
class Calls:
    """What was called, and the port of the one who waits for calls."""

    port: int
    tried: list[str] = field(default_factory=list)  # by this process
    came: list[bytes] = field(default_factory=list)  # at the other end

    @property
    def all(self) -> list[object]:
        return [*self.tried, *self.came]


_watching: list[Calls] = []


def _hook(event: str, given: tuple[Any, ...]) -> None:
    if _watching and event.startswith(WATCHED):
        for calls in _watching:
            calls.tried.append(f"{event} {given[1:] if event.startswith('socket.connect') else given}")


sys.addaudithook(_hook)


@contextmanager
def watched() -> Iterator[Calls]:
    """Count the calls of what runs inside."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        calls = Calls(server.getsockname()[1])
        threading.Thread(target=_answer, args=(server, calls), daemon=True).start()
        _watching.append(calls)
        try:
            yield calls
        finally:
            _watching.remove(calls)
            server.shutdown(socket.SHUT_RDWR)


def _answer(server: socket.socket, calls: Calls) -> None:
    while True:
        try:
            caller, _address = server.accept()
        except OSError:
            return
        with caller:
            caller.settimeout(1)
            try:
                calls.came.append(caller.recv(200))
                caller.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                calls.came.append(b"")
