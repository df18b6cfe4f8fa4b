"""Scheduled work of claims. Every one may be repeated, run twice at once, or be killed."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.desks.policies.claims import drawing, paying, queueing, telling
from tongban.kernel.jobs.declaration import daily, every, job


@job("claims.tell", every=every(timedelta(seconds=60)))
def tell(at: datetime) -> None:
    """Tell holders what waits for them."""
    telling.tell_due(at=at)


@job("claims.draw", every=daily(6, 0))
def draw(at: datetime) -> None:
    """After the night's matching: lists of what needs no application."""
    drawing.draw_due(at=at)


@job("claims.bundle", every=daily(9, 0))
def bundle(at: datetime) -> None:
    """What was confirmed and granted goes to the finance bureau."""
    paying.bundle_runs(at=at)
    paying.bundle_claims(at=at)


@job("claims.settle", every=daily(6, 30))
def settle(at: datetime) -> None:
    """After payments have compared the day: what is at the bank is asked after, whatever event was lost."""
    paying.settle_open(at=at)
    queueing.fill_all(at=at)
