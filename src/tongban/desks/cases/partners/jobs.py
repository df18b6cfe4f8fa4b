"""Scheduled work: send what waits for partners, and ask them for news."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from tongban.desks.cases.partners import hearing, plugins, register, sending
from tongban.desks.cases.partners.contracts import LetterRefused, PartnerDownError, PartnerRefusedError
from tongban.kernel.jobs.declaration import every, job

logger = logging.getLogger(__name__)


@job("partners.send", every=every(timedelta(seconds=15)))
def send(at: datetime) -> None:
    """Send what is due, then ask every partner that brings nothing by itself."""
    sending.send_due(at=at)
    collect(at)


def collect(at: datetime) -> int:
    """Take what partners have to tell; gives how much was new. One that is away is asked the next time."""
    taken = 0
    for partner in register.partners():
        try:
            letters = plugins.collect(partner, at=at)
        except (PartnerDownError, PartnerRefusedError):
            continue
        for letter in letters:
            try:
                taken += not hearing.hear(letter.statement, letter.files, at=at).replayed
            except LetterRefused as refused:
                if refused.code not in {
                    "over",
                    "unknown_package",
                }:  # ours has gone on; theirs does not know it yet
                    logger.warning("news of %s are refused: %s", partner.region, refused.code)
    return taken
