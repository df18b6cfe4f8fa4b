"""A child process that reads, reckons and leaves a file: the serving process goes on answering meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

MOST_SECONDS = 900


@contextmanager
def file(name: str) -> Iterator[Path]:
    """A place for what a child leaves; it is gone afterwards, whatever happened."""
    folder = Path(settings.DATA) / "matching"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.found"
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        path.with_suffix(".part").unlink(missing_ok=True)


def run(*arguments: str) -> None:
    """Run an act of `tongban matching` and wait for it.

    :raises RuntimeError: it failed; the end of what it said
    :raises subprocess.TimeoutExpired: it took longer than a quarter of an hour
    """
    begin = "from tongban.config.cli import main; main()"
    command = [sys.executable, "-c", begin, "matching", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise RuntimeError(f"tongban matching {arguments[0]} failed: {done.stderr[-500:]}")
