"""What waits for a proposal gets one; every night the city's dispatches are learned from, apart from the serving process."""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import datetime, timedelta

from tongban.desks.hotline.sorting import proposing
from tongban.kernel.jobs.declaration import daily, every, job

MOST_SECONDS = 1_500

_log = logging.getLogger(__name__)


@job("sorting.propose", every=every(timedelta(seconds=10)))
def propose(at: datetime) -> None:
    """Messages by web, QR code, mailbox, grid, other lines: what they are about, and who should do it."""
    proposing.propose_waiting(at=at)


@job("sorting.learn", every=daily(2, 40), lease=timedelta(minutes=30))
def learn_from_dispatches(at: datetime) -> None:
    """Learning takes seconds of a core: a child process does it, and this one goes on answering."""
    begin = "from tongban.config.cli import main; main()"
    command = [sys.executable, "-c", begin, "hotline", "train", "--dispatches", "--at", at.isoformat()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise RuntimeError(f"learning from dispatches failed: {done.stderr[-500:]}")
    _log.info("sorting: %s", done.stdout.strip()[-300:])
