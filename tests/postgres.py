"""A PostgreSQL server of one's own, for as long as one command runs.

    python -m tests.postgres python -m pytest tests/kernel

starts a cluster from Debian's programs in a temporary folder on a free port, sets DATABASE_URL for the
command, and stops and removes the cluster when the command ends. Root may not run PostgreSQL: the server
then runs as the user `postgres`, which Debian's package makes.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

PROGRAMS = Path("/usr/lib/postgresql")
MISSING = "No PostgreSQL server programs: apt-get install postgresql (PostgreSQL 13 or later)."
# Nothing here outlives the command: what protects against a power cut only costs time.
SETTINGS = {
    "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "full_page_writes": "off",
    "synchronous_commit": "on", "max_connections": "100", "shared_buffers": "128MB", "max_wal_size": "2GB",
    "jit": "off", "timezone": "UTC", "log_min_messages": "fatal",
}  # fmt: skip


def programs() -> Path:
    """The folder of the newest server's programs.

    :raises RuntimeError: there is none; the message names the package
    """
    found = [folder for folder in PROGRAMS.glob("*/bin") if (folder / "initdb").exists()]
    if not found:
        raise RuntimeError(MISSING)
    return max(found, key=lambda folder: int(folder.parent.name))


class Cluster:
    """A running server; use it as a context manager. `pid` is the server's first process."""

    def __init__(self, **settings: str) -> None:
        self.settings = {**SETTINGS, **settings}
        self.folder = Path(tempfile.mkdtemp(prefix="tongban-postgres-"))
        self.port = _free_port()
        self.pid = 0
        self._server: subprocess.Popen[bytes] | None = None
        # The server's owner must reach its folder.
        self._owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            self._owner = {"user": "postgres", "group": "postgres", "extra_groups": []}
            shutil.chown(self.folder, "postgres", "postgres")

    def __enter__(self) -> Self:
        bin_, data = programs(), self.folder / "data"
        subprocess.run(
            [bin_ / "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync",
             "--encoding", "UTF8", "--locale", "C.UTF-8"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self._owner,
        )  # fmt: skip
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self._server = subprocess.Popen(
            [bin_ / "postgres", "-D", data, "-p", str(self.port), *options],
            stdout=subprocess.DEVNULL, stderr=(self.folder / "log").open("wb"), cwd=self.folder, **self._owner,
        )  # fmt: skip
        self.pid = self._server.pid
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # "fast": connections are cut
            with suppress(subprocess.TimeoutExpired):
                self._server.wait(20)
            if self._server.poll() is None:
                self._server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str = "tongban") -> str:
        """What DATABASE_URL must be."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, sql: str) -> None:
        """Run one statement as the owner of everything, outside a transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql)

    def create(self, database: str, *, template: str = "template0") -> None:
        """Make a database, a copy of `template`."""
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        self.run(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                if self._server is None or self._server.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text(errors="replace"))


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def main(command: list[str]) -> int:
    """Run a command beside a server of its own; gives the command's exit status."""
    if not command:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Cluster() as cluster:
        cluster.create("tongban")
        return subprocess.run(
            command, env={**os.environ, "DATABASE_URL": cluster.url()}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
