"""A web server for one measurement, its CPU time, and a small load generator."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tongban.kernel.management.commands.serve import THREADS

TICK = os.sysconf("SC_CLK_TCK")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
Call = tuple[str, str, bytes, dict[str, str]]
"""Method, path, body, headers."""


@dataclass(frozen=True, slots=True)
class Server:
    port: int
    pid: int

    def cpu(self) -> float:
        """CPU seconds of the server and its processes so far."""
        return cpu_of(self.pid)


@contextmanager
def serving(
    application: str, *, workers: int = 1, threads: int = THREADS, **environment: str
) -> Iterator[Server]:
    """Granian with a WSGI application, as `tongban serve` starts it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--no-log", application,
    ]  # fmt: skip
    with subprocess.Popen(
        command, env={**os.environ, "TONGBAN_WARM": "1", **environment}, cwd=Path(__file__).parents[1]
    ) as process:
        try:
            _wait(port)
            _wait_warm(process.pid)
            yield Server(port, process.pid)
        finally:
            process.terminate()


def _wait(port: int) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("the server did not start")


def _wait_warm(pid: int) -> None:
    """Until what a process loads beside its web threads is loaded."""
    until, before = time.monotonic() + 60, -1.0
    while time.monotonic() < until and (now := cpu_of(pid)) - before > 2 / TICK:
        before = now
        time.sleep(0.5)


class Wire:
    """A kept connection that knows as much HTTP as a load generator needs: answers that tell their length.

    The generator shares its cores with the server: `http.client` would take a fifth of what a call costs there.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        """Status and body of the answer.

        :raises OSError: the connection was closed
        """
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n{told}\r\n"
        self._socket.sendall(head.encode() + body)
        said = b""
        while (end := said.find(b"\r\n\r\n")) < 0:
            said += self._more()
        length = LENGTH.search(said, 0, end + 2)
        if length is None:
            raise OSError(f"{path}: the answer does not tell its length")
        answer = said[end + 4 :]
        while len(answer) < int(length[1]):
            answer += self._more()
        return int(said[9:12]), answer

    def _more(self) -> bytes:
        said = self._socket.recv(65536)
        if not said:
            raise OSError("the server closed the connection")
        return said

    def close(self) -> None:
        self._socket.close()


def send(port: int, calls: Sequence[Call], *, clients: int = 1) -> list[int]:
    """Send the calls over kept connections; gives the status of each."""
    statuses = [0] * len(calls)

    def work(start: int) -> None:
        wire = Wire(port)
        for index in range(start, len(calls), clients):
            method, path, body, headers = calls[index]
            statuses[index], said = wire.ask(method, path, body, headers)
            if statuses[index] >= 400 and statuses.count(statuses[index]) == 1:
                print(f"{path}: {statuses[index]} {said[:300].decode(errors='replace')}", flush=True)
        wire.close()

    threads = [threading.Thread(target=work, args=(start,)) for start in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def cpu_of(pid: int) -> float:
    """CPU seconds of a process, its children and those of its children that have ended."""
    total, waiting = 0.0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            total += sum(int(value) for value in fields[11:15]) / TICK
            for task in Path(f"/proc/{one}/task").iterdir():
                waiting += [int(child) for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return total
