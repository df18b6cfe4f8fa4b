"""A city that is really served: `tongban serve` in a process of its own, on a copy of a prepared database.

Loading the demo city takes seconds, so it is done once for the whole test run (all pytest-xdist processes);
every story gets a copy, with its own web server and its own worker.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.leaks import found_in

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("city", "accounts", "catalogue", "licences", "themes", "schools")
PATIENCE = 60
"""Seconds in which a server must be up."""


@dataclass(slots=True)
class Town:
    """One served copy of the demo city."""

    folder: Path
    url: str
    process: subprocess.Popen[bytes]

    def command(self, *words: str) -> str:
        """`tongban …` beside the running server."""
        return tongban(self.folder, *words)

    def grows_older(self, number: str, *, days: int) -> None:
        """Everything about one docket lies `days` further in the past, as if nobody had looked at it since."""
        self.command("shell", "-v", "0", "-c", _OLDER.format(number=number, days=days))

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
        # Whatever the story did: nobody's name, number or phone is in what the server wrote.
        log = self.folder / "server.log"
        said = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        assert found_in(said, with_names=True) == [], f"personal data in {log}"


_OLDER = """
from datetime import timedelta
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket
row, by = Docket.objects.get(number="{number}"), timedelta(days={days})
for clock in Clock.objects.filter(docket_id=row.id, stopped_at=None):
    for name in ("started_at", "due_at", "warn_at", "next_at"):
        if getattr(clock, name):
            setattr(clock, name, getattr(clock, name) - by)
    clock.save()
first = Clock.objects.filter(docket_id=row.id, stopped_at=None).order_by("due_at").first()
Docket.objects.filter(pk=row.pk).update(opened_at=row.opened_at - by, due_at=first.due_at)
"""


def _surroundings(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return kept | {
        "TONGBAN_DATA": str(folder),
        "TONGBAN_DEMO": "1",
        "TONGBAN_LOG": "INFO",
        "PYTHONWARNINGS": "",
    }


def _words(*words: str) -> list[str]:
    return [sys.executable, "-c", "from tongban.config.cli import main; main()", *words]


def tongban(folder: Path, *words: str) -> str:
    """Run one command on the data in `folder`; gives what it said, or fails with it."""
    done = subprocess.run(
        _words(*words), env=_surroundings(folder), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"tongban {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def module(folder: Path, name: str) -> str:
    """Run one of the tests' own programmes on the data in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", name],
        env=_surroundings(folder),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{name}\n{done.stderr}"
    return done.stdout


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, made by the first process that asks while the others wait."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            raw = folder.with_suffix(".making")
            shutil.rmtree(raw, ignore_errors=True)
            raw.mkdir()
            make(raw)
            raw.rename(folder)
    return folder


def prepare(folder: Path) -> None:
    """The city without any work in it; static files are there too."""
    tongban(folder, "migrate", "-v", "0")
    tongban(folder, "demo", "load", "--only", ",".join(STEPS))


def prepare_with_work(empty: Path) -> Callable[[Path], None]:
    """The same city with some weeks of applications, as `make run` shows it."""

    def make(folder: Path) -> None:
        shutil.copytree(empty, folder, dirs_exist_ok=True)
        tongban(folder, "demo", "load")

    return make


def serve(prepared: Path, folder: Path) -> Town:
    """Copy a prepared city to `folder` and bring it up on a free port."""
    shutil.copytree(prepared, folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            _words("serve", "--port", str(port)),
            env=_surroundings(folder),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    town = Town(folder, f"http://127.0.0.1:{port}", process)
    until = time.monotonic() + PATIENCE
    while not _well(town):
        if process.poll() is not None or time.monotonic() > until:
            town.close()
            raise AssertionError(f"the server did not come up:\n{(folder / 'server.log').read_text('utf-8')}")
        time.sleep(0.1)
    return town


def _well(town: Town) -> bool:
    try:
        with urllib.request.urlopen(town.url + "/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
