"""Portraits change, measures are published and withdrawn: who is concerned is matched again, within seconds."""

from __future__ import annotations

from tongban.desks.policies import events as policies
from tongban.desks.policies.matching import running
from tongban.desks.policies.matching.contracts import Cause
from tongban.kernel.outbox.relay import News, on
from tongban.registers.portraits import events as portraits


@on(portraits.PORTRAIT_CHANGED)
def portrait_changed(news: News) -> None:
    """One party, all measures."""
    running.changed(news.body["party"], at=news.at)


@on(portraits.PORTRAITS_IMPORTED)
def portraits_imported(news: News) -> None:
    """Everybody, all measures."""
    running.ask(news.body["party_kind"], cause=Cause.CHANGES, at=news.at)


@on(policies.MEASURE_PUBLISHED, policies.MEASURE_WITHDRAWN)
def measure_changed(news: News) -> None:
    """One measure, everybody; one that is not in force loses its result."""
    running.ask(news.body["party"], key=news.body["key"], cause=Cause.PUBLISHED, at=news.at)
